"""How much of what all connections send is parsed in one turn of the loop, and in which order: the networks take turns.

`Intake` bounds what one socket gets of a turn. One address may hold thousands of them, and then it is the sum that holds everyone up.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from typing import Protocol

WORK_PER_TURN = 160
"""Pieces of work of all connections together, which is some ten requests; the slice, or the request, that goes beyond is finished."""

Serve = Callable[[], None]


class Turns:
    """One for all connections of an event loop."""

    def __init__(self) -> None:
        self._left = WORK_PER_TURN
        self._is_coming = False
        self._lines: OrderedDict[Hashable, deque[Serve]] = OrderedDict()
        """Who waits, by line, such as a network's; the one that was served longest ago first."""
        self._waiting = 0

    def is_free(self, line: Hashable) -> bool:
        """Whether somebody may be served at once, behind nobody of their line."""
        return self._left > 0 and line not in self._lines

    def spend(self, work: int) -> None:
        """Note what was done in this turn."""
        self._left -= work
        self._see_to_the_next()

    def line_up(self, line: Hashable, serve: Serve) -> None:
        """Call `serve`, which spends, when it is its turn."""
        self._lines.setdefault(line, deque()).append(serve)
        self._waiting += 1
        self._see_to_the_next()

    def _see_to_the_next(self) -> None:
        if not self._is_coming:
            self._is_coming = True
            asyncio.get_running_loop().call_soon(self._begin)

    def _begin(self) -> None:
        self._is_coming = False
        self._left = WORK_PER_TURN
        try:
            for _ in range(self._waiting):  # who lines up again meanwhile has had their share of this turn
                if self._left <= 0:
                    break
                self._take_out()()
        finally:
            if self._lines:
                self._see_to_the_next()

    def _take_out(self) -> Serve:
        """Return who is next, which puts their line last."""
        line, waiting = self._lines.popitem(last=False)
        serve = waiting.popleft()
        if waiting:
            self._lines[line] = waiting
        self._waiting -= 1
        return serve


class Payer(Protocol):
    """In which line a connection waits now, and what it shares with all others; its slot."""

    @property
    def line(self) -> Hashable: ...

    @property
    def turns(self) -> Turns: ...
