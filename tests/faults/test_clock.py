"""A wall clock that jumps: back an hour, ahead a day, about. Numbers do not follow it, and nobody is locked out or signed out by it."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from teahouse.errors import TooMuch
from teahouse.model import LOBBY
from teahouse.throttle import Throttle
from tests.gateways.connection.talk import Talk
from tests.storage.house import House, living

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
JUMPS = {"back an hour": -HOUR_MS, "ahead a day": DAY_MS}
BURST = 5

jumps = pytest.mark.parametrize("jump_ms", JUMPS.values(), ids=JUMPS.keys())


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with living(f"sqlite:///{tmp_path}/teahouse.db") as house:
        yield house
    assert house.troubles == []


@jumps
async def test_numbers_and_order_do_not_follow_the_clock(house: House, jump_ms: int) -> None:
    aiko, reader = await house.guest("Aiko"), await house.guest_identity("Ben")
    talk = Talk(house, reader, Throttle(1000, 1000))
    head = (await talk.hello())["rooms"][0]["head"]
    before = [await house.say(aiko, LOBBY, f"before {n}") for n in range(3)]
    house.clock.ms += jump_ms
    after = [await house.say(aiko, LOBBY, f"after {n}") for n in range(3)]

    assert before + after == list(range(head + 1, head + 7))
    await talk.up_to(LOBBY, after[-1])
    assert talk.seqs(LOBBY) == before + after
    page = await house.chat.page(reader.user, LOBBY)
    assert [message.text for message in page.messages] == [f"{when} {n}" for when in ("before", "after") for n in range(3)]
    talk.connection.close()


@jumps
async def test_a_time_is_what_the_clock_said_then_and_later_jumps_do_not_change_it(house: House, jump_ms: int) -> None:
    aiko = await house.guest("Aiko")
    then = house.clock.ms
    first = await house.chat.post(aiko, LOBBY, "then", "c1")
    house.clock.ms += jump_ms
    second = await house.chat.post(aiko, LOBBY, "now", "c2")
    assert (first.at, second.at) == (then, then + jump_ms)
    assert await house.chat.post(aiko, LOBBY, "then", "c1") == first
    assert [message.at for message in (await house.chat.page(aiko, LOBBY)).messages] == [then, then + jump_ms]


@jumps
async def test_a_jump_ends_no_session_that_is_in_use_and_signing_out_still_does(house: House, jump_ms: int) -> None:
    token, identity = await house.auth.sign_in("Aiko", "f01")
    await house.auth.identify(token)
    house.clock.ms += jump_ms
    assert await house.auth.end_stale() == 0
    assert (await house.auth.identify(token)).session == identity.session
    await house.auth.keep_alive([identity.session])
    house.clock.ms -= jump_ms
    assert (await house.auth.identify(token)).session == identity.session
    await house.auth.sign_out(identity.session)
    with pytest.raises(Exception, match="ended"):
        await house.auth.identify(token)


async def test_who_used_up_their_pace_waits_no_longer_for_a_clock_that_went_back(house: House) -> None:
    throttle = Throttle(1, BURST)
    now_s = house.clock.ms / 1000
    for _ in range(BURST):
        throttle.check("aiko", now_s, "messages")
    with pytest.raises(TooMuch) as refused:
        throttle.check("aiko", now_s - 3600, "messages")
    assert refused.value.retry_after_s is not None and refused.value.retry_after_s <= 1
    throttle.check("aiko", now_s - 3600 + refused.value.retry_after_s, "messages")


async def test_a_clock_that_jumps_about_gives_nobody_more_than_their_burst_at_a_time(house: House) -> None:
    throttle, chance = Throttle(1, BURST), random.Random(7)
    for _ in range(50):
        now_s = chance.uniform(-DAY_MS, DAY_MS) / 1000
        passed = sum(throttle.take("aiko", now_s) == 0 for _ in range(3 * BURST))
        assert passed <= BURST


async def test_typing_is_told_again_after_the_clock_went_back(house: House) -> None:
    aiko = await house.guest("Aiko")
    house.chat.typing(aiko, LOBBY)
    house.clock.ms -= HOUR_MS
    house.chat.typing(aiko, LOBBY)
    house.clock.ms += 3000
    house.chat.typing(aiko, LOBBY)
    assert len(house.signals) >= 2, "not before the old time comes again, in an hour"
