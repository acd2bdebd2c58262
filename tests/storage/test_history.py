"""Messages as they read now: pages in every direction, quotes, reactions, and nothing for outsiders."""

import asyncio
from typing import Any

import pytest

from teahouse.model import LOBBY, Created, Joined, Left, Message, Page, Quote, User
from teahouse.storage import history, people
from tests.storage.house import House, refusal


async def said(house: House, user: User, room: int, count: int) -> list[int]:
    """Messages with edits and reactions between, so that their seqs have gaps."""
    seqs = []
    for n in range(count):
        seqs.append(await house.say(user, room, f"{n}"))
        if n % 3 == 0:
            await house.chat.edit(user, room, seqs[-1], f"{n}")
    return seqs


def seqs_of(page: Page) -> list[int]:
    return [message.seq for message in page.messages]


async def only_message(house: House, user: User, room: int) -> Message:
    [message] = (await house.chat.page(user, room, limit=1)).messages
    return message


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
async def test_a_page_at_any_place_is_what_a_plain_list_gives(house: House, limit: int) -> None:
    aiko = await house.guest("Aiko")
    room = await house.room(aiko)
    seqs = await said(house, aiko, room, 8)

    last = await house.chat.page(aiko, room, limit=limit)
    assert seqs_of(last) == seqs[-limit:]
    assert (last.more_before, last.more_after) == (limit < 8, False)
    for place in range(last.head + 2):
        older, newer = [seq for seq in seqs if seq <= place], [seq for seq in seqs if seq > place]
        after = await house.chat.page(aiko, room, after=place, limit=limit)
        before = await house.chat.page(aiko, room, before=place + 1, limit=limit)
        around = await house.chat.page(aiko, room, around=place + 1, limit=limit)
        assert seqs_of(after) == newer[:limit]
        assert (after.more_before, after.more_after) == (bool(older), len(newer) > limit)
        assert seqs_of(before) == older[-limit:]
        assert (before.more_before, before.more_after) == (len(older) > limit, bool(newer))
        half = limit // 2
        assert seqs_of(around) == (older[-half:] if half else []) + newer[: limit - half]
        assert (around.more_before, around.more_after) == (len(older) > half, len(newer) > limit - half)


async def test_paging_back_meets_every_message_and_every_notice_once(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, kind="public")
    for _ in range(4):
        await house.chat.join(ben, room)
        await said(house, ben, room, 3)
        await house.chat.leave(ben, room)

    page = await house.chat.page(aiko, room, limit=4)
    messages, notices = seqs_of(page), [entry.seq for entry in page.notices]
    while page.more_before:
        page = await house.chat.page(aiko, room, before=page.messages[0].seq, limit=4)
        messages, notices = seqs_of(page) + messages, [entry.seq for entry in page.notices] + notices

    whole = await house.entries(room)
    assert messages == [entry.seq for entry in whole if entry.fact.__class__.__name__ == "Posted"]
    assert notices == [entry.seq for entry in whole if isinstance(entry.fact, Created | Joined | Left)]


async def test_an_empty_room_is_an_empty_page_with_its_beginning(house: House) -> None:
    aiko = await house.guest("Aiko")
    page = await house.chat.page(aiko, await house.room(aiko))
    assert (page.messages, page.head, page.more_before, page.more_after) == ([], 2, False, False)
    assert [type(entry.fact) for entry in page.notices] == [Created, Joined]


async def test_a_page_in_two_directions_is_refused(house: House) -> None:
    aiko = await house.guest("Aiko")
    assert await refusal(house.chat.page(aiko, LOBBY, before=3, after=1)) == "invalid"


async def test_outsiders_read_nothing_and_of_private_rooms_not_even_that_they_exist(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    public, private = await house.room(aiko, kind="public"), await house.room(aiko)
    assert await refusal(house.chat.page(ben, public)) == "not_member"
    assert await refusal(house.chat.page(ben, private)) == "not_found"
    assert await refusal(house.chat.page(ben, 999)) == "not_found"


async def test_who_has_left_reads_no_page(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    await house.chat.leave(ben, room)
    assert await refusal(house.chat.page(ben, room)) == "not_found"


async def test_a_quote_reads_as_the_quoted_message_does_now(house: House) -> None:
    aiko = await house.guest("Aiko")
    quoted = await house.say(aiko, LOBBY, "x" * 300)
    answer = await house.say(aiko, LOBBY, "quite", reply_to=quoted)
    assert (await only_message(house, aiko, LOBBY)).reply_to == Quote(quoted, aiko, "x" * 200)

    await house.chat.edit(aiko, LOBBY, quoted, "short")
    assert (await only_message(house, aiko, LOBBY)).reply_to == Quote(quoted, aiko, "short")

    await house.chat.remove(aiko, LOBBY, quoted)
    message = await only_message(house, aiko, LOBBY)
    assert (message.seq, message.reply_to) == (answer, Quote(quoted, aiko, ""))


async def test_a_robot_answers_nothing_that_was_removed(house: House) -> None:
    aiko = await house.guest("Aiko")
    robot, _ = await house.database.read(people.find_bot)  # type: ignore[misc]
    quoted = await house.say(aiko, LOBBY, "say abuse")
    await house.chat.remove(aiko, LOBBY, quoted)
    assert await refusal(house.chat.post(robot, LOBBY, "abuse", "re", quoted)) == "not_found"
    await house.say(aiko, LOBBY, "I meant", reply_to=quoted)


async def test_a_message_of_another_room_cannot_be_quoted(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko)
    secret = await house.say(aiko, room, "between us")
    assert await refusal(house.chat.post(ben, LOBBY, "and?", "c1", secret + 100)) == "not_found"
    await house.say(ben, LOBBY, "hello")
    head = (await house.chat.page(ben, LOBBY)).head
    assert await refusal(house.chat.post(ben, LOBBY, "and?", "c2", head + 1)) == "not_found"


async def test_a_message_can_quote_one_of_the_same_batch_once_it_is_answered(house: House) -> None:
    aiko = await house.guest("Aiko")
    first, second = house.chat.post(aiko, LOBBY, "one", "c1"), house.chat.post(aiko, LOBBY, "two", "c2")
    await asyncio.gather(first, second)
    third = await house.chat.post(aiko, LOBBY, "three", "c3", (await second).seq)
    assert third.fact.reply_to == Quote((await second).seq, aiko, "two")


async def test_reactions_keep_the_order_in_which_they_came(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    seq = await house.say(aiko, LOBBY, "tea?")
    for user, emoji in ((ben, "🍵"), (aiko, "👍"), (aiko, "🍵")):
        assert await house.chat.react(user, LOBBY, seq, emoji) is not None
    assert await house.chat.react(aiko, LOBBY, seq, "🍵") is None

    def reactions(message: Message) -> list[tuple[str, list[Any]]]:
        return [(reaction.emoji, [user.name for user in reaction.users]) for reaction in message.reactions]

    assert reactions(await only_message(house, aiko, LOBBY)) == [("🍵", ["Ben", "Aiko"]), ("👍", ["Aiko"])]
    await house.chat.react(ben, LOBBY, seq, "🍵", on=False)
    assert reactions(await only_message(house, aiko, LOBBY)) == [("🍵", ["Aiko"]), ("👍", ["Aiko"])]
    await house.chat.remove(aiko, LOBBY, seq)
    assert reactions(await only_message(house, aiko, LOBBY)) == []


async def test_one_emoji_on_many_messages_of_a_page_stays_with_its_own(house: House) -> None:
    aiko = await house.guest("Aiko")
    seqs = [await house.say(aiko, LOBBY, f"{n}") for n in range(3)]
    await house.chat.react(aiko, LOBBY, seqs[1], "👍")
    page = await house.chat.page(aiko, LOBBY)
    assert [len(message.reactions) for message in page.messages] == [0, 1, 0]


async def test_a_page_of_long_messages_is_short_and_says_that_there_are_more(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MAX_PAGE_CHARS", 25)
    aiko = await house.guest("Aiko")
    room = await house.room(aiko)
    seqs = [await house.say(aiko, room, "ten chars."), await house.say(aiko, room, "a" * 30)] + [
        await house.say(aiko, room, "ten chars.") for _ in range(3)
    ]
    last = await house.chat.page(aiko, room)
    assert (seqs_of(last), last.more_before) == (seqs[3:], True)
    whole = last.messages
    while last.more_before:
        last = await house.chat.page(aiko, room, before=last.messages[0].seq)
        assert last.messages, "a message longer than the limit still has a page of its own"
        whole = last.messages + whole
    assert [message.seq for message in whole] == seqs
