"""A WebSocket on which `teahouse doctor` tries a handshake and a few frames: it says back what it hears and knows nobody.

It needs no session, so all about it is small: frames, their number, its life, and how many there are.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any, cast

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import OPEN

from teahouse.gateways.intake import Intake
from teahouse.gateways.messages import quiet_parser
from teahouse.gateways.shares import Shares
from teahouse.gateways.slots import Slot

PATH = "/api/v1/doctor/socket"
MAX_MESSAGE_BYTES = 1024
MAX_FRAMES = 32
MAX_LIFE_S = 300.0
MAX_SOCKETS = 32
LINGER_S = 1.0

VIOLATION, RESTART, TRY_LATER = 1008, 1012, 1013


def practice_socket(
    displaced: Counter[str], max_sockets: int = MAX_SOCKETS, max_life_s: float = MAX_LIFE_S
) -> Callable[..., "PracticeSocket"]:
    """Return what uvicorn calls for each upgraded connection to PATH; `displaced` counts the sockets that gave way."""
    here: Shares[PracticeSocket] = Shares()

    def make(config: Any, server_state: Any, app_state: Any, slot: Slot) -> PracticeSocket:
        while len(here) >= max_sockets and (leaving := here.next_to_go(slot.network)):
            displaced["practice"] += 1
            leaving[1].give_way()
        return PracticeSocket(server_state.connections, slot, here, max_life_s)

    return make


class PracticeSocket(asyncio.Protocol):
    """One socket: handshake, echo, and an end in good time whatever the client does."""

    def __init__(self, siblings: set[Any], slot: Slot, here: "Shares[PracticeSocket]", max_life_s: float) -> None:
        self._siblings = siblings
        self._slot = slot
        self._network = slot.network
        self._here = here
        self._is_here = False
        self._max_life_s = max_life_s
        self._protocol = quiet_parser(MAX_MESSAGE_BYTES)
        self._transport: asyncio.Transport = None  # type: ignore[assignment]  # set by connection_made, before anything else
        self._intake: Intake = None  # type: ignore[assignment]  # likewise
        self._frames = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._intake = Intake(self._transport, self._parse, self._slot)
        self._siblings.add(self)
        self._here.add(self._network, self)
        self._is_here = True
        self._end = asyncio.get_running_loop().call_later(self._max_life_s, self._transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._slot.close()
        self._intake.end()
        self._siblings.discard(self)
        self._leave()
        self._end.cancel()

    def give_way(self) -> None:
        """End now: another network wants to practise, and this one has the most sockets, or as many."""
        self._leave()
        self._close(TRY_LATER, "others want to practise")
        self._send()
        self._transport.close()
        self._end.cancel()
        self._end = asyncio.get_running_loop().call_later(LINGER_S, self._transport.abort)

    def _leave(self) -> None:
        if self._is_here:
            self._is_here = False
            self._here.discard(self._network, self)

    def data_received(self, data: bytes) -> None:
        if self._is_here:
            self._here.touch(self._network, self)
        self._intake.receive(data)

    def eof_received(self) -> None:
        self._protocol.receive_eof()
        self._send()

    def shutdown(self) -> None:
        """End now: the server is stopping."""
        self._close(RESTART, "restart")
        self._send()
        self._transport.close()

    def _parse(self, data: bytes) -> int:
        """Take a slice of what the client sends; return how many frames it held."""
        self._protocol.receive_data(data)
        events = self._protocol.events_received()
        for event in events:
            if self._intake.ended:
                break
            if isinstance(event, Request):
                self._answer(event)
            elif isinstance(event, Frame):
                self._say_back(event)
        self._send()
        if self._intake.ended:
            self._finish()
        return len(events)

    def _answer(self, request: Request) -> None:
        self._protocol.send_response(self._protocol.accept(request))

    def _say_back(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            return
        self._frames += 1  # pings too: their answers would pile up for a client that does not read
        if self._frames > MAX_FRAMES or frame.opcode in (Opcode.BINARY, Opcode.CONT) or not frame.fin:
            self._close(VIOLATION, "expected a few short texts")
        elif frame.opcode is Opcode.TEXT:
            self._protocol.send_text(bytes(frame.data))

    def _close(self, code: int, reason: str) -> None:
        if self._protocol.state is OPEN:
            self._protocol.send_close(code, reason)
        self._intake.end()

    def _send(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._transport.write(data)
            else:
                self._finish()

    def _finish(self) -> None:
        """Say that nothing more comes, and drop what still does for a moment: closing over it would take our last frame along."""
        self._intake.end()
        if not self._transport.is_closing():
            self._transport.write_eof()
            self._end.cancel()
            self._end = asyncio.get_running_loop().call_later(LINGER_S, self._transport.close)
