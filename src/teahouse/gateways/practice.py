"""A WebSocket on which `teahouse doctor` tries a handshake and a few frames: it says back what it hears and knows nobody.

It needs no session, so all about it is small: frames, their number, its life, and how many there are.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

PATH = "/api/v1/doctor/socket"
MAX_MESSAGE_BYTES = 1024
MAX_FRAMES = 32
MAX_LIFE_S = 300.0
MAX_SOCKETS = 32

VIOLATION, RESTART = 1008, 1012

_quiet = logging.getLogger("teahouse.practice.parser")
_quiet.setLevel(logging.CRITICAL)


def practice_socket(max_sockets: int = MAX_SOCKETS, max_life_s: float = MAX_LIFE_S) -> Callable[..., "PracticeSocket"]:
    """Return what uvicorn calls for each upgraded connection to PATH."""
    here: Counter[str] = Counter()

    def make(config: Any, server_state: Any, app_state: Any) -> PracticeSocket:
        return PracticeSocket(server_state.connections, here, max_sockets, max_life_s)

    return make


class PracticeSocket(asyncio.Protocol):
    """One socket: handshake, echo, and an end in good time whatever the client does."""

    def __init__(self, siblings: set[Any], here: Counter[str], max_sockets: int, max_life_s: float) -> None:
        self._siblings = siblings
        self._here = here
        self._max_sockets = max_sockets
        self._max_life_s = max_life_s
        self._protocol = ServerProtocol(max_size=MAX_MESSAGE_BYTES, logger=_quiet)
        self._transport: asyncio.Transport = None  # type: ignore[assignment]  # set by connection_made, before anything else
        self._frames = 0
        self._is_done = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._siblings.add(self)
        self._here["sockets"] += 1
        self._end = asyncio.get_running_loop().call_later(self._max_life_s, self._transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._siblings.discard(self)
        self._here["sockets"] -= 1
        self._end.cancel()

    def data_received(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                self._answer(event)
            elif isinstance(event, Frame):
                self._say_back(event)
        self._send()
        if self._is_done:
            self._transport.close()

    def eof_received(self) -> None:
        self._protocol.receive_eof()
        self._send()

    def shutdown(self) -> None:
        """End now: the server is stopping."""
        self._close(RESTART, "restart")
        self._send()
        self._transport.close()

    def _answer(self, request: Request) -> None:
        if self._here["sockets"] > self._max_sockets:
            response = self._protocol.reject(HTTPStatus.SERVICE_UNAVAILABLE, "too many are practising; come back in a while\n")
        else:
            response = self._protocol.accept(request)
        self._protocol.send_response(response)

    def _say_back(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            return
        self._frames += 1  # pings too: their answers would pile up for a client that does not read
        if self._frames > MAX_FRAMES:
            self._close(VIOLATION, "expected a few short texts")
            self._is_done = True
        elif frame.opcode in (Opcode.BINARY, Opcode.CONT) or not frame.fin:
            self._close(VIOLATION, "expected a few short texts")
        elif frame.opcode is Opcode.TEXT:
            self._protocol.send_text(bytes(frame.data))

    def _close(self, code: int, reason: str) -> None:
        if self._protocol.state is OPEN:
            self._protocol.send_close(code, reason)

    def _send(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._transport.write(data)
            elif not self._transport.is_closing():
                self._transport.close()
