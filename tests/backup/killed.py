"""Kills a backup, or a restore, before each of its steps, and prints as JSON what was there after each kill.

A program of its own, for it forks: each step is tried by a child that kills itself (SIGKILL) when it comes to it. Steps are the calls that
change files, and whatever is told of progress.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

from teahouse.backup import archive, folder, making, restoring
from teahouse.storage.files import STAGE
from tests.backup.houses import AT_MS, said

CALLS = ("open", "replace", "rename", "link", "unlink", "mkdir", "rmdir", "fsync")

Work = Callable[[archive.Tell], object]


def dies_at(step: int, work: Work) -> bool:
    """Do `work` in a child that kills itself before its call number `step`; say whether it came to that."""
    child = os.fork()
    if child == 0:
        left = step

        def pass_by(*_: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        def counted(real: Callable[..., Any]) -> Callable[..., Any]:
            def call(*args: Any, **kwargs: Any) -> Any:
                pass_by()
                return real(*args, **kwargs)

            return call

        for name in CALLS:
            setattr(os, name, counted(getattr(os, name)))
        try:
            work(pass_by)
        except BaseException as error:
            print(f"step {step}: {error!r}", file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    return status != 0


def backups(data: Path, file: Path) -> Iterator[dict[str, object]]:
    """Each kill leaves in `file` the backup of before or the new one, and in the house what its next start takes away."""
    before = file.read_bytes()
    for step in count(1):
        file.write_bytes(before)
        died = dies_at(step, lambda tell: making.make(data, file, AT_MS, tell=tell))
        with file.open("rb") as packed:
            left = archive.read(packed, lambda _name: archive.Nowhere())
        others = sorted({each.name for each in file.parent.iterdir()} - {file.name, data.name})
        restoring.tidy(data)
        yield {"died": died, "messages": left.contents.messages, "left": others, "left_in_house": left_in(data)}
        if not died:
            return


def restores(data: Path, file: Path) -> Iterator[dict[str, object]]:
    """Each kill leaves in the house what was there or what the backup holds; its next start, or the next restore, loses neither."""
    house, started = data.with_name("house"), data.with_name("started")
    for step in count(1):
        shutil.copytree(data, house)
        died = dies_at(step, lambda tell: restoring.restore(file, house, tell=tell))
        shutil.copytree(house, started)
        restoring.tidy(started)
        found = said(house)
        restoring.restore(file, house)
        left = left_in(house) + left_in(started)
        yield {"died": died, "found": found, "after": said(house), "kept": kept_in(house), "left": left} | {
            "started": said(started),
            "kept_at_start": kept_in(started),
        }
        shutil.rmtree(house)
        shutil.rmtree(started)
        if not died:
            return


def left_in(house: Path) -> list[str]:
    return sorted({each.name for each in house.iterdir() if each.name in (STAGE, folder.WORK)})


def kept_in(house: Path) -> list[list[str]]:
    return [said(each) for each in sorted(house.glob("before-restore-*"))]


if __name__ == "__main__":
    tries = {"backup": backups, "restore": restores}[sys.argv[1]]
    for result in tries(Path(sys.argv[2]), Path(sys.argv[3])):
        print(json.dumps(result), flush=True)
