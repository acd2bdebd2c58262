"""Searches on one connection: the newer is what counts, and none goes on for a connection that is closed."""

from typing import Any

from teahouse.access import Access
from teahouse.auth import Identity
from teahouse.model import LOBBY
from tests.gateways.connection.talk import Dial
from tests.storage.held import NOTHING, Held, settle
from tests.storage.house import House


def hold(house: House) -> Held:
    held: Any = Held()
    house.search._database = held
    return held  # type: ignore[no-any-return]


async def test_a_search_that_waits_in_line_lets_the_one_before_it_end(house: House, dial: Dial, aiko: Identity) -> None:
    held = hold(house)
    talk = dial(aiko)
    await talk.hello()
    talk.say(type="search", query="te", id=2)
    purse, end = await held.until_begun(1)
    talk.say(type="members", room=LOBBY, id=3)
    assert not purse.is_hurried
    talk.say(type="search", query="tea", id=4)
    assert purse.is_hurried
    end.set_result(NOTHING)
    assert (await talk.answer(2))["type"] == "ok"
    purse, end = await held.until_begun(2)
    assert not purse.is_hurried
    end.set_result(NOTHING)
    assert (await talk.answer(4))["type"] == "ok"


async def test_a_program_that_asks_anew_lets_its_own_search_end_and_not_its_persons(house: House, dial: Dial, aiko: Identity) -> None:
    held = hold(house)
    page, program = dial(aiko), dial(Identity(aiko.session + 1, aiko.user, aiko.inbox, Access("read")))
    for talk in (page, program):
        await talk.hello()
        talk.say(type="search", query="te", id=2)
    (of_page, _), (of_program, _) = await held.until_begun(1), await held.until_begun(2)
    program.say(type="search", query="tea", id=3)
    assert (of_page.is_hurried, of_program.is_hurried) == (False, True)
    for _, end in held.begun:
        end.set_result(NOTHING)


async def test_a_search_ends_with_its_connection(house: House, dial: Dial, aiko: Identity) -> None:
    held = hold(house)
    talk = dial(aiko)
    await talk.hello()
    talk.say(type="search", query="tea", id=2)
    purse, end = await held.until_begun(1)
    talk.connection.close()
    await settle()
    assert purse.is_hurried
    end.set_result(NOTHING)
