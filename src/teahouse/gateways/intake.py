"""What a connection has sent, on its way to the parser: a slice at a time, and in one turn of the loop no more than a share.

One read may bring 256 KiB, which are 43,000 empty frames: parsed in one go they hold up everyone for a third of a second.
"""

import asyncio
from collections.abc import Callable

from teahouse.gateways.turns import Payer

SLICE_BYTES = 1024
"""What the parser is given at once. The least masked frame has 6 bytes (RFC 6455 5.2), so that no slice holds more than 170."""
WORK_PER_TURN = 64
"""Pieces of work, such as frames, after which a connection waits for its next turn; the slice that brings them is finished."""

_EMPTY_LINE = b"\r\n\r\n"
"""Ends a head (RFC 9112 2.1), and may stand in a body."""


class Intake:
    """Stands between a transport and what reads from it, with the same words for holding it up. All share the turn.

    `parse` takes a slice and returns how much work it was, which counts for whom the connection's slot does. Its owner calls `receive`
    with whatever comes, and `end` when nothing more is to be parsed, at the latest when the connection is lost. What waits here is at
    most one read: the transport is paused meanwhile.

    For HTTP it cuts behind each empty line. So no slice holds the end of more than one head, and whoever parses may stop behind a request.
    """

    __slots__ = ("_is_held", "_is_in_line", "_is_reading", "_parse", "_parsed", "_slot", "_transport", "_turns", "_unread", "ended")

    def __init__(self, transport: asyncio.Transport, parse: Callable[[bytes], int], slot: Payer) -> None:
        self.ended = False
        self._transport = transport
        self._parse = parse
        self._turns = slot.turns
        self._slot = slot
        self._unread = b""
        self._parsed = 0
        self._is_in_line = False
        self._is_held = False
        self._is_reading = True

    @property
    def waiting(self) -> int:
        """How many bytes wait here."""
        return len(self._unread) - self._parsed

    def receive(self, data: bytes) -> None:
        if self.ended:
            return
        is_next = not self._unread and not self._is_held and self._turns.is_free(self._slot.line)
        if is_next and len(data) <= SLICE_BYTES and data.find(_EMPTY_LINE, 0, -1) < 0:
            self._turns.spend(max(1, self._parse(data)))
            return
        self._unread, self._parsed = self._unread[self._parsed :] + data, 0
        self._line_up()
        self._settle()

    def pause_reading(self) -> None:
        """Parse nothing for a while, and read nothing."""
        self._is_held = not self.ended
        self._settle()

    def resume_reading(self) -> None:
        """Go on in turn."""
        self._is_held = False
        self._line_up()
        self._settle()

    def end(self) -> None:
        """Parse nothing from here on. What comes is read and dropped: closing over unread bytes would reset the connection."""
        self.ended, self._is_held = True, False
        self._unread, self._parsed, self._parse = b"", 0, _nothing
        self._settle()

    def _line_up(self) -> None:
        if self._unread and not self._is_held and not self._is_in_line:
            self._is_in_line = True
            self._turns.line_up(self._slot.line, self._serve)

    def _serve(self) -> None:
        """Parse what one connection may in a turn."""
        self._is_in_line = False
        work = 0
        while self._unread and not self._is_held and work < WORK_PER_TURN:
            work += max(1, self._parse(self._next()))  # blank lines of which nothing comes are work, too
        self._turns.spend(work)
        self._line_up()
        self._settle()

    def _next(self) -> bytes:
        begin, end = self._parsed, self._parsed + SLICE_BYTES
        empty = self._unread.find(_EMPTY_LINE, begin, end)
        piece = self._unread[begin : end if empty < 0 else empty + len(_EMPTY_LINE)]
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
