"""Whose search works next: few at once, one of a person and one of their programs at a time, and the networks take turns."""

import asyncio
from collections import OrderedDict
from collections.abc import Hashable
from typing import Literal

from teahouse.errors import TooMuch
from teahouse.storage.search.purse import Purse

MAX_CONCURRENT_SEARCHES = 2
"""Searches under way: fewer than there are readers, so that pages never wait for people who search."""

MAX_WAITING = 32
"""Searches under way and waiting for their turn, of all people."""

Outcome = Literal["works", "is not wanted", "gave way"]


class SearchTurn:
    """One search of a person or of their programs, from when it is asked for until nothing works on it any more."""

    def __init__(self, searcher: Hashable, network: str) -> None:
        self.searcher = searcher
        self.network = network
        self.purse = Purse()
        self._outcome: Outcome | None = None
        self._is_decided = asyncio.Event()

    def decide(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._is_decided.set()

    async def outcome(self) -> Outcome | None:
        """Return what came of waiting."""
        await self._is_decided.wait()
        return self._outcome


class SearchLine:
    """A searcher has one search under way at most, and one that waits: a newer one lets the former end, and takes the latter's place.

    Who comes when the line is full takes a place of the network that has most, if it has more than theirs would.
    """

    def __init__(self) -> None:
        self._working: dict[Hashable, SearchTurn] = {}
        self._waiting: dict[Hashable, SearchTurn] = {}
        self._lines: OrderedDict[str, dict[Hashable, SearchTurn]] = OrderedDict()
        """Who waits, by network; the network that was served longest ago first."""

    def enter(self, searcher: Hashable, network: str) -> SearchTurn:
        """Wait for a turn, in place of what the same searcher asked for before; TooMuch where there is no place."""
        self.hurry(searcher)
        if len(self._working) + len(self._waiting) >= MAX_WAITING:
            self._make_room_for(network)
        turn = SearchTurn(searcher, network)
        self._waiting[searcher] = self._lines.setdefault(network, {})[searcher] = turn
        self._see_to_the_next()
        return turn

    def hurry(self, searcher: Hashable) -> None:
        """Let what somebody has under way come to its end with what it has found, and what waits be answered with nothing."""
        if working := self._working.get(searcher):
            working.purse.is_hurried = True
        self._leave(searcher, "is not wanted")

    def end(self, turn: SearchTurn) -> None:
        """Nothing works on it any more, or nobody waits for it."""
        if self._waiting.get(turn.searcher) is turn:
            self._leave(turn.searcher, "is not wanted")
        if self._working.get(turn.searcher) is turn:
            del self._working[turn.searcher]
            self._see_to_the_next()

    def _make_room_for(self, network: str) -> None:
        largest = max(self._lines.values(), key=len, default={})
        if len(largest) <= len(self._lines.get(network, ())) + 1:
            raise too_many()
        self._leave(next(reversed(largest)), "gave way")

    def _leave(self, searcher: Hashable, outcome: Outcome) -> None:
        turn = self._waiting.pop(searcher, None)
        if turn is not None:
            line = self._lines[turn.network]
            del line[searcher]
            if not line:
                del self._lines[turn.network]
            turn.decide(outcome)

    def _see_to_the_next(self) -> None:
        while len(self._working) < MAX_CONCURRENT_SEARCHES and (turn := self._next()):
            self._lines.move_to_end(turn.network)
            self._working[turn.searcher] = turn
            self._leave(turn.searcher, "works")

    def _next(self) -> SearchTurn | None:
        """Return who came first of the network that was served longest ago, of those who have nothing under way."""
        return next((turn for line in self._lines.values() for turn in line.values() if turn.searcher not in self._working), None)


def too_many() -> TooMuch:
    return TooMuch("many people are searching: ask again in a moment", retry_after_s=1)
