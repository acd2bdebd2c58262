"""Who reads up now. A page that is read from a log and rendered for one reader alone costs everybody; so those who are behind take turns.

Live frames, and those of a log's tail, are rendered once for all: they need no turn.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable

MAX_CONCURRENT_PAGES = 32
"""Pages that are read, or wait to be written, at the same time."""
SHARE_S = 0.008
"""How long pages may be rendered and written in one turn of the loop, all readers together; the page that goes beyond is finished."""


class CatchUpTurns:
    """One for all readers of a hub. Users take turns, however many connections each of them has."""

    def __init__(self, now_s: Callable[[], float] = time.perf_counter, at_once: int = MAX_CONCURRENT_PAGES) -> None:
        self.now_s = now_s
        self._free = at_once
        self._lines: OrderedDict[int, deque[asyncio.Future[None]]] = OrderedDict()
        """Who waits, by user; the user who had a turn longest ago first."""
        self._spent_s = 0.0
        self._anew = asyncio.Event()

    async def begin(self, user: int) -> None:
        """Wait for a place; `end` gives it back."""
        if self._free > 0:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._lines.setdefault(user, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it was given a place, and does not take it
                self.end()
            raise

    def end(self) -> None:
        """Give the place to the next in line."""
        self._free += 1
        while self._free > 0 and self._lines:
            user, line = self._lines.popitem(last=False)
            turn = line.popleft()
            if line:
                self._lines[user] = line
            if not turn.done():
                self._free -= 1
                turn.set_result(None)

    async def share(self) -> None:
        """Wait until this turn of the loop has time left for a page."""
        while self._spent_s >= SHARE_S:
            await self._anew.wait()

    def spend(self, began_s: float) -> None:
        """Note that a page took from `began_s` until now."""
        if not self._spent_s:
            self._anew.clear()
            asyncio.get_running_loop().call_soon(self._begin_anew)
        self._spent_s += self.now_s() - began_s

    def _begin_anew(self) -> None:
        self._spent_s = 0.0
        self._anew.set()
