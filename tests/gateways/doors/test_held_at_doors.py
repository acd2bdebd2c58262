"""What a door's sockets keep in memory counts to the last of it, in the account of all connections, and is rendered once for all."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock

import pytest

from teahouse.gateways.address import Proxies
from teahouse.gateways.desk import Desk
from teahouse.gateways.dialects.lines import LINES
from teahouse.gateways.doors.backlog import MAX_BYTES, Backlog
from teahouse.gateways.doors.door import Door
from teahouse.gateways.doors.draft76_socket import Draft76Socket
from teahouse.gateways.doors.sniffer import Sniffer
from teahouse.gateways.doors.socket import DoorSocket
from teahouse.gateways.slots import Slots
from teahouse.throttle import Throttle

Socket = DoorSocket | Draft76Socket

LIMIT = 300_000
TEXT = b"\x81\xfe" + (50_000).to_bytes(2, "big") + b"\0\0\0\0" + b"x" * 50_000
"""One text in a frame of today's; without its end, one that is not whole."""


class House:
    """Sockets after their handshake, each with a guest of whom only the backlog is there."""

    def __init__(self, kind: type[Socket]) -> None:
        self.slots = Slots(100, Proxies([]), lambda: 0.0)
        self.door = Mock(lodge=Mock())
        self.aborted: list[Socket] = []
        self._kind = kind
        self._desk = SimpleNamespace(
            max_message_bytes=65_536, max_fragments=64, connections=Mock(), frames=Throttle(1, 10_000), handshake_timeout_s=10.0
        )

    def open(self) -> Socket:
        slot = self.slots.take("192.0.2.1")
        assert slot is not None
        desk, door = cast(Desk, self._desk), cast(Door, self.door)
        socket: Socket = (
            DoorSocket(desk, set[Any](), slot, door) if self._kind is DoorSocket else Draft76Socket(desk, door, set[Any](), slot)
        )
        transport = Mock(is_closing=Mock(return_value=False), get_write_buffer_size=Mock(return_value=0))
        transport.abort = lambda: self.aborted.append(socket)
        socket.connection_made(transport)
        slot.attach(transport.abort)
        slot.live()
        socket._admission = None if isinstance(socket, DoorSocket) else Mock()
        socket._guest = cast(Any, Mock(backlog=Backlog(socket.weigh)))
        if isinstance(socket, DoorSocket):
            socket.connection, socket._open = cast(Any, socket._guest), True
        return socket


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teahouse.gateways.slots.MAX_HELD_BYTES", LIMIT)


@pytest.fixture(params=[DoorSocket, Draft76Socket])
def house(request: pytest.FixtureRequest, limited: None) -> House:
    return House(request.param)


def backlog(socket: Socket) -> Backlog:
    assert socket._guest is not None
    return socket._guest.backlog


async def test_what_waits_is_counted_and_is_read_no_further(house: House) -> None:
    socket = house.open()
    backlog(socket).add(b"x" * MAX_BYTES)
    socket.data_received(b"\x00" * 70_000)  # whatever it is: it is not looked at
    assert house.slots.held.total == MAX_BYTES + 70_000
    assert cast(Mock, socket._transport).pause_reading.called
    backlog(socket).take()
    assert house.slots.held.total == 70_000
    socket.connection_lost(None)


async def test_above_the_bound_of_all_the_oldest_of_the_largest_sharer_goes(house: House) -> None:
    sockets = [house.open() for _ in range(8)]
    for socket in sockets:
        backlog(socket).add(b"x" * 50_000)
    assert house.aborted == sockets[:2]
    assert house.slots.held.total <= LIMIT


async def test_last_words_are_counted_and_keep_their_place(house: House) -> None:
    socket = house.open()
    backlog(socket).add(b"x" * 1000)
    guest = cast(Mock, socket._guest)
    socket.connection_lost(None)
    assert (len(house.slots), house.slots.held.total) == (1, 1000)
    assert not house.door.lodge.give_place.called
    guest.leave.call_args.args[0]()
    assert (len(house.slots), house.slots.held.total) == (0, 0)
    assert house.door.lodge.give_place.call_count == 1


async def test_whose_place_is_needed_has_said_their_last(house: House) -> None:
    lost = house.open()
    backlog(lost).add(b"x" * 1000)
    guest = cast(Mock, lost._guest)
    lost.connection_lost(None)
    assert not guest.close.called
    for _ in range(8):
        backlog(house.open()).add(b"x" * 50_000)
    assert guest.close.called


async def test_who_lost_their_place_says_no_last_words(house: House) -> None:
    socket = house.open()
    backlog(socket).add(b"x" * (LIMIT + 1))
    assert house.aborted == [socket]
    guest = cast(Mock, socket._guest)
    socket.connection_lost(None)
    assert guest.close.called


@pytest.mark.parametrize(
    ("kind", "unfinished"),
    [(DoorSocket, TEXT[:-1]), (DoorSocket, b"\x01" + TEXT[1:]), (Draft76Socket, b"\x00" + b"x" * 50_000)],
    ids=["a frame", "a message", "of draft 76"],
)
async def test_texts_that_are_not_whole_count(kind: type[Socket], unfinished: bytes, limited: None) -> None:
    house = House(kind)
    socket = house.open()
    if isinstance(socket, DoorSocket):
        _shake_hands(socket)
    socket._intake._parse(unfinished)
    assert house.slots.held.total >= 50_000 - 1
    socket.connection_lost(None)


async def test_who_is_cut_off_within_a_read_counts_for_no_less_than_nothing(house: House) -> None:
    socket = house.open()
    if isinstance(socket, DoorSocket):
        _shake_hands(socket)
    socket.data_received(b"\xc1" * 100_000)  # no frame of either draft begins so
    await asyncio.sleep(0)
    assert socket._intake.ended
    assert house.slots.held.total == (0 if isinstance(socket, DoorSocket) else socket._frames.size)
    socket.connection_lost(None)


async def test_all_sockets_of_a_kind_share_a_rendering(house: House) -> None:
    renderings: dict[Any, Callable[[bytes], bytes]] = {}
    for _ in range(3):
        renderings[LINES, house.open().frame] = bytes
    assert len(renderings) == 1


async def test_what_the_first_look_reads_counts(limited: None) -> None:
    house = House(Draft76Socket)
    slot = house.slots.take("192.0.2.1")
    assert slot is not None
    made: list[Mock] = []

    def make_http(_slot: object) -> Any:
        made.append(Mock())
        return made[-1]

    def look() -> Sniffer:
        sniffer = Sniffer(cast(Desk, house._desk), cast(Door, house.door), set(), slot, make_http, 32_768)
        sniffer.connection_made(Mock())
        return sniffer

    sniffer = look()
    sniffer.data_received(b"GET / HTTP/1.1\r\n" + b"x" * 20_000)
    assert house.slots.held.total > 20_000
    sniffer.data_received(b"x" * 20_000)
    assert (len(made), house.slots.held.total) == (1, 0)

    look().data_received(b"GET / HTTP/1.1\r\nSec-WebSocket-Key1: 1\r\nx: " + b"x" * 40_000 + b"\r\n\r\n")
    assert len(made) == 2  # too long a head is HTTP's to refuse, of whatever draft


def _shake_hands(socket: DoorSocket) -> None:
    """Let the parser take frames."""
    parser = socket._protocol
    parser.receive_data(b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n")
    parser.receive_data(b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
    [request] = parser.events_received()
    parser.send_response(parser.accept(cast(Any, request)))
