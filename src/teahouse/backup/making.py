"""Makes a backup of a house, whether it runs or not: copy, examine, write, read back, and only then put it in its place."""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from teahouse import __version__
from teahouse.backup import archive
from teahouse.backup.archive import BadBackup, Contents, Manifest, Nowhere, PackedFile, Sink, Tell, quiet
from teahouse.backup.contents import Rows, contents, epoch_of, read_back, sample
from teahouse.backup.folder import Busy, aside, drop_half, workshop
from teahouse.backup.record import note
from teahouse.backup.sealing import MAGIC, BadKey, Key
from teahouse.storage.copying import NotWhole, copy_database, database_bytes
from teahouse.storage.files import DATABASE_FILE

SPARE_BYTES = 32 << 20
"""What a backup leaves free on the house's disk: a house whose disk is full can store nothing."""


class CannotBackUp(Exception):
    """There is no new backup; the words say why. What was there before is untouched."""


def make(data: Path, file: Path, at_ms: int, key: Key | None = None, tell: Tell = quiet, *, may_lack: bool = False) -> Manifest:
    """Write a backup of the house in `data` to `file`, which is the old one or the new one at every moment. Raise CannotBackUp.

    With `may_lack` a house is backed up too whose logs have lost entries, as after a repair.
    """
    data, file = data.absolute(), Path(os.path.realpath(file))  # `resolve` fails on a link to itself
    source = _source(data)
    try:
        _look_at_target(file, data)
        with workshop(data) as folder:
            drop_half(file.parent)  # or there might never be room again
            _look_for_room(source, file.parent)
            copy = folder / DATABASE_FILE
            manifest = _manifest(copy, _copied(source, copy, tell), at_ms)
            _refuse_holes(manifest.contents, may_lack)
            _store(archive.pieces(manifest, {DATABASE_FILE: copy}, tell), file, key, tell)
            with suppress(OSError, Busy):  # the backup is there all the same
                note(data, at_ms, file, manifest.contents.epoch)
    except (Busy, BadBackup, BadKey) as error:
        raise CannotBackUp(str(error)) from None
    except NotWhole as error:
        raise CannotBackUp(f"{source} is damaged ({error}): `teahouse doctor` says what to do") from None
    except sqlite3.Error as error:
        raise CannotBackUp(f"{source} cannot be copied: {error}; `teahouse doctor` looks at it") from None
    except OSError as error:
        raise CannotBackUp(f"{error.filename or file}: {error.strerror or error}") from None
    return manifest


def epoch(data: Path) -> str:
    """Return the epoch of the house in `data`. Raise CannotBackUp."""
    source = _source(data.absolute())
    try:
        return epoch_of(source)
    except sqlite3.Error as error:
        raise CannotBackUp(f"{source} cannot be read: {error}; `teahouse doctor` looks at it") from None


def _source(data: Path) -> Path:
    if not (data / DATABASE_FILE).exists():
        raise CannotBackUp(f"there is no house in {data}: it was never opened")
    return data / DATABASE_FILE


def _look_at_target(file: Path, data: Path) -> None:
    """Refuse what cannot or should not become a backup, before anything is done. Raise CannotBackUp."""
    if file.is_relative_to(data.resolve()):
        raise CannotBackUp(f"{file} is in the house's own folder: give another place, best on another disk")
    if file.is_symlink():
        raise CannotBackUp(f"{file} is a link that leads to itself")
    if not file.parent.is_dir():
        raise CannotBackUp(f"there is no folder {file.parent}")
    if file.is_dir():
        raise CannotBackUp(f"{file} is a folder: name a file in it, or say --every to have them numbered")
    if file.exists() and not (file.is_file() and _is_a_backup(file)):
        raise CannotBackUp(f"{file} is there, and nothing says that it is a backup: give another name")


def _is_a_backup(file: Path) -> bool:
    """Say whether a file has nothing in it, or begins like a backup and is called one or ends like one.

    People keep other things in tars and in the age format, and what is encrypted does not say what it is.
    """
    with file.open("rb") as found:
        begin = found.read(len(MAGIC))
        begins = begin == MAGIC or begin.startswith(archive.MANIFEST.encode())
        return not begin or (begins and (file.suffix == ".backup" or archive.seal(found) is not None))


def _look_for_room(source: Path, target: Path) -> None:
    """See that there is room for the copy and for the backup, which may be on one disk."""
    size, is_one = database_bytes(source), source.stat().st_dev == target.stat().st_dev
    wanted = {source.parent: (size * 2 if is_one else size) + SPARE_BYTES} | ({} if is_one else {target: size})
    for folder, needed in wanted.items():
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise CannotBackUp(f"it needs {needed / (1 << 20):,.1f} MiB in {folder}, and {free / (1 << 20):,.1f} MiB are free")


def _copied(source: Path, copy: Path, tell: Tell) -> Contents:
    """Copy the database as it is at one moment, and compare a sample of that moment's entries."""
    rows: Rows = []
    copy_database(
        source,
        copy,
        progress=lambda _status, left, total: tell("copying", total - left, total),
        look=lambda live: rows.extend(sample(live)),
    )
    read_back(copy, rows)
    return contents(copy)


def _manifest(copy: Path, found: Contents, at_ms: int) -> Manifest:
    packed = PackedFile(DATABASE_FILE, copy.stat().st_size, archive.digest(copy))
    return Manifest(teahouse=__version__, at=at_ms, contents=found, members=[packed])


def _refuse_holes(found: Contents, may_lack: bool) -> None:
    if found.lacking and not may_lack:
        which = ", ".join(map(str, found.lacking[:5])) + (", …" if len(found.lacking) > 5 else "")
        words = f"entries are missing that the house once had (in log {which})"
        raise CannotBackUp(f"{words}: restore an earlier backup, or say --incomplete to back it up as it is")


def _store(pieces: Iterable[bytes], file: Path, key: Key | None, tell: Tell) -> None:
    """Write the file aside, and let it take its place when it reads back as it was written."""
    with aside(file) as half:
        if key is not None:
            _store_sealed(pieces, half, key)
            return
        for piece in pieces:
            half.write(piece)
        _reread(half)
        archive.read(half, lambda _name: Nowhere(), tell)


def _store_sealed(pieces: Iterable[bytes], half: BinaryIO, key: Key) -> None:
    plain, sealed, found = hashlib.sha256(), _Hashed(half), _Hashed(Nowhere())

    def hashed() -> Iterator[bytes]:
        for piece in pieces:
            plain.update(piece)
            yield piece

    key.encrypt(hashed(), sealed)
    _reread(half)
    if key.opens:
        key.decrypt(half, found)
    else:
        shutil.copyfileobj(half, found, archive.CHUNK_BYTES)
    if found.sha256.digest() != (plain if key.opens else sealed.sha256).digest():
        raise BadBackup("what was read back is not what was written")


def _reread(half: BinaryIO) -> None:
    """Stand at the beginning of what was written, which is on the disk, and is read from there where the system can be asked to."""
    half.flush()
    os.fsync(half.fileno())
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(half.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    half.seek(0)


class _Hashed:
    """Reckons the SHA-256 of what is written, and hands it on."""

    def __init__(self, out: Sink) -> None:
        self.sha256 = hashlib.sha256()
        self._out = out

    def write(self, data: bytes) -> int:
        self.sha256.update(data)
        self._out.write(data)
        return len(data)
