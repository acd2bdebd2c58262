"""The WebSocket door: uvicorn's `ws=` protocol class over websockets' Sans-I/O parser.

The library parses and keeps RFC 6455's rules. Frames to clients come from the dialect, once per entry, and are written
straight to the transports: that is what makes a large room cheap (docs/decisions/0002).
"""

import asyncio
from collections.abc import Hashable
from http import HTTPStatus
from typing import Any

import structlog
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.typing import Subprotocol

from teahouse.auth import Identity
from teahouse.errors import TeahouseError
from teahouse.gateways import handshake
from teahouse.gateways.connection import FLOOD, RESTART, RUDE, Connection
from teahouse.gateways.deflate import OFFERS, Inflater, Refused
from teahouse.gateways.desk import Desk
from teahouse.gateways.dialects.framed import Framed
from teahouse.gateways.intake import Intake
from teahouse.gateways.messages import BYTES_PER_FRAME, DEFLATED_BYTES_PER_FRAME, Messages, check_text, quiet_parser
from teahouse.gateways.slots import Slot
from teahouse.gateways.socket_outlet import SocketOutlet

PATH = "/ws"
HIGH_WATER = 16 * 1024
LOW_WATER = 8 * 1024
CLOSE_TIMEOUT_S = 5.0
RETRY_AFTER_S = 10
PING = b"\x89\x00"
"""Without a payload it is the same for every socket (RFC 6455 5.5.2)."""

TRY_LATER, SILENT = 1013, 4008

_log = structlog.get_logger("websocket")

FRAMED = Framed()


class WebSocketDoor(SocketOutlet):
    """One socket, from the handshake's bytes to its end; the Outlet of its connection."""

    __slots__ = (
        "_address",
        "_admission",
        "_began_at",
        "_closing_at",
        "_desk",
        "_heard_at",
        "_intake",
        "_loop",
        "_messages",
        "_payer",
        "_protocol",
        "_siblings",
        "congested",
        "connection",
        "dialect",
    )

    def __init__(self, desk: Desk, siblings: set[Any], slot: Slot) -> None:
        super().__init__(slot)
        self.congested = False
        self.connection: Connection | None = None
        self.dialect = FRAMED
        self._desk = desk
        self._siblings = siblings
        self._protocol = quiet_parser(desk.max_message_bytes)
        self._loop = asyncio.get_running_loop()
        self._address = ""
        self._messages = Messages(desk.max_fragments)
        self._intake: Intake = None  # type: ignore[assignment]  # set by connection_made, before anything else
        self._payer: Hashable = None
        self._admission: asyncio.Task[None] | None = None
        self._began_at = self._heard_at = self._loop.time()
        self._closing_at: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._transport.set_write_buffer_limits(HIGH_WATER, LOW_WATER)
        self._intake = Intake(self._transport, self._parse, self._slot)
        self._siblings.add(self)
        self._desk.connections.enter(self)

    def data_received(self, data: bytes) -> None:
        self._heard_at = self._loop.time()
        self._intake.receive(data)

    def eof_received(self) -> None:
        self._protocol.receive_eof()
        self._send_pending()

    def connection_lost(self, exc: Exception | None) -> None:
        self._intake.end()
        self._lose_outlet()
        self._siblings.discard(self)
        self._desk.connections.exit(self)
        if self._admission is not None:
            self._admission.cancel()
        if self.connection is not None:
            self.connection.close()
            self._desk.connections.remove(self.connection)
            self.connection = None
        # The parser and the error it ended with know the protocol that holds them: a cycle each, and garbage is collected seldom.
        self._protocol.parser.close()
        self._protocol.parser_exc = self._protocol.handshake_exc = None

    def pause_writing(self) -> None:
        # A client that does not read what it is told is not listened to either: its commands' answers would pile up.
        self.congested = True
        self._begin_unread(self._desk.connections.unread, self._address, self._payer)
        self._read_if_wanted()

    def resume_writing(self) -> None:
        self.congested = False
        self._end_unread()
        self._heard_at = self._loop.time()
        self._read_if_wanted()
        if self.connection is not None:
            self.connection.drained()

    def close(self, code: int, reason: str) -> None:
        """Say goodbye, and hear nothing more: not even the client's own, which its closing of the connection tells as well."""
        if self._protocol.state is OPEN:
            self._protocol.send_close(code, reason)
        self._send_pending()
        self._finish()

    def shutdown(self) -> None:
        """End now: uvicorn is stopping, and who was to be told has been told."""
        self.close(RESTART, "restart")
        self._transport.close()

    def tick(self, now_s: float) -> None:
        """See to what is overdue. The connection's owner calls this every few seconds."""
        desk = self._desk
        self._look_at_unread()
        if self._closing_at is not None:
            if now_s - self._closing_at > CLOSE_TIMEOUT_S:
                self._transport.abort()
        elif self.connection is None:
            if now_s - self._began_at > desk.handshake_timeout_s:
                self._transport.abort()
        elif not self.connection.greeted:
            if now_s - self._began_at > desk.hello_timeout_s:
                self.connection.end(RUDE, "no hello in time")
        elif not self.congested and now_s - self._heard_at > desk.ping_interval_s:
            self._ask_for_a_sign(now_s)

    def _ask_for_a_sign(self, now_s: float) -> None:
        silence_s = now_s - self._heard_at
        if self.connection is not None and silence_s > self._desk.ping_interval_s + self._desk.ping_timeout_s:
            self.connection.end(SILENT, "no sign of life")
        elif self._protocol.state is OPEN:
            self._put(PING)

    # Handshake

    async def _admit(self, request: Request) -> None:
        try:
            asked = self._asked(request)
            refusal = self._desk.refusal(asked, PATH, FRAMED.subprotocol)
            if refusal is not None:
                return self._reject(*refusal)
            identity = await self._desk.prove(handshake.proof(asked, self._desk.public_url, self._desk.cookie))
            self._desk.check(identity.user, self._address)
        except TeahouseError as error:
            return self._reject(HTTPStatus(error.status), error.words)
        except Exception as error:
            _log.error("handshake failed", exc_info=error)
            return self._reject(HTTPStatus.SERVICE_UNAVAILABLE, "the house cannot answer now")
        self._protocol.available_subprotocols = [Subprotocol(FRAMED.subprotocol)] if asked.offered else None
        self._accept(request, identity)
        self._admitted()
        request.headers.clear()  # the library's parser holds the request to the end: three KiB that nobody reads again

    def _asked(self, request: Request) -> handshake.Asked:
        caller = self._desk.caller(self._transport, request.headers.get_all)
        self._address = caller.address
        return handshake.asked(request.path, caller, request.headers.get_all)

    def _accept(self, request: Request, identity: Identity) -> None:
        deflated = self._desk.deflated
        self._protocol.available_extensions = [OFFERS] if deflated else None
        self._protocol.send_response(self._desk.accepted(self._protocol.accept(request), identity))
        if deflated and self._protocol.extensions:
            self.dialect, self._messages.inflater = deflated, Inflater(self._desk.max_message_bytes)
        self._send_pending()
        if self._protocol.state is not OPEN or self._transport.is_closing():
            return
        excess = self._desk.connections.too_many(identity.payer, self._address)
        if excess:
            return self.close(TRY_LATER, f"more than {excess}")
        self._open_outlet()
        self._began_at = self._loop.time()
        self._payer = identity.payer
        self.connection = Connection(self._desk.house, identity, self.dialect, self, self._address)
        self._desk.connections.add(self.connection, self._address)

    def _admitted(self) -> None:
        """Hear what the client says. Until now none of it was parsed, and it should have waited (RFC 6455 4.1)."""
        self._admission = None
        self._read_if_wanted()

    def _read_if_wanted(self) -> None:
        if self._may_read():
            self._intake.resume_reading()
        else:
            self._intake.pause_reading()

    def _may_read(self) -> bool:
        return not self.congested and self._admission is None

    def _reject(self, status: HTTPStatus, words: str) -> None:
        self._desk.connections.refused[str(status.value)] += 1
        response = self._protocol.reject(status, words + "\n")
        if status is HTTPStatus.SERVICE_UNAVAILABLE:
            response.headers["Retry-After"] = str(RETRY_AFTER_S)
        self._protocol.send_response(response)
        self._send_pending()
        self._transport.close()

    # Frames

    def _parse(self, data: bytes) -> int:
        """Take a slice of what the client sends; return how many frames it held."""
        self._protocol.receive_data(data)
        if self._protocol.state is OPEN:
            # So far only pongs are pending, and they go "as soon as is practical" (RFC 6455 5.5.2): not after the answer to a
            # message around whose fragments they came. A close frame, though, goes after the answers to what came before it.
            self._send_pending()
        events = self._protocol.events_received()
        if self.connection is not None:
            self._charge(len(events))
        for event in events:
            if self._intake.ended:
                break
            if isinstance(event, Frame):
                self._take_frame(event)
            elif isinstance(event, Request):
                self._admission = self._loop.create_task(self._admit(event))
                self._read_if_wanted()
        self._send_pending()
        return len(events)

    def _charge(self, frames: int) -> None:
        """Count what was sent against what may be, before it is looked at."""
        if frames and not self._desk.frames.spend(self._payer, frames, self._heard_at):
            self._fail(FLOOD, "frames came far too fast")

    def _take_frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            if self.connection is not None:
                self.connection.close()
                self._close_outlet()
        elif frame.opcode not in (Opcode.PING, Opcode.PONG) and self.connection is not None and self._open:
            try:
                message = self._messages.add(frame)
                if message is not None:
                    self._take_message(message)
            except Refused as refusal:
                self._fail(refusal.code, refusal.words)

    def _take_message(self, sent: bytes) -> None:
        if self._messages.is_compressed:
            self._charge(len(sent) // DEFLATED_BYTES_PER_FRAME)
        message = b"" if self._intake.ended else self._messages.said(sent)
        self._charge(len(message) // BYTES_PER_FRAME)
        check_text(message)
        if self.connection is not None and not self._intake.ended:
            self.connection.receive(message)

    def _fail(self, code: int, reason: str) -> None:
        end = self.close if self.connection is None else self.connection.end
        end(code, reason)

    def _send_pending(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._put(data)
            else:
                self._finish()

    def _finish(self) -> None:
        """Say that nothing more comes, parse nothing more, and wait for the client to end: closing with its bytes unread would
        reset the connection and take our close frame with it (RFC 9293 3.10.7.4). `tick` cuts off who does not end."""
        self._intake.end()
        self._close_outlet()
        self._closing_at = self._closing_at or self._loop.time()
        if not self._transport.is_closing():
            if self._transport.can_write_eof():
                self._transport.write_eof()
            else:
                self._transport.close()
