"""Files that are taken away, moved or copied over under a running house: nothing more is acknowledged, and nothing that was is lost."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from teahouse.model import LOBBY
from tests.faults.server import Server
from tests.faults.told import examined, lines, started, traces, until_chores_are_done, until_health
from tests.gateways.stranger import Refused, Stranger

CANNOT = 2
WORDS = "the database's files were taken away or replaced"


def is_held(data: Path) -> bool:
    code, words = started(data)
    return code == CANNOT and words.startswith("Another Teahouse (process ")


def texts(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [text for (text,) in database.execute("SELECT text FROM messages ORDER BY seq")]


async def refused(person: Stranger, client_id: str) -> Refused:
    with pytest.raises(Refused) as refusal:
        await person.ask("post", room=LOBBY, text="into the void", client_id=client_id)
    return refusal.value


async def test_a_house_whose_folder_was_emptied_saves_what_it_has_and_serves_nobody_until_it_is_stopped(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        mia = await Stranger.arrive(server.address, "Mia")
        await mia.ask("post", room=LOBBY, text="kept", client_id="c1")
        for path in server.data.iterdir():
            path.unlink()
        refusal = await refused(mia, "c2")
        assert (refusal.code, refusal.retry) == ("unavailable", True)
        assert await until_health(server, 503) == WORDS
        assert WORDS in (await examined(server))[1]
        [told] = lines(server, "files")
        assert "is gone: nothing is stored any more" in told["words"]
        await mia.close()
        assert server.stop() == CANNOT
        [saved] = server.data.iterdir()
        assert str(saved) in server.log and traces(server) == []
        assert texts(saved)[-1] == "kept"
        code, words = started(server.data)
        assert (code, f"{saved.name} has what was in it. Rename that to teahouse.db" in words) == (CANNOT, True)
        saved.rename(server.data / "teahouse.db")
        server.start()
        assert server.stop() == 0


async def test_a_house_that_is_stopped_as_its_files_go_saves_what_it_has_before_it_ends(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        mia = await Stranger.arrive(server.address, "Mia")
        await mia.ask("post", room=LOBBY, text="kept", client_id="c1")
        await mia.close()
        for path in server.data.iterdir():
            path.unlink()
        assert server.stop() == CANNOT
        [saved] = server.data.iterdir()
        assert texts(saved)[-1] == "kept"


async def test_a_house_that_was_moved_serves_again_where_it_was(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        mia = await Stranger.arrive(server.address, "Mia")
        server.data.rename(tmp_path / "elsewhere")
        await refused(mia, "c1")
        assert await until_health(server, 503) == WORDS
        assert is_held(tmp_path / "elsewhere"), "nor does a second one open it there"
        (tmp_path / "elsewhere").rename(server.data)
        assert await until_health(server, 200) == "ok"
        await mia.ask("post", room=LOBBY, text="back", client_id="c2")
        await mia.close()
        assert server.stop() == 0


async def test_a_backup_that_is_put_in_place_of_its_files_is_neither_served_nor_touched(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        mia = await Stranger.arrive(server.address, "Mia")
        await mia.ask("post", room=LOBBY, text="before the backup", client_id="c1")
        shutil.copytree(server.data, tmp_path / "backup")
        await mia.ask("post", room=LOBBY, text="after the backup", client_id="c2")
        server.data.rename(tmp_path / "old")
        shutil.copytree(tmp_path / "backup", server.data)
        before = {path.name: path.read_bytes() for path in server.data.iterdir()}

        await refused(mia, "c3")
        assert await until_health(server, 503) == WORDS
        await mia.close()
        assert server.stop() == CANNOT
        assert {path.name: path.read_bytes() for path in server.data.iterdir() if path.name in before} == before
        server.start()
        assert texts(server.data / "teahouse.db")[-1] == "before the backup"
        server.stop()
        assert texts(tmp_path / "old/teahouse.db")[-1] == "after the backup"


async def test_a_backup_that_is_written_over_the_database_is_noticed(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        database, backup = server.data / "teahouse.db", tmp_path / "backup.db"
        mia = await Stranger.arrive(server.address, "Mia")
        await mia.close()
        assert server.stop() == 0
        shutil.copyfile(database, backup)
        server.start()
        await mia.connect()
        while marked(database) == marked(backup):
            await until_chores_are_done(server)
        shutil.copyfile(backup, database)
        refusal = await refused(mia, "c1")
        assert (refusal.code, refusal.retry) == ("unavailable", True)
        assert await until_health(server, 503) == WORDS
        assert [line["words"].split(":")[0] for line in lines(server, "files")] == [f"{database} was written over"]
        await mia.close()
        assert server.stop() == CANNOT


def marked(database: Path) -> bytes:
    """What a house writes into the header of its database at each start."""
    with database.open("rb") as file:
        return file.read(100)[60:64]


def test_the_lock_is_not_swept_away_with_its_file(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        (server.data / "teahouse.lock").unlink()
        assert is_held(server.data)


def test_a_lock_that_cannot_be_opened_ends_the_start_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "teahouse.lock").mkdir()
    code, words = started(tmp_path)
    assert (code, words.startswith("Cannot open "), "Run teahouse doctor" in words, words.count("\n")) == (CANNOT, True, True, 1)
