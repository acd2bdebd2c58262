"""Names that are or were held: their holders, and nobody who only looks like them."""

import asyncio
from itertools import product

import pytest
from sqlalchemy import delete, select, update

from teahouse.doorkeeper import Doorkeeper
from teahouse.lookalikes import skeleton, table
from teahouse.policy import fold_name, room_key
from teahouse.storage import foldings, names, people
from teahouse.storage.log import Transaction
from teahouse.storage.tables import about, held_names
from tests.storage.conftest import Another
from tests.storage.house import House, refusal

REFUSED = "name_taken"
STRANGE = "\u0410nna"
"""Anna, with a Cyrillic letter."""


async def come(house: House, name: str) -> int:
    return (await house.auth.sign_in(name, "f01"))[1].session


async def try_to_come(house: House, name: str) -> str | None:
    return await refusal(house.auth.sign_in(name, "f01"))


async def keep_names(house: House) -> None:
    await house.committer.run(lambda tx: foldings.refresh(tx, fold_name, room_key))


@pytest.fixture
async def keeper(house: House) -> Doorkeeper:
    keeper = Doorkeeper(house.database, house.committer, house.roster, house.auth, ["f01"], ["Birdie"])
    await keeper.open()
    return keeper


async def test_a_look_alike_of_someone_here_is_refused(house: House) -> None:
    await come(house, "Anna")
    assert await try_to_come(house, STRANGE) == REFUSED
    await come(house, "Ana")


async def test_it_is_refused_when_they_have_gone_too_and_the_very_name_is_free(house: House) -> None:
    await house.auth.sign_out(await come(house, "Anna"))
    assert await try_to_come(house, STRANGE) == REFUSED
    await house.auth.sign_out(await come(house, "ANNA"))
    await come(house, "Anna")


async def test_whoever_was_here_under_a_strange_spelling_does_not_shut_out_the_plain_one(house: House) -> None:
    await house.auth.sign_out(await come(house, STRANGE))
    anna = await come(house, "Anna")
    assert await try_to_come(house, STRANGE) == REFUSED, "though they were here before"
    await house.auth.sign_out(anna)
    assert await try_to_come(house, STRANGE) == REFUSED, "or it would be here when Anna comes back"
    assert await try_to_come(house, "\u0410nn\u0430") == REFUSED
    await come(house, "Anna")


@pytest.mark.parametrize(
    ("strange", "own"),
    [
        ("Kирилла", "Кирилла"),
        ("Дмиtрий", "Дмитрий"),
        ("Oδυσσέας", "Οδυσσέας"),
        ("ユ一ジ", "ユージ"),
        ("エ藤", "工藤"),
        ("ニ木", "二木"),
        ("Рaul", "Paul"),
    ],
)
async def test_a_visit_under_a_mixed_spelling_shuts_out_no_name_of_one_script(house: House, strange: str, own: str) -> None:
    await house.auth.sign_out(await come(house, strange))
    one = await come(house, own)
    assert await try_to_come(house, strange) == REFUSED, "while they are here"
    await house.auth.sign_out(one)
    await come(house, own)


@pytest.mark.parametrize(
    ("own", "alike"),
    [
        ("Кирилла", "Kирилла"),
        ("工藤", "エ藤"),
        ("二ノ宮", "二丿宮"),
        ("Mary", "rnary"),
        ("王土明", "王士明"),
        ("Вова", "Boba"),
        ("Boba", "Вова"),
    ],
)
async def test_nobody_passes_for_somebody_who_is_here_in_any_script(house: House, own: str, alike: str) -> None:
    await come(house, own)
    house.clock.pass_days(100)
    assert await try_to_come(house, alike) == REFUSED


EQUALLY_PLAIN = [
    ("rnary", "Mary"),
    ("1isa", "Lisa"),
    ("0scar", "Oscar"),
    ("Torn", "Tom"),
    ("王士明", "王土明"),
    ("二丿宮", "二ノ宮"),
    ("Boba", "Вова"),
]


@pytest.mark.parametrize(("visitor", "own"), EQUALLY_PLAIN)
async def test_a_visit_shuts_out_nobodys_name(house: House, visitor: str, own: str) -> None:
    visit = await come(house, visitor)
    house.clock.pass_days(0.9)
    await house.auth.sign_out(visit)
    await house.auth.sign_out(await come(house, own))


async def test_who_was_here_long_keeps_look_alikes_away_for_as_long_again(house: House) -> None:
    mary = await come(house, "Mary")
    house.clock.pass_days(10)
    await house.auth.sign_out(mary)
    house.clock.pass_days(2)
    assert await try_to_come(house, "rnary") == REFUSED
    mary = await come(house, "Mary")
    house.clock.pass_days(1)
    await house.auth.sign_out(mary)
    house.clock.pass_days(7)
    assert await try_to_come(house, "rnary") == REFUSED, "ten days and one are eleven"
    house.clock.pass_days(2)
    await come(house, "rnary")
    assert await try_to_come(house, "Mary") == REFUSED


async def test_of_two_who_were_here_and_look_alike_who_was_here_longer_has_it(house: House) -> None:
    await house.auth.sign_out(await come(house, "rnary"))
    mary = await come(house, "Mary")
    house.clock.pass_days(10)
    await house.auth.sign_out(mary)
    house.clock.pass_days(1)
    assert await try_to_come(house, "rnary") == REFUSED
    await come(house, "Mary")


@pytest.mark.parametrize(("strange", "own"), [(STRANGE, "Anna"), ("エ藤", "工藤"), ("Вова", "Boba")])
async def test_nor_does_a_long_stay_under_a_stranger_spelling(house: House, strange: str, own: str) -> None:
    there = await come(house, strange)
    house.clock.pass_days(25)
    await house.auth.sign_out(there)
    await come(house, own)


async def test_who_was_here_long_by_a_mixed_name_is_not_shut_out_by_a_plainer_visit(house: House) -> None:
    there = await come(house, "Анна Smith")
    house.clock.pass_days(10)
    await house.auth.sign_out(there)
    await house.auth.sign_out(await come(house, "AHHA Smith"))
    house.clock.pass_days(9)
    await house.auth.sign_out(await come(house, "Анна Smith"))
    house.clock.pass_days(2)
    assert await try_to_come(house, "Анна Smith") == REFUSED, "it is longer ago than it lasted"


async def test_letters_do_not_count_as_time_that_a_name_was_held(house: House, keeper: Doorkeeper) -> None:
    room = (await house.chat.create_room(await house.guest("Maker"), "public", "Birds", "", "b")).room.id
    await keeper.expect("rnary")
    house.clock.pass_days(60)
    await house.auth.sign_out((await keeper.admit("name", "rnary", room)).session)
    await come(house, "Mary")


async def test_spellings_of_one_name_are_not_remembered_without_end(house: House) -> None:
    spellings = ["".join(letters) for letters in product("1l", "0o", "1l", "0o", "1l")]
    for spelling in spellings:
        await house.auth.sign_out(await come(house, spelling))
    kept = await house.database.read(lambda connection: set(connection.scalars(select(held_names.c.name))))
    assert len(kept & set(spellings)) == names.MOST_SPELLINGS
    assert await try_to_come(house, "l\u043el0l") == REFUSED, "with a letter of another script"
    await come(house, spellings[0])
    assert await try_to_come(house, spellings[1]) == REFUSED


async def test_while_somebody_holds_a_strange_spelling_a_newcomer_looks_like_them(house: House) -> None:
    await come(house, STRANGE)
    assert await try_to_come(house, "Anna") == REFUSED


async def test_no_two_are_here_who_look_the_same_also_if_both_were_here_before(house: House) -> None:
    for name in ("Вова", "Boba"):
        await house.auth.sign_out(await come(house, name))
    await come(house, "Вова")
    assert await try_to_come(house, "Boba") == REFUSED, "though it is plainer"


ADORNED = ["ᴡarden", "War den", "Warden.", "~Warden~", "Warden 👑", "Wardęn", "🆆arden", "W.\u0430.r.d.e.n"]


@pytest.mark.parametrize("name", ADORNED)
@pytest.mark.parametrize("role", ["owner", "admin"])
async def test_nobody_passes_for_somebody_who_keeps_the_house(house: House, keeper: Doorkeeper, role: str, name: str) -> None:
    room = (await house.chat.create_room(await house.guest("Maker"), "public", "Birds", "", "b")).room.id
    _, kept = await house.auth.sign_in("Warden", "f01")
    await house.committer.run(lambda tx: people.set_role(tx, kept.user.id, role))
    assert await try_to_come(house, name) == REFUSED
    assert await refusal(keeper.admit("name", name, room)) == REFUSED
    await come(house, "Warden 2")
    await house.auth.sign_out(kept.session)
    await come(house, name)


@pytest.mark.parametrize("name", [name for name in ADORNED if name.isascii()])
async def test_of_others_the_names_may_be_spaced_and_adorned(house: House, name: str) -> None:
    await come(house, "Warden")
    await come(house, name)


async def test_names_at_doors_pass_for_nobody(house: House, keeper: Doorkeeper) -> None:
    room = (await house.chat.create_room(await house.guest("Maker"), "public", "Birds", "", "b")).room.id
    await come(house, "Anna")
    assert await refusal(keeper.admit("name", STRANGE, room)) == REFUSED
    assert await refusal(keeper.expect(STRANGE)) == REFUSED
    assert await refusal(keeper.admit("name", "机器人Birdie", room)) == REFUSED
    ben = await keeper.admit("name", "Ben", room)
    assert (await keeper.admit("name", "ben", room)).user.id == ben.user.id
    assert await try_to_come(house, "\u0412en") == REFUSED
    assert await refusal(house.auth.sign_in("\u0412en", "f01", door=room)) == REFUSED


async def test_an_address_is_had_by_whoever_comes_from_it(house: House, keeper: Doorkeeper) -> None:
    room = (await house.chat.create_room(await house.guest("Maker"), "public", "Birds", "", "b")).room.id
    await house.committer.run(lambda tx: people.create(tx, "l0.0.0.l", "l0.0.0.l", "f01", "guest"))  # before such names were refused
    assert (await keeper.admit("address", "10.0.0.1", room)).user.name == "10.0.0.1"
    assert (await keeper.admit("address", "10.0.0.1", room)).user.name == "10.0.0.1"


async def test_letters_to_a_name_hold_it_for_nobody(house: House, keeper: Doorkeeper) -> None:
    await keeper.expect(STRANGE)
    await come(house, "Anna")
    room = (await house.chat.create_room(await house.guest("Maker"), "public", "Birds", "", "b")).room.id
    assert await refusal(keeper.admit("name", STRANGE, room)) == REFUSED


async def test_a_database_without_look_alikes_learns_them(house: House) -> None:
    here, gone = await come(house, "Anna"), await come(house, "Ben")
    await house.auth.sign_out(gone)
    await house.committer.run(lambda tx: tx.connection.execute(delete(held_names)))
    await keep_names(house)
    for name in (STRANGE, "\u0412en"):
        assert await try_to_come(house, name) == REFUSED
    await come(house, "Ben")
    await house.auth.sign_out(here)


async def test_with_another_table_every_skeleton_is_made_again(house: House) -> None:
    await keep_names(house)
    await come(house, "Anna")

    def age(tx: Transaction) -> None:
        tx.connection.execute(update(about).where(about.c.key == "lookalikes").values(value="of old"))
        tx.connection.execute(update(held_names).values(skeleton=held_names.c.name_key + "?"))

    anna = (await house.database.read(lambda connection: connection.execute(select(held_names.c.since)).first()))[0]
    await house.committer.run(age)
    house.clock.pass_days(1)
    await keep_names(house)
    assert (await house.database.read(lambda connection: connection.execute(select(held_names.c.since)).first()))[0] == anna
    found = await house.database.read(lambda connection: connection.execute(select(held_names)).all())
    assert {(row.skeleton, row.name_key) for row in found} == {(skeleton(row.name), fold_name(row.name)) for row in found} != set()
    assert await house.database.read(lambda connection: connection.scalar(select(about.c.value).where(about.c.key == "lookalikes")))
    assert table().version != "of old"
    await keep_names(house)


async def test_someone_whom_letters_await_is_not_learnt(house: House, keeper: Doorkeeper) -> None:
    await keeper.expect(STRANGE)
    await keep_names(house)
    await come(house, "Anna")


async def test_two_servers_let_one_of_two_look_alikes_in(house: House, another: Another) -> None:
    await keep_names(house)
    other = await another()
    answers = await asyncio.gather(house.auth.sign_in("Anna", "f01"), other.auth.sign_in(STRANGE, "f01"), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "tuple"]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_names_are_found_by_an_index(house: House) -> None:
    """PostgreSQL says how in words that change."""
    query = select(held_names.c.name_key).where(held_names.c.skeleton.in_(["anna", "anne"]))
    plan = await house.database.read(
        lambda connection: [
            row.detail
            for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + str(query.compile(compile_kwargs={"literal_binds": True})))
        ]
    )
    assert all("SEARCH held_names" in step for step in plan), plan
