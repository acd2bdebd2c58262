"""What a membership that is over may still read: up to its own `left`, without what was edited, and nothing once that was read."""

import pytest

from teahouse.model import Added, Edited, Left, Posted, Stretch, User
from teahouse.storage import log
from tests.storage.house import House


async def read(house: House, user: User, room: int, since: int, after: int, limit: int = 100) -> Stretch:
    head = await house.chat.head(room)
    return await house.database.read(log.read_as_member, user.id, since, room, after, head, limit)


def seqs(stretch: Stretch) -> list[int]:
    return [entry.seq for entry in stretch.entries]


async def added(house: House, inbox: int) -> list[Added]:
    return [entry.fact for entry in await house.entries(inbox) if isinstance(entry.fact, Added)]


@pytest.fixture
async def ben(house: House) -> User:
    return await house.guest("Ben")


async def test_a_member_reads_all_of_it_as_it_reads_now(house: House, ben: User) -> None:
    aiko = await house.guest("Aiko")
    room = await house.room(ben, aiko)
    since = house.chat.since(aiko)[room]
    said = await house.say(ben, room, "first")
    await house.chat.edit(ben, room, said, "second")

    stretch = await read(house, aiko, room, since, since)

    assert stretch.is_member
    assert [entry.fact for entry in stretch.entries] == [Posted("second", edited=True), Edited(said, "second")]


async def test_a_former_member_reads_up_to_their_own_left_without_what_was_edited(house: House, ben: User) -> None:
    aiko = await house.guest("Aiko")
    room = await house.room(ben, aiko)
    since = house.chat.since(aiko)[room]
    kept, changed = [await house.say(ben, room, text) for text in ("kept", "plain")]
    quoting = await house.say(ben, room, "quoting", reply_to=changed)
    await house.chat.edit(ben, room, changed, "early edit")
    left = await house.chat.remove_member(ben, room, aiko.id)
    await house.chat.edit(ben, room, changed, "a secret, @Ben")
    await house.say(ben, room, "not for Aiko")

    stretch = await read(house, aiko, room, since, since)

    assert not stretch.is_member
    assert seqs(stretch) == list(range(kept, left.seq + 1))
    by_seq = {entry.seq: entry.fact for entry in stretch.entries}
    assert by_seq[kept] == Posted("kept")
    assert by_seq[changed] == Posted("", edited=True)
    assert by_seq[quoting].reply_to.text == ""  # type: ignore[union-attr]
    assert by_seq[quoting + 1] == Edited(changed, "")
    assert isinstance(by_seq[left.seq], Left)
    assert "secret" not in str(stretch)


async def test_a_page_of_a_former_member_has_its_limit_and_goes_on(house: House, ben: User) -> None:
    aiko = await house.guest("Aiko")
    room = await house.room(ben, aiko)
    since = house.chat.since(aiko)[room]
    for n in range(5):
        await house.say(ben, room, f"{n}")
    left = await house.chat.remove_member(ben, room, aiko.id)
    first = await read(house, aiko, room, since, since, limit=3)
    rest = await read(house, aiko, room, since, first.entries[-1].seq)
    assert seqs(first) + seqs(rest) == list(range(since + 1, left.seq + 1))


@pytest.mark.parametrize("beyond", [0, 1, 5], ids=["at their left", "past it", "far past it"])
async def test_nothing_is_read_past_ones_own_left(house: House, ben: User, beyond: int) -> None:
    aiko = await house.guest("Aiko")
    room = await house.room(ben, aiko)
    since = house.chat.since(aiko)[room]
    left = await house.chat.remove_member(ben, room, aiko.id)
    for n in range(8):
        await house.say(ben, room, f"{n}")
    assert await read(house, aiko, room, since, left.seq + beyond) == Stretch([], False)


async def test_an_earlier_membership_reads_nothing_of_what_lies_between_or_of_a_later_one(house: House, ben: User) -> None:
    aiko = await house.guest("Aiko")
    room = await house.room(ben, aiko)
    first = house.chat.since(aiko)[room]
    left = await house.chat.remove_member(ben, room, aiko.id)
    await house.say(ben, room, "between")
    await house.chat.add_member(ben, room, aiko.id)
    second = house.chat.since(aiko)[room]
    await house.say(ben, room, "for a member")
    assert seqs(await read(house, aiko, room, first, first)) == list(range(first + 1, left.seq + 1))
    assert await read(house, aiko, room, first, left.seq) == Stretch([], False)
    assert (await read(house, aiko, room, second, second - 1)).is_member

    await house.chat.remove_member(ben, room, aiko.id)
    assert await read(house, aiko, room, first, left.seq) == Stretch([], False)
    assert not (await read(house, aiko, room, second, second - 1)).is_member


async def test_who_was_never_in_a_room_reads_nothing_whatever_membership_they_name(house: House, ben: User) -> None:
    cleo = await house.guest("Cleo")
    room = await house.room(ben)
    await house.say(ben, room, "not for Cleo")
    for since in range(4):
        assert await read(house, cleo, room, since, 0) == Stretch([], False)


async def test_an_old_added_does_not_tell_what_a_private_room_is_called_now(house: House, ben: User) -> None:
    aiko = await house.guest_identity("Aiko")
    room = await house.room(ben, aiko.user)
    public = await house.room(ben, aiko.user, kind="public")
    for one in (room, public):
        await house.chat.remove_member(ben, one, aiko.user.id)
        await house.chat.change_room(ben, one, f"Plans {one}", "a secret topic")

    names = {fact.room.id: (fact.room.name, fact.room.topic) for fact in await added(house, aiko.inbox)}
    assert (names[room], names[public]) == (("", ""), (f"Plans {public}", "a secret topic"))

    await house.chat.add_member(ben, room, aiko.user.id)
    assert {fact.room.name for fact in await added(house, aiko.inbox) if fact.room.id == room} == {f"Plans {room}"}
