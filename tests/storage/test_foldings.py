"""One folding for all that is looked for, the same on each database; and what was folded by other data is folded again."""

from functools import partial

import pytest
from sqlalchemy import select, update

from teahouse.characters import table
from teahouse.errors import Invalid
from teahouse.model import LOBBY
from teahouse.policy import check_text, fold_name, room_key
from teahouse.storage import foldings, people, rooms
from teahouse.storage.log import Transaction
from teahouse.storage.search import find
from teahouse.storage.tables import about, search_parts, users
from teahouse.text import search_key
from tests.storage.house import House
from tests.storage.test_search import look
from tests.support.foldings import table_of_foldings

PAIRS = [(a, b) for relation, _, a, b in table_of_foldings() if relation != "apart"]


async def test_what_is_the_same_is_found_in_what_was_said(house: House) -> None:
    aiko = await house.guest("Aiko")
    for a, b in PAIRS:
        await house.say(aiko, LOBBY, check_text(f"{a}", 1000))
        await house.say(aiko, LOBBY, check_text(f"{b}", 1000))
    assert await missed(house) == []
    await house.search.catch_up()
    assert await missed(house) == []


async def missed(house: House) -> list[tuple[str, str]]:
    """Return the pairs of which a search for one does not find the other."""
    aiko = await house.database.read(people.by_name, "aiko")
    assert aiko is not None
    missing = []
    for each in PAIRS:
        for wanted, said in (each, each[::-1]):
            try:
                found = await look(house, aiko, f'"{wanted}"', limit=100)
            except Invalid:  # nothing in it can be looked for: ＠
                continue
            if check_text(said, 1000) not in found:
                missing.append((wanted, said))
    return missing


async def test_what_is_the_same_finds_people_by_what_they_are_called(house: House) -> None:
    """Names that nobody would take are in the table too: so they are only found, not held."""
    made = [await house.committer.run(partial(people.create_nameless, name=a, face="f01", role="guest")) for a, _ in PAIRS]
    for (a, b), (user, _) in zip(PAIRS, made, strict=True):
        assert user.id in await house.database.read(find._authors, [search_key(b)]), (a, b)


async def test_a_name_is_found_after_from_however_it_is_written(house: House) -> None:
    left = await house.guest_identity("Émilie Ångström")
    await house.say(left.user, LOBBY, "hej")
    here = await house.guest('Łukasz "Lulu" Ż')
    await house.say(here, LOBBY, "cześć")
    await house.auth.sign_out(left.session)
    for words in ('from:"Émilie Å"', 'From:"emilie angstrom"', "FROM:ÉMILIE", "ｆｒｏｍ：emi", 'fr\u00adom:"ÉMILIE  Å'):
        assert await look(house, here, words) == ["hej"], words
    for words in ('from:"lukasz \\"lulu\\" z"', "from:łuk", "from:LUK"):
        assert await look(house, here, words) == ["cześć"], words


async def test_members_and_rooms_are_found_without_their_accents(house: House) -> None:
    aiko = await house.guest("Aiko")
    await house.guest("Łódź")
    await house.chat.create_room(aiko, "public", "Öffentlich", "", "r")
    assert [member.user.name for member in (await house.chat.members(aiko, LOBBY, "LODZ")).members] == ["Łódź"]
    assert [found.room.name for found in (await house.chat.find_rooms(aiko, "offent")).rooms] == ["Öffentlich"]


# Folded again


def age(tx: Transaction) -> None:
    tx.connection.execute(update(about).where(about.c.key == "foldings").values(value="of old"))


async def refresh(house: House) -> None:
    await house.committer.run(lambda tx: foldings.refresh(tx, fold_name, room_key))


async def keys(house: House) -> dict[str, tuple[str | None, str]]:
    found = await house.database.read(lambda connection: connection.execute(select(users)).all())
    return {row.name: (row.name_key, row.search_key) for row in found}


async def test_with_other_data_all_keys_are_made_again_and_the_index_begins_anew(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teahouse.storage.search.gathering.BATCH", 3)
    await refresh(house)
    lodz, left = await house.guest("Łódź"), await house.guest_identity("Ångström")
    gone = left.user
    room = await house.chat.create_room(lodz, "public", "Öffentlich", "", "r")
    for number in range(9):
        await house.say(lodz, LOBBY, f"Zoë {number}")
    await house.auth.sign_out(left.session)
    await house.search.catch_up()
    before = await keys(house)
    assert before["Łódź"] == ("łódź", "lodz")
    assert before["Ångström"] == (None, "angstrom")

    def spoil(tx: Transaction) -> None:
        tx.connection.execute(update(users).where(users.c.id == lodz.id).values(name_key="old", search_key="old"))
        tx.connection.execute(update(users).where(users.c.id == gone.id).values(search_key="old"))

    await house.committer.run(spoil)
    await refresh(house)
    assert await keys(house) != before, "nothing is done while the data is the same"
    await house.committer.run(age)
    await refresh(house)
    assert await keys(house) == before
    assert await house.database.read(lambda connection: connection.scalar(select(search_parts.c.batch))) is None
    assert await house.database.read(rooms.holder, room_key("public", "ÖFFENTLICH") or "") == room.room.id
    assert await look(house, lodz, "zoe 8") == ["Zoë 8"]
    await house.search.catch_up()
    assert await look(house, lodz, "zoe 8") == ["Zoë 8"]
    value = await house.database.read(lambda connection: connection.scalar(select(about.c.value).where(about.c.key == "foldings")))
    assert table().version in str(value)


async def test_of_two_whose_names_become_one_each_keeps_what_they_are_called(house: House) -> None:
    await refresh(house)
    first, second = await house.guest("Ana"), await house.guest("Bea")

    def spoil(tx: Transaction) -> None:
        tx.connection.execute(update(users).where(users.c.id == second.id).values(name="ANA", name_key="another"))
        age(tx)

    await house.committer.run(spoil)
    await refresh(house)
    assert await keys(house) == await keys(house) | {"Ana": ("ana", "ana"), "ANA": ("another", "ana")}
    assert first.id != second.id


def test_a_search_key_is_on_one_line_with_single_spaces() -> None:
    assert search_key("  Ａｉｋｏ \n Mori ") == "aiko mori"
