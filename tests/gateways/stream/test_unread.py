"""What streams and sockets keep for readers who do not take it: one bound for all, and who keeps most of it gives way."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import AsyncMock, Mock

import pytest

from teahouse import wire
from teahouse.access import Access
from teahouse.auth import Identity
from teahouse.gateways.address import Proxies
from teahouse.gateways.connections import Connections
from teahouse.gateways.http.events import _open
from teahouse.gateways.http.server_protocol import SLOT
from teahouse.gateways.slots import Slots
from teahouse.gateways.stream.stream import EventStream, Patience, Poll
from teahouse.gateways.stream.streams import Streams
from teahouse.gateways.unread import LATE_TICKS, NEWS_BYTES
from teahouse.gateways.websocket import Desk, WebSocketDoor
from teahouse.model import User

PATIENCE = Patience(hello_timeout_s=10, ping_interval_s=25, poll_wait_s=60, poll_gap_s=30)
LIMIT = 1_000_000
PAGE = b'"' + b"x" * (NEWS_BYTES + 100_000 - 2) + b'"'
"""100,000 bytes of it count at once."""
NEWS = b"x" * (NEWS_BYTES - 1)


class Inn:
    """A house whose streams may leave LIMIT bytes unread."""

    def __init__(self) -> None:
        self.connections = Connections(max_connections=1000, per_user=100, per_address=100)
        self.unread = self.connections.unread
        self.unread.held._limit = LIMIT
        house = Mock(**{"commands.check.return_value": None, "hellos.check.return_value": None, "clock_ms.return_value": 0})
        self.streams = Streams(house, self.connections, PATIENCE)
        self.slots = Slots(1000, Proxies([]), lambda: 0.0)

    async def open(self, kind: type[Any], user: int, address: str = "192.0.2.1", access: Access | None = None) -> Any:
        """Let a person come in; who is put out stands in the stream's `put_out`. Nothing is said to them."""
        slot = self.slots.take(address)
        assert slot is not None
        slot.begin(address)
        request = Mock(headers={"authorization": "Bearer tea_"}, scope={"extensions": {SLOT: slot}}, client=Mock(host=address))
        identity = Identity(user if access is None else user + 1000, User(user, "Ada", "f01"), 2, access)
        parts = Mock(streams=self.streams, **{"auth.prove": AsyncMock(return_value=identity)})
        stream = await _open(kind, request, parts, wire.Hello(), "")
        stream.connection.close()
        stream.take()
        stream.arrived()
        stream.put_out = Mock()
        slot.attach(stream.put_out)
        stream.slot = slot
        return stream


@pytest.fixture
async def inn() -> Inn:
    return Inn()


async def a_turn() -> None:
    await asyncio.sleep(0)


@pytest.mark.parametrize("kind", [EventStream, Poll])
async def test_all_streams_have_one_bound_and_who_leaves_most_unread_gives_way(inn: Inn, kind: type[Any]) -> None:
    slow = await inn.open(kind, 1)
    slow.write(PAGE)
    pests = [await inn.open(kind, user) for user in (2, 3) for _ in range(10)]
    for pest in pests:
        pest.write(PAGE)
        assert inn.unread.held.total <= LIMIT
    await a_turn()

    assert not slow.closed
    assert [pest.closed for pest in pests].count(True) == inn.unread.given_up == 11
    assert [pest.closed for pest in pests[:3]] == [True] * 3
    assert all(pest.slot.is_closed for pest in pests if pest.closed) is (kind is EventStream)
    assert slow.take() == [PAGE]


async def test_a_crowd_of_one_network_cuts_no_slow_reader_elsewhere(inn: Inn) -> None:
    slow = await inn.open(EventStream, 1, "192.0.2.9")
    slow.write(PAGE + PAGE)
    crowd = [await inn.open(EventStream, user, f"2001:db8::{user:x}") for user in range(2, 30)]
    for each in crowd:
        each.write(PAGE)
    await a_turn()
    assert not slow.closed
    assert inn.unread.given_up > 0


async def test_a_program_cuts_no_stream_of_its_person(inn: Inn) -> None:
    ada = await inn.open(EventStream, 1)
    ada.write(PAGE)
    for _ in range(12):
        (await inn.open(EventStream, 1, access=Access("read"))).write(PAGE)
    await a_turn()
    assert not ada.closed
    assert inn.unread.given_up > 0


async def test_the_answer_under_way_of_who_gives_way_ends_at_once_and_nothing_is_kept(inn: Inn) -> None:
    stream = await inn.open(EventStream, 1)
    stream.write(PAGE)
    stream.take()
    stream.write(PAGE * 10)
    await a_turn()
    stream.put_out.assert_called_once()
    assert stream.closed and stream.take() == []
    assert inn.unread.held.total == 0
    assert len(inn.connections) == 0


@pytest.mark.parametrize("kind", [EventStream, Poll])
async def test_what_is_under_way_counts_until_it_has_arrived(inn: Inn, kind: type[Any]) -> None:
    stream = await inn.open(kind, 1)
    stream.write(PAGE)
    asked = await (stream.next() if kind is EventStream else stream.batch(1))
    assert len(asked) >= len(PAGE)
    assert inn.unread.held.total == 100_000
    asking = asyncio.ensure_future(stream.next() if kind is EventStream else stream.batch(2))
    await a_turn()
    assert inn.unread.held.total == 0
    asking.cancel()


async def test_news_for_a_crowd_counts_only_once_it_is_late(inn: Inn) -> None:
    streams = [await inn.open(EventStream, user) for user in range(1, 21)]
    for stream in streams:
        stream.write(NEWS)
    assert inn.unread.held.total == 0
    for _ in range(LATE_TICKS - 1):
        inn.connections.tick(1.0)
    assert inn.unread.held.total == 0
    for stream in streams[1:]:
        stream.take()
        stream.arrived()
    inn.connections.tick(1.0)
    assert inn.unread.held.total == len(NEWS)
    await a_turn()
    assert not any(stream.closed for stream in streams)

    streams[0].arrived()
    inn.connections.tick(1.0)
    assert inn.unread.held.total == 0


async def test_nobody_keeps_more_by_keeping_little_on_each_of_many(inn: Inn) -> None:
    streams = [await inn.open(EventStream, user) for user in range(1, 31)]
    for stream in streams:
        stream.write(NEWS)
    for _ in range(LATE_TICKS):
        inn.connections.tick(1.0)
    await a_turn()
    assert 0 < inn.unread.held.total <= LIMIT
    assert sum(stream.closed for stream in streams) == 30 - LIMIT // len(NEWS)


async def test_what_a_stream_kept_counts_no_longer_when_it_ends(inn: Inn) -> None:
    for kind in (EventStream, Poll):
        stream = await inn.open(kind, 1)
        stream.write(PAGE)
        stream.leave()
        assert inn.unread.held.total == 0
        stream.arrived()
        stream.tick(0.0)
        assert inn.unread.held.total == 0
        assert stream.take() == []


class SlowSocket:
    """A WebSocket of somebody who was let in, whose transport holds what it is told."""

    def __init__(self, inn: Inn, user: int) -> None:
        self.held = 0
        desk = cast(Desk, SimpleNamespace(connections=inn.connections, max_message_bytes=1000, max_fragments=9, handshake_timeout_s=9))
        slot = inn.slots.take("192.0.2.1")
        assert slot is not None
        self.abort = Mock()
        slot.attach(self.abort)
        self.door = WebSocketDoor(desk, set[Any](), slot)
        self.door.connection_made(Mock(get_write_buffer_size=lambda: self.held))
        self.door._address, self.door._payer = "192.0.2.1", user

    def keep(self, count: int) -> None:
        self.held = count
        self.door.pause_writing()


async def test_sockets_that_are_not_read_have_the_same_bound(inn: Inn) -> None:
    slow, pests = SlowSocket(inn, 1), [SlowSocket(inn, 2) for _ in range(20)]
    slow.keep(len(PAGE))
    for pest in pests:
        pest.keep(len(PAGE))
    await a_turn()
    assert not slow.abort.called
    assert sum(pest.abort.called for pest in pests) == inn.unread.given_up == 11
    assert inn.unread.held.total == LIMIT
    slow.door.resume_writing()
    for pest in pests:
        pest.door.connection_lost(None)
    assert inn.unread.held.total == 0
    slow.door.connection_lost(None)


async def test_what_a_socket_is_told_while_it_is_not_read_counts_at_the_next_tick(inn: Inn) -> None:
    socket = SlowSocket(inn, 1)
    socket.keep(NEWS_BYTES)
    assert inn.unread.held.total == 0
    socket.held = len(PAGE)
    inn.connections.tick(0.0)
    assert inn.unread.held.total == 100_000
    for _ in range(LATE_TICKS):
        inn.connections.tick(0.0)
    assert inn.unread.held.total == len(PAGE)
    socket.door.connection_lost(None)
    assert inn.unread.held.total == 0
