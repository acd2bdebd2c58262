"""One connection over HTTP: an Outlet that keeps what is said until an answer carries it away, and the two kinds of answers.

What is kept is bounded: from `HIGH_WATER` bytes on the stream is congested, so that nothing more is said but what was
under way, and the reader falls behind as on a slow WebSocket. What an answer carries away is kept until it has arrived.
All streams have a bound together as well (`unread.py`).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from teahouse import wire
from teahouse.errors import Conflict, NotFound, TooMuch
from teahouse.gateways.connection import RUDE, Connection
from teahouse.gateways.dialects.http import HEARTBEAT, LISTED, SERVER_SENT, Listed, ServerSent
from teahouse.gateways.unread import Unread

HIGH_WATER = 32 * 1024
CLOSE_TIMEOUT_S = 5.0
SILENT = 4008
ROOM_IN_S = 1.0
"""When to ask again for those who did not read what they were told."""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """The times that streams keep; see settings.py."""

    hello_timeout_s: float
    ping_interval_s: float
    poll_wait_s: float
    poll_gap_s: float


class Stream:
    """A connection's end on our side. Its owner sets `connection` and `unread`, ticks it, and is told by `on_close` and `on_over`.

    `on_close` is called once, when nothing more will be said; `on_over` once nobody will ask for what was said before. `on_cut` ends
    the answer under way at once.
    """

    dialect: ServerSent | Listed

    def __init__(self, name: str, patience: Patience, now_s: float) -> None:
        self.name = name
        self.connection: Connection
        self.unread: Unread
        self.congested = False
        self.closed = False
        self.on_close: Callable[[Stream], None] = _nothing
        self.on_over: Callable[[Stream], None] = _nothing
        self.on_cut: Callable[[], None] = lambda: None
        self._patience = patience
        self._began_at = now_s
        self._waiting: list[bytes] = []
        self._size = 0
        self._under_way = 0
        """Bytes of what was taken that may not have been read yet."""
        self._news = asyncio.Event()

    def write(self, rendering: bytes) -> None:
        if self.closed:
            return
        self._waiting.append(rendering)
        self._size += len(rendering)
        kept = self._size + self._under_way
        self.unread.hold(kept)
        self.congested = kept >= HIGH_WATER
        self._news.set()

    def close(self, code: int, reason: str) -> None:
        """Say why, and be told nothing from here on; what was said can still be carried away."""
        if self.closed:
            return
        self.write(self.dialect.render(wire.Closed(code, reason)))
        self.closed = True
        self.on_close(self)

    def leave(self) -> None:
        """The client is gone: forget all."""
        self.closed = True
        self._waiting.clear()
        self._size = self._under_way = 0
        self.unread.end()
        self._news.set()
        self.connection.close()
        self.on_close(self)
        self.on_over(self)

    def cut(self) -> None:
        """End now, and what is under way with it: its reader is slow, and others need the room."""
        self.leave()
        self.on_cut()

    def hear(self, commands: list[bytes]) -> None:
        """Take what the client says, in its order. TooMuch where it does not read what it is told."""
        if self.closed:
            raise NotFound("this connection has ended")
        if self.congested:
            raise TooMuch("read first what you were told", retry_after_s=ROOM_IN_S)
        for command in commands:
            if not self.closed:  # one of them may be what ends it
                self.connection.receive(command)

    def tick(self, now_s: float) -> None:
        """See to what is overdue."""
        self.unread.tick()
        if not self.closed and not self.connection.greeted and now_s - self._began_at > self._patience.hello_timeout_s:
            self.connection.end(RUDE, "no hello in time")

    def take(self) -> list[bytes]:
        """Return what was said since the last time. It counts until `arrived`."""
        said, self._waiting = self._waiting, []
        self._size, self._under_way = 0, self._size
        if not self.closed:
            self._news.clear()
        return said

    def arrived(self) -> None:
        """What was taken is with the client, or as good as: go on where it was too much."""
        self._under_way = 0
        self.unread.arrived(self._size)
        if self.congested and self._size < HIGH_WATER:
            self.congested = False
            self.connection.drained()


class EventStream(Stream):
    """One endless answer."""

    dialect = SERVER_SENT

    def __init__(self, name: str, patience: Patience, now_s: float) -> None:
        super().__init__(name, patience, now_s)
        self._beat_at = now_s

    async def next(self) -> bytes | None:
        """Return what to send next once there is something, None at the end. Whoever asks has sent what they got before."""
        self.arrived()
        await self._news.wait()
        return self.dialect.join(self.take()) or None

    def tick(self, now_s: float) -> None:
        super().tick(now_s)
        if now_s - self._beat_at >= self._patience.ping_interval_s and not self.congested:
            self._beat_at = now_s
            self.write(HEARTBEAT)


class Poll(Stream):
    """Answers one by one, each with a number. The last is kept until the next is asked for: whoever did not get it asks again."""

    dialect = LISTED

    def __init__(self, name: str, patience: Patience, now_s: float) -> None:
        super().__init__(name, patience, now_s)
        self._number = 0
        self._last = b""
        self._asking = 0
        self._asked_at = now_s

    async def batch(self, number: int) -> bytes:
        """Return batch `number` as JSON, the last or the next one; empty when there is no news for a while.

        NotFound for the next after the one that said `closed`: whoever asks for it has read that.
        """
        self._asking += 1
        try:
            if number == self._number + 1:
                self._last = b""
                self.arrived()
                await self._wait()
            return self._batch(number)
        finally:
            self._asking -= 1
            self._asked_at = asyncio.get_running_loop().time()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._patience.poll_wait_s):
                await self._news.wait()
        except TimeoutError:
            pass

    def _batch(self, number: int) -> bytes:
        # Asked for twice at once, the first to get here makes the batch and the second gets the same.
        if number == self._number + 1:
            if self.closed and not self._waiting:
                self.leave()
                raise NotFound("this connection has ended; open a new one")
            self._number = number
            self._last = b'{"batch":%d,"events":[%s]}' % (number, self.dialect.join(self.take()))
        if number != self._number or not self._last:
            raise Conflict(f"expected batch {self._number} or {self._number + 1}, got {number}")
        return self._last

    def tick(self, now_s: float) -> None:
        super().tick(now_s)
        silence_s = 0.0 if self._asking else now_s - self._asked_at
        if self.closed and silence_s > CLOSE_TIMEOUT_S:
            self.leave()
        elif not self.closed and silence_s > self._patience.poll_gap_s:
            self.connection.end(SILENT, "no sign of life")


def _nothing(_stream: Any) -> None:
    """Before a stream has an owner."""
