"""The readers of one log in this process, and how far the live ones among them have been written."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from teahouse.delivery.cursor import Cursor
from teahouse.delivery.frames import Dialect, Frame, Tail, joined, runs
from teahouse.model import Signal

if TYPE_CHECKING:
    from teahouse.delivery.subscriber import Subscriber

RUN_WEIGHT = 48 * 1024
"""Bytes per write: what a reader that stops reading can have in its buffer beyond the transport's own limit; with that, 64 KiB.

Sixteen messages of 2 KB fit in one: at 32 KiB a sixteenth was a write of its own, and doubled what they cost.
"""


class Writing:
    """One run on its way: `left` are the live readers who have not been written it yet. The others are ahead of the channel's position."""

    __slots__ = ("left", "renderings", "run")

    def __init__(self, run: Sequence[Frame], left: "set[Subscriber]") -> None:
        self.run = run
        self.left = left
        self.renderings: dict[Dialect, Any] = {}

    @property
    def is_special(self) -> bool:
        """Say whether its readers have something to do once they are written it."""
        return self.run[-1].closes_for is not None or self.run[-1].opens is not None


class Channel:
    """Three positions in one log: `position` was written to every live reader, `heard` is queued for them, `head` is known to exist.

    position <= heard <= head. Until `known`, the log's head has not been read and nobody is live.

    A run may be written to a part of the live readers now and to the rest in a later turn of the loop (`writing`). The position
    moves when all have it. Until then, whoever becomes live stands at the position and is one more of those left.
    """

    __slots__ = ("filling", "head", "heard", "known", "live", "log", "pending", "position", "readers", "runs", "tail", "writing")

    def __init__(self, log: int) -> None:
        self.log = log
        self.known = False
        self.filling: asyncio.Task[None] | None = None
        self.head = 0
        self.position = Cursor(0)
        self.heard = Cursor(0)
        self.pending: list[Frame] = []
        self.runs: list[Sequence[Frame]] = []
        self.writing: Writing | None = None
        self.tail = Tail()
        self.live: set[Subscriber] = set()
        self.readers: set[Subscriber] = set()

    def learn(self, head: int) -> None:
        """Take the log's head as read from the database; what was heard of meanwhile counts as well, for it is committed."""
        self.known = True
        self.head = max(head, self.head)
        self.heard.advance(self.head)
        self.position.advance(self.head)
        self.wake_behind()

    def wake_behind(self) -> None:
        for subscriber in self.readers - self.live:
            subscriber.wake()

    def enter(self, subscriber: "Subscriber") -> None:
        """Make a reader live who stands at the channel's position."""
        self.live.add(subscriber)
        if self.writing is not None:
            self.writing.left.add(subscriber)

    def part(self, subscriber: "Subscriber") -> None:
        """Write a reader nothing more live."""
        self.live.discard(subscriber)
        if self.writing is not None:
            self.writing.left.discard(subscriber)

    def seen_by(self, subscriber: "Subscriber") -> int:
        """Return the last entry that a live reader was written."""
        if self.writing is not None and subscriber not in self.writing.left:
            return self.writing.run[-1].seq
        return self.position.seen

    @property
    def is_flushed(self) -> bool:
        return self.writing is None and not self.runs and not self.pending

    def flush(self, most: int) -> tuple[int, int]:
        """Write what is pending, one write per run and live reader, `most` writes at most. Who is congested falls behind instead.

        Return how many writes it took, and how many entries were written, counted once for each reader.
        """
        writes = deliveries = 0
        while writes < most and not self.is_flushed:
            writing = self.writing or self._begin()
            written = self._write(writing, most - writes)
            writes += written
            deliveries += written * len(writing.run)
            if not writing.left:
                self.position.advance(writing.run[-1].seq)
                self.writing = None
        return writes, deliveries

    def _begin(self) -> Writing:
        """Take up the next run. What came in while one was written is joined into the runs after it."""
        if not self.runs:
            self.runs, self.pending = runs(self.pending, RUN_WEIGHT), []
        self.writing = Writing(self.runs.pop(0), set(self.live))
        return self.writing

    def _write(self, writing: Writing, most: int) -> int:
        if len(writing.left) <= most:
            chosen, writing.left = writing.left, set()
        else:
            chosen = {writing.left.pop() for _ in range(most)}
        congested: list[Subscriber] = []
        last: Dialect | None = None
        write: Any = None
        for subscriber in chosen:
            outlet = subscriber.outlet
            if outlet.congested:
                congested.append(subscriber)
                continue
            if outlet.dialect is not last:
                last = outlet.dialect
                write = writing.renderings.get(last) or writing.renderings.setdefault(last, joined(writing.run, last))
            outlet.write(write)
        for subscriber in congested:
            self.part(subscriber)
            subscriber.fall_behind(self, self.position.seen)
        if writing.is_special:
            for subscriber in chosen & self.live:
                subscriber.after_write(self, writing.run[-1])
        return len(chosen) - len(congested)

    def whisper(self, signal: Signal) -> None:
        """Write what has no number to every live reader that is not congested."""
        renderings: dict[Dialect, Any] = {}
        for subscriber in self.live:
            outlet = subscriber.outlet
            if outlet.congested:
                continue
            if outlet.dialect not in renderings:
                renderings[outlet.dialect] = outlet.dialect.render(signal)
            outlet.write(renderings[outlet.dialect])
