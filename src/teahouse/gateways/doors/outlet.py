"""What one socket of an old door is written: of what delivery offers, the lines that are for it; and proof that they came."""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from teahouse.gateways.dialects.spoken import Heard
from teahouse.gateways.doors.rendering import Line, Lines, Rendering

Marks = dict[int, int]
"""Up to which seq a log's lines were written."""

MAX_ASKED = 64


class Wire(Protocol):
    """A socket as its connection sees it."""

    @staticmethod
    def frame(payload: bytes) -> bytes:
        """Return a payload as it goes over the wire. The same function for all sockets of a kind, for which delivery renders once."""
        ...

    def send(self, data: bytes) -> None: ...

    def question(self, number: int) -> bytes:
        """Return what to send so that `DoorOutlet.proven` is called with `number` once all that came before has arrived.

        Nothing where this wire cannot know.
        """
        ...

    def challenge(self) -> None:
        """End the connection unless the client shows a sign of life soon."""
        ...

    def weigh(self) -> None:
        """What the connection's backlog holds has changed: count it, and read on only while it is not full."""
        ...

    def close(self, code: int, reason: str) -> None: ...


class DoorOutlet:
    """The Outlet of one DoorConnection. `tag` begins the client ids of what this very socket says."""

    def __init__(
        self,
        dialect: Rendering,
        wire: Wire,
        tag: str,
        arrived: Callable[[Marks], None],
        put_out: Callable[[int], None],
        holds: Callable[[], bool],
    ) -> None:
        self.dialect = dialect
        self.congested = False
        self.reader = 0
        """The id of the user who reads here."""
        self.is_over = False
        """Whether nothing more may be told, though the socket is still open."""
        self._wire = wire
        self._tag = tag
        self._arrived = arrived
        self._put_out = put_out
        self._holds = holds
        self._number = 0
        self._count = itertools.count(1)
        self._asked: deque[tuple[int, Marks]] = deque()

    def write(self, rendering: Lines) -> None:
        lines = [line for line in rendering if self._is_mine(line)]
        if lines and not self._holds():  # memory knows that somebody is out before a slow reader comes to it
            self._put_out(self.reader)
        if lines and not self.is_over:
            # In one piece with the question, or a client that closes when it has read enough would never answer it.
            self._wire.send(b"".join([self._framed(line) for line in lines]) + self._question(lines))
        for line in rendering:
            if line.put_out:
                self._put_out(line.put_out)

    def hear(self, heard: Heard) -> None:
        """Write what has no number, unless the client does not read."""
        if not self.congested:
            self.write(self.dialect.line(heard))

    def close(self, code: int, reason: str) -> None:
        self._wire.close(code, reason)

    def proven(self, number: int) -> None:
        """Take note that what was written before question `number` has arrived; whoever answers one answers those before it."""
        arrived: Marks = {}
        while self._asked and self._asked[0][0] <= number:
            arrived.update(self._asked.popleft()[1])
        if arrived:
            self._arrived(arrived)

    def part(self) -> None:
        """Tell nobody of what arrives from here on: this and its connection know each other, and garbage is collected seldom."""
        self._arrived = self._put_out = _nothing
        self._holds = _always

    def _is_mine(self, line: Line) -> bool:
        if line.put_out:
            return False
        if line.direct:
            return line.by != self.reader
        return self.dialect.words.echoes or not self._said_here(line)

    def _said_here(self, line: Line) -> bool:
        """Whether this socket said it. Client ids are shown to everyone, and people of the page choose theirs: so the author counts too."""
        return line.by == self.reader and line.client_id.startswith(f"{self._tag}-")

    def _framed(self, line: Line) -> bytes:
        words = self.dialect.words
        if not words.numbers:
            return line.framed
        # Numbers count up at every socket, also where a slow reader is given lines that were rendered again.
        fits = line.number > self._number
        self._number = line.number if fits else self._number + 1
        return line.framed if fits else self.dialect.frame(words.numbered(self._number, line.payload))

    def _question(self, lines: Sequence[Line]) -> bytes:
        marks = {line.log: line.seq for line in lines if line.direct}
        if not marks:
            return b""
        self._asked.append((next(self._count), marks))
        if len(self._asked) > MAX_ASKED:  # someone who answers nothing: one mark of each log is enough
            last, merged = self._asked[-1][0], {log: seq for _, marks in self._asked for log, seq in marks.items()}
            self._asked = deque([(last, merged)])
        question = self._wire.question(self._asked[-1][0])
        if not question:
            asyncio.get_running_loop().call_soon(self.proven, self._asked[-1][0])
        return question


def _nothing(_arrived: Any) -> None:
    """After the end."""


def _always() -> bool:
    return True
