"""A folder of backups: the newest of each life stay. They are numbered, so that no clock, right or wrong, decides which those are.

A life is a house under one epoch, and stands in the names of its backups. Those of another, as of the house that was here before an empty
one came in its place, are not its own: it does without none because of them, and removes none of them.
"""

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

_NAME = re.compile(r"teahouse-(?P<number>[0-9]{6,9})-(?P<time>[0-9]{8}T[0-9]{6}Z)(-(?P<life>[0-9a-f]{8}))?\.backup")
"""The first ones had no life in their names: they are nobody's own."""
_TIME = "%Y%m%dT%H%M%SZ"
EARLY = 1 / 24
"""By how much of its distance one may come early: a timer that looks every hour would be an hour later every day."""


class Rotation:
    """What one life has in a folder, and what others have there; other files are not looked at."""

    def __init__(self, folder: Path, epoch: str) -> None:
        self.folder = folder
        self._life = hashlib.sha256(epoch.encode()).hexdigest()[:8]

    def own(self) -> list[Path]:
        """Return this life's backups, the oldest first."""
        return [each for each in self._files() if _part(each, "life") == self._life]

    def others(self) -> list[Path]:
        return [each for each in self._files() if _part(each, "life") != self._life]

    def next_file(self, at_ms: int) -> Path:
        number = max((_number(each) for each in self.folder.iterdir()), default=0) + 1
        return self.folder / f"teahouse-{number:06}-{datetime.fromtimestamp(at_ms / 1000, UTC):{_TIME}}-{self._life}.backup"

    def is_due(self, every_ms: int, now_ms: int) -> bool:
        """Say whether another one is wanted: it is when the newest is that old, or from the future."""
        own = self.own()
        if not own:
            return True
        made_ms = datetime.strptime(_part(own[-1], "time"), _TIME).replace(tzinfo=UTC).timestamp() * 1000
        return not 0 <= now_ms - made_ms < every_ms * (1 - EARLY)

    def drop_old(self, keep: int) -> None:
        """Remove all of this life's backups but the newest `keep`, which is 1 at least."""
        for each in self.own()[:-keep]:
            each.unlink()

    def _files(self) -> list[Path]:
        return sorted((each for each in self.folder.iterdir() if _number(each) and each.is_file()), key=_number)


def _number(path: Path) -> int:
    return int(_part(path, "number") or 0)


def _part(path: Path, what: str) -> str:
    """Return a part of a backup's name; "" where it has none, or is no backup's."""
    found = _NAME.fullmatch(path.name)
    return found[what] or "" if found else ""
