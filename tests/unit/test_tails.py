"""The tails of all logs together: bounded, the least used emptied first."""

import asyncio
from unittest.mock import Mock

from teahouse.delivery.channel import Channel
from teahouse.delivery.frames import Frame
from teahouse.delivery.hub import Hub
from teahouse.delivery.presence import Presence
from teahouse.delivery.subscriber import Subscriber
from teahouse.delivery.tails import Tails
from teahouse.model import Entry, Posted, User

AIKO = User(1, "Aiko", "f01")


def frame(log: int, seq: int, size: int = 1000) -> Frame:
    return Frame(Entry(log, seq, 0, AIKO, Posted("x" * size)))


def test_who_fills_room_after_room_fills_no_more_than_the_bound() -> None:
    tails, channels = Tails(max_weight=50_000), [Channel(log) for log in range(1, 101)]
    for channel in channels:
        for seq in range(1, 11):
            tails.push(channel, frame(channel.log, seq))
            assert tails.weight == sum(each.tail.weight for each in channels) <= 50_000
    assert channels[-1].tail.between(0, 10) is not None, "the last used are kept"
    assert channels[0].tail.between(0, 10) is None
    assert [each for each in channels if each.tail.weight] == channels[-3:]


def test_a_log_that_is_used_again_is_kept() -> None:
    tails, [quiet, busy, other] = Tails(max_weight=30_000), [Channel(log) for log in (1, 2, 3)]
    tails.push(quiet, frame(1, 1, 10_000))
    tails.push(busy, frame(2, 1, 10_000))
    tails.push(quiet, frame(1, 2, 1))
    tails.push(other, frame(3, 1, 10_000))
    assert (quiet.tail.weight > 0, busy.tail.weight, other.tail.weight > 0) == (True, 0, True)


def test_a_log_without_readers_holds_nothing() -> None:
    tails, channel = Tails(), Channel(1)
    tails.push(channel, frame(1, 1))
    tails.drop(channel)
    tails.drop(channel)
    assert (tails.weight, channel.tail.weight, channel.tail.between(0, 1)) == (0, 0, None)


async def test_a_hub_keeps_nothing_of_a_log_that_nobody_reads_any_more() -> None:
    async def heads(logs: list[int]) -> dict[int, int]:
        return dict.fromkeys(logs, 0)

    hub = Hub(lambda *_: heads([]), heads, Presence(), lambda words, error: None)  # type: ignore[arg-type, return-value]
    reader = Subscriber(AIKO, Mock(congested=False), hub)
    reader.follow(1, 0)
    for _ in range(5):
        await asyncio.sleep(0)
    hub.receive(1, 1, frame(1, 1).entry)
    assert hub._tails.weight > 0
    reader.close()
    assert (hub._tails.weight, hub._tails._by_use) == (0, {})
    await hub.close()


def test_a_tail_that_begins_anew_is_counted_as_what_it_holds() -> None:
    tails, channel = Tails(), Channel(1)
    for seq in (1, 2, 9):
        tails.push(channel, frame(1, seq))
    assert tails.weight == channel.tail.weight == frame(1, 9).weight
