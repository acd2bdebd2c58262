"""One server per data folder: two would number the same logs, and neither would tell the other's readers."""

import fcntl
import os
from pathlib import Path

from teahouse.storage.database import UnusableDatabase


class Claim:
    """A lock on a folder. It ends with `release` or with the process, however that dies; programs beside the server need none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: int | None = None

    def take(self) -> None:
        """Hold the folder. Raise UnusableDatabase when another server does, naming it."""
        file = os.open(self._folder / "teahouse.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(file, 20).decode(errors="replace").strip() or "unknown"
            os.close(file)
            raise UnusableDatabase(
                f"another Teahouse (process {holder}) serves {self._folder}. Stop it, or give another folder with --data."
            ) from None
        os.truncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
