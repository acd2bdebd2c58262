"""An old door's socket in draft 76: the handshake with keys, frames without masks, and no pings. The Wire of its DoorConnection."""

import asyncio
import socket
from typing import Any, cast

import structlog

from teahouse.errors import TeahouseError
from teahouse.gateways.address import network
from teahouse.gateways.connection import RESTART
from teahouse.gateways.desk import Desk
from teahouse.gateways.doors.admission import Admitted, let_in
from teahouse.gateways.doors.connection import DoorConnection
from teahouse.gateways.doors.door import Door
from teahouse.gateways.doors.draft76 import BODY_BYTES, CLOSING, Broken, Frames, frame, read_request, respond
from teahouse.gateways.handshake import asked
from teahouse.gateways.intake import Intake
from teahouse.gateways.slots import Slot
from teahouse.gateways.websocket import CLOSE_TIMEOUT_S, HIGH_WATER, LOW_WATER

SILENCE_S, PROBES = 60, 3
"""This draft has no pings, so the kernel asks whether the other side is still there, and how often in vain (tcp(7))."""

_log = structlog.get_logger("doors")


class Draft76Socket(asyncio.Protocol):
    """One socket, from the first byte of its handshake to its end."""

    def __init__(self, desk: Desk, door: Door, siblings: set[Any], slot: Slot) -> None:
        self._desk = desk
        self._slot = slot
        self._door = door
        self._siblings = siblings
        self._frames = Frames(desk.max_message_bytes)
        self._guest: DoorConnection | None = None
        self._admission: asyncio.Task[None] | None = None
        self._network = ""
        self._payer = object()  # this very socket, as at the doors of today's WebSockets
        self._congested = False
        self._handshake_bytes = 0
        self._closing_at: float | None = None

    # The wire of the connection.

    @staticmethod
    def frame(payload: bytes) -> bytes:
        return frame(payload)

    def send(self, data: bytes) -> None:
        if self._closing_at is None:
            self._transport.write(data)

    def question(self, number: int) -> bytes:
        return b""

    def challenge(self) -> None:
        """Nothing: there are no pings, and no names that another could want."""

    def weigh(self) -> None:
        self._read_if_wanted()
        size = self._handshake_bytes + self._intake.waiting + self._frames.size
        if self._guest is not None:
            size += self._guest.backlog.size
        self._slot.hold(size, also_live=True)

    def close(self, code: int, reason: str) -> None:
        """Say that it is over; codes and reasons have no place in this draft."""
        if self._closing_at is None:
            self.send(CLOSING)
            self._closing_at = asyncio.get_running_loop().time()
            self._intake.end()
            if self._transport.can_write_eof() and not self._transport.is_closing():
                self._transport.write_eof()  # its own closing is not heard, and it may wait for ours

    # The socket's life.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but descent
        self._transport.set_write_buffer_limits(HIGH_WATER, LOW_WATER)
        self._intake = Intake(self._transport, self._parse, self._slot)
        _ask_the_kernel(transport.get_extra_info("socket"))
        self._began_at = asyncio.get_running_loop().time()
        self._siblings.add(self)
        self._desk.connections.enter(self)

    def data_received(self, data: bytes) -> None:
        if self._admission is None:  # the first call: the sniffer gives the handshake in one piece
            self._handshake_bytes = len(data)
            self._admission = asyncio.get_running_loop().create_task(self._admit(data))
        else:
            self._intake.receive(data)
        self.weigh()

    def _parse(self, data: bytes) -> int:
        """Take a slice of what the client sends; return how many frames it held."""
        before = self._frames.count
        try:
            self._hear(self._frames.receive(data), self._frames.count - before)
        except Broken as broken:
            self._break_off(str(broken))
        self.weigh()
        return self._frames.count - before

    def _hear(self, texts: list[bytes], frames: int) -> None:
        """Hand on what `frames` said, unless they came too fast."""
        if not self._desk.frames.spend(self._payer, frames, asyncio.get_running_loop().time()):
            return self._break_off("frames came far too fast")
        if self._guest is not None:
            for text in texts:
                self._guest.receive(text)
        if self._frames.closed:
            self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        self._intake.end()
        self._siblings.discard(self)
        self._desk.connections.exit(self)
        if self._admission is not None:
            self._admission.cancel()
        if self._guest is None:
            return self._slot.close()
        self._closing_at = self._closing_at or self._began_at  # nothing may be sent any more
        self._slot.attach(self._guest.close)  # as at today's sockets, what waits is counted to the end
        self._guest.leave(self._gone)

    def _gone(self) -> None:
        self._door.lodge.give_place(self._network)
        self._slot.close()
        self._guest = None

    def pause_writing(self) -> None:
        self._congested = True
        if self._guest is not None:
            self._guest.outlet.congested = True
        self._read_if_wanted()

    def resume_writing(self) -> None:
        self._congested = False
        self._read_if_wanted()
        if self._guest is not None:
            self._guest.outlet.congested = False
            self._guest.drained()

    def shutdown(self) -> None:
        self.close(RESTART, "restart")
        self._transport.close()

    def tick(self, now_s: float) -> None:
        late = self._guest is None and now_s - self._began_at > self._desk.handshake_timeout_s
        if late or (self._closing_at is not None and now_s - self._closing_at > CLOSE_TIMEOUT_S):
            self._transport.abort()

    async def _admit(self, data: bytes) -> None:
        head, _, rest = data.partition(b"\r\n\r\n")
        try:
            request = read_request(head)
            answer = respond(request, rest[:BODY_BYTES], "ws")
            caller = self._desk.caller(self._transport, request.values)
            self._slot.begin(network(caller.address))
            self.weigh()
            self._desk.check(None, caller.address)
            found = await let_in(self._door, asked(request.path, caller, request.values))
        except (Broken, TeahouseError) as refusal:
            return self._reject(str(refusal))
        except Exception as error:
            _log.error("handshake failed", exc_info=error)
            return self._reject("the house cannot answer now")
        if not isinstance(found, Admitted):
            return self._reject(found[1])
        if self._desk.connections.full or not self._door.lodge.take_place(network(caller.address)):
            return self._reject("too many connections")
        self._network = network(caller.address)
        self._slot.live()
        self._transport.write(answer)
        self._guest = DoorConnection(self._door, found, self, caller.address)
        self._guest.begin()
        self._handshake_bytes = 0
        self.weigh()
        self.data_received(rest[BODY_BYTES:])

    def _reject(self, words: str) -> None:
        head = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
        self._transport.write(head.encode() + words.encode() + b"\n")
        self._transport.close()

    def _break_off(self, words: str) -> None:
        _log.debug("a draft-76 socket is cut off", why=words)
        self._end()

    def _end(self) -> None:
        """Take nothing more, and close once what was said before is carried out."""
        self._intake.end()
        if self._guest is None:
            self._transport.close()
        else:
            self._guest.leave(self.shutdown)

    def _read_if_wanted(self) -> None:
        if self._congested or self._guest is None or self._guest.backlog.is_full:
            self._intake.pause_reading()
        else:
            self._intake.resume_reading()


def _ask_the_kernel(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", SILENCE_S), ("TCP_KEEPINTVL", SILENCE_S // PROBES), ("TCP_KEEPCNT", PROBES)):
        if hasattr(socket, name):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
