"""Entries: numbered in the commit without holes, once per client id for ever, read back as they were told."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import MetaData, select

from teahouse.errors import TeahouseError
from teahouse.model import LOBBY, Draft, Edited, Entry, Posted, User
from teahouse.storage import log
from tests.storage.conftest import Another
from tests.storage.house import House, living, refusal


def draft(user: User, text: str, client_id: str, room: int = LOBBY) -> Draft:
    return Draft(room, user, Posted(text), client_id)


async def test_numbers_count_up_without_holes_in_every_log_of_a_batch(house: House) -> None:
    aiko = await house.guest("Aiko")
    tea = await house.room(aiko)
    start = await house.database.read(log.heads, [LOBBY, tea])

    answers = [house.committer.append(draft(aiko, f"{n}", f"c{n}", room=(LOBBY, tea)[n % 2])) for n in range(10)]
    stored = await asyncio.gather(*answers)

    for room in (LOBBY, tea):
        assert [entry.seq - start[room] for entry in stored if entry.log == room] == [1, 2, 3, 4, 5]
        assert [entry.seq for entry in await house.entries(room)] == list(range(1, start[room] + 6))
    assert await house.database.read(log.heads, [LOBBY, tea]) == {room: head + 5 for room, head in start.items()}


async def test_every_kind_of_entry_reads_back_as_it_was_told(house: House) -> None:
    aiko, ben = await house.guest_identity("Aiko"), await house.guest_identity("Ben")
    room = await house.room(aiko.user, ben.user, kind="public")
    direct = (await house.chat.open_direct(ben.user, aiko.user.id)).room.id
    first = await house.say(aiko.user, room, "one")
    await house.say(ben.user, room, "two", reply_to=first)
    gone = await house.say(aiko.user, room, "three")
    await house.chat.react(ben.user, room, first, "🍵")
    await house.chat.react(ben.user, room, first, "🍵", on=False)
    await house.chat.change_room(aiko.user, room, "Tea", "leaves")
    await house.chat.set_robot(aiko.user, room, "always")
    await house.chat.read(ben.user, room, gone)
    await house.chat.edit(aiko.user, room, first, "uno")
    await house.chat.remove(aiko.user, room, gone)
    await house.chat.leave(ben.user, room)

    told = {(entry.log, entry.seq): entry for entry in house.announced}
    read = [entry for log_id in (room, direct, aiko.inbox, ben.inbox) for entry in await house.entries(log_id)]

    assert {type(entry.fact).__name__ for entry in read} == {
        "Created", "Joined", "Posted", "Edited", "Removed", "Reacted", "Renamed", "RobotSet", "Left", "Added", "Read",
    }  # fmt: skip
    # What a message says now, and what a room is called now, is told as of now; everything else as of then.
    changed = [entry for entry in read if entry != told[entry.log, entry.seq]]
    assert [entry.fact for entry in changed if isinstance(entry.fact, Posted)] == [
        Posted("uno", edited=True),
        Posted("two", reply_to=changed[1].fact.reply_to),
        Posted("", removed=True),
    ]
    assert changed[1].fact.reply_to.text == "uno"
    assert {entry.fact.room.name for entry in changed if not isinstance(entry.fact, Posted)} == {"Tea"}


async def test_a_page_of_entries_ends_at_its_bounds(house: House) -> None:
    aiko = await house.guest("Aiko")
    for n in range(8):
        await house.say(aiko, LOBBY, f"{n}")

    async def seqs(after: int, upto: int, limit: int) -> list[int]:
        return [entry.seq for entry in await house.database.read(log.read_after, LOBBY, after, upto, limit)]

    assert await seqs(2, 6, 100) == [3, 4, 5, 6]
    assert await seqs(2, 100, 3) == [3, 4, 5]
    assert await seqs(100, 200, 3) == []


async def test_a_message_sent_again_a_week_and_a_restart_later_is_the_first_one(house: House, another: Another) -> None:
    aiko = await house.guest("Aiko")
    first = await house.chat.post(aiko, LOBBY, "hello", "c1")

    later = await another()
    later.clock.pass_days(7)
    again = await later.chat.post(aiko, LOBBY, "hello", "c1")

    assert again == first
    assert later.announced == []
    assert await texts(house) == ["hello"]


async def test_of_two_copies_in_one_batch_the_first_one_counts(house: House) -> None:
    aiko = await house.guest("Aiko")
    tea = await house.room(aiko)
    first, second = (house.committer.append(draft(aiko, text, "c1")) for text in ("hello", "hello?"))
    elsewhere = house.committer.append(draft(aiko, "hello", "c1", room=tea))
    assert await first == await second
    assert await refusal(elsewhere) == "conflict"
    assert await texts(house) == ["hello"]


async def test_two_servers_that_get_the_same_message_at_once_store_it_once(house: House, another: Another) -> None:
    aiko = await house.guest("Aiko")
    other = await another()

    copies = [draft(aiko, f"{n}", f"c{n}") for n in range(50)]
    pairs = [(house.committer.append(copy), other.committer.append(copy)) for copy in copies]
    for here, there in pairs:
        assert (await here).seq == (await there).seq

    assert sorted(await texts(house), key=int) == [f"{n}" for n in range(50)]


async def test_two_servers_number_one_room_without_holes_or_doubles(house: House, another: Another) -> None:
    aiko = await house.guest("Aiko")
    writers = [house, await another()]
    before = (await house.database.read(log.heads, [LOBBY]))[LOBBY]

    async def write(number: int) -> list[Entry]:
        return [await writers[number].committer.append(draft(aiko, f"{n}", f"{number}-{n}")) for n in range(40)]

    one, two = await asyncio.gather(write(0), write(1))

    assert sorted(entry.seq for entry in one + two) == list(range(before + 1, before + 81))
    for mine in (one, two):
        assert [entry.seq for entry in mine] == sorted(entry.seq for entry in mine)


async def test_a_reader_beside_two_writers_never_sees_a_hole(house: House, another: Another) -> None:
    aiko = await house.guest("Aiko")
    writers = [house, await another()]
    reader = await another()

    async def write(number: int) -> None:
        for n in range(40):
            await writers[number].committer.append(draft(aiko, f"{n}", f"{number}-{n}"))

    writing = asyncio.gather(write(0), write(1))
    looks = 0
    while not writing.done():
        head = (await reader.database.read(log.heads, [LOBBY]))[LOBBY]
        seen = [entry.seq for entry in await reader.database.read(log.read_after, LOBBY, 0, head, 10_000)]
        assert seen == list(range(1, head + 1))
        looks += 1

    await writing
    assert looks > 5, "the reader was not beside the writers"


async def test_a_client_id_used_in_another_room_is_a_conflict(house: House) -> None:
    aiko = await house.guest("Aiko")
    tea = await house.room(aiko)
    await house.chat.post(aiko, LOBBY, "hello", "c1")
    assert await refusal(house.chat.post(aiko, tea, "hello", "c1")) == "conflict"
    assert await refusal(house.chat.post(aiko, LOBBY, "hello", "room-1")) == "conflict", "the room's own client id"


async def test_two_people_may_use_the_same_client_id(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    one = await house.chat.post(aiko, LOBBY, "a", "c1")
    two = await house.chat.post(ben, LOBBY, "b", "c1")
    assert two.seq == one.seq + 1


async def test_two_people_who_send_the_same_client_id_again_in_one_batch_each_get_their_own(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    drafts = [draft(aiko, "a", "c1"), draft(ben, "b", "c1")]
    first = await asyncio.gather(*map(house.committer.append, drafts))
    assert await asyncio.gather(*map(house.committer.append, drafts)) == first


async def test_the_database_itself_refuses_a_second_entry_with_a_client_id(house: House) -> None:
    aiko = await house.guest("Aiko")
    await house.chat.post(aiko, LOBBY, "hello", "c1")
    fact = Edited(1, "hello")
    # Not through `post`, which looks for repeats first: the index is what keeps the promise.
    assert await refusal(house.committer.run(lambda tx: log.append(tx, [Draft(LOBBY, aiko, fact, "c1")]))) == "unavailable"


async def test_of_a_removed_message_no_word_is_left_in_any_table(house: House) -> None:
    aiko = await house.guest("Aiko")
    seq = await house.say(aiko, LOBBY, "a secret")
    await house.chat.edit(aiko, LOBBY, seq, "a secret, mended")
    assert await rows_with(house, "secret")

    await house.chat.remove(aiko, LOBBY, seq)

    assert await rows_with(house, "secret") == []


async def test_of_a_removed_message_no_byte_is_left_in_the_file_once_the_house_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "teahouse.db"
    async with living(f"sqlite:///{file}") as house:
        aiko = await house.guest("Aiko")
        kept, seq = await house.say(aiko, LOBBY, "a word to keep"), await house.say(aiko, LOBBY, "a secret word " * 70)
        assert kept < seq
        await house.chat.remove(aiko, LOBBY, seq)
    stored = b"".join(each.read_bytes() for each in tmp_path.iterdir())  # noqa: ASYNC240 -- the house is closed, nothing waits
    assert b"a word to keep" in stored
    assert b"a secret word" not in stored


async def test_a_post_of_someone_who_was_put_out_meanwhile_is_refused_by_the_database(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    # Both are checked in memory, where Ben is still in the room; the batch carries them out in this order.
    leaving = asyncio.ensure_future(house.chat.remove_member(aiko, room, ben.id))
    await asyncio.sleep(0)
    posting = house.chat.post(ben, room, "one more word", "c1")

    await leaving
    with pytest.raises(TeahouseError, match="join it first"):
        await posting
    assert [entry for entry in await house.entries(room) if isinstance(entry.fact, Posted)] == []


async def texts(house: House) -> list[str]:
    return [entry.fact.text for entry in await house.entries(LOBBY) if isinstance(entry.fact, Posted)]


async def rows_with(house: House, word: str) -> list[object]:
    """Every row of the database in which `word` stands."""

    def look(connection: object) -> list[object]:
        metadata = MetaData()
        metadata.reflect(connection)  # type: ignore[arg-type]
        return [row for table in metadata.sorted_tables for row in connection.execute(select(table)) if word in str(row)]  # type: ignore[attr-defined]

    return await house.database.read(look)


async def test_a_page_of_long_texts_is_short_and_the_next_goes_on_after_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MAX_PAGE_CHARS", 25)
    aiko = await house.guest("Aiko")
    room = await house.room(aiko)
    start = (await house.database.read(log.heads, [room]))[room]
    for text in ("ten chars.", "a" * 30, *["ten chars."] * 3):
        await house.say(aiko, room, text)
    read: list[list[int]] = []
    while page := await house.database.read(log.read_after, room, start + (read[-1][-1] if read else 0), start + 5, 200):
        read.append([entry.seq - start for entry in page])
    assert read == [[1], [2], [3, 4], [5]], "one that is longer than a page has a page of its own"


async def test_of_what_is_said_again_none_is_overlooked_however_long(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MAX_PAGE_CHARS", 25)
    aiko = await house.guest("Aiko")
    said = [draft(aiko, "a" * 20, f"c{number}") for number in range(3)]
    stored = await asyncio.gather(*map(house.committer.append, said))
    repeats = await house.database.read(log.repeats, said)
    assert [repeats[aiko.id, f"c{number}"].seq for number in range(3)] == [entry.seq for entry in stored]
