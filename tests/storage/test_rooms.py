"""Rooms, memberships and read marks as the database keeps them."""

import asyncio
import threading
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from teahouse.model import LOBBY, Added, Joined, Left, Read, Removed, Standing, User
from teahouse.storage import rooms, tables
from teahouse.storage.log import Transaction
from tests.storage.conftest import Another
from tests.storage.house import House, refusal
from tests.support.patience import PATIENCE_S

WAITING_HERE = """SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE NOT granted AND pg_stat_activity.datname = current_database()"""
"""Who waits for a lock in this database; others of the same PostgreSQL wait for their own reasons."""


async def standing(house: House, user: User, room: int) -> Standing:
    return await house.database.read(rooms.standing, user.id, room)


async def test_joining_is_an_entry_of_the_room_and_of_the_inbox(house: House) -> None:
    aiko, ben = await house.guest_identity("Aiko"), await house.guest_identity("Ben")
    room = await house.room(aiko.user)
    joined = await house.chat.add_member(aiko.user, room, ben.user.id)
    assert joined is not None and joined.fact == Joined(ben.user) and joined.by == aiko.user
    assert (await house.entries(room))[-1] == joined
    added = (await house.entries(ben.inbox))[-1].fact
    assert isinstance(added, Added) and (added.room.id, added.since) == (room, joined.seq)


async def test_a_second_joining_changes_nothing(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    house.announced.clear()
    assert await house.chat.add_member(aiko, room, ben.id) is None
    assert house.announced == []


async def test_a_membership_that_begins_anew_begins_at_its_new_joining(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    left = await house.chat.remove_member(aiko, room, ben.id)
    assert left.fact == Left(ben)
    joined = await house.chat.add_member(aiko, room, ben.id)
    assert joined is not None
    assert (await standing(house, ben, room)).since == joined.seq == left.seq + 1


async def test_nobody_leaves_twice(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben, kind="public")
    first, second = (asyncio.ensure_future(house.chat.leave(ben, room)) for _ in range(2))
    assert (await first).fact == Left(ben)
    assert await refusal(second) == "not_found"


async def test_two_people_have_one_direct_room_and_each_sees_the_other(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    one, two = await asyncio.gather(house.chat.open_direct(aiko, ben.id), house.chat.open_direct(ben, aiko.id))
    assert one.room.id == two.room.id
    assert (one.room.peer, two.room.peer) == (ben, aiko)
    assert (await house.chat.open_direct(aiko, ben.id)).room == one.room


async def test_two_servers_make_one_direct_room_of_the_same_two(house: House, another: Another) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    other = await another()
    one, two = await asyncio.gather(house.chat.open_direct(aiko, ben.id), other.chat.open_direct(ben, aiko.id))
    assert one.room.id == two.room.id


async def test_a_public_room_has_its_name_for_itself_and_a_private_one_does_not(house: House) -> None:
    aiko = await house.guest("Aiko")
    tea = (await house.chat.create_room(aiko, "public", "Tea", "", "c1")).room.id
    cake = (await house.chat.create_room(aiko, "public", "Cake", "", "c2")).room.id
    assert await refusal(house.chat.create_room(aiko, "public", "ＴＥＡ", "", "c3")) == "name_taken"
    assert await refusal(house.chat.change_room(aiko, cake, "tea", None)) == "name_taken"
    assert await house.chat.change_room(aiko, tea, "TEA", None) is not None
    for n in range(2):
        await house.chat.create_room(aiko, "private", "Tea", "", f"p{n}")


async def nod(house: House, user: User, room: int, times: int) -> None:
    """Let somebody react and take it back, on and on, without the time that it takes them."""

    def store(tx: Transaction) -> None:
        head = tx.connection.scalar(select(tables.logs.c.head).where(tables.logs.c.id == room)) or 0
        fields = {"log_id": room, "at": 0, "author_id": user.id, "kind": "reacted", "message_seq": 1, "body": '{"emoji":"x","on":false}'}
        tx.connection.execute(insert(tables.entries), [fields | {"seq": head + 1 + n} for n in range(times)])
        tx.connection.execute(update(tables.logs).where(tables.logs.c.id == room).values(head=head + times))

    await house.committer.run(store)


async def test_what_is_no_message_hides_none_that_is_unread(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    await house.chat.read(aiko, room, await house.say(ben, room, "tea?"))
    await nod(house, ben, room, rooms.MAX_COUNTED)
    assert (await standing(house, aiko, room)).unread == 0
    said = [await house.say(ben, room, text) for text in ("cake?", "soup?")]
    assert (await standing(house, aiko, room)).unread == 2
    await nod(house, ben, room, rooms.MAX_COUNTED)
    assert (await standing(house, aiko, room)).unread == 1, "nobody looks so far back, but it is not nothing"
    for seq, unread in ((said[0] - 1, 1), (said[1], 0)):
        entry = await house.chat.read(aiko, room, seq)
        assert entry is not None and isinstance(entry.fact, Read) and entry.fact.unread == unread
        assert (await standing(house, aiko, room)).unread == unread


async def test_unread_counts_what_others_said_after_the_mark(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    assert (await standing(house, ben, room)).unread == 0
    seqs = [await house.say(aiko, room, f"{n}") for n in range(4)]
    await house.say(ben, room, "mine")
    await house.chat.edit(aiko, room, seqs[0], "again")

    read = await house.chat.read(ben, room, seqs[1])

    assert read is not None and isinstance(read.fact, Read)
    assert (read.fact.seq, read.fact.unread) == (seqs[1], 2)
    found = await standing(house, ben, room)
    assert (found.read, found.unread, found.head) == (seqs[1], 2, read.fact.head)


async def test_what_was_removed_is_not_unread(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    before, *seqs = [await house.say(aiko, room, f"{n}") for n in range(5)]
    mine = await house.say(ben, room, "mine")
    await house.chat.read(ben, room, before)
    for removed, left in ((before, 4), (mine, 4), (seqs[1], 3), (seqs[3], 2), (seqs[0], 1), (seqs[2], 0)):
        await house.chat.remove(aiko if removed != mine else ben, room, removed)
        assert (await standing(house, ben, room)).unread == left
    await house.say(aiko, room, "tea?")
    read = await house.chat.read(ben, room, seqs[3])
    assert read is not None and isinstance(read.fact, Read) and read.fact.unread == 1
    entries = await house.entries(room)
    assert [entry.fact for entry in entries if isinstance(entry.fact, Removed)][:2] == [
        Removed(before, (), aiko.id),
        Removed(mine, (), ben.id),
    ]


async def test_a_read_mark_moves_forward_only_and_never_past_the_head(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    seq = await house.say(aiko, room, "hello")
    read = await house.chat.read(ben, room, seq + 1000)
    assert read is not None and isinstance(read.fact, Read) and read.fact.seq == seq
    assert await house.chat.read(ben, room, seq - 1) is None
    assert (await standing(house, ben, room)).read == seq


async def test_unread_counting_stops_at_its_cap(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    await asyncio.gather(*(house.chat.post(aiko, room, "x", f"x{n}") for n in range(rooms.UNREAD_CAP + 5)))
    assert (await standing(house, ben, room)).unread == rooms.UNREAD_CAP


async def test_no_message_is_loaded_to_count_what_is_unread(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    seqs = [await house.say(aiko, room, "tea") for _ in range(3)]
    await house.say(ben, room, "for me?")
    await house.chat.edit(aiko, room, seqs[0], "coffee")
    await house.committer.run(lambda tx: tx.connection.execute(text("DELETE FROM messages")))
    assert (await standing(house, ben, room)).unread == 3
    read = await house.chat.read(ben, room, seqs[0])
    assert read is not None and isinstance(read.fact, Read) and read.fact.unread == 2


async def test_standings_and_inbox_are_of_one_moment(house: House) -> None:
    aiko = await house.guest_identity("Aiko")
    room = await house.room(aiko.user)
    found, inbox_head, since = await house.chat.snapshot(aiko.user, aiko.inbox)
    assert [one.room.id for one in found] == [LOBBY, room]
    assert [one.role for one in found] == ["member", "owner"]
    assert (inbox_head, since) == (2, house.clock())


async def test_a_standing_marks_the_last_unread_message_that_names_its_reader(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    first = await house.say(aiko, room, "tea, @ben?")
    await house.say(aiko, room, "@benny is another, and so is aiko@ben.example")
    await house.say(ben, room, "I am @Ben")
    assert (await standing(house, ben, room)).mentioned == first
    assert (await standing(house, aiko, room)).mentioned == 0
    await house.chat.read(ben, room, first)
    assert (await standing(house, ben, room)).mentioned == 0


@pytest.mark.parametrize("by_another", [False, True])
async def test_who_comes_into_a_room_while_they_leave_the_house_elsewhere_is_left_nowhere(
    house: House, another: Another, by_another: bool
) -> None:
    """Both servers look before the other has committed; only a database that lets two write at once can tell."""
    aiko, ben = await house.guest("Aiko"), await house.guest_identity("Ben")
    room = await house.room(aiko, kind="public")
    other = await another()
    loop, began, has_left = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def come(tx: Transaction) -> None:
        rooms.add(tx, aiko if by_another else ben.user, ben.user, room)
        loop.call_soon_threadsafe(began.set)
        if house.database.url.get_backend_name() == "postgresql":
            waiting = text(WAITING_HERE)
            while not has_left.is_set() and not tx.connection.scalar(waiting):
                pass  # until the other one is through, or waits for this

    coming = asyncio.ensure_future(house.committer.run(come))
    await began.wait()
    leaving = asyncio.ensure_future(other.auth.sign_out(ben.session))
    leaving.add_done_callback(lambda done: has_left.set())
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(coming, leaving)
    members = await house.database.read(rooms.memberships)
    assert [place for place, user, *_ in members if user.id == ben.user.id] == []


async def test_what_is_unread_is_never_counted_in_the_writers_thread(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []

    def standings(*args: Any, **kwargs: Any) -> list[Standing]:
        counted.append(threading.current_thread().name)
        return asked(*args, **kwargs)

    asked = rooms.standings
    monkeypatch.setattr(rooms, "standings", standings)
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = (await house.chat.create_room(aiko, "public", "Garden", "", "garden")).room.id
    assert (await house.chat.create_room(aiko, "public", "Garden", "", "garden")).room.id == room
    assert (await house.chat.join(ben, room)).room.id == room
    assert (await house.chat.open_direct(aiko, ben.id)).room.peer == ben
    assert len(counted) == 4 and not any(name.startswith("teahouse-writer") for name in counted)


async def test_a_member_who_joins_again_asks_nothing_of_the_writer(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben, kind="public")
    monkeypatch.setattr(house.committer, "run", None)
    assert (await house.chat.join(ben, room)).room.id == room
