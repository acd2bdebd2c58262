"""Whom a text names: the same rule as the page's web/mentions.js."""

import pytest
from sqlalchemy import text as sql

from teahouse import policy
from teahouse.model import User
from teahouse.storage import mentions, rooms
from teahouse.storage.mentions import MAX_CALLS, MAX_TRIED, MAX_TRIED_IN_ALL, calls_in, is_called
from tests.storage.house import House

LONG = "x" * 900


def names(text: str, name: str) -> bool:
    called = calls_in(text)
    return called is not None and is_called(name, called)


@pytest.mark.parametrize(
    "text", ["@Ben", "hi @ben!", "line\n@BEN, tea?", "(@Ben)", "@Ben你好", "@@Ben", "@Benny @Ben", "x@Ben, @Ben", "@x\n@Ben"]
)
def test_a_text_names_someone_by_an_at_sign_and_their_whole_name(text: str) -> None:
    assert names(text, "Ben")


@pytest.mark.parametrize("text", ["Ben", "@Benny", "me@Ben.example", "@ Ben", "@Be"])
def test_a_part_of_a_word_names_nobody(text: str) -> None:
    assert not names(text, "Ben")


def test_a_name_in_a_script_without_spaces_has_no_edges() -> None:
    assert names("@小明你好", "小明")


def test_a_name_full_of_signs_is_taken_as_it_is_written() -> None:
    assert names("@a.*(b", "a.*(b") and not names("@axxxb", "a.*(b")


def test_a_name_is_seen_whole_however_long_it_is() -> None:
    assert mentions.MAX_NAME_CHARS == policy.MAX_NAME_CHARS
    longest = "b" * policy.MAX_NAME_CHARS
    assert names(f"@{longest}!", longest) and not names(f"@{longest}b", longest)


def test_what_is_noted_of_a_text_is_small_whatever_it_says() -> None:
    for text in ("@" * 32_000, "@b" * 16_000, "@ " * 16_000, "a@" * 16_000, "x @b" * 8000, "@" + LONG * 30):
        assert len(calls_in(text) or "") <= MAX_CALLS * 34


def test_a_text_without_a_call_has_nothing_noted() -> None:
    assert [calls_in(text) for text in ("", "Ben", "me@ben.example", "@ Ben", "@", "@\n")] == [None] * 6


async def unread(house: House, user: User, room: int) -> int:
    return (await house.database.read(rooms.standing, user.id, room)).mentioned


async def noted(house: House) -> list[str]:
    return await house.database.read(lambda connection: list(connection.scalars(sql("SELECT called FROM calls ORDER BY seq"))))


async def test_whom_a_message_calls_follows_its_text(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    seq = await house.say(aiko, room, "tea?")
    assert (await unread(house, ben, room), await noted(house)) == (0, [])
    await house.chat.edit(aiko, room, seq, "tea, @ben?")
    assert (await unread(house, ben, room), await noted(house)) == (seq, ["ben?"])
    await house.chat.edit(aiko, room, seq, "tea, @carol?")
    assert (await unread(house, ben, room), await noted(house)) == (0, ["carol?"])
    await house.chat.remove(aiko, room, seq)
    assert await noted(house) == []


async def test_only_the_room_that_is_asked_for_is_looked_at(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    first, second = await house.room(aiko, ben), await house.room(aiko, ben)
    for room in (first, second):
        await house.say(aiko, room, "@carol")
    looked: list[str] = []
    monkeypatch.setattr(mentions, "is_called", lambda name, called: looked.append(called))
    await unread(house, ben, first)
    assert len(looked) == 1
    await house.chat.standings(ben)
    assert len(looked) == 3


async def test_what_is_looked_at_is_bounded_in_a_room_and_in_all(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    spaces = [await house.room(aiko, ben) for _ in range(3)]
    rows = [
        {"room_id": room, "seq": 10 + n, "author_id": aiko.id, "called": f"carol {n}"} for room in spaces for n in range(MAX_TRIED + 20)
    ]
    await house.committer.run(lambda tx: mentions._insert.many(tx.connection, rows))
    looked: list[str] = []
    monkeypatch.setattr(mentions, "is_called", lambda name, called: looked.append(called))
    await unread(house, ben, spaces[0])
    assert looked == [f"carol {n}" for n in range(MAX_TRIED + 19, 19, -1)], "the newest first"
    looked.clear()
    monkeypatch.setattr(mentions, "MAX_TRIED_IN_ALL", 30)
    await house.chat.standings(ben)
    assert len(looked) == 30 < MAX_TRIED_IN_ALL


async def test_a_mention_beyond_the_look_back_is_history(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    seq = await house.say(aiko, room, "@ben")
    await house.say(aiko, room, "tea")
    assert await unread(house, ben, room) == seq
    await house.committer.run(lambda tx: tx.connection.execute(sql(f"UPDATE logs SET head = {seq + 1000} WHERE id = {room}")))
    assert await unread(house, ben, room) == 0


async def test_no_text_is_read_to_find_who_is_called(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    seq = await house.say(aiko, room, f"@ben {LONG}")
    await house.committer.run(lambda tx: tx.connection.execute(sql("UPDATE messages SET text = ''")))
    assert await unread(house, ben, room) == seq
