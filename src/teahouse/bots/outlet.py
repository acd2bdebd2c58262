"""The outlet of a reader that lives in this process: entries go into a bounded queue instead of a socket."""

import asyncio
from collections import deque
from collections.abc import Sequence

from teahouse.delivery.frames import Dialect
from teahouse.model import Entry, Signal

MAX_WAITING = 256
"""With more waiting it is congested. One write may still come on top, so it is a mark and not a wall."""

Said = tuple[Entry | Signal, ...]


class PlainDialect:
    """Renders nothing: who reads in this process takes the structs as they are."""

    def render(self, said: Entry | Signal) -> Said:
        return (said,)

    def join(self, parts: Sequence[Said]) -> Said:
        return tuple(said for part in parts for said in part)


class QueueOutlet:
    """Keeps what is written until it is taken. Its owner calls the subscriber's `wake` when `take` says so."""

    def __init__(self, max_waiting: int = MAX_WAITING) -> None:
        self.dialect: Dialect = PlainDialect()
        self.congested = False
        self.closed = False
        self._max_waiting = max_waiting
        self._waiting: deque[Entry | Signal] = deque()
        self._news = asyncio.Event()

    def write(self, rendering: Said) -> None:
        self._waiting.extend(rendering)
        self.congested = len(self._waiting) >= self._max_waiting
        self._news.set()

    def close(self, code: int, reason: str) -> None:
        """Be written no more; what waits can still be taken."""
        self.closed = True
        self._news.set()

    async def wait(self) -> None:
        """Return once something waits or the outlet is closed."""
        await self._news.wait()

    def take(self) -> tuple[Entry | Signal | None, bool]:
        """Return the oldest that waits, or None, and whether this ended the congestion."""
        said = self._waiting.popleft() if self._waiting else None
        if not self._waiting and not self.closed:
            self._news.clear()
        # Half empty, not one below the mark: otherwise each entry taken would start another catch-up for one entry.
        drained = self.congested and len(self._waiting) <= self._max_waiting // 2
        if drained:
            self.congested = False
        return said, drained
