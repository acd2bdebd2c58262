"""The WebSocket door: uvicorn's `ws=` protocol class over websockets' Sans-I/O parser; the only file that knows that library.

The library parses and keeps RFC 6455's rules. Frames to clients are made here, once per entry, and written straight to the
transports: that is what makes a large room cheap (docs/decisions/0002).
"""

import asyncio
import logging
import struct
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from teahouse import wire
from teahouse.auth import Identity
from teahouse.errors import NotSignedIn
from teahouse.gateways.connection import Connection, House
from teahouse.gateways.connections import Connections
from teahouse.gateways.cookie import session_token
from teahouse.gateways.dialects.native import Native
from teahouse.gateways.origin import allowed_host, allowed_origin, is_secure

PATH = "/ws"
HIGH_WATER = 32 * 1024
LOW_WATER = 8 * 1024
CLOSE_TIMEOUT_S = 5.0
RETRY_AFTER_S = 10

NORMAL, UNSUPPORTED, NOT_UTF8, VIOLATION, TOO_BIG, TRY_LATER = 1000, 1003, 1007, 1008, 1009, 1013
RUDE, SILENT = 4002, 4008

_log = structlog.get_logger("websocket")
_quiet = logging.getLogger("teahouse.websocket.parser")
_quiet.setLevel(logging.CRITICAL)  # the parser logs each handshake and each client's mistake; the door says what matters


def text_frame(payload: bytes) -> bytes:
    """Return an unmasked, final text frame (RFC 6455 5.2)."""
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", 0x81, size) + payload
    if size < 65_536:
        return struct.pack("!BBH", 0x81, 126, size) + payload
    return struct.pack("!BBQ", 0x81, 127, size) + payload


class Framed(Native):
    """The native dialect as WebSocket frames, so that one rendering serves every socket."""

    def render(self, event: wire.Event) -> bytes:
        return text_frame(super().render(event))

    def join(self, parts: Sequence[bytes]) -> bytes:
        return b"".join(parts)


FRAMED = Framed()


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What the door needs: the house for its connections, who a token is, and its bounds."""

    house: House
    connections: Connections
    identify: Callable[[str | None], Awaitable[Identity]]
    public_url: str | None
    on_loopback: bool
    max_message_bytes: int
    max_fragments: int
    handshake_timeout_s: float
    hello_timeout_s: float
    ping_interval_s: float
    ping_timeout_s: float


def websocket_protocol(desk: Desk) -> Callable[..., "WebSocketDoor"]:
    """Return what uvicorn calls for each upgraded connection."""

    def make(config: Any, server_state: Any, app_state: Any) -> WebSocketDoor:
        return WebSocketDoor(desk, server_state.connections)

    return make


class WebSocketDoor(asyncio.Protocol):
    """One socket, from the handshake's bytes to its end; the Outlet of its connection."""

    dialect = FRAMED
    __slots__ = (
        "_address",
        "_admission",
        "_began_at",
        "_closing_at",
        "_desk",
        "_fragments",
        "_heard_at",
        "_loop",
        "_open",
        "_protocol",
        "_siblings",
        "_transport",
        "congested",
        "connection",
    )

    def __init__(self, desk: Desk, siblings: set[Any]) -> None:
        self.congested = False
        self.connection: Connection | None = None
        self._desk = desk
        self._siblings = siblings
        self._protocol = ServerProtocol(max_size=desk.max_message_bytes, logger=_quiet)
        self._transport: asyncio.Transport = None  # type: ignore[assignment]  # set by connection_made, before anything else
        self._loop = asyncio.get_running_loop()
        self._address = ""
        self._fragments: list[bytes] = []
        self._admission: asyncio.Task[None] | None = None
        self._open = False
        self._began_at = self._heard_at = self._loop.time()
        self._closing_at: float | None = None

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._transport = transport
        self._address = (transport.get_extra_info("peername") or ("",))[0]
        transport.set_write_buffer_limits(HIGH_WATER, LOW_WATER)
        self._siblings.add(self)

    def data_received(self, data: bytes) -> None:
        self._heard_at = self._loop.time()
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                self._take_frame(event)
            elif isinstance(event, Request):
                self._admission = self._loop.create_task(self._admit(event))
        self._send_pending()

    def eof_received(self) -> None:
        self._protocol.receive_eof()
        self._send_pending()

    def connection_lost(self, exc: Exception | None) -> None:
        self._open = False
        self._siblings.discard(self)
        if self._admission is not None:
            self._admission.cancel()
        if self.connection is not None:
            self.connection.close()
            self._desk.connections.remove(self.connection)
            self.connection = None

    def pause_writing(self) -> None:
        # A client that does not read what it is told is not listened to either: its commands' answers would pile up.
        self.congested = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        self.congested = False
        self._heard_at = self._loop.time()
        self._transport.resume_reading()
        if self.connection is not None:
            self.connection.subscriber.wake()

    # Outlet

    def write(self, rendering: bytes) -> None:
        if self._open:
            self._transport.write(rendering)

    def close(self, code: int, reason: str) -> None:
        """Begin the closing handshake; a client that does not finish it is cut off after a while."""
        if self._protocol.state is OPEN:
            self._protocol.send_close(code, reason)
            self._send_pending()
        self._open = False
        self._closing_at = self._closing_at or self._loop.time()

    # Called from outside

    def shutdown(self) -> None:
        """End now: uvicorn is stopping, and who was to be told has been told."""
        self.close(1012, "restart")
        self._transport.close()

    def tick(self, now_s: float) -> None:
        """See to what is overdue. The connection's owner calls this every few seconds."""
        desk = self._desk
        if self._closing_at is not None:
            if now_s - self._closing_at > CLOSE_TIMEOUT_S:
                self._transport.abort()
        elif self.connection is not None and not self.connection.greeted:
            if now_s - self._began_at > desk.hello_timeout_s:
                self.connection.end(RUDE, "no hello in time")
        elif not self.congested and now_s - self._heard_at > desk.ping_interval_s:
            self._ask_for_a_sign(now_s)

    def _ask_for_a_sign(self, now_s: float) -> None:
        if now_s - self._heard_at > self._desk.ping_interval_s + self._desk.ping_timeout_s and self.connection is not None:
            self.connection.end(SILENT, "no sign of life")
        elif self._protocol.state is OPEN:
            self._protocol.send_ping(b"")
            self._send_pending()

    # Handshake

    async def _admit(self, request: Request) -> None:
        try:
            refusal = self._refusal(request)
            if refusal is not None:
                return self._reject(*refusal)
            async with asyncio.timeout(self._desk.handshake_timeout_s):
                identity = await self._desk.identify(self._token(request))
        except NotSignedIn as error:
            return self._reject(HTTPStatus.UNAUTHORIZED, error.words)
        except Exception as error:
            _log.error("handshake failed", exc_info=error)
            return self._reject(HTTPStatus.SERVICE_UNAVAILABLE, "the house cannot answer now")
        self._accept(request, identity)

    def _refusal(self, request: Request) -> tuple[HTTPStatus, str] | None:
        """Return why a handshake is refused, before anything is looked up."""
        host = request.headers.get("Host", "")
        offered = [name.strip() for value in request.headers.get_all("Sec-WebSocket-Protocol") for name in value.split(",")]
        if request.path.partition("?")[0] != PATH:
            return HTTPStatus.NOT_FOUND, f"the WebSocket is at {PATH}"
        if self._desk.connections.full:
            return HTTPStatus.SERVICE_UNAVAILABLE, "the house is full"
        if not allowed_host(host, self._desk.public_url, loopback=self._desk.on_loopback):
            return HTTPStatus.FORBIDDEN, "this house is not known by that name"
        if not allowed_origin(request.headers.get("Origin"), host, self._scheme, self._desk.public_url):
            return HTTPStatus.FORBIDDEN, "expected an Origin that is the server's own"
        if offered and FRAMED.subprotocol not in offered:
            return HTTPStatus.UPGRADE_REQUIRED, f"expected the subprotocol {FRAMED.subprotocol}"
        self._protocol.available_subprotocols = [Subprotocol(FRAMED.subprotocol)] if offered else None
        return None

    @property
    def _scheme(self) -> str:
        return "https" if self._transport.get_extra_info("sslcontext") else "http"

    def _token(self, request: Request) -> str | None:
        secure = is_secure(request.headers.get("Host", ""), self._scheme, self._desk.public_url)
        return session_token("; ".join(request.headers.get_all("Cookie")), secure=secure)

    def _accept(self, request: Request, identity: Identity) -> None:
        self._protocol.send_response(self._protocol.accept(request))
        self._send_pending()
        if self._protocol.state is not OPEN or self._transport.is_closing():
            return
        excess = self._desk.connections.too_many(identity.user.id, self._address)
        if excess:
            return self.close(TRY_LATER, f"more than {excess}")
        self._open = True
        self._began_at = self._loop.time()
        self.connection = Connection(self._desk.house, identity, FRAMED, self)
        self._desk.connections.add(self.connection, self, self._address)

    def _reject(self, status: HTTPStatus, words: str) -> None:
        response = self._protocol.reject(status, words + "\n")
        if status is HTTPStatus.SERVICE_UNAVAILABLE:
            response.headers["Retry-After"] = str(RETRY_AFTER_S)
        self._protocol.send_response(response)
        self._send_pending()
        self._transport.close()

    # Frames

    def _take_frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.BINARY:
            self._fail(UNSUPPORTED, "expected text frames")
        elif frame.opcode is Opcode.TEXT or frame.opcode is Opcode.CONT:
            self._fragments.append(bytes(frame.data))
            if len(self._fragments) > self._desk.max_fragments:
                self._fail(VIOLATION, "too many fragments")
            elif frame.fin:
                message, self._fragments = b"".join(self._fragments), []
                self._take_message(message)
        elif frame.opcode is Opcode.CLOSE and self.connection is not None:
            self.connection.close()
            self._open = False
            self._closing_at = self._loop.time()

    def _take_message(self, message: bytes) -> None:
        if self.connection is None or not self._open:
            return
        try:
            message.decode()
        except UnicodeDecodeError:
            return self._fail(NOT_UTF8, "expected UTF-8")
        self.connection.receive(message)

    def _fail(self, code: int, reason: str) -> None:
        self._fragments = []
        if self.connection is not None:
            self.connection.end(code, reason)
        else:
            self.close(code, reason)

    def _send_pending(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._transport.write(data)
            elif not self._transport.is_closing():
                self._open = False
                self._closing_at = self._closing_at or self._loop.time()
                self._transport.close()
