"""Houses for backups: folders in which something was said, and a look into them."""

import asyncio
import os
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import teahouse
from teahouse.backup.making import make
from teahouse.model import LOBBY
from tests.storage.house import living

AT_MS = 1_780_000_000_000


def talk(data: Path, *texts: str) -> None:
    """Open the house in `data`, which is made if need be, say something in its lobby, and shut it again."""

    async def run() -> None:
        async with living(f"sqlite:///{data}/teahouse.db") as house:
            aiko = await house.guest(f"Aiko {len(said(data))}")
            for text in texts:
                await house.say(aiko, LOBBY, text)

    data.mkdir(exist_ok=True)
    asyncio.run(run())


def said(data: Path) -> list[str]:
    """All that stands in a house, as it is on disk."""
    return [str(text) for (text,) in look(data, "SELECT text FROM messages ORDER BY room_id, seq")]


def epoch(data: Path) -> str:
    [(found,)] = look(data, "SELECT value FROM about WHERE key = 'epoch'")
    return str(found)


def look(data: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / "teahouse.db")) as database:
        return database.execute(query).fetchall()


def change(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / "teahouse.db", isolation_level=None)) as database:
        database.execute(statement)


def backup(data: Path, file: Path) -> Path:
    make(data, file, AT_MS)
    return file


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def command(
    data: Path, *words: str, file_size: int = resource.RLIM_INFINITY, stderr: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """Run the command line on a house, where no file may grow beyond `file_size`."""
    return subprocess.run(
        [sys.executable, "-m", "teahouse", *words, "--data", str(data)],
        env=os.environ | {"PYTHONPATH": str(Path(teahouse.__file__).parents[1])},
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, resource.RLIM_INFINITY)),
    )
