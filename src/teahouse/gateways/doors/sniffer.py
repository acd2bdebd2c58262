"""The first look at a connection of a door that speaks draft 76 too: which of the two protocols is it?"""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from teahouse.gateways.desk import Desk
from teahouse.gateways.doors.door import Door
from teahouse.gateways.doors.draft76 import BODY_BYTES, is_draft76
from teahouse.gateways.doors.draft76_socket import Draft76Socket
from teahouse.gateways.slots import Slot

END_OF_HEAD = b"\r\n\r\n"


class Sniffer(asyncio.Protocol):
    """Reads one request's head and hands the connection on, with all that was read."""

    def __init__(
        self, desk: Desk, door: Door, siblings: set[Any], slot: Slot, make_http: Callable[[Slot], asyncio.Protocol], max_head_bytes: int
    ) -> None:
        self._desk = desk
        self._door = door
        self._siblings = siblings
        self._slot = slot
        self._make_http = make_http
        self._max_head_bytes = max_head_bytes
        self._read = bytearray()
        self._began_at = asyncio.get_running_loop().time()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._desk.connections.enter(self)
        self._siblings.add(self)

    def data_received(self, data: bytes) -> None:
        self._read += data
        self._slot.hold(len(self._read))
        if self._slot.is_closed:  # it has lost its place by that
            return
        end = self._read.find(END_OF_HEAD)
        if end > self._max_head_bytes or (end < 0 and len(self._read) > self._max_head_bytes):
            self._hand_to(self._make_http(self._slot))  # which refuses it
        elif end < 0:
            return
        elif not is_draft76(bytes(self._read[:end])):
            self._hand_to(self._make_http(self._slot))
        elif len(self._read) >= end + len(END_OF_HEAD) + BODY_BYTES:
            self._hand_to(Draft76Socket(self._desk, self._door, self._siblings, self._slot))

    def connection_lost(self, exc: Exception | None) -> None:
        self._slot.close()
        self._let_go()

    def shutdown(self) -> None:
        self._transport.close()

    def tick(self, now_s: float) -> None:
        if now_s - self._began_at > self._desk.handshake_timeout_s:
            self._transport.abort()

    def _hand_to(self, protocol: asyncio.Protocol) -> None:
        self._let_go()
        read, self._read = bytes(self._read), bytearray()
        self._slot.hold(0)  # whoever reads on says what it keeps
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        protocol.data_received(read)

    def _let_go(self) -> None:
        self._desk.connections.exit(self)
        self._siblings.discard(self)
