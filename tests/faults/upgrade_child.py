"""Upgrades a database and is killed on the way: `python -m tests.faults.upgrade_child FOLDER POINT`.

POINT is `copying`, `checking`, `named`, `migrated`, or the number of a statement of the migrations.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from teahouse.storage import copying, migrations, upgrading
from teahouse.storage.database import Database


def die(*_args: Any, **_more: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(folder: Path, point: str) -> None:
    copy, upgrade = copying.copy_database, migrations.upgrade
    if point == "copying":
        copying.PAGES_AT_ONCE = 1
        upgrading.copy_database = lambda source, target, **how: copy(source, target, **how, progress=die)  # type: ignore[assignment]
    elif point == "checking":
        copying.check_database = die
    elif point == "named":
        migrations.upgrade = die
    elif point == "migrated":
        migrations.upgrade = lambda connection: die(upgrade(connection))  # type: ignore[func-returns-value]
    else:
        migrations.upgrade = lambda connection: _die_at(int(point), lambda: upgrade(connection))
    Database.in_folder(folder).open()


def _die_at(number: int, work: Any) -> None:
    """Do `work`, and die once it has carried out so many statements."""
    done = 0

    @event.listens_for(Engine, "after_cursor_execute")
    def count(*_args: Any) -> None:
        nonlocal done
        done += 1
        if done == number:
            die()

    work()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
