"""How much of what all connections send is parsed in one turn of the loop, and in which order: the networks take turns.

`Intake` bounds what one socket gets of a turn. One address may hold thousands of them, and then it is the sum that holds everyone up.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Protocol

from teahouse.gateways import intake
from teahouse.gateways.intake import SLICE_BYTES, Intake

WORK_PER_TURN = 160
"""Pieces of work of all connections together, which is some ten requests; the slice, or the request, that goes beyond is finished."""

_EMPTY_LINE = b"\r\n\r\n"
"""Ends a head (RFC 9112 2.1), and may stand in a body."""

Serve = Callable[[], None]


class Turns:
    """One for all connections of an event loop."""

    def __init__(self) -> None:
        self._left = WORK_PER_TURN
        self._is_coming = False
        self._lines: OrderedDict[str, deque[Serve]] = OrderedDict()
        """Who waits, by network; the network that was served longest ago first."""
        self._waiting = 0

    def is_free(self, network: str) -> bool:
        """Whether somebody of `network` may be served at once, behind nobody of it."""
        return self._left > 0 and network not in self._lines

    def spend(self, work: int) -> None:
        """Note what was done in this turn."""
        self._left -= work
        self._see_to_the_next()

    def line_up(self, network: str, serve: Serve) -> None:
        """Call `serve`, which spends, when it is its turn."""
        self._lines.setdefault(network, deque()).append(serve)
        self._waiting += 1
        self._see_to_the_next()

    def _see_to_the_next(self) -> None:
        if not self._is_coming:
            self._is_coming = True
            asyncio.get_running_loop().call_soon(self._begin)

    def _begin(self) -> None:
        self._is_coming = False
        self._left = WORK_PER_TURN
        for _ in range(self._waiting):  # who lines up again meanwhile has had their share of this turn
            if self._left <= 0:
                break
            network, line = self._lines.popitem(last=False)
            serve = line.popleft()
            if line:
                self._lines[network] = line
            self._waiting -= 1
            serve()
        if self._lines:
            self._see_to_the_next()


class Payer(Protocol):
    """For whom a connection counts now, and what it shares with all others; its slot."""

    @property
    def network(self) -> str: ...

    @property
    def turns(self) -> Turns: ...


class TurnTaker(Intake):
    """An Intake that shares the turn with those of all other connections, and counts for whom its connection's slot does.

    For HTTP it cuts behind each empty line. So no slice holds the end of more than one head, and whoever parses may stop behind a request.
    """

    __slots__ = ("_is_in_line", "_slot", "_turns")

    def __init__(self, transport: asyncio.Transport, parse: Callable[[bytes], int], slot: Payer) -> None:
        super().__init__(transport, parse)
        self._turns = slot.turns
        self._slot = slot
        self._is_in_line = False

    def receive(self, data: bytes) -> None:
        if self.ended:
            return
        is_next = not self._unread and not self._is_held and self._turns.is_free(self._slot.network)
        if is_next and len(data) <= SLICE_BYTES and data.find(_EMPTY_LINE, 0, -1) < 0:
            self._turns.spend(max(1, self._parse(data)))
            return
        self._unread, self._parsed = self._unread[self._parsed :] + data, 0
        self._line_up()
        self._settle()

    def resume_reading(self) -> None:
        self._is_held = False
        self._line_up()
        self._settle()

    def serve(self) -> None:
        """Parse what one connection may in a turn."""
        self._is_in_line = False
        work = 0
        while self._unread and not self._is_held and work < intake.WORK_PER_TURN:
            work += self._parse_next()
        self._turns.spend(work)
        self._line_up()
        self._settle()

    def _next(self) -> bytes:
        begin, end = self._parsed, self._parsed + SLICE_BYTES
        empty = self._unread.find(_EMPTY_LINE, begin, end)
        return self._take(end if empty < 0 else empty + len(_EMPTY_LINE))

    def _line_up(self) -> None:
        if self._unread and not self._is_held and not self._is_in_line:
            self._is_in_line = True
            self._turns.line_up(self._slot.network, self.serve)
