"""The readers of one log in this process, and how far the live ones among them have been written."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from teahouse.delivery.cursor import Cursor
from teahouse.delivery.frames import Dialect, Frame, Tail, joined, runs
from teahouse.model import Signal

if TYPE_CHECKING:
    from teahouse.delivery.subscriber import Subscriber

RUN_WEIGHT = 32 * 1024
"""Bytes per write: what a reader that stops reading can have in its buffer beyond the transport's own limit."""


class Channel:
    """Three positions in one log: `position` was written to every live reader, `heard` is queued for them, `head` is known to exist.

    position <= heard <= head. Until `known`, the log's head has not been read and nobody is live.
    """

    __slots__ = ("filling", "head", "heard", "known", "live", "log", "pending", "position", "readers", "tail")

    def __init__(self, log: int) -> None:
        self.log = log
        self.known = False
        self.filling: asyncio.Task[None] | None = None
        self.head = 0
        self.position = Cursor(0)
        self.heard = Cursor(0)
        self.pending: list[Frame] = []
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

    def flush(self) -> int:
        """Write what is pending: one write per run and live reader. Who is congested falls behind instead.

        Return how many entries were written, counted once for each reader.
        """
        frames, self.pending = self.pending, []
        deliveries = 0
        for run in runs(frames, RUN_WEIGHT):
            self._write(run)
            deliveries += len(run) * len(self.live)
            self.position.advance(run[-1].seq)
            if run[-1].closes_for is not None or run[-1].opens is not None:
                for subscriber in list(self.live):
                    subscriber.after_write(self, run[-1])
        return deliveries

    def _write(self, run: Sequence[Frame]) -> None:
        writes: dict[Dialect, Any] = {}
        congested: list[Subscriber] = []
        last: Dialect | None = None
        write: Any = None
        for subscriber in self.live:
            outlet = subscriber.outlet
            if outlet.congested:
                congested.append(subscriber)
                continue
            if outlet.dialect is not last:
                last = outlet.dialect
                write = writes.get(last) or writes.setdefault(last, joined(run, last))
            outlet.write(write)
        for subscriber in congested:
            self.live.discard(subscriber)
            subscriber.fall_behind(self, self.position.seen)

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
