"""What a socket has sent, on its way to the parser: a slice at a time, and in one turn of the loop no more than a share.

One read may bring 256 KiB, which are 43,000 empty frames: parsed in one go they hold up everyone for a third of a second.
"""

import asyncio
from collections.abc import Callable

SLICE_BYTES = 1024
"""What the parser is given at once. The least masked frame has 6 bytes (RFC 6455 5.2), so that no slice holds more than 170."""
WORK_PER_TURN = 64
"""Pieces of work, such as frames, after which a socket waits for the next turn; the slice that brings them is finished."""


class Intake:
    """Stands between a transport and what reads from it, with the same words for holding it up.

    `parse` takes a slice and returns how much work it was. Its owner calls `receive` with whatever comes, and `end` when nothing more
    is to be parsed, at the latest when the connection is lost. What waits here is at most one read: the transport is paused meanwhile.
    """

    __slots__ = ("_is_held", "_is_reading", "_loop", "_parse", "_parsed", "_transport", "_turn", "_unread", "ended")

    def __init__(self, transport: asyncio.Transport, parse: Callable[[bytes], int]) -> None:
        self.ended = False
        self._transport = transport
        self._parse = parse
        self._loop = asyncio.get_running_loop()
        self._unread = b""
        self._parsed = 0
        self._turn: asyncio.Handle | None = None
        self._is_held = False
        self._is_reading = True

    @property
    def waiting(self) -> int:
        """How many bytes wait here."""
        return len(self._unread) - self._parsed

    def receive(self, data: bytes) -> None:
        if self.ended:
            return
        if not self._unread and not self._is_held and len(data) <= SLICE_BYTES:
            self._parse(data)
            return
        self._unread, self._parsed = self._unread[self._parsed :] + data, 0
        if self._turn is None:
            self._go_on()

    def pause_reading(self) -> None:
        """Parse nothing for a while, and read nothing."""
        self._is_held = not self.ended
        self._settle()

    def resume_reading(self) -> None:
        """Go on in the next turn, unless nothing is held up: then it goes on anyway."""
        if not self._is_held:
            return
        self._is_held = False
        if self._unread and self._turn is None:
            self._turn = self._loop.call_soon(self._go_on)
        self._settle()

    def end(self) -> None:
        """Parse nothing from here on. What comes is read and dropped: closing over unread bytes would reset the connection."""
        self.ended, self._is_held = True, False
        self._unread, self._parsed, self._parse = b"", 0, _nothing
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None
        self._settle()

    def _go_on(self) -> None:
        self._turn = None
        work = 0
        while self._unread and not self._is_held:
            if work >= WORK_PER_TURN:
                self._turn = self._loop.call_soon(self._go_on)
                break
            work += self._parse_next()
        self._settle()

    def _parse_next(self) -> int:
        """Parse a slice and return how much work it was: blank lines of which nothing comes are some, too."""
        return max(1, self._parse(self._next()))

    def _next(self) -> bytes:
        return self._take(self._parsed + SLICE_BYTES)

    def _take(self, end: int) -> bytes:
        piece = self._unread[self._parsed : end]
        self._parsed += len(piece)
        if self._parsed >= len(self._unread):
            self._unread, self._parsed = b"", 0
        return piece

    def _settle(self) -> None:
        """Read only what can be parsed in the same turn."""
        wanted = not self._is_held and not self._unread
        if wanted == self._is_reading or self._transport.is_closing():
            return
        self._is_reading = wanted
        if wanted:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()


def _nothing(_data: bytes) -> int:
    return 0
