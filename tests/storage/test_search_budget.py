"""What one search may cost, whatever was said: texts, characters, rows, time; it says so, and goes on from where it stopped."""

from typing import Any

import pytest

from teahouse.model import LOBBY, FoundMessages, User
from teahouse.storage.search import find, gathering, index, purse, terms
from teahouse.storage.search.find import search
from teahouse.storage.search.purse import Purse
from teahouse.storage.search.query import parse
from tests.storage.house import House


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "BATCH", 5)
    monkeypatch.setattr("teahouse.search.REST", 0)
    monkeypatch.setattr(purse, "LOOK_EVERY", 1)


class Clock:
    """Moves on by `step_s` whenever somebody looks at it."""

    def __init__(self, step_s: float) -> None:
        self.now_s = 0.0
        self.step_s = step_s

    def __call__(self) -> float:
        self.now_s += self.step_s
        return self.now_s


def timeless() -> Purse:
    """Let only work count: a first search also imports and compiles, and a machine may be slow."""
    return Purse(Clock(0.0), rest=lambda _: None)


async def look(house: House, user: User, words: str, before: int | None = None, its: Purse | None = None, **more: Any) -> FoundMessages:
    asked = {"room": LOBBY, "before": before, "limit": 20, "among": None, "purse": its or timeless(), **more}
    return await house.database.read(search, user.id, parse(words), **asked)


async def walk(house: House, user: User, words: str, make: Any = timeless) -> tuple[list[str], int]:
    """Search to the end; return all that was found, and in how many answers."""
    met: list[str] = []
    before: int | None = None
    for asked in range(1, 200):
        answer = await look(house, user, words, before, make())
        met += [found.message.text for found in answer.found]
        if not answer.more:
            return met, asked
        assert before is None or answer.before < before
        before = answer.before
    raise AssertionError("it never came to an end")


async def said(house: House, count: int) -> tuple[User, list[str]]:
    """Aiko says many things, of which every fifth has both words."""
    aiko = await house.guest("Aiko")
    texts = [f"green tea {number}" if number % 5 == 0 else f"tea that is green {number}" for number in range(count)]
    for text in texts:
        await house.say(aiko, LOBBY, text)
    return aiko, [text for text in reversed(texts) if text.startswith("green")]


@pytest.mark.parametrize("is_indexed", [False, True])
async def test_a_search_ends_when_its_time_is_up_and_goes_on(house: House, is_indexed: bool) -> None:
    aiko, wanted = await said(house, 31)
    if is_indexed:
        await house.search.catch_up()
    met, asked = await walk(house, aiko, '"green tea"', lambda: Purse(Clock(purse.MAX_S / 5), rest=lambda _: None))
    assert met == wanted and asked >= 31 / 5
    assert await walk(house, aiko, '"green tea"') == (wanted, 1)


@pytest.mark.parametrize("is_indexed", [False, True])
async def test_a_search_reads_so_many_characters_and_goes_on(house: House, monkeypatch: pytest.MonkeyPatch, is_indexed: bool) -> None:
    monkeypatch.setattr(purse, "MAX_CHARS", 60)
    aiko, wanted = await said(house, 31)
    if is_indexed:
        await house.search.catch_up()
    met, asked = await walk(house, aiko, '"green tea"')
    assert met == wanted and asked >= 31 / 5


@pytest.mark.parametrize("is_indexed", [False, True])
async def test_a_search_in_a_hurry_looks_at_one_text_and_goes_on(house: House, is_indexed: bool) -> None:
    aiko, wanted = await said(house, 11)
    if is_indexed:
        await house.search.catch_up()

    def hurried() -> Purse:
        its = Purse()
        its.is_hurried = True
        return its

    met, asked = await walk(house, aiko, '"green tea"', hurried)
    assert met == wanted and asked >= 11


@pytest.mark.parametrize("step_s", [0.0, purse.MAX_S / 50])
async def test_a_flood_that_is_not_indexed_yet_hides_nothing_that_is(house: House, monkeypatch: pytest.MonkeyPatch, step_s: float) -> None:
    monkeypatch.setattr(purse, "MAX_CHARS", 4000 if step_s == 0 else 1_000_000)
    aiko = await house.guest("Aiko")
    other = await house.room(aiko)
    for room, text in ((LOBBY, "the zanzibar meeting"), (other, "zanzibar, too")):
        for number in range(5):
            await house.say(aiko, room, text if number == 0 else f"something else {number}")
    await house.search.catch_up()
    await house.say(aiko, LOBBY, "zanzibar in between")
    for number in range(50):
        await house.say(aiko, LOBBY, f"{number} " + "so it goes on " * 14)
    await house.say(aiko, other, "zanzibar again")

    def its() -> Purse:
        return Purse(Clock(step_s), rest=lambda _: None)

    answer = await look(house, aiko, "zanzibar", its=its(), room=None)
    assert [found.message.text for found in answer.found] == ["zanzibar again", "zanzibar, too", "the zanzibar meeting"]
    assert answer.more, "there may be something in what was passed over"
    met, _ = await walk(house, aiko, "zanzibar", its)
    assert met == ["zanzibar in between", "the zanzibar meeting"], "in one room nothing is passed over"


async def test_what_is_not_indexed_yet_is_looked_through_to_the_end_where_there_is_enough_for_it(house: House) -> None:
    aiko, wanted = await said(house, 31)
    answer = await look(house, aiko, '"green tea"', room=None)
    assert ([found.message.text for found in answer.found], answer.more) == (wanted, False)


async def test_a_search_rests_as_long_as_it_works(house: House) -> None:
    aiko, wanted = await said(house, 31)
    clock, rests = Clock(0.001), list[float]()
    answer = await look(house, aiko, '"green tea"', its=Purse(clock, rests.append))
    assert [found.message.text for found in answer.found] == wanted
    assert sum(rests) > 0.3 * clock.now_s and max(rests) <= 2 * purse.BREATH_S


async def test_texts_are_read_few_at_a_time_where_they_are_long(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a statement returns may lie in memory as a whole."""
    monkeypatch.setattr(find, "_READ_CHARS", 3000)
    monkeypatch.setattr(find, "_FIRST_TEXTS", 4)
    aiko = await house.guest("Aiko")
    for number in range(24):
        await house.say(aiko, LOBBY, f"tea {number} " + "x" * 900)
    sizes: list[int] = []
    plain = find._Finder._read
    monkeypatch.setattr(
        find._Finder,
        "_read",
        lambda self, room, where, at_most, *more: [sizes.append(at_most), plain(self, room, where, at_most, *more)][1],
    )
    for _ in range(2):
        assert len((await look(house, aiko, "tea nowhere")).found) == 0
        assert len((await look(house, aiko, '"tea 1"')).found) == 11
        await house.search.catch_up()
    assert max(sizes) == 4 and set(sizes[1:7]) <= {3, 4}


async def test_one_answer_carries_so_many_characters_and_the_next_goes_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "MAX_ANSWER_CHARS", 2000)
    aiko = await house.guest("Aiko")
    texts = [f"tea {number} " + "x" * 800 for number in range(7)]
    for text in texts:
        house.clock.ms += 1
        await house.say(aiko, LOBBY, text)
    for _ in range(2):
        assert len((await look(house, aiko, "tea")).found) == 2
        everywhere = await look(house, aiko, "tea", room=None)
        assert (len(everywhere.found), everywhere.more) == (2, True)
        assert (await walk(house, aiko, "tea"))[0] == texts[::-1]
        await house.search.catch_up()


async def test_a_room_full_of_long_texts_does_not_hide_the_others(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purse, "MAX_CHARS", 5000)
    monkeypatch.setattr(purse, "RESERVED_CHARS", 200)
    aiko = await house.guest("Aiko")
    rooms = [LOBBY, *[await house.room(aiko) for _ in range(4)]]
    for _ in range(12):
        await house.say(aiko, LOBBY, "x " * 480)
    for room in rooms[1:]:
        for text in (f"needle in {room}", "hay", "more hay"):
            await house.say(aiko, room, text)
    answer = await look(house, aiko, "needle", room=None)
    assert {found.room for found in answer.found} == set(rooms[1:])
    assert answer.more


async def test_a_beginning_of_very_many_terms_is_passed_over_and_the_texts_decide(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "MAX_ROWS", 12)
    aiko = await house.guest("Aiko")
    for number in range(20):
        await house.say(aiko, LOBBY, " ".join(f"t{number:02d}{each:02d}" for each in range(12)) + (" needle" if number % 4 == 0 else ""))
    await house.search.catch_up()
    assert len((await look(house, aiko, "t needle")).found) == 5
    assert len((await look(house, aiko, "t1")).found) == 10
    assert len((await look(house, aiko, "needle from:aiko")).found) == 5


# Texts of which the index does not say all


async def flood(house: House, monkeypatch: pytest.MonkeyPatch, kind: str) -> tuple[User, list[str]]:
    """Aiko says something; then Eve many long texts, with more words than are indexed, or such as are edited all the time."""
    monkeypatch.setattr(terms, "MAX_TERMS", 20 if kind == "wordy" else 10_000)
    monkeypatch.setattr(index, "MAX_CHARS_AT_ONCE", 100)
    monkeypatch.setattr(purse, "MAX_CHARS", 5000)
    aiko, eve = await house.guest("Aiko"), await house.guest("Eve")
    await house.say(aiko, LOBBY, "the needle")
    texts = [" ".join(f"w{number}x{each}" for each in range(40)) for number in range(29)]
    seqs = [await house.say(eve, LOBBY, text) for text in texts]
    await house.search.catch_up()
    if kind == "edited":
        for seq, text in zip(seqs, texts, strict=True):
            await house.chat.edit(eve, LOBBY, seq, text + " again")
    return aiko, texts


@pytest.mark.parametrize("room", [LOBBY, None])
@pytest.mark.parametrize("kind", ["wordy", "edited"])
async def test_texts_that_are_to_be_looked_through_hide_nothing_that_is_indexed(
    house: House, monkeypatch: pytest.MonkeyPatch, kind: str, room: int | None
) -> None:
    aiko, _ = await flood(house, monkeypatch, kind)
    answer = await look(house, aiko, "needle", room=room)
    assert [found.message.text for found in answer.found] == ["the needle"]
    assert answer.more, "some were passed over"


@pytest.mark.parametrize("room", [LOBBY, None])
async def test_texts_that_are_slow_to_look_through_hide_nothing_either(
    house: House, monkeypatch: pytest.MonkeyPatch, room: int | None
) -> None:
    aiko, _ = await flood(house, monkeypatch, "wordy")
    monkeypatch.setattr(purse, "MAX_CHARS", 1_000_000)
    its = Purse(Clock(purse.MAX_S / 20), rest=lambda _: None)
    answer = await look(house, aiko, "needle", room=room, its=its)
    assert [found.message.text for found in answer.found] == ["the needle"]
    assert answer.more


@pytest.mark.parametrize("kind", ["wordy", "edited"])
async def test_whoever_goes_on_looks_through_all_that_was_passed_over(house: House, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    aiko, texts = await flood(house, monkeypatch, kind)
    assert (await walk(house, aiko, "nowhere"))[0] == []
    for text in texts[::7]:
        [met], _ = await walk(house, aiko, text.split()[-1])
        assert met.startswith(text)
    met, _ = await walk(house, aiko, "needle")
    assert met == ["the needle"]


async def test_a_message_whose_first_words_are_what_is_wanted_needs_no_looking_through(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    aiko, texts = await flood(house, monkeypatch, "wordy")
    answer = await look(house, aiko, f"{texts[2].split()[1]} {texts[2].split()[2]}", room=None)
    assert [found.message.text for found in answer.found] == [texts[2]]
