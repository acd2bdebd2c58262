"""Disks that can be filled and emptied under a running server's feet."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tests.faults.server import Server

DISK_BYTES = 3 * 1024 * 1024
LEFT_BYTES = 200 * 1024
"""What is left when a disk was filled: a few dozen long messages."""


class Disk(Protocol):
    def fill(self, server: Server) -> None: ...

    def empty(self, server: Server) -> None: ...


class SmallDisk:
    """A memory disk of a few megabytes at the data folder, filled by a file: ENOSPC, as on a real one. Only root can make it."""

    def __init__(self, folder: Path) -> None:
        self._ballast = folder / "ballast"

    def fill(self, server: Server) -> None:
        room = os.statvfs(self._ballast.parent)
        self._ballast.write_bytes(b"x" * (room.f_bavail * room.f_frsize - LEFT_BYTES))

    def empty(self, server: Server) -> None:
        self._ballast.unlink()


class SizeLimit:
    """A limit on how large the server's files may grow: EFBIG. Everyone can set it (setrlimit(2))."""

    def fill(self, server: Server) -> None:
        largest = max(path.stat().st_size for path in server.data.iterdir())
        self._limit(server, largest + LEFT_BYTES)

    def empty(self, server: Server) -> None:
        self._limit(server, resource.RLIM_INFINITY)

    def _limit(self, server: Server, soft: int) -> None:
        if server.process is not None and server.process.poll() is None:
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (soft, resource.RLIM_INFINITY))


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk | None]:
    """Mount a small disk at `folder`; None where that is not allowed."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        yield None
        return
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
