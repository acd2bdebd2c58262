"""A folder of one house's backups: the newest are kept. They are numbered, so that no clock, right or wrong, decides which those are."""

import re
from datetime import UTC, datetime
from pathlib import Path

_NAME = re.compile(r"teahouse-([0-9]{6,9})-([0-9]{8}T[0-9]{6}Z)\.backup")
_TIME = "%Y%m%dT%H%M%SZ"
EARLY = 1 / 24
"""By how much of its distance one may come early: a timer that looks every hour would be an hour later every day."""


def kept(folder: Path) -> list[Path]:
    """Return the backups in a folder, the oldest first; other files are not looked at."""
    return sorted((each for each in folder.iterdir() if _NAME.fullmatch(each.name)), key=_number)


def next_file(folder: Path, at_ms: int) -> Path:
    before = kept(folder)
    number = _number(before[-1]) + 1 if before else 1
    return folder / f"teahouse-{number:06}-{datetime.fromtimestamp(at_ms / 1000, UTC):{_TIME}}.backup"


def is_due(folder: Path, last_good: str | None, every_ms: int, now_ms: int) -> bool:
    """Say whether a house, whose last good backup is the file `last_good`, wants another one in `folder`.

    It does when the newest is that old, is not its own, or is from the future.
    """
    before = kept(folder)
    if not before or str(before[-1]) != last_good:
        return True
    made_ms = datetime.strptime(before[-1].name.split("-")[2], f"{_TIME}.backup").replace(tzinfo=UTC).timestamp() * 1000
    return not 0 <= now_ms - made_ms < every_ms * (1 - EARLY)


def drop_old(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep`, which is 1 at least; return what went."""
    old = kept(folder)[:-keep]
    for each in old:
        each.unlink()
    return old


def _number(file: Path) -> int:
    return int(file.name.split("-")[1])
