"""What one client of an old door has said and the house has not done yet: frames in their order, bounded in number and in bytes."""

from collections import deque
from collections.abc import Callable
from sys import getsizeof

from teahouse.gateways.dialects.spoken import Meant

MAX_FRAMES = 16
MAX_BYTES = 32 * 1024
"""From as much on the socket is read no further, until half of it is done. One frame of any size that may be is always taken."""


class Backlog:
    """Its owner listens to the client no more while it `is_full`, and hears by `changed` whenever it grows or shrinks."""

    __slots__ = ("_changed", "_frames", "_under_way", "is_full", "size")

    def __init__(self, changed: Callable[[], None]) -> None:
        self.size = 0
        """What all that is here takes in memory, in bytes."""
        self.is_full = False
        self._changed = changed
        self._frames: deque[bytes] = deque()
        self._under_way = 0

    def __len__(self) -> int:
        return len(self._frames)

    def add(self, frame: bytes) -> None:
        self._frames.append(frame)
        self._count(len(frame))

    def take(self) -> bytes:
        """Return the next frame, which is here no longer."""
        frame = self._frames.popleft()
        self._count(-len(frame))
        return frame

    def begin(self, meant: Meant) -> None:
        """Count what is done now, which may wait for long: a text takes up to four bytes a character."""
        self._under_way = getsizeof(getattr(meant, "text", ""))
        self._count(self._under_way)

    def done(self) -> None:
        """What was done takes no memory any more."""
        self._count(-self._under_way)
        self._under_way = 0

    def clear(self) -> None:
        """Forget what nobody will do."""
        self._frames.clear()
        self._count(-self.size)
        self._under_way = 0

    def _count(self, more: int) -> None:
        self.size += more
        if len(self) >= MAX_FRAMES or self.size >= MAX_BYTES:
            self.is_full = True
        elif len(self) <= MAX_FRAMES // 2 and self.size <= MAX_BYTES // 2:
            self.is_full = False
        self._changed()
