"""Heads of logs, asked by many at once."""

import asyncio
from typing import Any

import pytest

from teahouse.model import LOBBY
from teahouse.storage.heads import Heads
from tests.storage.house import House


class Counting:
    """A database that counts how often it is read, and waits for `go` each time."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.reads = 0
        self.began = asyncio.Event()
        self.go = asyncio.Event()

    async def read(self, function: Any, *arguments: Any) -> Any:
        self.reads += 1
        self.began.set()
        found = await self.house.database.read(function, *arguments)
        await self.go.wait()
        return found


async def test_those_who_ask_together_share_one_read(house: House) -> None:
    counting: Any = Counting(house)
    counting.go.set()
    aiko, ben = await house.guest_identity("Aiko"), await house.guest_identity("Ben")
    heads = Heads(counting)
    answers = await asyncio.gather(*(heads.of([log]) for log in (LOBBY, aiko.inbox, ben.inbox, LOBBY)))
    assert counting.reads == 1
    assert answers == [{log: await house.chat.head(log)} for log in (LOBBY, aiko.inbox, ben.inbox, LOBBY)]


async def test_whoever_asks_late_is_not_answered_by_the_read_under_way(house: House) -> None:
    counting: Any = Counting(house)
    heads = Heads(counting)
    before = await house.chat.head(LOBBY)
    early = asyncio.create_task(heads.of([LOBBY]))
    await counting.began.wait()
    await house.guest_identity("Aiko")
    late = [asyncio.create_task(heads.of([LOBBY])) for _ in range(3)]
    await asyncio.sleep(0)
    counting.go.set()
    assert (await early)[LOBBY] in (before, before + 1)
    assert [answer[LOBBY] for answer in await asyncio.gather(*late)] == [before + 1] * 3
    assert counting.reads == 2


async def test_trouble_is_told_to_all_who_asked_and_forgotten(house: House) -> None:
    class Broken:
        async def read(self, function: Any, *arguments: Any) -> Any:
            raise OSError("the disk is gone")

    broken: Any = Broken()
    heads = Heads(broken)
    assert [str(error) for error in await asyncio.gather(*(heads.of([LOBBY]) for _ in range(3)), return_exceptions=True)] == [
        "the disk is gone"
    ] * 3
    with pytest.raises(OSError):
        await heads.of([LOBBY])


async def test_a_log_that_does_not_exist_is_left_out(house: House) -> None:
    assert await house.heads.of([LOBBY, 4711]) == {LOBBY: await house.chat.head(LOBBY)}
