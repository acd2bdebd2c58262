"""Nobody is put anywhere without end, and whoever was put out of a room comes back only through somebody who manages it."""

import asyncio
from typing import Any

import pytest

from teahouse.model import LOBBY, User
from teahouse.pace import LATELY_MS, GatheringLimits
from teahouse.storage import people, put_out, rooms
from teahouse.storage.log import Transaction
from tests.storage.house import UNHURRIED, House, living, refusal

FEW = 5


def slow(**limits: int) -> GatheringLimits:
    """Limits of which only these are ever met."""
    return GatheringLimits(**{name: getattr(UNHURRIED, name) for name in GatheringLimits.__struct_fields__} | limits)


async def outcomes(tries: list[Any]) -> list[str]:
    """Try one after the other; `done` or the code of each refusal."""
    found = []
    for one in tries:
        try:
            await one
            found.append("done")
        except Exception as error:
            found.append(error.code)  # type: ignore[attr-defined]
    return found


async def keeper(house: House) -> User:
    return (await house.auth.sign_in("Olga", "f01", owner_key=await house.auth.make_owner_key()))[1].user


# Put out


@pytest.mark.parametrize("kind", ["public", "private"])
async def test_only_who_manages_a_room_brings_back_someone_put_out_of_it(house: House, kind: str) -> None:
    aiko, ben, carl = await house.guest("Aiko"), await house.guest("Ben"), await house.guest("Carl")
    room = await house.room(aiko, ben, carl, kind=kind)
    await house.chat.remove_member(aiko, room, carl.id)
    assert await refusal(house.chat.add_member(ben, room, carl.id)) == "put_out"
    assert await refusal(house.chat.join(carl, room)) == ("put_out" if kind == "public" else "not_found")
    assert house.roster.seat(carl.id, room) is None
    assert await house.chat.add_member(aiko, room, carl.id) is not None
    await house.chat.leave(carl, room)
    assert await house.chat.add_member(ben, room, carl.id) is not None, "who was let in again is as free as anyone"


async def test_a_keeper_of_the_house_brings_back_as_a_member_of_the_room(house: House) -> None:
    aiko, ben, olga = await house.guest("Aiko"), await house.guest("Ben"), await keeper(house)
    room = await house.room(aiko, ben, olga)
    await house.chat.remove_member(aiko, room, ben.id)
    assert await house.chat.add_member(olga, room, ben.id) is not None


async def test_a_guest_shuts_no_keeper_of_the_house_out_of_a_room(house: House) -> None:
    aiko, olga, adam = await house.guest("Aiko"), await keeper(house), await house.guest("Adam")
    await house.committer.run(lambda tx: people.set_role(tx, adam.id, "admin"))
    room = await house.room(aiko, olga, adam, kind="public")
    assert await outcomes([house.chat.remove_member(aiko, room, one.id) for one in (olga, adam)]) == ["not_allowed"] * 2
    adam = await house.database.read(people.get, adam.id)
    assert await outcomes([house.chat.remove_member(adam, room, one.id) for one in (olga, aiko)]) == ["not_allowed", "done"]
    assert await house.chat.remove_member(olga, room, adam.id) is not None
    private = await house.room(aiko, adam)
    assert await house.chat.remove_member(aiko, private, adam.id) is not None, "who listens there is its owner's to choose"


async def test_who_was_put_out_by_one_of_a_higher_rank_is_brought_back_by_nobody_below(house: House) -> None:
    aiko, olga, adam = await house.guest("Aiko"), await keeper(house), await house.guest("Adam")
    room = await house.room(aiko, olga, adam, kind="public")
    await house.committer.run(lambda tx: people.set_role(tx, adam.id, "admin"))
    await house.chat.remove_member(olga, room, adam.id)
    assert await outcomes([house.chat.join(adam, room), house.chat.add_member(aiko, room, adam.id)]) == ["put_out"] * 2
    assert await outcomes([house.chat.add_member(olga, room, adam.id)]) == ["done"]


async def test_a_keeper_of_the_house_comes_back_into_a_public_room_by_themselves(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    public, private = await house.room(aiko, ben, kind="public"), await house.room(aiko, ben)
    for room in (public, private):
        await house.chat.remove_member(aiko, room, ben.id)
    assert await outcomes([house.chat.join(ben, public)]) == ["put_out"]
    await house.committer.run(lambda tx: people.set_role(tx, ben.id, "admin"))
    assert await outcomes([house.chat.join(ben, public), house.chat.join(ben, private)]) == ["done", "not_found"]


async def test_who_leaves_by_themselves_comes_back_by_themselves(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben, kind="public")
    await house.chat.leave(ben, room)
    assert (await house.chat.join(ben, room)).room.id == room


async def test_who_was_put_out_stays_out_after_a_restart_and_on_another_server(house: House, another: Any) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben, kind="public")
    await house.chat.remove_member(aiko, room, ben.id)
    again = await another()
    assert await refusal(again.chat.join(ben, room)) == "put_out"


async def test_being_put_out_is_stored_with_the_entry_that_says_so_or_not_at_all(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben, kind="public")

    def half(tx: Transaction) -> None:
        rooms.take_out(tx, aiko, ben, room)
        people.get(tx.connection, 999)  # refuses, as a process that is killed leaves the transaction

    assert await refusal(house.committer.run(half)) == "not_found"
    assert not await house.database.read(put_out.holds, ben.id, room)
    await house.chat.remove_member(aiko, room, ben.id)
    assert await house.database.read(put_out.holds, ben.id, room)


async def test_no_road_into_a_room_passes_by_the_record(house: House) -> None:
    """Doors and the house itself let people in by the same function, with whoever comes as the one who acts."""
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben, kind="public")
    await house.chat.remove_member(aiko, room, ben.id)
    assert await refusal(house.committer.run(lambda tx: rooms.add(tx, ben, ben, room))) == "put_out"


async def test_who_was_put_out_a_moment_ago_brings_nobody_in(house: House) -> None:
    aiko, ben, carl = await house.guest("Aiko"), await house.guest("Ben"), await house.guest("Carl")
    room = await house.room(aiko, ben)
    putting_out = house.committer.run(lambda tx: rooms.take_out(tx, aiko, ben, room))
    assert await refusal(house.chat.add_member(ben, room, carl.id)) == "not_found"
    await putting_out


@pytest.mark.parametrize("kind", ["public", "private"])
async def test_who_left_a_moment_before_is_kept_out_all_the_same(house: House, kind: str) -> None:
    aiko, ben, pest = await house.guest("Aiko"), await house.guest("Ben"), await house.guest("Pest")
    room = await house.room(aiko, ben, pest, kind=kind)
    await house.chat.leave(pest, room)
    head = await house.chat.head(room)
    assert [await house.chat.remove_member(aiko, room, pest.id) for _ in range(2)] == [None, None]
    assert await house.chat.head(room) == head, "nobody's list of members changed"
    assert await refusal(house.chat.add_member(ben, room, pest.id)) == "put_out"
    assert await refusal(house.chat.join(pest, room)) == ("put_out" if kind == "public" else "not_found")
    assert await refusal(house.chat.remove_member(ben, room, pest.id)) == "not_allowed"
    assert await house.chat.add_member(aiko, room, pest.id) is not None


async def test_nobody_keeps_out_whom_they_could_not_put_out(house: House) -> None:
    aiko, olga, ben = await house.guest("Aiko"), await keeper(house), await house.guest("Ben")
    room, olgas = await house.room(aiko, olga, kind="public"), await house.room(olga, kind="public")
    await house.chat.leave(olga, room)
    assert await refusal(house.chat.remove_member(aiko, room, olga.id)) == "not_allowed"
    assert await refusal(house.chat.remove_member(aiko, olgas, ben.id)) == "not_member"
    direct = (await house.chat.open_direct(aiko, ben.id)).room.id
    assert await outcomes([house.chat.remove_member(aiko, place, aiko.id) for place in (LOBBY, direct)]) == ["not_allowed"] * 2


async def test_who_keeps_somebody_out_changes_nothing_of_what_one_of_a_higher_rank_did(house: House) -> None:
    aiko, olga, ben = await house.guest("Aiko"), await keeper(house), await house.guest("Ben")
    room = await house.room(aiko, olga, ben, kind="public")
    await house.chat.remove_member(olga, room, ben.id)
    await house.chat.remove_member(aiko, room, ben.id)
    assert await refusal(house.chat.add_member(aiko, room, ben.id)) == "put_out"
    await house.chat.add_member(olga, room, ben.id)
    for one in (aiko, olga):
        await house.chat.remove_member(one, room, ben.id)
    assert await refusal(house.chat.add_member(aiko, room, ben.id)) == "put_out", "what one of a higher rank says holds from then on"


async def test_people_are_kept_out_at_a_pace(house: House) -> None:
    async with living(str(house.database.url), gathering=slow(additions_per_minute_per_user=FEW)) as slowly:
        crowd = [await slowly.guest(f"Guest {n}") for n in range(FEW + 2)]
        aiko = await slowly.guest("Aiko")
        room = await slowly.room(aiko, kind="public")
        await slowly.chat.join(crowd[0], room)
        kept_out = [slowly.chat.remove_member(aiko, room, one.id) for one in (*crowd[1:FEW], crowd[1], *crowd[FEW:])]
        assert await outcomes(kept_out) == ["done"] * (FEW + 1) + ["too_much"], "a repetition is free"
        assert await outcomes([slowly.chat.remove_member(aiko, room, crowd[0].id)]) == ["done"], "who is there is put out at any time"


@pytest.mark.parametrize("act", ["change_room", "set_robot", "remove_member"])
async def test_who_was_put_out_a_moment_ago_manages_nothing(house: House, act: str) -> None:
    olga, adam, ben = await keeper(house), await house.guest("Adam"), await house.guest("Ben")
    await house.committer.run(lambda tx: people.set_role(tx, adam.id, "admin"))
    adam = await house.database.read(people.get, adam.id)
    room = await house.room(olga, adam, ben)
    putting_out = house.committer.run(lambda tx: rooms.take_out(tx, olga, adam, room))
    acts = {
        "change_room": house.chat.change_room(adam, room, "Adam was here", None),
        "set_robot": house.chat.set_robot(adam, room, "never"),
        "remove_member": house.chat.remove_member(adam, room, ben.id),
    }
    wanted = acts.pop(act)
    for other in acts.values():
        other.close()
    assert await refusal(wanted) == "not_found"
    await putting_out


async def test_who_is_no_keeper_since_a_moment_manages_nothing(house: House) -> None:
    aiko, adam = await house.guest("Aiko"), await house.guest("Adam")
    await house.committer.run(lambda tx: people.set_role(tx, adam.id, "admin"))
    adam = await house.database.read(people.get, adam.id)
    room = await house.room(aiko, adam)
    await house.committer.run(lambda tx: people.set_role(tx, adam.id, "guest"))
    assert await refusal(house.chat.change_room(adam, room, "Adam was here", None)) == "not_allowed"


# How fast


async def test_rooms_are_made_at_a_pace(house: House) -> None:
    async with living(str(house.database.url), gathering=slow(rooms_per_hour_per_user=FEW)) as slowly:
        aiko, ben = await slowly.guest("Aiko"), await slowly.guest("Ben")
        made = [slowly.chat.create_room(aiko, "private", "Room", "", f"c{n}") for n in range(FEW + 2)]
        assert await outcomes(made) == ["done"] * FEW + ["too_much"] * 2
        assert await outcomes([slowly.chat.create_room(ben, "private", "Room", "", "c")]) == ["done"], "one takes nothing from another"
        slowly.clock.ms += 3_600_000 // FEW
        assert await outcomes([slowly.chat.create_room(aiko, "private", "Room", "", "later")]) == ["done"]


async def test_rooms_are_made_up_to_a_number_whether_one_stays_in_them_or_not(house: House) -> None:
    async with living(str(house.database.url), gathering=slow(rooms_made_per_user=2)) as small:
        aiko, olga = await small.guest("Aiko"), await keeper(small)
        await small.chat.leave(aiko, await small.room(aiko))
        made = [small.chat.create_room(aiko, "private", "Room", "", f"c{n}") for n in range(2)]
        assert await outcomes(made) == ["done", "not_allowed"]
        assert await outcomes([small.chat.create_room(aiko, "private", "Room", "", "c0")]) == ["done"], "a repetition makes nothing"
        assert await outcomes([small.chat.create_room(olga, "private", "Room", "", f"o{n}") for n in range(3)]) == ["done"] * 3
        assert await outcomes([small.chat.open_direct(aiko, olga.id)]) == ["done"]


async def test_one_person_is_not_in_rooms_without_end_and_may_leave_one_for_another(house: House) -> None:
    async with living(str(house.database.url), gathering=slow(rooms_per_user=3)) as small:
        aiko, ben, olga = await small.guest("Aiko"), await small.guest("Ben"), await keeper(small)
        public = [await small.room(olga, kind="public") for _ in range(3)]
        await small.room(ben, aiko)
        await small.chat.open_direct(aiko, ben.id)
        assert await outcomes([small.chat.join(aiko, room) for room in public]) == ["done", "done", "not_allowed"], "with the lobby"
        assert await outcomes([small.chat.create_room(aiko, "private", "Room", "", "c")]) == ["not_allowed"]
        await small.chat.leave(aiko, public[0])
        assert await outcomes([small.chat.join(aiko, public[2]), small.chat.join(aiko, public[1])]) == ["done", "done"], "is in it"
        assert await outcomes([small.room(olga, kind="public")]) == ["done"], "keepers know what they do"


async def test_who_joins_the_last_room_that_fits_twice_at_once_is_in_it(house: House) -> None:
    async with living(str(house.database.url), gathering=slow(rooms_per_user=2, joins_per_minute_per_user=2)) as small:
        aiko, ben = await small.guest("Aiko"), await small.guest("Ben")
        room = await small.room(ben, kind="public")
        one, other = await asyncio.gather(small.chat.join(aiko, room), small.chat.join(aiko, room))
        assert one.since == other.since
        await small.chat.leave(aiko, room)
        assert await outcomes([small.chat.join(aiko, room)]) == ["done"], "what changed nothing used nothing up"


async def test_one_person_is_not_put_into_rooms_without_end(house: House) -> None:
    async with living(str(house.database.url), gathering=slow(adders_per_hour_per_user=FEW)) as slowly:
        crowd = [await slowly.guest(f"Guest {n}") for n in range(FEW + 2)]
        target, olga = await slowly.guest("Target"), await keeper(slowly)
        places = [await slowly.room(one) for one in (*crowd, olga)]
        tries = [slowly.chat.add_member(one, room, target.id) for one, room in zip(crowd, places[:-1], strict=True)]
        assert await outcomes(tries) == ["done"] * FEW + ["too_much"] * 2, "however many put them there"
        assert await outcomes([slowly.chat.add_member(crowd[0], places[0], target.id)]) == ["done"], "they are in it already"
        assert await outcomes([slowly.chat.add_member(olga, places[-1], target.id)]) == ["done"], "a keeper reaches everybody"
        assert await outcomes([slowly.chat.open_direct(crowd[-1], target.id)]) == ["done"], "and everybody may write to them"


async def test_who_puts_somebody_in_and_out_uses_up_what_is_theirs(house: House) -> None:
    limits = slow(additions_per_hour_of_one_user=FEW, adders_per_hour_per_user=2)
    async with living(str(house.database.url), gathering=limits) as slowly:
        pest, ben, target = [await slowly.guest(name) for name in ("Pest", "Ben", "Target")]
        room, bens = await slowly.room(pest), await slowly.room(ben)
        for _ in range(FEW):
            await slowly.chat.add_member(pest, room, target.id)
            await slowly.chat.remove_member(pest, room, target.id)
        assert await outcomes([slowly.chat.add_member(pest, room, target.id)]) == ["too_much"]
        olga = await keeper(slowly)
        olgas = [await slowly.room(olga) for _ in range(FEW + 1)]
        assert await outcomes([slowly.chat.add_member(olga, each, target.id) for each in olgas]) == ["done"] * (FEW + 1)
        assert await outcomes([slowly.chat.add_member(ben, bens, target.id), slowly.chat.open_direct(ben, target.id)]) == ["done"] * 2


async def test_the_robot_is_let_in_and_written_to_however_often_others_did(house: House) -> None:
    limits = slow(adders_per_hour_per_user=1, additions_per_hour_of_one_user=1, rooms_by_one_other_per_user=1, rooms_by_others_per_user=1)
    async with living(str(house.database.url), gathering=limits) as slowly:
        robot = await slowly.database.read(people.find_bot)
        assert robot is not None
        slowly.chat.robots = [robot[0]]
        for name in ("Aiko", "Ben"):
            guest = await slowly.guest(name)
            places = [await slowly.room(guest) for _ in range(2)]
            tries = [slowly.chat.add_member(guest, room, robot[0].id) for room in places]
            assert await outcomes([*tries, slowly.chat.open_direct(guest, robot[0].id)]) == ["done"] * 3


async def test_what_is_refused_or_was_done_already_uses_nothing_up(house: House) -> None:
    twos = dict.fromkeys(GatheringLimits.__struct_fields__, 2) | {"rooms_per_user": 10}
    async with living(str(house.database.url), gathering=GatheringLimits(**twos)) as few:
        aiko, ben, carl = [await few.guest(name) for name in ("Aiko", "Ben", "Carl")]
        room = (await few.chat.create_room(aiko, "public", "Den", "", "den")).room.id
        assert await outcomes([few.chat.create_room(aiko, "public", "den", "", f"again{n}") for n in range(3)]) == ["name_taken"] * 3
        await few.chat.create_room(aiko, "private", "Attic", "", "attic")
        assert await outcomes([few.chat.create_room(aiko, "private", "Attic", "", "attic") for _ in range(3)]) == ["done"] * 3
        assert await outcomes([few.chat.open_direct(aiko, aiko.id) for _ in range(3)]) == ["conflict"] * 3
        assert await outcomes([few.chat.add_member(aiko, room, 999) for _ in range(3)]) == ["not_found"] * 3
        await few.chat.add_member(aiko, room, ben.id)
        await few.chat.remove_member(aiko, room, ben.id)
        assert await outcomes([few.chat.join(ben, room) for _ in range(3)]) == ["put_out"] * 3
        assert await outcomes([few.chat.add_member(aiko, room, one.id) for one in (carl, carl)]) == ["done"] * 2
        assert await outcomes([few.chat.change_room(aiko, room, "Den", None) for _ in range(3)]) == ["done"] * 3
        rest = [
            few.chat.set_robot(aiko, room, "never"),
            few.chat.change_room(aiko, room, None, "t"),
            few.chat.set_robot(aiko, room, "mention"),
        ]
        assert await outcomes(rest) == ["done", "done", "too_much"]


async def test_one_person_brings_others_in_at_a_pace(house: House) -> None:
    async with living(str(house.database.url), gathering=slow(additions_per_minute_per_user=FEW)) as slowly:
        crowd = [await slowly.guest(f"Guest {n}") for n in range(FEW + 1)]
        aiko = await slowly.guest("Aiko")
        room = await slowly.room(aiko)
        assert await outcomes([slowly.chat.add_member(aiko, room, one.id) for one in crowd]) == ["done"] * FEW + ["too_much"]


async def test_rooms_by_others_doing_are_bounded_and_can_be_left(house: House) -> None:
    async with living(str(house.database.url), gathering=slow(rooms_by_one_other_per_user=2)) as small:
        aiko, ben = await small.guest("Aiko"), await small.guest("Ben")
        one, two, three = [await small.room(aiko, kind="public") for _ in range(3)]
        tries = [small.chat.add_member(aiko, room, ben.id) for room in (one, two, three)]
        assert await outcomes(tries) == ["done", "done", "not_allowed"]
        assert small.roster.seat(ben.id, three) is None
        await small.chat.join(ben, three)
        await small.chat.leave(ben, one)
        assert await outcomes([small.chat.add_member(aiko, one, ben.id)]) == ["done"]


async def test_rooms_that_strangers_filled_leave_a_way_to_everybody_else(house: House) -> None:
    async with living(str(house.database.url), gathering=slow(rooms_by_others_per_user=2)) as small:
        pest, ben, target, olga = [await small.guest(name) for name in ("Pest", "Ben", "Target")] + [await keeper(small)]
        junk = [await small.room(pest) for _ in range(3)]
        assert await outcomes([small.chat.add_member(pest, room, target.id) for room in junk]) == ["done", "done", "not_allowed"]
        bens, olgas = [await small.room(ben) for _ in range(2)], [await small.room(olga) for _ in range(2)]
        assert await outcomes([small.chat.add_member(ben, room, target.id) for room in bens]) == ["done", "not_allowed"]
        assert await outcomes([small.chat.add_member(olga, room, target.id) for room in olgas]) == ["done"] * 2


async def test_direct_rooms_are_opened_at_a_pace_and_found_again_at_any(house: House) -> None:
    async with living(str(house.database.url), gathering=slow(directs_per_hour_per_user=FEW)) as slowly:
        crowd = [await slowly.guest(f"Guest {n}") for n in range(FEW + 1)]
        aiko = await slowly.guest("Aiko")
        assert await outcomes([slowly.chat.open_direct(aiko, one.id) for one in crowd]) == ["done"] * FEW + ["too_much"]
        assert await outcomes([slowly.chat.open_direct(aiko, crowd[0].id)]) == ["done"]


@pytest.mark.parametrize("what", ["rooms", "directs", "directs with one"])
async def test_guests_of_one_network_make_no_more_than_one_guest_would_at_most(house: House, what: str) -> None:
    limit = {
        "rooms": "rooms_per_hour_per_address",
        "directs": "directs_per_hour_per_address",
        "directs with one": "directs_per_hour_with_one_user_per_address",
    }
    async with living(str(house.database.url), gathering=slow(**{limit[what]: FEW})) as slowly:
        target, olga = await slowly.guest("Target"), await keeper(slowly)
        others = [target] * 99 if what == "directs with one" else [await slowly.guest(f"Other {n}") for n in range(FEW + 3)]

        def make(user: User, n: int) -> Any:
            return (
                slowly.chat.create_room(user, "private", "Room", "", f"c{n}")
                if what == "rooms"
                else slowly.chat.open_direct(user, others[n].id)
            )

        crowd = [await slowly.guest(f"Throw-away {n}") for n in range(FEW + 1)]
        slowly.networks |= {one.id: "203.0.113.7" for one in (*crowd, olga)}
        assert await outcomes([make(one, n) for n, one in enumerate(crowd)]) == ["done"] * FEW + ["too_much"]
        assert await outcomes([make(crowd[0], 0)]) == ["done"], "it is there already"
        near, unknown = await slowly.guest("Near"), await slowly.guest("Unknown")
        slowly.networks[near.id] = "198.51.100.3"
        assert await outcomes([make(one, FEW + 1) for one in (near, unknown, olga)]) == ["done"] * 3
        if what == "directs with one":
            assert await outcomes([slowly.chat.open_direct(crowd[-1], near.id)]) == ["done"], "others are written to as before"
        slowly.clock.ms += 3_600_000 // FEW
        assert await outcomes([make(crowd[-1], FEW + 2)]) == ["done"]


async def test_throw_away_guests_shut_nobody_out_who_was_there_before(house: House) -> None:
    few = slow(rooms_per_hour_per_address=2, directs_per_hour_per_address=2, directs_per_hour_with_one_user_per_address=2)
    async with living(str(house.database.url), gathering=few) as slowly:
        old, target = await slowly.guest("Old"), await slowly.guest("Target")
        slowly.clock.ms += LATELY_MS
        crowd = [await slowly.guest(f"Guest {n}") for n in range(3)]
        slowly.networks |= {one.id: "203.0.113.7" for one in (*crowd, old)}
        assert await outcomes([slowly.chat.open_direct(one, target.id) for one in (*crowd, old)]) == ["done", "done", "too_much", "done"]
        rooms_made = [slowly.chat.create_room(one, "private", "Room", "", "room") for one in (*crowd, old, old)]
        assert await outcomes(rooms_made) == ["done", "done", "too_much", "done", "done"]


async def test_a_refusal_by_the_network_uses_up_nothing_of_ones_own(house: House) -> None:
    limits = slow(directs_per_hour_per_user=1, directs_per_hour_per_address=1, directs_per_hour_with_one_user_per_address=1)
    async with living(str(house.database.url), gathering=limits) as slowly:
        aiko, ben, carl = [await slowly.guest(name) for name in ("Aiko", "Ben", "Carl")]
        slowly.networks |= {aiko.id: "203.0.113.7", ben.id: "203.0.113.7"}
        assert await outcomes([slowly.chat.open_direct(one, carl.id) for one in (aiko, ben)]) == ["done", "too_much"]
        slowly.networks[ben.id] = "198.51.100.3"
        assert await outcomes([slowly.chat.open_direct(ben, carl.id)]) == ["done"]


async def test_joining_and_changing_rooms_have_their_pace(house: House) -> None:
    async with living(str(house.database.url), gathering=slow(joins_per_minute_per_user=2, room_changes_per_minute_per_user=2)) as slowly:
        aiko, ben = await slowly.guest("Aiko"), await slowly.guest("Ben")
        room = await slowly.room(aiko, kind="public")
        flapping = []
        for _ in range(3):
            flapping += [slowly.chat.join(ben, room), slowly.chat.leave(ben, room)]
        assert await outcomes(flapping) == ["done"] * 4 + ["too_much", "not_member"]
        changes = [slowly.chat.change_room(aiko, room, None, f"topic {n}") for n in range(3)]
        assert await outcomes([*changes, slowly.chat.set_robot(aiko, room, "never")]) == ["done", "done", "too_much", "too_much"]


async def test_someone_put_in_a_room_may_always_leave(house: House) -> None:
    async with living(str(house.database.url), gathering=slow(joins_per_minute_per_user=1, room_changes_per_minute_per_user=1)) as slowly:
        aiko, ben = await slowly.guest("Aiko"), await slowly.guest("Ben")
        places = [await slowly.room(aiko, ben) for _ in range(20)]
        assert await outcomes([slowly.chat.leave(ben, room) for room in places]) == ["done"] * 20
        assert slowly.roster.rooms_of(ben.id) == {LOBBY}


async def test_reactions_have_the_pace_of_messages(house: House) -> None:
    async with living(str(house.database.url), burst=4) as slowly:
        aiko = await slowly.guest("Aiko")
        seq = await slowly.say(aiko, LOBBY, "hello")
        flapping = [slowly.chat.react(aiko, LOBBY, seq, "👍", on) for on in (True, False, True, False)]
        assert await outcomes(flapping) == ["done"] * 3 + ["too_much"]
