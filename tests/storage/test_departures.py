"""Who goes for good is out of all rooms at once, however many they are; the rooms are told in slices, which survive a restart."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from teahouse.auth import Identity
from teahouse.clearing import tell_some
from teahouse.model import LOBBY, Draft, Left, Posted, User
from teahouse.moderation import CONSOLE
from teahouse.storage import clearings, departures, people, rooms
from teahouse.storage.departures import ROOMS_AT_ONCE
from teahouse.storage.tables import members
from tests.storage.conftest import Another
from tests.storage.house import House, peace, refusal

ROOMS = 25
"""More than two slices."""


async def in_many_rooms(house: House) -> tuple[Identity, list[int]]:
    """Somebody who is in many rooms, and these rooms, the lobby first."""
    owner, gus = await house.guest("Owner"), await house.guest_identity("Gus")
    return gus, [LOBBY, *[await house.room(owner, gus.user) for _ in range(ROOMS - 1)]]


def told(house: House, user: User) -> list[int]:
    return [entry.log for entry in house.announced if isinstance(entry.fact, Left) and entry.fact.user.id == user.id]


async def memberships(house: House, user: User) -> int:
    counted = select(func.count()).select_from(members).where(members.c.user_id == user.id)
    return int(await house.database.read(lambda connection: connection.scalar(counted)) or 0)


@pytest.mark.parametrize("by", ["sign_out", "end_sessions"])
async def test_who_goes_is_out_of_all_rooms_at_once_and_their_name_is_free(house: House, by: str) -> None:
    gus, inside = await in_many_rooms(house)
    await house.follower.follow()
    await (house.auth.sign_out(gus.session) if by == "sign_out" else house.moderation.end_sessions(CONSOLE, gus.user.id))
    assert await memberships(house, gus.user) == 0 and not house.roster.rooms_of(gus.user.id)
    assert (await house.auth.sign_in("Gus", "f01"))[1].user.id != gus.user.id
    owner = next(iter(house.roster.seats(inside[-1]))).user
    assert await refusal(house.chat.add_member(owner, inside[-1], gus.user.id)) == "not_found"
    late = house.committer.append(Draft(inside[-1], gus.user, Posted("on its way when the session ended"), "late"))
    assert await refusal(late) in ("not_member", "not_found")


async def test_a_crowd_that_leaves_goes_one_by_one_and_a_post_goes_in_between(house: House) -> None:
    writer = await house.guest("Writer")
    crowd = [await house.guest_identity(f"Guest {n}") for n in range(5)]
    leaving = [asyncio.create_task(house.auth.sign_out(each.session)) for each in crowd]
    await asyncio.sleep(0)
    await house.say(writer, LOBBY, "goodbye")
    assert sum(len(told(house, each.user)) for each in crowd) <= 2, "those who went before it"
    await asyncio.gather(*leaving)
    assert [told(house, each.user) for each in crowd] == [[LOBBY]] * 5


async def test_rooms_are_told_in_slices_and_each_of_them_once(house: House) -> None:
    gus, inside = await in_many_rooms(house)
    await house.auth.sign_out(gus.session)
    assert told(house, gus.user) == inside[:ROOMS_AT_ONCE]
    assert await house.committer.run(departures.go_on)
    assert told(house, gus.user) == inside[: 2 * ROOMS_AT_ONCE]
    assert await house.committer.run(departures.go_on)
    assert told(house, gus.user) == inside
    assert not await house.database.read(departures.waits) and not await house.committer.run(departures.go_on)


async def test_whoever_is_in_few_rooms_has_nothing_left_to_tell(house: House) -> None:
    gus = await house.guest_identity("Gus")
    await house.auth.sign_out(gus.session)
    assert told(house, gus.user) == [LOBBY]
    assert not await house.database.read(departures.waits)


async def test_direct_rooms_keep_their_two_people(house: House) -> None:
    gus, _ = await in_many_rooms(house)
    direct = (await house.chat.open_direct(await house.guest("Mia"), gus.user.id)).room.id
    await house.auth.sign_out(gus.session)
    while await tell_some(house.database, house.committer):
        pass
    assert house.roster.rooms_of(gus.user.id) == {direct} and direct not in told(house, gus.user)
    assert await house.database.read(rooms.member_role, gus.user.id, direct) == "member"


async def test_rooms_and_what_keepers_erase_have_a_slice_each_in_turn(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what is asked for while the other goes on: a keeper does not wait until thousands of rooms are told."""
    monkeypatch.setattr("teahouse.clearing.SLICE_S", 0)
    monkeypatch.setattr(departures, "ROOMS_AT_ONCE", 2)
    keeper, (gus, inside), ben = peace(house), await in_many_rooms(house), await house.guest("Ben")
    for _ in range(5):
        await house.say(ben, LOBBY, "rubbish")
    await keeper.start()
    await house.auth.sign_out(gus.session)
    await keeper.moderation.remove_messages(CONSOLE, ben.id, 0)
    monkeypatch.setattr(keeper._follower, "is_clearing", False)  # it is heard of after the first rooms were told
    done: list[str] = []

    def noted(kind: str, go_on: Callable[..., bool]) -> Callable[..., bool]:
        def slice_of_it(*given: Any, **more: Any) -> bool:
            done.append(kind)
            keeper._follower.is_clearing = True
            return go_on(*given, **more)

        return slice_of_it

    monkeypatch.setattr(departures, "go_on", noted("tell", departures.go_on))
    monkeypatch.setattr(clearings, "go_on", noted("erase", clearings.go_on))
    await keeper.clear()
    assert done[:10] == ["tell", "erase"] * 5
    assert told(house, gus.user) == inside
    assert [one.text for one in (await house.chat.page(ben, LOBBY)).messages] == [""] * 5


async def test_another_server_goes_on_where_one_ended(house: House, another: Another) -> None:
    gus, inside = await in_many_rooms(house)
    await house.auth.sign_out(gus.session)
    other = await another()
    assert not other.roster.rooms_of(gus.user.id), "though not every room has been told"
    await peace(other).clear()
    assert told(other, gus.user) == inside[ROOMS_AT_ONCE:]


async def test_a_bans_end_takes_out_who_was_kept_by_nothing_else(house: House) -> None:
    gus, inside = await in_many_rooms(house)
    await house.moderation.ban(CONSOLE, user=gus.user.id, minutes=1)
    await house.auth.sign_out(gus.session)
    assert await memberships(house, gus.user) == len(inside)
    house.clock.ms += 60_000
    await house.moderation.end_bans()
    assert await memberships(house, gus.user) == 0 and await house.database.read(people.has_gone, gus.user.id)
    while await tell_some(house.database, house.committer):
        pass
    assert told(house, gus.user) == inside and not house.roster.rooms_of(gus.user.id)
