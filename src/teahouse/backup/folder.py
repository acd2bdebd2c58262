"""What backing up and restoring do to folders: one at a time, files that are whole or not there, and who owns them."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from teahouse.storage.files import STAGE

WORK = ".backup"
"""Where copies are made, in the folder of the house: what lies there is of no use to anybody once its maker has ended."""
HALF = ".teahouse.part"
"""A file that is being written. Each folder has one at most, so that what a killed process left goes with the next one."""


class Busy(Exception):
    """Another backup, or a restore, is under way here."""


@contextmanager
def workshop(data: Path) -> Iterator[Path]:
    """Lend an empty folder to one process at a time; what a killed one left in it goes. Raise Busy."""
    folder = data / WORK
    lock = _lock_folder(folder, Busy(f"another backup or restore of {data} is under way"))
    try:
        give(folder, data)
        empty(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def has_leftovers(data: Path) -> bool:
    """Say whether something was begun in the folder of a house, by a backup or restore that is under way or was killed."""
    return any(os.path.lexists(data / name) for name in (WORK, STAGE))


@contextmanager
def aside(path: Path) -> Iterator[BinaryIO]:
    """Write a file beside `path`; where that goes well it takes the place of `path`, on disk, else nothing of it remains.

    Only its owner may read it. Raise Busy where another process writes one in the same folder.
    """
    half = path.with_name(HALF)
    with open(_make_half(half), "w+b") as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            os.replace(half, path)
        except BaseException:
            with suppress(OSError):
                half.unlink()
            raise
        sync(path.parent)


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Lock a folder of ours, so that others can tell that it is in use and not left over. Some file systems know no locks."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        with suppress(OSError):
            fcntl.flock(held, fcntl.LOCK_EX)  # who only asks is done in a moment
        yield
    finally:
        os.close(held)


def sync(path: Path) -> None:
    """Return when a file, or the names in a folder, are on disk. Some file systems sync no folders."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(opened)


def empty(folder: Path) -> None:
    for each in folder.iterdir():
        shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()


def give(path: Path, like: Path) -> None:
    """Let root, who may put back anybody's house, not keep it: `path` becomes that of the owner of `like`. Links are not followed."""
    if os.geteuid() == 0:
        owner = like.stat()
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _lock_folder(folder: Path, busy: Busy) -> int:
    while True:
        folder.mkdir(mode=0o700, exist_ok=True)
        try:
            # Whoever has the house may have put a link there, and what it leads to is emptied, and given to them.
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except FileNotFoundError:
            continue  # the one before ended, and took the folder along, between our two steps
        if not _may_have(lock):
            os.close(lock)
            raise busy
        if _is_at(lock, folder):
            return lock
        os.close(lock)


def drop_half(folder: Path) -> None:
    """Remove what a killed process left half written in a folder. Raise Busy where another process writes it."""
    half = folder / HALF
    with suppress(FileNotFoundError):
        left = os.open(half, os.O_RDWR | os.O_NOFOLLOW)
        try:
            if not _may_have(left):
                raise _being_written(half)
            half.unlink()
        finally:
            os.close(left)


def _make_half(half: Path) -> int:
    """Make a file that nobody else writes, whoever may write in its folder."""
    drop_half(half.parent)
    try:
        made = os.open(half, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    except FileExistsError:
        raise _being_written(half) from None
    if not _may_have(made) or not _is_at(made, half):  # somebody took it for left over
        os.close(made)
        raise _being_written(half)
    return made


def _being_written(half: Path) -> Busy:
    return Busy(f"another backup is being written in {half.parent}")


def _may_have(opened: int) -> bool:
    """Lock a file or a folder until it is closed; say False when another process has it. Some file systems know no locks."""
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _is_at(opened: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(opened), path.stat())
    except FileNotFoundError:
        return False
