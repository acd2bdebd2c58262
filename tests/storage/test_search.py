"""Search: what is acknowledged is found, as it reads now, by those who may read it; before it is indexed and after."""

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teahouse.errors import TeahouseError
from teahouse.model import LOBBY, FoundMessages, User
from teahouse.storage.search import find, gathering, purse
from teahouse.storage.search.query import parse
from tests.storage.house import House, living, refusal


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Index after a few messages, so that every test meets parts of a room and what is not indexed yet."""
    monkeypatch.setattr(gathering, "BATCH", 3)
    monkeypatch.setattr("teahouse.search.REST", 0)


def texts(answer: FoundMessages) -> list[str]:
    return [found.message.text for found in answer.found]


async def look(house: House, user: User, words: str, room: int | None = LOBBY, **more: Any) -> list[str]:
    return texts(await house.chat.search(user, words, room, **more))


async def in_both_states(house: House, user: User, words: str, room: int | None = LOBBY) -> list[str]:
    """The answer before and after the index has caught up, which must be one."""
    before = await look(house, user, words, room)
    await house.search.catch_up()
    assert await look(house, user, words, room) == before
    return before


# Found


async def test_a_message_is_found_from_its_acknowledgement_on(house: House) -> None:
    aiko = await house.guest("Aiko")
    for number in range(10):
        await house.say(aiko, LOBBY, f"tea {number}")
        assert await look(house, aiko, f"tea {number}") == [f"tea {number}"]
        if number % 4 == 0:
            await house.search.catch_up()
            assert await look(house, aiko, f"tea {number}") == [f"tea {number}"]


async def test_the_newest_come_first_and_from_all_rooms_one_is_in(house: House) -> None:
    aiko = await house.guest("Aiko")
    rooms = [LOBBY, await house.room(aiko), await house.room(aiko)]
    for number in range(9):
        house.clock.ms += 1
        await house.say(aiko, rooms[number % 3], f"茶 {number}")
    assert await in_both_states(house, aiko, "茶", None) == [f"茶 {number}" for number in range(8, -1, -1)]
    assert await in_both_states(house, aiko, "茶", rooms[1]) == ["茶 7", "茶 4", "茶 1"]


async def test_an_author_is_looked_for_by_the_beginning_of_the_name(house: House) -> None:
    aiko, ben = await house.guest("Aiko Mori"), await house.guest("Ben")
    for user in (aiko, ben):
        for _ in range(3):
            await house.say(user, LOBBY, f"tea by {user.name}")
    assert await in_both_states(house, ben, 'from:"aiko m" tea') == ["tea by Aiko Mori"] * 3
    assert await in_both_states(house, ben, "from:AIKO") == ["tea by Aiko Mori"] * 3
    assert await in_both_states(house, ben, "from:nobody tea") == []


async def test_what_is_found_says_where_to_mark(house: House) -> None:
    aiko = await house.guest("Aiko")
    seq = await house.say(aiko, LOBBY, "喝茶 Tea")
    [found] = (await house.chat.search(aiko, "tea 茶")).found
    assert (found.room, found.message.seq, found.message.by, found.marks) == (LOBBY, seq, aiko, [(1, 2), (3, 6)])


@pytest.mark.parametrize("limit", [1, 2, 5])
async def test_going_on_from_before_meets_every_match_once(house: House, limit: int) -> None:
    aiko = await house.guest("Aiko")
    wanted = []
    for number in range(11):
        await house.say(aiko, LOBBY, f"tea {number}" if number % 3 else "water")
        wanted += [f"tea {number}"] if number % 3 else []
        if number == 7:
            await house.search.catch_up()
    met, before = [], None
    while True:
        answer = await house.chat.search(aiko, "tea", LOBBY, before, limit)
        met += texts(answer)
        if not answer.more:
            break
        before = answer.before
    assert met == wanted[::-1]


async def test_a_search_that_spent_its_share_says_so_and_goes_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purse, "MAX_TEXTS", 2)
    monkeypatch.setattr(find, "_FIRST_TEXTS", 1)
    aiko = await house.guest("Aiko")
    for number in range(12):
        await house.say(aiko, LOBBY, f"green and tea {number}" if number % 5 else "green tea")
    for _ in range(2):
        met, before, asked = [], None, 0
        while True:
            answer = await house.chat.search(aiko, '"green tea"', LOBBY, before)
            asked += 1
            met += texts(answer)
            if not answer.more:
                break
            assert before is None or answer.before < before
            before = answer.before
        assert met == ["green tea"] * 3
        assert asked > 4
        await house.search.catch_up()


# As it reads now


async def test_an_edited_message_is_found_by_its_new_text_alone(house: House) -> None:
    aiko = await house.guest("Aiko")
    seqs = [await house.say(aiko, LOBBY, f"old word {number}") for number in range(6)]
    for change in (lambda: house.search.catch_up(), lambda: house.chat.edit(aiko, LOBBY, seqs[0], "new word")):
        await change()
    assert await in_both_states(house, aiko, "old") == [f"old word {number}" for number in range(5, 0, -1)]
    assert await in_both_states(house, aiko, "new") == ["new word"]
    await house.chat.edit(aiko, LOBBY, seqs[0], "old again")
    assert await look(house, aiko, "new") == []
    assert (await look(house, aiko, "old"))[-1] == "old again"


async def test_a_removed_message_is_never_found(house: House) -> None:
    aiko = await house.guest("Aiko")
    seqs = [await house.say(aiko, LOBBY, f"secret {number}") for number in range(8)]
    await house.chat.remove(aiko, LOBBY, seqs[7])
    await house.search.catch_up()
    await house.chat.remove(aiko, LOBBY, seqs[0])
    assert await in_both_states(house, aiko, "secret from:aiko") == [f"secret {number}" for number in range(6, 0, -1)]


async def test_the_index_is_what_a_plain_look_through_all_texts_gives(house: House) -> None:
    dice = random.Random(5)
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    rooms = [LOBBY, await house.room(aiko, ben)]
    now: dict[tuple[int, int], tuple[str, User]] = {}

    def sentence() -> str:
        return " ".join(dice.choices(["tea", "teapot", "茶", "茶水", "水茶", "Café", "🍵", "x-y"], k=dice.randrange(1, 5)))

    for step in range(150):
        chance, user, room = dice.random(), dice.choice([aiko, ben]), dice.choice(rooms)
        mine = [key for key, (_, author) in now.items() if author is user]
        if chance < 0.6 or not mine:
            house.clock.ms += 1
            text = sentence()
            now[room, await house.say(user, room, text)] = (text, user)
        elif chance < 0.75:
            key = dice.choice(mine)
            now[key] = (sentence(), user)
            await house.chat.edit(user, *key, now[key][0])
        elif chance < 0.9:
            key = dice.choice(mine)
            del now[key]
            await house.chat.remove(user, *key)
        else:
            await house.search.catch_up()
        if step % 5 == 0:
            for words in ("tea", "teap", "茶", "茶水", "水茶 tea", '"茶 tea"', "cafe 🍵", '"x y"', "y"):
                where = dice.choice([*rooms, None])
                wanted = {key for key, (text, _) in now.items() if parse(words).matches(text) and where in (key[0], None)}
                answer = await house.chat.search(ben, words, where, limit=50)
                assert {(found.room, found.message.seq) for found in answer.found} == wanted or answer.more, (step, words)


# By whom


async def test_nothing_is_found_in_rooms_one_is_not_in(house: House) -> None:
    aiko, ben, carl = [await house.guest(name) for name in ("Aiko", "Ben", "Carl")]
    public, private = await house.room(aiko, ben, kind="public"), await house.room(aiko, ben)
    direct = (await house.chat.open_direct(aiko, ben.id)).room.id
    for room in (public, private, direct):
        for _ in range(3):
            await house.say(aiko, room, f"secret of {room}")
    for state in range(2):
        assert await look(house, carl, "secret", None) == []
        assert await look(house, carl, "from:aiko", None) == []
        assert await refusal(house.chat.search(carl, "secret", public)) == "not_member"
        for room in (private, direct, 999):
            assert await refusal(house.chat.search(carl, "secret", room)) == "not_found"
        assert len(await look(house, ben, "secret", None)) == 9, state
        await house.search.catch_up()


async def test_who_has_left_finds_nothing_there_any_more(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    for _ in range(4):
        await house.say(aiko, room, "secret")
    await house.search.catch_up()
    await house.chat.leave(ben, room)
    await house.say(aiko, room, "secret")
    assert await look(house, ben, "secret", None) == []
    assert await refusal(house.chat.search(ben, "secret", room)) == "not_found"


# What is asked


async def test_before_without_a_room_is_refused(house: House) -> None:
    aiko = await house.guest("Aiko")
    assert await refusal(house.chat.search(aiko, "tea", before=5)) == "invalid"


async def test_searches_keep_a_pace(tmp_path: Path) -> None:
    async with living(f"sqlite:///{tmp_path}/teahouse.db", burst=2) as house:
        aiko = await house.guest("Aiko")
        for _ in range(2):
            await house.chat.search(aiko, "tea")
        assert await refusal(house.chat.search(aiko, "tea")) == "too_much"


@settings(max_examples=60)
@given(words=st.text(max_size=256) | st.text(alphabet="\"*():-+^~ \\%_\0'NEARORfrom:茶🍵", max_size=256))
def test_no_words_are_more_than_words(words: str) -> None:
    try:
        query = parse(words)
    except TeahouseError:
        return
    query.marks(words)


@pytest.mark.parametrize(
    "words", ["%", "_ tea", "tea%", "te_", "'; DROP TABLE messages; --", 'tea" OR "', "NEAR(tea, 5)", "tea*", "-tea", "^tea"]
)
async def test_what_other_languages_would_obey_is_read_as_words(house: House, words: str) -> None:
    aiko = await house.guest("Aiko")
    for text in ("tea", "ted", "or near"):
        await house.say(aiko, LOBBY, text)
    await house.search.catch_up()
    if words == "%":
        assert await refusal(house.chat.search(aiko, words)) == "invalid"
    else:
        assert set(await look(house, aiko, words)) <= {"tea", "ted", "or near"}
    assert await look(house, aiko, "from:% tea") == []
