"""Whose search works when: one of a person at a time, few of all, none for nobody."""

import asyncio
from typing import Any

import pytest

from teahouse import search as module
from teahouse.errors import TooMuch
from teahouse.model import User
from teahouse.search import Search
from teahouse.throttle import Throttle
from tests.storage.held import NOTHING, Held, settle

AIKO, BEN, CARL = (User(number, name, "f01") for number, name in enumerate(("Aiko", "Ben", "Carl"), 1))


def make() -> tuple[Search, Held]:
    held = Held()
    nothing: Any = None
    database: Any = held
    return Search(database, nothing, lambda: 0, Throttle(1, 1000)), held


async def test_a_newer_search_lets_the_older_answer_with_what_it_has_and_begins_after_it() -> None:
    search, held = make()
    older = asyncio.ensure_future(search.find(AIKO, "te"))
    purse, end = await held.until_begun(1)
    assert not purse.is_hurried
    newer = asyncio.ensure_future(search.find(AIKO, "tea"))
    await settle()
    assert purse.is_hurried and purse.is_empty and len(held.begun) == 1
    end.set_result(NOTHING)
    assert await older is NOTHING
    purse, end = await held.until_begun(2)
    assert not purse.is_hurried
    end.set_result(NOTHING)
    assert await newer is NOTHING


async def test_of_three_the_one_in_the_middle_hurries_too() -> None:
    search, held = make()
    asked = [asyncio.ensure_future(search.find(AIKO, words)) for words in ("t", "te", "tea")]
    for number, hurried in enumerate((True, True, False), 1):
        await settle()
        assert len(held.begun) == number
        purse, end = await held.until_begun(number)
        assert purse.is_hurried is hurried
        end.set_result(NOTHING)
    assert await asyncio.gather(*asked) == [NOTHING] * 3


async def test_searches_of_other_people_are_left_alone() -> None:
    search, held = make()
    asked = [asyncio.ensure_future(search.find(user, "tea")) for user in (AIKO, BEN)]
    await held.until_begun(2)
    assert [purse.is_hurried for purse, _ in held.begun] == [False, False]
    for _, end in held.begun:
        end.set_result(NOTHING)
    await asyncio.gather(*asked)


async def test_who_is_gone_is_searched_for_no_more_and_the_place_is_free_when_the_work_has_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 1)
    search, held = make()
    gone = asyncio.ensure_future(search.find(AIKO, "tea"))
    purse, end = await held.until_begun(1)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert purse.is_hurried
    waiting = asyncio.ensure_future(search.find(BEN, "tea"))
    await settle()
    assert len(held.begun) == 1, "a thread works on until it looks up"
    end.set_result(NOTHING)
    (_, end) = await held.until_begun(2)
    end.set_result(NOTHING)
    assert await waiting is NOTHING


async def test_who_is_gone_before_their_turn_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 1)
    search, held = make()
    first = asyncio.ensure_future(search.find(AIKO, "tea"))
    _, end = await held.until_begun(1)
    gone = asyncio.ensure_future(search.find(BEN, "tea"))
    await settle()
    gone.cancel()
    end.set_result(NOTHING)
    await first
    last = asyncio.ensure_future(search.find(CARL, "tea"))
    _, end = await held.until_begun(2)
    await settle()
    end.set_result(NOTHING)
    assert await last is NOTHING
    assert len(held.begun) == 2


async def test_a_crowd_that_searches_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_WAITING", 3)
    search, held = make()
    asked = [asyncio.ensure_future(search.find(User(number, "x", "f01"), "tea")) for number in range(3)]
    await settle()
    with pytest.raises(TooMuch) as refusal:
        await search.find(CARL, "tea")
    assert refusal.value.retry_after_s
    for number in range(1, 4):
        (_, end) = await held.until_begun(number)
        end.set_result(NOTHING)
    await asyncio.gather(*asked)
    again = asyncio.ensure_future(search.find(CARL, "tea"))
    (_, end) = await held.until_begun(4)
    end.set_result(NOTHING)
    assert await again is NOTHING


async def test_a_search_that_fails_gives_its_place_on() -> None:
    search, held = make()
    asked = asyncio.ensure_future(search.find(AIKO, "tea"))
    _, end = await held.until_begun(1)
    end.set_exception(OSError("the disk is gone"))
    with pytest.raises(OSError, match="gone"):
        await asked
    again = asyncio.ensure_future(search.find(AIKO, "tea"))
    _, end = await held.until_begun(2)
    end.set_result(NOTHING)
    assert await again is NOTHING
