"""Puts a backup in the place of a house that is shut. At every moment the folder holds the old house or the new one.

All is made ready in a folder beside the database first, and one rename changes the one for the other. What was there is kept.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from teahouse.backup import archive
from teahouse.backup.archive import BadBackup, Manifest, Tell, quiet
from teahouse.backup.contents import contents
from teahouse.backup.folder import Busy, empty, give, hold, sync, workshop
from teahouse.backup.record import note
from teahouse.backup.sealing import BadKey, Key, is_sealed
from teahouse.storage.claim import Claim
from teahouse.storage.copying import NotWhole, check_database
from teahouse.storage.database import Database, NewerDatabase, UnusableDatabase
from teahouse.storage.files import DATABASE_FILE, LOCK_FILE, NO_ROOM, STAGE
from teahouse.storage.migrations import versions
from teahouse.storage.tables import SCHEMA_VERSION

OLD = "old"
BESIDE = tuple(f"{DATABASE_FILE}-{end}" for end in ("wal", "shm", "journal"))
"""What SQLite would take for a part of whatever database it stands beside."""
PATIENCE_S = 5.0
"""How long whoever reads the database may take to be done."""


class CannotRestore(Exception):
    """The house is as it was; the words say why."""


@dataclass(frozen=True)
class Restored:
    """`kept` is the folder that holds the house as it was, None where there was none."""

    manifest: Manifest
    kept: Path | None


def restore(file: Path, data: Path, key: Key | None = None, tell: Tell = quiet) -> Restored:
    """Put the backup in the place of the house in `data`, brought up to date and with a new epoch. Raise CannotRestore."""
    data, file, stage = data.absolute(), file.absolute(), data.absolute() / STAGE
    try:
        if file.exists() and not file.is_file():  # a pipe would be waited for
            raise CannotRestore(f"{file} is no file")
        with file.open("rb") as packed, _shut(data), workshop(data) as folder:
            _tidy(data)
            stage.mkdir(mode=0o700)
            with hold(stage):
                try:
                    manifest = _unpack(packed, stage / DATABASE_FILE, folder, key, tell)
                    epoch = _renew(stage, manifest)
                    _keep(data, stage / OLD)
                    os.replace(stage / DATABASE_FILE, data / DATABASE_FILE)
                    _part(data)
                finally:
                    kept = _tidy(data)
            _hand_over(data, kept)
            with suppress(OSError, Busy):
                note(data, manifest.at, file.resolve(), epoch)
    except (Busy, BadKey, NewerDatabase, UnusableDatabase) as error:
        raise CannotRestore(str(error)) from None
    except BadBackup as error:
        raise CannotRestore(f"{file}: {error}") from None
    except NotWhole as error:
        raise CannotRestore(f"{file}: its database is damaged: {error}") from None
    except sqlite3.Error as error:
        raise CannotRestore(f"{file}: its database cannot be brought up to date: {error}") from None
    except OSError as error:
        place = data if error.errno in NO_ROOM else file  # the backup is only read
        raise CannotRestore(f"{error.filename or place}: {error.strerror or error}") from None
    return Restored(manifest, kept)


def tidy(data: Path) -> Path | None:
    """Take away what a killed backup or restore left in a folder, unless one is under way there, or its house is open.

    Return where the house is kept that a killed restore put away.
    """
    with suppress(Busy, UnusableDatabase, OSError), _shut(data.absolute()), workshop(data.absolute()):
        return _tidy(data.absolute())
    return None


def renew_epoch(data: Path) -> None:
    """Let the house in `data` begin a life of its own at its next start: it is a copy that was put back by hand. Raise CannotRestore."""
    path = data.absolute() / DATABASE_FILE
    if not path.exists():
        raise CannotRestore(f"there is no house in {data}: it was never opened")
    try:
        with _shut(data.absolute()):
            _forget_epoch(path)
    except UnusableDatabase as error:
        raise CannotRestore(str(error)) from None
    except (sqlite3.Error, OSError) as error:
        raise CannotRestore(f"{path} cannot be changed: {error}") from None


@contextmanager
def _shut(data: Path) -> Iterator[None]:
    """Keep the house shut. Raise UnusableDatabase when it is open."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    claim = Claim(data)
    claim.take()
    try:
        give(data / LOCK_FILE, data)
        yield
    finally:
        claim.release()


def _unpack(packed: BinaryIO, target: Path, folder: Path, key: Key | None, tell: Tell) -> Manifest:
    """Write the backup's database to `target`, and examine it."""
    if is_sealed(packed):
        if key is None:
            raise BadKey("the backup is encrypted: give the key file with --key")
        with (folder / "opened").open("w+b") as opened:
            key.decrypt(packed, opened)
            manifest = _read(opened, target, tell)
    else:
        manifest = _read(packed, target, tell)
    if manifest.contents.schema not in versions():
        words = f"the backup has schema {manifest.contents.schema!r}, this Teahouse knows {SCHEMA_VERSION}"
        raise NewerDatabase(f"{words}: use a newer Teahouse")
    check_database(target)
    if contents(target) != manifest.contents:
        raise BadBackup("its database does not hold what its manifest says")
    return manifest


def _read(packed: BinaryIO, target: Path, tell: Tell) -> Manifest:
    with open(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:

        def into(name: str) -> BinaryIO:
            if name != DATABASE_FILE:
                raise BadBackup(f"it holds {name!r}, which this Teahouse does not know: use a newer Teahouse")
            return out

        manifest = archive.read(packed, into, tell)
    if [member.name for member in manifest.members] != [DATABASE_FILE]:
        raise BadBackup("it does not hold one database")
    return manifest


def _renew(stage: Path, manifest: Manifest) -> str:
    """Bring the database up to date under a new epoch, which is returned, and see it on disk."""
    path = stage / DATABASE_FILE
    _forget_epoch(path)
    database = Database.in_folder(stage)
    try:
        database.open(copy_first=False)  # the backup is the copy
    finally:
        database.close()
    _settle(path)
    if any((stage / name).exists() for name in BESIDE) or database.epoch in ("", manifest.contents.epoch):
        raise BadBackup("its database could not be brought up to date")
    sync(path)
    return database.epoch


def _forget_epoch(path: Path) -> None:
    """The next start makes one where there is none."""
    with closing(sqlite3.connect(path, PATIENCE_S, isolation_level=None)) as database:
        database.execute("DELETE FROM about WHERE key = 'epoch'")


def _settle(path: Path) -> bool:
    """Copy what is in the write-ahead log into the database; whoever closes it last takes the log away. False: somebody reads it."""
    with closing(sqlite3.connect(path, PATIENCE_S, isolation_level=None)) as database:
        [is_busy, _, _] = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not is_busy


def _keep(data: Path, old: Path) -> None:
    """Keep the house as it is, and leave nothing that would be taken for a part of the next one. Raise Busy or CannotRestore."""
    path = data / DATABASE_FILE
    if path.is_symlink():  # the link alone would be kept, and what it leads to is perhaps of somebody else
        raise CannotRestore(f"{path} is a link: move it away first; what it leads to, {os.path.realpath(path)}, stays as it is")
    if path.exists():
        _settle_old(path)
    there = _there(data)
    if not there:
        return
    old.mkdir(mode=0o700)
    for each in there:
        _link(each, old / each.name)
    sync(old)
    sync(old.parent)
    _part(data)


def _part(data: Path) -> None:
    """Take away what stands beside a database that has no need of it: the old one is settled and kept, the new one is whole.

    Before the one takes the place of the other, and after: another program may have opened the old one by its name between the two,
    and would leave there, for the new one, what it wrote.
    """
    for name in BESIDE:
        (data / name).unlink(missing_ok=True)
    sync(data)


def _settle_old(path: Path) -> None:
    try:
        if not _settle(path):
            raise Busy(f"another program has {path} open: close it first")
    except sqlite3.OperationalError as error:
        raise CannotRestore(f"{path} cannot be put away: {error}. Mend that, or move the folder away") from None
    except sqlite3.DatabaseError:
        pass  # what is too damaged to be opened is kept as it is


def _there(folder: Path) -> list[Path]:
    return [folder / name for name in (DATABASE_FILE, *BESIDE) if (folder / name).exists()]


def _link(source: Path, target: Path) -> None:
    """Give a file a second name; a copy, where the file system has one name for each."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
        sync(target)


def _tidy(data: Path) -> Path | None:
    """Finish what a restore began, this one or one that was killed: return where the house as it was before is kept, if it is."""
    stage, kept = data / STAGE, None
    old = stage / OLD
    if stage.is_symlink():  # nobody's restore left that, and what it leads to is not ours to empty
        stage.unlink()
    if not stage.exists():
        return None
    if old.exists() and (stage / DATABASE_FILE).exists():  # the new one never came: what was taken away from the old one comes back
        for each in _there(old):
            if not (data / each.name).exists():
                os.replace(each, data / each.name)
        sync(data)
        shutil.rmtree(old)  # before the new one: without that it would pass for a house that was put away
    elif old.exists():
        number = next(n for n in range(1, 1_000_000) if not os.path.lexists(_kept_as(data, n)))
        kept = _kept_as(data, number)
        os.rename(old, kept)
        sync(data)
    empty(stage)
    stage.rmdir()
    return kept


def _kept_as(data: Path, number: int) -> Path:
    return data / f"before-restore-{number}"


def _hand_over(data: Path, kept: Path | None) -> None:
    for path in (data / DATABASE_FILE, *([kept, *kept.iterdir()] if kept else [])):
        give(path, data)
