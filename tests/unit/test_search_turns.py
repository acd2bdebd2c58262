"""Whose search works when: one of a person at a time, few of all, none for nobody."""

import asyncio
from typing import Any

import pytest

from teahouse import search_line as module
from teahouse.access import Access
from teahouse.errors import TooMuch
from teahouse.model import User
from teahouse.search import Search
from teahouse.throttle import Throttle
from tests.storage.held import NOTHING, Held, settle

AIKO, BEN, CARL = (User(number, name, "f01") for number, name in enumerate(("Aiko", "Ben", "Carl"), 1))


def make(networks: dict[int, str] | None = None) -> tuple[Search, Held]:
    held = Held()
    nothing: Any = None
    database: Any = held
    return Search(database, nothing, lambda: 0, Throttle(1, 1000), (networks or {}).get), held


def guest(number: int) -> User:
    return User(number, f"Guest {number}", "f01")


async def is_refused(search: Search, user: User) -> bool:
    asked = asyncio.ensure_future(search.find(user, "tea"))
    await settle()
    return asked.done() and isinstance(asked.exception(), TooMuch)


async def end_all(held: Held, count: int) -> None:
    """Let so many searches begin and end, one after the other."""
    for number in range(1, count + 1):
        (_, end) = await held.until_begun(number)
        end.set_result(NOTHING)


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


async def test_of_three_the_one_in_the_middle_is_answered_at_once() -> None:
    search, held = make()
    asked = [asyncio.ensure_future(search.find(AIKO, words)) for words in ("t", "te", "tea")]
    await settle()
    assert [each.done() for each in asked] == [False, True, False]
    middle = asked[1].result()
    assert (middle.found, middle.more, len(held.begun)) == ([], True, 1)
    for number, hurried in enumerate((True, False), 1):
        purse, end = await held.until_begun(number)
        assert purse.is_hurried is hurried
        end.set_result(NOTHING)
    assert [await asked[0], await asked[2]] == [NOTHING] * 2
    await settle()
    assert len(held.begun) == 2


async def test_searches_of_other_people_are_left_alone() -> None:
    search, held = make()
    asked = [asyncio.ensure_future(search.find(user, "tea")) for user in (AIKO, BEN)]
    await held.until_begun(2)
    assert [purse.is_hurried for purse, _ in held.begun] == [False, False]
    for _, end in held.begun:
        end.set_result(NOTHING)
    await asyncio.gather(*asked)


async def test_who_is_gone_is_searched_for_no_more_and_the_place_is_free_when_the_work_has_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CONCURRENT_SEARCHES", 1)
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
    monkeypatch.setattr(module, "MAX_CONCURRENT_SEARCHES", 1)
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
    assert await is_refused(search, CARL)
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


FAR = "203.0.113.7"


async def test_who_comes_when_the_line_is_full_takes_a_place_of_the_largest_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_WAITING", 6)
    search, held = make(dict.fromkeys(range(100, 200), FAR) | {AIKO.id: "198.51.100.3"})
    crowd = [asyncio.ensure_future(search.find(guest(number), "tea")) for number in range(100, 106)]
    await settle()
    assert await is_refused(search, guest(199))
    others = [asyncio.ensure_future(search.find(user, "tea")) for user in (AIKO, BEN, CARL)]
    await settle()
    assert [asked.done() for asked in crowd] == [False] * 3 + [True] * 3, "the last that came, one for each newcomer"
    assert all(isinstance(asked.exception(), TooMuch) for asked in crowd[3:])
    assert await is_refused(search, guest(300)), "nobody has more than a newcomer would"
    await end_all(held, 6)
    assert await asyncio.gather(*crowd[:3], *others) == [NOTHING] * 6


async def test_the_networks_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CONCURRENT_SEARCHES", 1)
    search, held = make(dict.fromkeys(range(100, 200), FAR) | dict.fromkeys(range(200, 300), "198.51.100.3"))
    came = [100, 101, 102, 103, 200, 201, AIKO.id]
    asked = [asyncio.ensure_future(search.find(guest(number), "tea")) for number in came]
    await end_all(held, len(came))
    await asyncio.gather(*asked)
    assert held.users == [100, 101, 200, AIKO.id, 102, 201, 103]


async def test_who_may_go_on_is_not_held_up_by_somebody_who_searches_already() -> None:
    search, held = make(dict.fromkeys(range(100, 200), FAR))
    asked = [asyncio.ensure_future(search.find(guest(number), "tea")) for number in (100, 100, 101)]
    await held.until_begun(2)
    assert held.users == [100, 101]
    await end_all(held, 3)
    await asyncio.gather(*asked)


async def test_what_is_wanted_no_more_before_it_began_leaves_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CONCURRENT_SEARCHES", 1)
    search, held = make()
    first = asyncio.ensure_future(search.find(AIKO, "tea"))
    waits = asyncio.ensure_future(search.find(BEN, "tea"))
    await held.until_begun(1)
    search.hurry(BEN.id)
    await settle()
    assert waits.done() and waits.result().more
    held.begun[0][1].set_result(NOTHING)
    await first
    assert held.users == [AIKO.id]


async def test_programs_search_beside_their_person_one_at_a_time_in_all() -> None:
    search, held = make()
    tokens = Access("read"), Access("read", frozenset({1}))
    asked = [asyncio.ensure_future(search.find(AIKO, "tea", access=access)) for access in (None, *tokens)]
    persons, _ = await held.until_begun(1)
    programs, _ = await held.until_begun(2)
    await settle()
    assert (persons.is_hurried, programs.is_hurried, len(held.begun)) == (False, True, 2)
    await end_all(held, 3)
    await asyncio.gather(*asked)


async def test_somebody_who_goes_as_their_turn_comes_holds_no_place() -> None:
    line = module.SearchLine()
    turns = [line.enter(number, FAR) for number in range(1, 4)]
    line.end(turns[0])
    assert await turns[2].outcome() == "works"
    line.end(turns[2])
    line.end(turns[1])
    line.end(turns[1])
    assert [await line.enter(number, FAR).outcome() for number in (4, 5)] == ["works"] * 2
