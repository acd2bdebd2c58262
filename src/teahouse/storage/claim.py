"""One server per data folder: two would number the same logs, and neither would tell the other's readers."""

import errno
import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path

from teahouse.storage.database import UnusableDatabase
from teahouse.storage.files import LOCK_FILE, PRIVATE

TRIES, PAUSE_S = 5, 0.02
"""How often a lock is tried for that another holds: it may only be asking, which takes far less than a pause."""


class Claim:
    """A lock on a folder. It ends with `release` or with the process, however that dies; programs beside the server need none.

    It is held on the folder itself, which goes where its files go, and on a file in it that says who holds it: people remove such a
    file as left over, and an older Teahouse knows only that (docs/decisions/0041). It is written to, so a link there is not followed:
    root may open the house of somebody who put it there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: list[int] = []

    def take(self) -> None:
        """Hold the folder. Raise UnusableDatabase when another server does, naming it, or when one of the two cannot be opened."""
        try:
            file = self._open(self._folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW)
            for held in (self._open(self._folder, os.O_RDONLY | os.O_DIRECTORY), file):
                self._lock(held, file)
        except UnusableDatabase:
            self.release()
            raise
        with suppress(OSError):  # a full disk keeps nobody from reading
            os.truncate(file, 0)
            os.pwrite(file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        while self._held:
            os.close(self._held.pop())

    def is_held(self) -> bool:
        """Say whether a server holds the folder. It is shared for the moment of asking, which keeps no server out."""
        return any(is_locked(path) for path in (self._folder, self._folder / LOCK_FILE))

    def _open(self, path: Path, flags: int) -> int:
        try:
            self._held.append(os.open(path, flags, PRIVATE))
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise UnusableDatabase(f"{path} is a link, which is not followed: remove it") from None
            raise UnusableDatabase(
                f"cannot open {path}: {error.strerror}. Run teahouse doctor, which names the line that mends it"
            ) from None
        return self._held[-1]

    def _lock(self, held: int, file: int) -> None:
        try:
            _try_to_lock(held)
        except BlockingIOError:
            holder = os.pread(file, 20, 0).decode(errors="replace").strip() or "unknown"
            raise UnusableDatabase(
                f"another Teahouse (process {holder}) serves {self._folder}. Stop it, or give another folder with --data."
            ) from None
        except OSError as error:
            if held == file:
                raise UnusableDatabase(
                    f"cannot lock {self._folder / LOCK_FILE}: {error.strerror}. Give another folder with --data"
                ) from None
            # Some file systems of a network lock no folders; the file is what there is then.


def _try_to_lock(file: int) -> None:
    for _ in range(TRIES - 1):
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(PAUSE_S)
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_locked(path: Path) -> bool:
    """Say whether another process holds a lock on a file or folder. It is shared for the moment of asking."""
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        return isinstance(error, BlockingIOError)  # some folders cannot be locked, and then the file says it
    finally:
        os.close(file)
    return False
