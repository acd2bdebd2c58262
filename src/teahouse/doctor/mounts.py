"""Where the file systems of this machine are mounted, and of what kind they are."""

import os
import re
import shlex
from collections.abc import Iterable
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")


def mounts() -> list[str]:
    """Return the lines in which the machine tells it; none where it does not."""
    return os.fsdecode(MOUNTS.read_bytes()).split("\n") if MOUNTS.exists() else []


def mount_of(place: Path, mounts: Iterable[str]) -> tuple[str, str]:
    """Return where the file system that holds `place` is mounted and its kind, from lines like those of /proc/self/mounts; else ""."""
    kinds = {_plain(fields[1]): fields[2] for line in mounts if len(fields := line.split(" ")) > 2}
    real = place.resolve()
    return next(((str(each), kinds[str(each)]) for each in (real, *real.parents) if str(each) in kinds), ("", ""))


def to_be_written(place: Path) -> dict[str, str]:
    """Return the lines that help where a file system is read-only, which no right mends."""
    point, _kind = mount_of(place, mounts())
    remount = {"shell": f"sudo mount -o remount,rw {shlex.quote(point)}"} if point else {}
    return remount | {"settings": 'data_dir = "/a/folder/on/another/disk"'}


def _plain(path: str) -> str:
    """A space, a backslash and others are told by their numbers (proc_pid_mounts(5))."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), path)
