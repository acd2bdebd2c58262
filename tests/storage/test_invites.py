"""Invites as the database keeps them: how long and for how many each is good, and which of them are kept."""

import asyncio
from itertools import count

from teahouse.keeping import Invite
from teahouse.model import User
from teahouse.storage import invites
from tests.storage.conftest import Another
from tests.storage.house import House, refusal

DAY_MS = 24 * 3_600_000
_numbers = count(1)


def a_hash() -> bytes:
    return next(_numbers).to_bytes(32)


async def put(house: House, by: User, token_hash: bytes, *, days: float = 30, max_uses: int | None = None) -> Invite:
    until = house.clock() + int(days * DAY_MS)
    return await house.committer.run(lambda tx: invites.put(tx, by, token_hash, until, max_uses))


async def use(house: House, token_hash: bytes) -> bool:
    return await house.committer.run(lambda tx: invites.use(tx, token_hash))


async def start(house: House) -> bytes:
    """What a start does: its invite's hash."""
    token_hash, until = a_hash(), house.clock() + 30 * DAY_MS
    await house.committer.run(lambda tx: invites.put_at_start(tx, token_hash, until))
    return token_hash


async def listed(house: House) -> list[Invite]:
    return await house.database.read(invites.page, house.clock(), None, 1000)


async def test_an_invite_is_good_for_many_until_its_time_is_up(house: House) -> None:
    olga, key = await house.guest("Olga"), a_hash()
    made = await put(house, olga, key, days=1)
    assert await use(house, key) and await use(house, key)
    assert await listed(house) == [Invite(made.id, olga, house.clock(), made.until, 2)]
    house.clock.ms = made.until
    assert not await use(house, key)
    assert await listed(house) == []
    assert not await use(house, a_hash()), "nor is one good that never was"


async def test_an_invite_for_so_many_is_good_for_no_more(house: House) -> None:
    key = a_hash()
    await put(house, await house.guest("Olga"), key, max_uses=2)
    assert [await use(house, key) for _ in range(3)] == [True, True, False]
    [used_up] = await listed(house)
    assert (used_up.used, used_up.max_uses) == (2, 2), "it is still told who came"
    assert await house.database.read(invites.count, house.clock()) == 0


async def test_what_is_ended_on_one_server_lets_nobody_in_on_another(house: House, another: Another) -> None:
    other, key = await another(), a_hash()
    made = await put(house, await house.guest("Olga"), key)
    assert await use(other, key)
    assert (await house.committer.run(lambda tx: invites.end(tx, made.id))).used == 1
    assert not await use(other, key)
    assert await refusal(other.committer.run(lambda tx: invites.end(tx, made.id))) == "not_found"


async def test_an_invite_for_one_lets_one_in_by_however_many_servers(house: House, another: Another) -> None:
    other, key = await another(), a_hash()
    await put(house, await house.guest("Olga"), key, max_uses=1)
    answers = await asyncio.gather(*(use(server, key) for _ in range(5) for server in (house, other)))
    assert sorted(answers) == [*[False] * 9, True]


async def test_an_ended_invites_number_is_given_to_no_other(house: House) -> None:
    olga = await house.guest("Olga")
    first = await put(house, olga, a_hash())
    await house.committer.run(lambda tx: invites.end(tx, first.id))
    assert (await put(house, olga, a_hash())).id > first.id


async def test_who_is_to_make_none_leaves_none(house: House) -> None:
    olga, ben = await house.guest("Olga"), await house.guest("Ben")
    for by in (olga, ben, olga):
        await put(house, by, a_hash())
    await house.committer.run(lambda tx: invites.end_of(tx, olga.id))
    assert [invite.by for invite in await listed(house)] == [ben]


async def test_a_page_of_invites_begins_where_the_one_before_ended(house: House) -> None:
    olga = await house.guest("Olga")
    made = [(await put(house, olga, a_hash())).id for _ in range(3)]
    first = await house.database.read(invites.page, house.clock(), None, 2)
    rest = await house.database.read(invites.page, house.clock(), first[-1].id, 2)
    assert [invite.id for invite in first + rest] == made[::-1]


# Those of starts


async def test_however_often_a_server_starts_its_invites_are_few_and_the_last_is_good(house: House) -> None:
    keys = [await start(house) for _ in range(3 * invites.START_INVITES_KEPT)]
    assert len(await listed(house)) == invites.START_INVITES_KEPT
    assert [await use(house, key) for key in keys[-invites.START_INVITES_KEPT :]] == [True] * invites.START_INVITES_KEPT
    assert not await use(house, keys[0])


async def test_starts_end_no_invite_by_which_somebody_came_nor_a_keepers(house: House) -> None:
    keepers, known = a_hash(), await start(house)
    await put(house, await house.guest("Olga"), keepers)
    assert await use(house, known)
    for _ in range(3 * invites.START_INVITES_KEPT):
        await start(house)
    assert await use(house, known) and await use(house, keepers)


async def test_the_invites_of_the_last_starts_are_good_however_many_came_by_those_before(house: House) -> None:
    known = [await start(house) for _ in range(invites.START_INVITES_KEPT)]
    assert [await use(house, key) for key in known] == [True] * len(known)
    fresh = [await start(house) for _ in range(3 * invites.START_INVITES_KEPT)][-invites.START_INVITES_KEPT :]
    assert [await use(house, key) for key in fresh] == [True] * len(fresh)
    for _ in range(2):
        await start(house)
    assert len(await listed(house)) == invites.START_INVITES_KEPT + 2, "of those by which somebody came the last are kept as well"
    assert not await use(house, known[0])


async def test_a_start_with_a_wrong_clock_ends_no_more_than_one_with_a_right_one(house: House) -> None:
    known = await start(house)
    assert await use(house, known)
    fresh = [await start(house) for _ in range(invites.START_INVITES_KEPT - 1)]
    right = house.clock.ms
    house.clock.ms += 400 * DAY_MS
    await start(house)
    assert not await use(house, known)
    house.clock.ms = right
    assert [await use(house, key) for key in (known, *fresh)] == [True] * invites.START_INVITES_KEPT


async def test_only_what_is_over_is_forgotten(house: House) -> None:
    olga, key = await house.guest("Olga"), a_hash()
    used_up, over = await put(house, olga, key, max_uses=1), await put(house, olga, a_hash(), days=1)
    good = await put(house, olga, a_hash())
    assert await use(house, key)
    await house.committer.run(lambda tx: invites.forget(tx, over.until))
    house.clock.ms = 0
    assert [invite.id for invite in await listed(house)] == [good.id, used_up.id]
