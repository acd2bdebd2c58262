"""Whom a message names is known when it is written, the same on each database, and follows its text."""

from functools import partial

import pytest
from sqlalchemy import text as sql

from teahouse.model import Edited, Posted, User
from teahouse.storage import history, people, rooms
from teahouse.storage.log import Transaction
from teahouse.text import name_key
from tests.storage.house import House
from tests.support.foldings import table_of_mentions


async def mentioned(house: House, user: User, room: int) -> int:
    return (await house.database.read(rooms.standing, user.id, room)).mentioned


async def noted(house: House) -> list[tuple[int, int]]:
    query = sql("SELECT user_id, seq FROM mentions ORDER BY seq, user_id")
    return [(row.user_id, row.seq) for row in await house.database.read(lambda connection: connection.execute(query).all())]


async def told(house: House, room: int, seq: int) -> tuple[int, ...]:
    """Return whom a message names, as pages tell it; the log must tell the same."""
    [message] = await house.database.read(history.messages_at, room, [seq])
    [fact] = [entry.fact for entry in await house.entries(room) if entry.seq == seq]
    assert isinstance(fact, Posted) and fact.mentions == message.mentions
    return message.mentions


async def test_everybody_whom_a_text_names_is_told(house: House) -> None:
    host = await house.guest("Host")
    for text, present, meant in table_of_mentions():
        room = await house.room(host)
        those = {name: await house.committer.run(partial(let_in, host=host, name=name, room=room)) for name in present}
        seq = await house.say(host, room, text)
        assert await told(house, room, seq) == tuple(those[name].id for name in meant), text
        assert {name for name in present if await mentioned(house, those[name], room) == seq} == set(meant), text
        await house.committer.run(lambda tx: tx.connection.execute(sql("UPDATE users SET name_key = NULL WHERE name <> 'Host'")))


def let_in(tx: Transaction, *, host: User, name: str, room: int) -> User:
    """Bring somebody into a room of whose name it is not asked whether it looks like another of the table."""
    user, _ = people.create_nameless(tx, name, "f01", "guest", name_key(name))
    rooms.add(tx, host, user, room)
    return user


async def test_whom_a_message_names_follows_its_text(house: House) -> None:
    aiko, ben, carol = await house.guest("Aiko"), await house.guest("Ben"), await house.guest("Carol")
    room = await house.room(aiko, ben, carol)
    seq = await house.say(aiko, room, "tea?")
    assert (await mentioned(house, ben, room), await noted(house), await told(house, room, seq)) == (0, [], ())
    edit = await house.chat.edit(aiko, room, seq, "tea, @ben?")
    assert isinstance(edit.fact, Edited) and edit.fact.mentions == (ben.id,)
    assert (await mentioned(house, ben, room), await noted(house), await told(house, room, seq)) == (seq, [(ben.id, seq)], (ben.id,))
    await house.chat.edit(aiko, room, seq, "tea, @carol and @aiko?")
    assert (await mentioned(house, ben, room), await noted(house)) == (0, [(carol.id, seq)]), "nobody is told of their own words"
    assert await told(house, room, seq) == (carol.id, aiko.id)
    [*_, fact] = [entry.fact for entry in await house.entries(room)]
    assert isinstance(fact, Edited) and fact.mentions == (carol.id, aiko.id)
    await house.chat.remove(aiko, room, seq)
    assert (await noted(house), await told(house, room, seq)) == ([], ())


async def test_only_those_who_are_in_the_room_are_meant(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko)
    assert await told(house, room, await house.say(aiko, room, "@Ben")) == ()
    await house.chat.add_member(aiko, room, ben.id)
    assert await mentioned(house, ben, room) == 0
    assert await told(house, room, await house.say(aiko, room, "@Ben")) == (ben.id,)


async def test_a_mention_counts_until_it_is_read_and_not_after_one_left_and_came_again(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    first = await house.say(aiko, room, "@ben")
    await house.say(aiko, room, "tea")
    assert await mentioned(house, ben, room) == first
    await house.chat.read(ben, room, first)
    assert await mentioned(house, ben, room) == 0
    last = await house.say(aiko, room, "@ben!")
    assert await mentioned(house, ben, room) == last
    await house.chat.leave(ben, room)
    await house.chat.add_member(aiko, room, ben.id)
    assert await mentioned(house, ben, room) == 0


async def test_no_text_is_read_to_find_who_is_named(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    seq = await house.say(aiko, room, "@ben")
    await house.committer.run(lambda tx: tx.connection.execute(sql("UPDATE messages SET text = ''")))
    assert await mentioned(house, ben, room) == seq


@pytest.mark.parametrize("text", ["@ben " * 100, "@" * 900])
async def test_a_text_full_of_calls_is_stored(house: House, text: str) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    assert await told(house, room, await house.say(aiko, room, text)) == ((ben.id,) if "ben" in text else ())
