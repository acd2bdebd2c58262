"""What one search may cost, in work and in time; and what ends it early. Pure but for the clock and the rest that it is handed."""

import time
from collections.abc import Callable

MAX_TEXTS = 3000
"""Texts that one search reads at most."""
MAX_CHARS = 1_000_000
"""Characters of text that it looks through at most."""
MAX_PLACES = 600_000
"""Places, and rows with places, that it takes out of the index at most."""
MAX_S = 0.25
"""Seconds of processor time: what it takes from others. On a busy machine it may wait longer than that for its turn."""
LOOK_EVERY = 8192
"""Characters and places after which it looks at the clock, which takes a call of the system."""
_PER_TEXT = 64
"""What a text costs besides, in characters."""
UNSURE_PART = 10
"""The part, a tenth, that goes to texts of which the index does not say all: whoever makes many of them hides none of the others."""

BREATH_S = 0.005
"""After so much work it rests for as long, since nothing else runs while it does."""

RESERVED_TEXTS, RESERVED_CHARS, RESERVED_PLACES = 16, 16_384, 1000
"""What is kept for each room that comes later, half of all at most: a room full of long texts must not hide what was said in the others."""


class Purse:
    """What a search may still spend. It is empty, too, when it is to hurry: the same person searches anew, or nobody waits any more.

    Every search looks at one text at least, or at one part of the index, so that whoever goes on from where it stopped comes to an end.
    """

    def __init__(self, clock_s: Callable[[], float] = time.thread_time, rest: Callable[[float], None] = time.sleep) -> None:
        self._clock_s = clock_s
        self._rest = rest
        self._ends_at = self._breathed_at = self._looked_at = 0.0
        self._since_look = 0
        self._is_late = False
        self._texts, self._chars, self._places = MAX_TEXTS, MAX_CHARS, MAX_PLACES
        self._floor: tuple[int, ...] = (0, 0, 0)
        self._half: tuple[float, ...] = (0, 0, 0, 0)
        self._unsure_chars, self._unsure_s = MAX_CHARS / UNSURE_PART, MAX_S / UNSURE_PART
        self._is_at_unsure = False
        self.is_hurried = False

    def begin(self) -> None:
        """Start the clock, which is that of the thread in which the search works."""
        self._breathed_at = self._looked_at = self._clock_s()
        self._ends_at = self._breathed_at + MAX_S

    @property
    def is_empty(self) -> bool:
        texts, chars, places = self._floor
        spent = self._texts <= texts or self._chars <= chars or self._places <= places
        return spent or self.is_hurried or self._is_late

    @property
    def may_read_unsure(self) -> bool:
        """Whether something is left for texts of which the index does not say all; the first of them is always read."""
        return self._unsure_chars > 0 and self._unsure_s > 0

    @property
    def may_read_fresh(self) -> bool:
        """Whether more is left than the half, of what this room may spend, that is kept for what is indexed."""
        texts, chars, _, until_s = self._half
        return self._texts > texts and self._chars > chars and self._looked_at < until_s

    @property
    def texts(self) -> int:
        """How many texts may still be read: at least one."""
        return max(1, self._texts - self._floor[0])

    def reserve(self, rooms: int) -> None:
        """Keep back what `rooms` that come later need; called again, what they have not needed is free."""
        wanted = (RESERVED_TEXTS * rooms, RESERVED_CHARS * rooms, RESERVED_PLACES * rooms)
        left = (self._texts, self._chars, self._places)
        self._floor = tuple(min(each, has // 2) for each, has in zip(wanted, left, strict=True))
        halves = ((has + floor) / 2 for has, floor in zip(left, self._floor, strict=True))
        self._half = (*halves, (self._looked_at + self._ends_at) / 2)

    def read(self, text: str, is_unsure: bool = False) -> None:
        self._texts -= 1
        self._chars -= len(text)
        if is_unsure:
            self._unsure_chars -= _PER_TEXT + len(text)
        self._work(_PER_TEXT + len(text), is_unsure)

    def take(self, places: int) -> None:
        self._places -= places
        self._work(places)

    def _work(self, size: int, is_unsure: bool = False) -> None:
        """Account for what is about to be done, and for the time that was spent before it."""
        self._since_look += size
        if self._since_look >= LOOK_EVERY or self._is_at_unsure or is_unsure:
            self._since_look = 0
            self._look_at_the_clock()
        self._is_at_unsure = is_unsure

    def _look_at_the_clock(self) -> None:
        now_s = self._clock_s()
        self._is_late = now_s >= self._ends_at
        if self._is_at_unsure:
            self._unsure_s -= now_s - self._looked_at
        self._looked_at = now_s
        if now_s - self._breathed_at >= BREATH_S and not self.is_hurried:
            self._rest(min(now_s - self._breathed_at, MAX_S))
            self._breathed_at = self._clock_s()
