"""Where the file systems of this machine are mounted, and of what kind they are."""

from collections.abc import Iterable
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")


def mounts() -> list[str]:
    """Return the lines in which the machine tells it; none where it does not."""
    return MOUNTS.read_text(encoding="utf-8").splitlines() if MOUNTS.exists() else []


def kind_of(place: Path, mounts: Iterable[str]) -> str:
    """Return the kind of the file system that holds `place`, from lines like those of /proc/self/mounts."""
    kinds = {fields[1].replace("\\040", " "): fields[2] for line in mounts if len(fields := line.split()) > 2}
    real = place.resolve()
    return next((kinds[str(each)] for each in (real, *real.parents) if str(each) in kinds), "")
