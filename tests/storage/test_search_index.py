"""The search index as it is written: in slices that are small however much was said, right at every moment between two of them."""

import asyncio
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from teahouse.clearing import clear
from teahouse.model import LOBBY, FoundMessages, User
from teahouse.storage import clearings
from teahouse.storage.log import Transaction
from teahouse.storage.search import following, gathering, index, terms, writing
from teahouse.storage.tables import search_changes, search_parts, search_terms, search_writing
from tests.storage.conftest import Another
from tests.storage.house import MAX_TEXT_BYTES, House, living

_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Index after a few messages, a few rows at a time."""
    monkeypatch.setattr(gathering, "BATCH", 3)
    monkeypatch.setattr(writing, "ROWS_A_COMMIT", 10)
    monkeypatch.setattr(writing, "PARTS_A_COMMIT", 2)
    monkeypatch.setattr(following, "TERMS_A_COMMIT", 10)
    monkeypatch.setattr(index, "MAX_CHARS_AT_ONCE", 100)
    monkeypatch.setattr("teahouse.search.REST", 0)


def new_words(count: int) -> str:
    """As many words that nobody said before."""
    return " ".join(f"w{next(_numbers):05d}" for _ in range(count))


async def look(house: House, user: User, words: str) -> list[str]:
    answer: FoundMessages = await house.chat.search(user, words, LOBBY)
    assert not answer.more
    return [found.message.text for found in answer.found]


async def rows(house: House, table: Any) -> int:
    return await house.database.read(lambda connection: connection.scalar(select(func.count()).select_from(table)) or 0)


async def indexed_terms(house: House) -> set[bytes]:
    return set(await house.database.read(lambda connection: [bytes(term) for term in connection.scalars(select(search_terms.c.term))]))


class Commits:
    """Counts the rows that each of a house's commits writes to or deletes from the index, and can let the server die after some."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch, die_after: int | None = None) -> None:
        self.sizes: list[int] = []
        self._house = house
        self._die_after = die_after
        self._run = house.committer.run
        monkeypatch.setattr(house.committer, "run", self._counted)

    async def _counted(self, change: Callable[[Transaction], Any]) -> Any:
        if self._die_after is not None and len(self.sizes) >= self._die_after:
            raise Killed

        def counted(tx: Transaction) -> tuple[Any, int]:
            before = tx.connection.connection.driver_connection.total_changes
            answer = change(tx)
            return answer, tx.connection.connection.driver_connection.total_changes - before

        answer, size = await self._run(counted)
        self.sizes.append(size)
        return answer


class Killed(Exception):
    """The server dies here, between two commits."""


# In slices


async def test_no_commit_writes_many_rows_however_many_new_words_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with living(f"sqlite:///{tmp_path}/teahouse.db") as house:
        aiko = await house.guest("Aiko")
        texts = [new_words(60) for _ in range(6)]
        for text in texts:
            await house.say(aiko, LOBBY, text)
        commits = Commits(house, monkeypatch)
        await house.search.catch_up()
        assert sum(commits.sizes) > 360
        assert max(commits.sizes) <= writing.ROWS_A_COMMIT + 3
        assert await rows(house, search_writing) == 0
        for text in texts:
            assert await look(house, aiko, text.split()[31]) == [text]


async def test_a_batch_is_bounded_by_messages_characters_and_terms(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "BATCH", 50)
    aiko = await house.guest("Aiko")
    for _ in range(60):
        await house.say(aiko, LOBBY, new_words(20))

    async def size() -> tuple[int, int]:
        parts = await house.database.read(gathering.prepare)
        return sum(part.last - part.first + 1 for part in parts), sum(len(part.rows) for part in parts)

    messages, all_rows = await size()
    assert 50 <= messages <= 50 + 4 and all_rows > 900
    monkeypatch.setattr(gathering, "MAX_CHARS", 1000)
    assert (await size())[0] <= 8 + 4
    monkeypatch.setattr(gathering, "MAX_CHARS", 1_000_000)
    monkeypatch.setattr(gathering, "MAX_ROWS", 100)
    assert (await size())[1] <= 100 + 21


async def test_how_much_the_index_has_yet_to_take_up_is_known(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "BATCH", 50)
    aiko = await house.guest("Aiko")
    await house.search.catch_up()
    before = house.search.waiting
    for _ in range(10):
        await house.say(aiko, LOBBY, new_words(3))
    await house.search.catch_up()
    assert house.search.waiting == before + 10
    for _ in range(50):
        await house.say(aiko, LOBBY, new_words(3))
    await house.search.catch_up()
    assert house.search.waiting < 50


async def test_few_long_messages_are_a_batch_as_well(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "BATCH", 1000)
    monkeypatch.setattr(gathering, "MAX_CHARS", 1500)
    aiko = await house.guest("Aiko")
    await house.say(aiko, LOBBY, new_words(MAX_TEXT_BYTES // 7))
    await house.search.catch_up()
    assert await rows(house, search_parts) == 0
    await house.say(aiko, LOBBY, new_words(MAX_TEXT_BYTES // 7))
    await house.search.catch_up()
    assert await rows(house, search_parts) == 1


async def test_a_message_of_too_many_terms_has_its_first_ones_in_the_index_and_is_found_by_all(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "MAX_TERMS", 20)
    aiko = await house.guest("Aiko")
    long = new_words(30)
    seq = await house.say(aiko, LOBBY, long)
    for _ in range(3):
        await house.say(aiko, LOBBY, new_words(2))
    await house.search.catch_up()
    held = {word for word in long.split() if word.encode() in await indexed_terms(house)}
    assert held == set(long.split()[:20])
    for words in (long.split()[9], f"{long.split()[3]} {long.split()[25]}", f"from:aiko {long.split()[29]}", f'"{long[:13]}"'):
        assert await look(house, aiko, words) == [long]
    await house.chat.remove(aiko, LOBBY, seq)
    await house.search.catch_up()
    assert await look(house, aiko, long.split()[9]) == [] == await look(house, aiko, long.split()[29])
    assert terms.LOOK_THROUGH not in await indexed_terms(house)


# At any moment


@pytest.mark.parametrize("commits", range(0, 34, 3))
async def test_a_server_killed_between_two_commits_finds_all_and_comes_to_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commits: int
) -> None:
    url = f"sqlite:///{tmp_path}/teahouse.db"
    async with living(url) as house:
        aiko = await house.guest("Aiko")
        texts = [new_words(40) for _ in range(6)]
        seqs = [await house.say(aiko, LOBBY, text) for text in texts]
        await house.search.catch_up()
        texts[1] = new_words(40)
        await house.chat.edit(aiko, LOBBY, seqs[1], texts[1])
        for text in [new_words(40) for _ in range(3)]:
            texts.append(text)
            await house.say(aiko, LOBBY, text)
        Commits(house, monkeypatch, die_after=commits)
        try:
            await house.search.catch_up()
        except Killed:
            assert commits < 30
    async with living(url) as house:
        house.clock.ms += 60_000
        for _ in range(2):
            for text in texts:
                assert await look(house, aiko, text.split()[20]) == [text]
            await house.search.catch_up()
        assert await rows(house, search_writing) == await rows(house, search_changes) == 0
        parts = set(await house.database.read(lambda connection: connection.scalars(select(search_parts.c.batch)).all()))
        known = set(await house.database.read(lambda connection: connection.scalars(select(search_terms.c.batch)).all()))
        assert known <= parts
        assert (await indexed_terms(house)) >= {word.encode() for text in texts[:6] for word in text.split()}


async def write(house: House, parts: list[gathering.Part], writer: str = "me", slices: int = 1000) -> writing.Progress:
    progress = writing.Progress()
    while progress.part < len(parts) and slices:
        progress = await house.committer.run(lambda tx, so_far=progress: writing.write_slice(tx, parts, so_far, writer))
        slices -= 1
    return progress


async def test_a_change_while_a_batch_is_prepared_is_not_lost(house: House) -> None:
    aiko = await house.guest("Aiko")
    seqs = [await house.say(aiko, LOBBY, f"old {number}") for number in range(3)]
    parts = await house.database.read(gathering.prepare)
    await house.chat.edit(aiko, LOBBY, seqs[0], "fresh")
    await house.chat.remove(aiko, LOBBY, seqs[1])
    await write(house, parts)
    for _ in range(2):
        assert await look(house, aiko, "old") == ["old 2"]
        assert await look(house, aiko, "fresh") == ["fresh"]
        await house.search.catch_up()
    assert await indexed_terms(house) >= {b"fresh"}
    assert await rows(house, search_changes) == 0


async def test_a_name_of_the_room_that_goes_meanwhile_holds_the_index_up_in_nothing(house: House) -> None:
    """It goes as a message does, by its entry's number, and there is no message of that number."""
    aiko = await house.guest("Aiko")
    room = await house.room(aiko)
    await house.say(aiko, room, "old words")
    parts = await house.database.read(gathering.prepare)
    await house.committer.run(lambda tx: clearings.begin(tx, aiko, aiko, 0, house.clock.ms))
    await clear(house.committer)
    await write(house, parts)
    await house.search.catch_up()
    assert await look(house, aiko, "old") == []
    assert await rows(house, search_changes) == 0


async def test_a_change_in_the_middle_of_writing_a_part_is_not_lost(house: House) -> None:
    aiko = await house.guest("Aiko")
    texts = [new_words(20) for _ in range(3)]
    seqs = [await house.say(aiko, LOBBY, text) for text in texts]
    parts = await house.database.read(gathering.prepare)
    await write(house, parts, slices=3)
    await house.chat.remove(aiko, LOBBY, seqs[0])
    await house.chat.edit(aiko, LOBBY, seqs[1], "fresh")
    await house.search.catch_up()
    assert await look(house, aiko, texts[0].split()[0]) == []
    assert await look(house, aiko, "fresh") == ["fresh"]


async def test_two_servers_index_each_message_once(house: House, another: Another) -> None:
    other = await another()
    aiko = await house.guest("Aiko")
    for number in range(4):
        await house.say(aiko, LOBBY, f"tea {number}")
    parts = [await one.database.read(gathering.prepare) for one in (house, other)]
    for one, its in zip((house, other), parts, strict=True):
        await write(one, its, str(id(one)))
    assert await house.database.read(lambda connection: connection.scalar(select(func.count()).select_from(search_parts))) == 1
    assert await look(house, aiko, "tea") == [f"tea {number}" for number in range(3, -1, -1)]


async def test_two_who_let_one_server_catch_up_do_not_get_in_each_others_way(house: House) -> None:
    aiko = await house.guest("Aiko")
    texts = [new_words(40) for _ in range(6)]
    for text in texts:
        await house.say(aiko, LOBBY, text)
    await asyncio.gather(house.search.catch_up(), house.search.catch_up())
    assert await rows(house, search_writing) == 0
    for text in texts:
        assert await look(house, aiko, text.split()[31]) == [text]
    assert (await indexed_terms(house)) >= {word.encode() for text in texts for word in text.split()}


async def test_two_servers_that_write_the_same_part_in_turns_leave_it_once(house: House, another: Another) -> None:
    other = await another()
    aiko = await house.guest("Aiko")
    texts = [new_words(20) for _ in range(3)]
    for text in texts:
        await house.say(aiko, LOBBY, text)
    [part] = await house.database.read(gathering.prepare)
    progress = {house: writing.Progress(), other: writing.Progress()}
    while any(each.part == 0 for each in progress.values()):
        for one, its in progress.items():
            if its.part == 0:
                progress[one] = await one.committer.run(lambda tx, its=its, one=one: writing.write_slice(tx, [part], its, str(id(one))))
        assert await look(house, aiko, texts[1].split()[7]) == [texts[1]]
    assert await rows(house, search_parts) == 1
    house.clock.ms += 60_000
    await house.search.catch_up()
    assert await rows(house, search_writing) == 0
    assert await rows(house, search_terms) == 61


async def test_a_writer_whose_rows_were_dropped_does_not_finish_the_rest(house: House) -> None:
    aiko = await house.guest("Aiko")
    text = new_words(40)
    for each in (text, "two", "three"):
        await house.say(aiko, LOBBY, each)
    parts = await house.database.read(gathering.prepare)
    progress = await write(house, parts, "frozen", slices=2)
    [(batch, room)] = await house.database.read(writing.abandoned, "frozen", house.clock.ms)
    while not await house.committer.run(lambda tx: writing.drop_slice(tx, batch, room, "another")):
        pass
    assert (await house.committer.run(lambda tx: writing.write_slice(tx, parts, progress, "frozen"))).part == 1
    assert await rows(house, search_parts) == await rows(house, search_terms) == 0
    assert await look(house, aiko, text.split()[5]) == [text]


async def test_a_writer_that_was_taken_for_dead_lets_be(house: House, another: Another) -> None:
    other = await another()
    aiko = await house.guest("Aiko")
    text = new_words(40)
    for each in (text, "two", "three"):
        await house.say(aiko, LOBBY, each)
    parts = await house.database.read(gathering.prepare)
    progress = await write(house, parts, "frozen", slices=2)
    other.clock.ms = house.clock.ms + 60_000
    await other.search.catch_up()
    assert (await house.committer.run(lambda tx: writing.write_slice(tx, parts, progress, "frozen"))).part == 1
    assert await rows(house, search_parts) == 1
    assert await look(house, aiko, text.split()[35]) == [text]


# Edits and removals


async def test_an_edit_of_a_long_message_writes_few_rows_at_once_and_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with living(f"sqlite:///{tmp_path}/teahouse.db") as house:
        aiko = await house.guest("Aiko")
        old, new = new_words(100), new_words(100)
        seqs = [await house.say(aiko, LOBBY, text) for text in (old, "two", "three")]
        await house.search.catch_up()
        commits = Commits(house, monkeypatch)
        await house.chat.edit(aiko, LOBBY, seqs[0], new)
        assert len(commits.sizes) == 1
        assert await rows(house, search_changes) == 1
        assert await look(house, aiko, new.split()[50]) == [new] and await look(house, aiko, old.split()[50]) == []
        await house.search.catch_up()
        assert max(commits.sizes) <= 2 * following.TERMS_A_COMMIT + 3
        assert await rows(house, search_changes) == 0
        assert await look(house, aiko, new.split()[50]) == [new] and await look(house, aiko, old.split()[50]) == []
        assert not await indexed_terms(house) & {word.encode() for word in old.split()}


async def test_what_is_edited_while_the_index_follows_is_followed_again(house: House) -> None:
    aiko = await house.guest("Aiko")
    texts = [new_words(50) for _ in range(3)]
    seqs = [await house.say(aiko, LOBBY, text) for text in (texts[0], "two", "three")]
    await house.search.catch_up()
    await house.chat.edit(aiko, LOBBY, seqs[0], texts[1])
    [difference] = await house.database.read(following.next_differences, (0, 0))
    done = await house.committer.run(lambda tx: following.follow_slice(tx, difference, 0))
    await house.chat.edit(aiko, LOBBY, seqs[0], texts[2])
    assert await house.committer.run(lambda tx: following.follow_slice(tx, difference, done)) is None
    assert await look(house, aiko, texts[2].split()[40]) == [texts[2]]
    await house.search.catch_up()
    held = await indexed_terms(house)
    assert held >= {word.encode() for word in texts[2].split()}
    assert not held & {word.encode() for word in (texts[0] + " " + texts[1]).split()}


async def test_many_long_messages_are_removed_in_small_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with living(f"sqlite:///{tmp_path}/teahouse.db") as house:
        aiko = await house.guest("Aiko")
        seqs = [await house.say(aiko, LOBBY, new_words(50)) for _ in range(9)]
        await house.search.catch_up()
        commits = Commits(house, monkeypatch)
        for seq in seqs:
            await house.chat.remove(aiko, LOBBY, seq)
        await house.search.catch_up()
        assert max(commits.sizes) <= 2 * following.TERMS_A_COMMIT + 3
        assert await rows(house, search_terms) == 0


async def test_of_a_removed_message_and_of_an_old_text_no_term_is_left_in_the_file(tmp_path: Path) -> None:
    async with living(f"sqlite:///{tmp_path}/teahouse.db") as house:
        aiko = await house.guest("Aiko")
        first = await house.say(aiko, LOBBY, "unspeakablexyzzy")
        second = await house.say(aiko, LOBBY, "embarrassingplugh")
        for number in range(300):
            await house.say(aiko, LOBBY, f"ordinary{number} words")
        await house.search.catch_up()
        assert {b"unspeakablexyzzy", b"embarrassingplugh"} <= await indexed_terms(house)
        await house.chat.remove(aiko, LOBBY, first)
        await house.chat.edit(aiko, LOBBY, second, "harmless")
        assert b"harmless" in await indexed_terms(house)
    stored = b"".join(each.read_bytes() for each in tmp_path.iterdir())  # noqa: ASYNC240 -- the house is closed, nothing waits
    assert b"ordinary7" in stored and b"harmless" in stored
    assert b"unspeakable" not in stored and b"embarrassing" not in stored
