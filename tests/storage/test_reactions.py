"""Reactions: how many there may be, what a page tells of a crowd's, and how much of them is looked at."""

import asyncio

import pytest
from sqlalchemy import insert

from teahouse.errors import NotAllowed
from teahouse.model import LOBBY, Message, User
from teahouse.policy import MAX_KINDS_BEGUN, MAX_REACTION_KINDS
from teahouse.storage import history, reactions, tables
from teahouse.storage.log import Transaction
from tests.storage.house import House

FACES = [chr(0x1F400 + n) for n in range(40)]


async def crowd(house: House, count: int) -> list[User]:
    return [await house.guest(f"Guest {n}") for n in range(count)]


async def given(house: House, people: list[User], seqs: list[int], kinds: list[str]) -> None:
    """Let all these people have reacted, without the time that it takes them."""
    rows = [
        {"room_id": LOBBY, "message_seq": seq, "emoji": emoji, "user_id": by.id, "place": place}
        for seq in seqs
        for place, emoji in enumerate(kinds)
        for by in people
    ]

    def store(tx: Transaction) -> None:
        tx.connection.execute(insert(tables.reactions), rows)

    await house.committer.run(store)


async def last(house: House, user: User) -> Message:
    [message] = (await house.chat.page(user, LOBBY, limit=1)).messages
    return message


async def test_a_message_takes_so_many_kinds_of_all_people_together(house: House) -> None:
    aiko, ben, chen, *others = await crowd(house, 6)
    seq = await house.say(aiko, LOBBY, "look, animals")
    for n, emoji in enumerate(FACES[:MAX_REACTION_KINDS]):
        await house.chat.react((aiko, ben, *others)[n % 5], LOBBY, seq, emoji)
    with pytest.raises(NotAllowed, match="join one of those that are there"):
        await house.chat.react(chen, LOBBY, seq, FACES[MAX_REACTION_KINDS])
    assert await house.chat.react(chen, LOBBY, seq, FACES[0]) is not None
    await house.chat.react(ben, LOBBY, seq, FACES[1], on=False)
    assert await house.chat.react(chen, LOBBY, seq, FACES[MAX_REACTION_KINDS]) is not None


async def test_one_person_does_not_close_a_message_to_everybodys_reactions(house: House) -> None:
    aiko, troll, ben = await crowd(house, 3)
    seq = await house.say(aiko, LOBBY, "look, animals")
    for emoji in FACES[:MAX_KINDS_BEGUN]:
        await house.chat.react(troll, LOBBY, seq, emoji)
    with pytest.raises(NotAllowed, match="join one of those that are there"):
        await house.chat.react(troll, LOBBY, seq, FACES[20])
    assert await house.chat.react(ben, LOBBY, seq, FACES[20]) is not None
    assert await house.chat.react(troll, LOBBY, seq, FACES[20]) is not None, "who began five joins what others began"
    for emoji in FACES[21:35]:
        assert await house.chat.react(aiko, LOBBY, seq, emoji) is not None, "to one's own message one begins as many as it takes"
    assert len((await last(house, aiko)).reactions) == MAX_REACTION_KINDS


async def test_when_who_began_a_kind_takes_theirs_back_the_next_one_has_begun_it(house: House) -> None:
    aiko, ben, chen = await crowd(house, 3)
    seq = await house.say(aiko, LOBBY, "look, animals")
    for emoji in FACES[:MAX_KINDS_BEGUN]:
        await house.chat.react(ben, LOBBY, seq, emoji)
        await house.chat.react(chen, LOBBY, seq, emoji)
    await house.chat.react(ben, LOBBY, seq, FACES[0], on=False)
    assert await house.chat.react(ben, LOBBY, seq, FACES[10]) is not None
    for emoji in FACES[11:15]:
        assert await house.chat.react(chen, LOBBY, seq, emoji) is not None
    with pytest.raises(NotAllowed, match="you have begun 5"):
        await house.chat.react(chen, LOBBY, seq, FACES[15])


async def test_who_keeps_a_room_begins_as_many_kinds_as_a_message_takes(house: House) -> None:
    ben, chen = await crowd(house, 2)
    room = await house.room(ben, chen)
    seq = await house.say(chen, room, "look")
    for emoji in FACES[:MAX_REACTION_KINDS]:
        assert await house.chat.react(ben, room, seq, emoji) is not None


async def test_a_kind_that_a_crowd_gave_names_the_first_and_its_reader_and_counts_the_others(house: House) -> None:
    people = await crowd(house, reactions.MAX_LISTED_PEOPLE + 5)
    seq = await house.say(people[0], LOBBY, "tea?")
    for by in people[:-1]:
        await house.chat.react(by, LOBBY, seq, "🍵")
    first = [user.name for user in people[: reactions.MAX_LISTED_PEOPLE]]

    def told(message: Message) -> tuple[list[str], int]:
        [reaction] = message.reactions
        return [user.name for user in reaction.users], reaction.more

    assert told(await last(house, people[-1])) == (first, 4)
    assert told(await last(house, people[-2])) == ([*first, people[-2].name], 3)
    assert told(await last(house, people[0])) == (first, 4)
    await house.chat.react(people[-2], LOBBY, seq, "🍵", on=False)
    assert told(await last(house, people[-2])) == (first, 3)


async def test_a_kind_of_no_more_people_than_are_listed_tells_all_of_them(house: House) -> None:
    people = await crowd(house, reactions.MAX_LISTED_PEOPLE)
    seq = await house.say(people[0], LOBBY, "tea?")
    await given(house, people, [seq], ["🍵"])
    [reaction] = (await last(house, await house.guest("Reader"))).reactions
    assert (len(reaction.users), reaction.more) == (reactions.MAX_LISTED_PEOPLE, 0)


async def test_a_kind_stays_where_it_was_until_nobody_gives_it(house: House) -> None:
    aiko, ben, chen = await crowd(house, 3)
    seq = await house.say(aiko, LOBBY, "tea?")

    async def kinds() -> str:
        return "".join(reaction.emoji for reaction in (await last(house, aiko)).reactions)

    for emoji in "🍵🐈":
        for by in (aiko, ben, chen):
            await house.chat.react(by, LOBBY, seq, emoji)
    await house.chat.react(chen, LOBBY, seq, "🐈", on=False)
    assert await kinds() == "🍵🐈"
    for by in (aiko, ben):
        await house.chat.react(by, LOBBY, seq, "🍵", on=False)
        assert await kinds() == "🍵🐈"
    await house.chat.react(aiko, LOBBY, seq, "🍵")
    await house.chat.react(chen, LOBBY, seq, "🍵", on=False)
    assert await kinds() == "🍵🐈"
    await house.chat.react(aiko, LOBBY, seq, "🍵", on=False)
    await house.chat.react(aiko, LOBBY, seq, "🍵")
    assert await kinds() == "🐈🍵"


async def test_reactions_make_a_page_shorter_in_every_direction(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    people = await crowd(house, 3)
    seqs = [await house.say(people[0], LOBBY, "x") for _ in range(6)]
    await given(house, people, seqs, FACES[:2])
    each = 1 + 2 * (reactions.KIND_CHARS + 3 * reactions.USER_CHARS)
    monkeypatch.setattr(history, "MAX_PAGE_CHARS", 2 * each + 1)

    async def page(**place: int) -> tuple[list[int], bool, bool, set[int]]:
        found = await house.chat.page(people[0], LOBBY, limit=6, **place)
        kinds = {len(message.reactions) for message in found.messages}
        return [message.seq for message in found.messages], found.more_before, found.more_after, kinds

    assert await page() == (seqs[4:], True, False, {2})
    assert await page(before=seqs[4]) == (seqs[2:4], True, True, {2})
    assert await page(after=seqs[0]) == (seqs[1:3], True, True, {2})
    assert await page(around=seqs[3]) == (seqs[1:5], True, True, {2})
    monkeypatch.setattr(history, "MAX_PAGE_CHARS", 1)
    assert await page() == (seqs[5:], True, False, {2})


async def test_kinds_from_before_the_bound_are_told_up_to_it(house: House) -> None:
    [aiko] = await crowd(house, 1)
    seq = await house.say(aiko, LOBBY, "old")
    await given(house, [aiko], [seq], FACES)
    assert [reaction.emoji for reaction in (await last(house, aiko)).reactions] == FACES[:MAX_REACTION_KINDS]


async def test_two_who_react_at_once_get_no_kind_above_the_bound(house: House) -> None:
    people = await crowd(house, 4)
    seq = await house.say(people[0], LOBBY, "now")
    await given(house, people[:1], [seq], FACES[: MAX_REACTION_KINDS - 1])
    tries = [house.chat.react(by, LOBBY, seq, FACES[20 + n]) for n, by in enumerate(people)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, NotAllowed) for outcome in outcomes) == 3
    assert len((await last(house, people[0])).reactions) == MAX_REACTION_KINDS
