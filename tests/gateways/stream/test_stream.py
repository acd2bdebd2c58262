"""Streams by themselves: what they keep for a reader that does not come, when they end, and what is asked for twice."""

import asyncio
import json
from typing import Any

import pytest

from teahouse import wire
from teahouse.errors import Conflict, NotFound, TooMuch
from teahouse.gateways.dialects.http import HEARTBEAT
from teahouse.gateways.http.events import EventsAnswer
from teahouse.gateways.stream.stream import HIGH_WATER, EventStream, Patience, Poll
from teahouse.gateways.unread import Unread, UnreadBytes

PATIENCE = Patience(hello_timeout_s=10, ping_interval_s=25, poll_wait_s=60, poll_gap_s=30)
PONG = wire.Pong(1)


class Talk:
    """Stands in for the Connection, and writes down what happens to it."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.greeted = True
        self.happened: list[Any] = []

    def receive(self, raw: bytes) -> None:
        self.happened.append(raw)

    def drained(self) -> None:
        self.happened.append("drained")

    def close(self) -> None:
        self.happened.append("closed")

    def end(self, code: int, reason: str) -> None:
        self.stream.close(code, reason)


def stream_of(kind: type[Any], patience: Patience = PATIENCE) -> Any:
    stream = kind("s0", patience, 0.0)
    stream.connection = Talk(stream)
    stream.unread = Unread(UnreadBytes(1_000_000), "192.0.2.1", 1, stream.cut)
    stream.ends = []
    stream.on_close = lambda _stream: stream.ends.append("close")
    stream.on_over = lambda _stream: stream.ends.append("over")
    return stream


async def events_of(poll: Any, number: int) -> list[str]:
    return [event["type"] for event in json.loads(await poll.batch(number))["events"]]


@pytest.mark.parametrize("kind", [EventStream, Poll])
async def test_who_does_not_fetch_is_congested_at_the_mark_and_drained_by_what_arrives(kind: type[Any]) -> None:
    stream = stream_of(kind)
    stream.write(b"x" * (HIGH_WATER - 1))
    assert not stream.congested
    stream.write(b"x")
    assert stream.congested

    assert sum(map(len, stream.take())) == HIGH_WATER
    stream.write(b"x")
    assert stream.congested and stream.connection.happened == []

    stream.arrived()
    assert not stream.congested
    assert stream.connection.happened == ["drained"]


async def test_what_an_event_stream_carries_counts_until_the_next_is_asked_for() -> None:
    stream = stream_of(EventStream)
    stream.write(b"x" * HIGH_WATER)
    assert await stream.next() is not None
    assert stream.congested and stream.connection.happened == []

    asking = asyncio.ensure_future(stream.next())
    await asyncio.sleep(0)
    assert not stream.congested and stream.connection.happened == ["drained"]
    stream.write(b"y")
    assert await asking == b"y"


async def test_what_a_poll_carried_counts_until_the_next_is_asked_for_and_is_kept_no_longer() -> None:
    poll = stream_of(Poll)
    poll.write(b'"' + b"x" * HIGH_WATER + b'"')
    first = await poll.batch(1)
    assert poll.congested and poll.connection.happened == []
    assert await poll.batch(1) == first

    asking = asyncio.ensure_future(poll.batch(2))
    await asyncio.sleep(0)
    assert not poll.congested and poll.connection.happened == ["drained"]
    with pytest.raises(Conflict):
        await poll.batch(1)
    poll.write(b"1")
    assert json.loads(await asking) == {"batch": 2, "events": [1]}


async def test_an_event_stream_asks_for_more_once_the_transport_has_room_again() -> None:
    stream = stream_of(EventStream)
    has_room, sent = asyncio.Event(), []

    async def send(message: Any) -> None:
        """As uvicorn does: it waits before it writes, not after."""
        if sent:
            await has_room.wait()
        sent.append(message.get("body"))

    async def receive() -> Any:
        await asyncio.Event().wait()

    stream.write(b"x" * HIGH_WATER)
    answering = asyncio.ensure_future(EventsAnswer(stream).send_body(send, receive))
    for _ in range(3):
        await asyncio.sleep(0)
    assert sent == [b"x" * HIGH_WATER]
    assert stream.congested and stream.connection.happened == []

    has_room.set()
    for _ in range(3):
        await asyncio.sleep(0)
    assert not stream.congested and stream.connection.happened == ["drained"]
    stream.leave()
    await answering


async def test_arriving_while_too_much_waits_drains_nothing() -> None:
    stream = stream_of(EventStream)
    stream.write(b"x" * HIGH_WATER)
    stream.take()
    stream.write(b"x" * HIGH_WATER)
    stream.arrived()
    assert stream.congested and stream.connection.happened == []


async def test_what_follows_the_command_that_ends_a_connection_is_not_carried_out() -> None:
    stream = stream_of(EventStream)
    hear = stream.connection.receive
    stream.connection.receive = lambda raw: stream.connection.end(4002, "rude") if raw == b"rude" else hear(raw)

    stream.hear([b"before", b"rude", b"after"])

    assert stream.connection.happened == [b"before"]


async def test_who_does_not_fetch_is_not_listened_to() -> None:
    stream = stream_of(EventStream)
    stream.write(b"x" * HIGH_WATER)

    with pytest.raises(TooMuch):
        stream.hear([b"{}"])

    assert stream.connection.happened == []


async def test_what_was_said_before_the_end_still_comes_and_then_the_reason_and_then_nothing() -> None:
    stream = stream_of(EventStream)
    stream.write(stream.dialect.render(PONG))
    stream.close(4001, "the session has ended")
    stream.write(stream.dialect.render(PONG))

    said = (await stream.next() or b"").decode()

    assert [json.loads(line[6:])["type"] for line in said.splitlines() if line] == ["pong", "closed"]
    assert await stream.next() is None
    with pytest.raises(NotFound):
        stream.hear([b"{}"])
    assert stream.ends == ["close"]


async def test_an_end_wakes_who_waits() -> None:
    stream, poll = stream_of(EventStream), stream_of(Poll)
    waiting = [asyncio.ensure_future(stream.next()), asyncio.ensure_future(poll.batch(1))]
    await asyncio.sleep(0)

    stream.leave()
    poll.close(1012, "restart")

    assert await waiting[0] is None
    assert json.loads(await waiting[1])["events"] == [{"type": "closed", "code": 1012, "reason": "restart"}]


async def test_a_quiet_stream_beats_but_not_into_a_full_buffer() -> None:
    stream = stream_of(EventStream)
    stream.tick(24.9)
    assert stream.take() == []
    stream.tick(25.0)
    stream.tick(26.0)
    assert stream.take() == [HEARTBEAT]
    stream.arrived()
    stream.write(b"x" * HIGH_WATER)
    stream.tick(90.0)
    assert len(stream.take()) == 1


async def test_the_same_batch_is_given_again_and_two_who_ask_at_once_get_the_same() -> None:
    poll = stream_of(Poll)
    asked = [asyncio.ensure_future(poll.batch(1)) for _ in range(2)]
    await asyncio.sleep(0)
    poll.write(poll.dialect.render(PONG))

    first, second = await asyncio.gather(*asked)
    poll.write(poll.dialect.render(wire.Bye("restart", 1)))

    assert first == second == await poll.batch(1)
    assert await events_of(poll, 2) == ["bye"]
    for number in (1, 4):
        with pytest.raises(Conflict):
            await poll.batch(number)


async def test_after_the_batch_that_says_closed_there_is_none() -> None:
    poll = stream_of(Poll)
    poll.close(4005, "the role has changed")

    assert await events_of(poll, 1) == ["closed"]
    assert await events_of(poll, 1) == ["closed"]  # that answer may have got lost
    assert poll.ends == ["close"]
    with pytest.raises(NotFound):
        await poll.batch(2)
    assert poll.ends[-1] == "over"


async def test_who_waits_for_a_poll_that_is_left_hears_that_it_is_gone() -> None:
    poll = stream_of(Poll)
    waiting = asyncio.ensure_future(poll.batch(1))
    await asyncio.sleep(0)

    poll.leave()

    with pytest.raises(NotFound):
        await waiting


async def test_without_news_a_poll_is_answered_empty() -> None:
    poll = stream_of(Poll, Patience(hello_timeout_s=10, ping_interval_s=25, poll_wait_s=0.001, poll_gap_s=30))

    assert await events_of(poll, 1) == []
    assert await events_of(poll, 2) == []


async def test_a_poll_that_nobody_asks_for_ends_and_is_forgotten_but_not_while_someone_waits() -> None:
    poll = stream_of(Poll)
    now_s = asyncio.get_running_loop().time()
    waiting = asyncio.ensure_future(poll.batch(1))
    await asyncio.sleep(0)
    poll.tick(now_s + 1000)
    assert not poll.closed
    poll.write(poll.dialect.render(PONG))
    await waiting

    poll.tick(now_s + 29)
    assert not poll.closed
    poll.tick(now_s + 1000)
    poll.tick(now_s + 2000)

    assert poll.closed
    assert poll.ends[0] == "close"
    assert poll.ends[-1] == "over"


async def test_no_hello_in_time_ends_a_stream() -> None:
    stream = stream_of(EventStream)
    stream.connection.greeted = False
    stream.tick(9)
    assert not stream.closed
    stream.tick(11)
    assert stream.closed
