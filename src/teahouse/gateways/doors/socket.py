"""An old door's WebSocket: the house's own, let in by the door's rules, with a DoorConnection for the native one."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

import structlog
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import OPEN

from teahouse.errors import TeahouseError
from teahouse.gateways.address import network
from teahouse.gateways.connection import Connection
from teahouse.gateways.desk import Desk
from teahouse.gateways.dialects.framed import ping_frame, text_frame
from teahouse.gateways.doors.admission import Admitted, let_in
from teahouse.gateways.doors.connection import TRY_LATER, DoorConnection
from teahouse.gateways.doors.cookie import door_token
from teahouse.gateways.doors.door import Door
from teahouse.gateways.handshake import Asked
from teahouse.gateways.slots import Slot
from teahouse.gateways.websocket import SILENT, WebSocketDoor

PROOF = b"arrived? "
"""What the ping holds that asks for proof: its pong says that whatever was sent before has arrived (RFC 6455 5.5.3)."""

_log = structlog.get_logger("doors")

PROOF_OF_LIFE_S = 3.0


def door_protocol(desk: Desk, door: Door) -> Callable[..., "DoorSocket"]:
    """Return what uvicorn calls for each upgraded connection of this door."""

    def make(config: Any, server_state: Any, app_state: Any, slot: Slot) -> DoorSocket:
        return DoorSocket(desk, server_state.connections, slot, door)

    return make


class DoorSocket(WebSocketDoor):
    """One socket; the Wire of its DoorConnection."""

    __slots__ = ("_door", "_guest")

    def __init__(self, desk: Desk, siblings: set[Any], slot: Slot, door: Door) -> None:
        super().__init__(desk, siblings, slot)
        self._door = door
        self._guest: DoorConnection | None = None

    # The wire of the connection.

    @staticmethod
    def frame(payload: bytes) -> bytes:
        return text_frame(payload)

    def send(self, data: bytes) -> None:
        self.write(data)

    def question(self, number: int) -> bytes:
        return ping_frame(PROOF + str(number).encode())

    def challenge(self) -> None:
        """Close unless the client shows a sign of life soon: someone wants its name, who may be the same person come back."""
        asked_at = self._loop.time()
        self.write(ping_frame(b""))
        self._loop.call_later(PROOF_OF_LIFE_S, self._judge, asked_at)

    def weigh(self) -> None:
        self._read_if_wanted()
        size = self._intake.waiting + len(self._protocol.reader.buffer) + self._messages.size
        if self._guest is not None:
            size += self._guest.backlog.size
        self._slot.hold(size, also_live=True)

    def _may_read(self) -> bool:
        return super()._may_read() and (self._guest is None or not self._guest.backlog.is_full)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.weigh()

    def _parse(self, data: bytes) -> int:
        count = super()._parse(data)
        self.weigh()
        return count

    # The socket's life.

    async def _admit(self, request: Request) -> None:
        try:
            asked = self._asked(request)
            self._desk.check(None, self._address)
            found = await let_in(self._door, asked)
            if not isinstance(found, Admitted):
                return self._reject(*found)
            if self._desk.connections.full:
                return self._reject(HTTPStatus.SERVICE_UNAVAILABLE, "the house is full")
        except TeahouseError as refusal:
            return self._reject(HTTPStatus(refusal.status), refusal.words)
        except Exception as error:
            _log.error("handshake failed", exc_info=error)
            return self._reject(HTTPStatus.SERVICE_UNAVAILABLE, "the house cannot answer now")
        self._protocol.send_response(self._protocol.accept(request))
        self._send_pending()
        if self._protocol.state is OPEN and not self._transport.is_closing():
            self._let_in(found, asked, self._desk.caller(self._transport, request.headers.get_all).address)
        self._admitted()

    def _let_in(self, admitted: Admitted, asked: Asked, address: str) -> None:
        lodge = self._door.lodge
        if not lodge.take_place(network(self._address)):
            return self.close(TRY_LATER, f"more than {lodge.per_address} connections from one address")
        self._open_outlet()
        self._guest = DoorConnection(self._door, admitted, self, address, door_token(self._door, asked))
        self.connection = cast(Connection, self._guest)  # it has all that the socket asks of one
        self._payer = object()  # this very socket: nobody is known by name yet, and an address may be that of many
        self._guest.begin()

    def _take_frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.PONG:
            self._take_pong(bytes(frame.data))
        elif frame.opcode is Opcode.CLOSE and self._guest is not None:
            self._guest.leave()
            self._close_outlet()
        else:
            super()._take_frame(frame)

    def _take_pong(self, answer: bytes) -> None:
        number = answer.removeprefix(PROOF)
        if self._guest is not None and number != answer and number.isdigit():
            self._guest.outlet.proven(int(number))

    def _judge(self, asked_at: float) -> None:
        if self._heard_at < asked_at and not self.congested and self._guest is not None:
            self._guest.end(SILENT, "no sign of life")

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._guest is not None:
            self._guest.outlet.congested = True

    def resume_writing(self) -> None:
        if self._guest is not None:
            self._guest.outlet.congested = False
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self.connection = None
        super().connection_lost(exc)
        if self._guest is not None:
            self._slot.attach(self._guest.close)  # what waits is counted to the end, and whose place is needed has said their last
            self._guest.leave(self._gone)

    def _lose_outlet(self) -> None:
        """Keep the place while a guest's last words wait."""
        if self._guest is None:
            super()._lose_outlet()
        else:
            self._close_outlet()
            self._end_unread()

    def _gone(self) -> None:
        self._door.lodge.give_place(network(self._address))
        self._slot.close()
        self._guest = None
