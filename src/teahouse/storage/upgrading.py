"""Brings a database's schema up to date: says so, and first leaves a copy of the database as it was, to go back by.

All migrations are one transaction, so that a kill, an error or a full disk leaves the schema that was there.
"""

import os
import re
import secrets
import shutil
import sqlite3
from pathlib import Path

import structlog
from sqlalchemy import Connection

from teahouse.storage.copying import NotWhole, copy_database, database_bytes
from teahouse.storage.database import NewerDatabase, UnusableDatabase
from teahouse.storage.tables import SCHEMA_VERSION

COPY_KEPT_DAYS = 30
DAY_MS = 24 * 3_600_000
MIB = 2**20

_COPY = re.compile(r"teahouse-before-[0-9]{4}\.db(\.half)?(-wal|-shm|-journal)?")
"""With what a kill in the middle of a copy left. Any other name is somebody's, who keeps it on purpose."""
_log = structlog.get_logger("storage")


def upgrade(connection: Connection, found: str | None, *, may_upgrade: bool, copy_first: bool) -> None:
    """Bring a database of schema `found`, None for an empty one, up to date. Raise NewerDatabase or UnusableDatabase.

    The connection holds the write lock, so that nobody changes anything between the copy and the migrations. Without `may_upgrade`
    only an empty database is given a schema: a house may be running on the other one. PostgreSQL's copies are its administrator's.
    """
    from teahouse.storage import migrations  # Alembic takes a while to import and is seldom needed

    if found is None:
        migrations.upgrade(connection)
        connection.commit()
        return
    if found not in migrations.versions():
        words = f"the database has schema {found}, this Teahouse knows {SCHEMA_VERSION}"
        raise NewerDatabase(f"{words}: use a newer Teahouse, or the copy that its upgrade left (docs/install.md)")
    if not may_upgrade:
        words = f"the database has schema {found}, this Teahouse wants {SCHEMA_VERSION}, and a house may be running on it"
        raise UnusableDatabase(f"{words}. The next start of the house (teahouse serve) brings it up to date, no other command does")
    told = {"schema_was": found, "schema": SCHEMA_VERSION}
    if copy_first and connection.dialect.name == "sqlite":
        _log.warning("the database has an older schema, and is copied before it is brought up to date", **told)
        told["copy"] = str(leave_copy(Path(str(connection.engine.url.database)).absolute(), found))
    migrations.upgrade(connection)
    connection.commit()
    _log.warning("the database was brought up to date", **told)


def leave_copy(database: Path, found: str) -> Path:
    """Copy the database beside itself, as it is, and return where that is; copies of earlier upgrades go. Raise UnusableDatabase."""
    copy = database.with_name(f"teahouse-before-{SCHEMA_VERSION}.db")
    try:
        _look_for_room(database, found)
        copy_database(database, copy, epoch=secrets.token_hex(8))
        newest = max(path.stat().st_mtime for path in (copy, database))  # the clock may be behind at a start
        os.utime(copy, (newest, newest))
        for earlier in _copies(database.parent):
            if earlier != copy:
                earlier.unlink()
    except NotWhole as error:
        raise UnusableDatabase(
            f"{database} is damaged ({error}), so it was not brought from schema {found} to {SCHEMA_VERSION}. Run teahouse doctor"
        ) from None
    except (OSError, sqlite3.Error) as error:
        raise _no_copy(database, found, f"that failed: {getattr(error, 'strerror', None) or error}") from None
    return copy


def forget_copy(folder: Path, now_ms: int) -> None:
    """Remove the copy that an upgrade left in the folder when its days are over: what people removed since is still in it."""
    for copy in _copies(folder):
        age_ms = now_ms - copy.stat().st_mtime * 1000
        if age_ms < 0:
            os.utime(copy, (now_ms / 1000, now_ms / 1000))  # a clock that was ahead dated it
        elif age_ms > COPY_KEPT_DAYS * DAY_MS:
            copy.unlink()
            _log.warning("the copy that an upgrade left is removed", copy=str(copy), kept_days=COPY_KEPT_DAYS)


def _copies(folder: Path) -> list[Path]:
    """A link, or a folder, is nothing that an upgrade left."""
    return [path for path in folder.iterdir() if _COPY.fullmatch(path.name) and path.is_file() and not path.is_symlink()]


def _look_for_room(database: Path, found: str) -> None:
    """Raise UnusableDatabase where the copy does not fit, and half as much for what the migrations write before they are done."""
    wanted, free = database_bytes(database) * 3 // 2, shutil.disk_usage(database.parent).free
    if free < wanted:
        raise _no_copy(database, found, f"that takes {wanted / MIB:,.1f} MiB and {free / MIB:,.1f} MiB are free")


def _no_copy(database: Path, found: str, why: str) -> UnusableDatabase:
    return UnusableDatabase(
        f"{database} was not brought from schema {found} to {SCHEMA_VERSION}: first it is copied beside itself, and {why}. Make room, "
        "or copy the folder elsewhere yourself and start with TEAHOUSE_COPY_BEFORE_UPGRADE=false (the setting copy_before_upgrade)"
    )
