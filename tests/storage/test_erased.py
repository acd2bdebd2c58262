"""What was erased is in no file of the house any more: counted in the files themselves."""

import asyncio
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from teahouse.clearing import clear
from teahouse.model import LOBBY, User
from teahouse.storage import addresses, clearings, database
from teahouse.storage.gate import Gate
from teahouse.storage.search import gathering, index, writing
from teahouse.storage.tables import messages
from tests.storage.house import House, living
from tests.support.databases import copy_into
from tests.support.patience import PATIENCE_S

WORD = "quetzalcoatlus"


@pytest.fixture
def url(tmp_path: Path, sqlite_schema: Path) -> str:
    """SQLite alone: the files of PostgreSQL are not ours."""
    return copy_into(tmp_path, sqlite_schema)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The folder of the house."""
    return tmp_path


def found(folder: Path, word: str = WORD) -> dict[str, int]:
    """How often each file of the house has the word, where it has it."""
    counts = {path.name: path.read_bytes().count(word.encode()) for path in folder.glob("teahouse.db*")}
    return {name: count for name, count in counts.items() if count}


async def talk(house: House, user: User, text: str = WORD) -> int:
    """Say something among other words, and let all of it go from the write-ahead log into the database."""
    for number in range(30):
        await house.say(user, LOBBY, f"before {number}")
    seq = await house.say(user, LOBBY, text)
    for number in range(30):
        await house.say(user, LOBBY, f"after {number}")
    house.database.holds_erased = True
    await house.database.checkpoint()
    return seq


async def test_a_removed_text_leaves_the_files(house: House, files: Path) -> None:
    mia = await house.guest("Mia")
    seq = await talk(house, mia)
    assert found(files) == {"teahouse.db": 1}
    await house.chat.remove(mia, LOBBY, seq)
    await house.database.checkpoint()
    assert found(files) == {}


async def test_a_text_that_was_only_in_the_log_leaves_it(house: House, files: Path) -> None:
    mia = await house.guest("Mia")
    seq = await house.say(mia, LOBBY, WORD)
    await house.chat.remove(mia, LOBBY, seq)
    await house.say(mia, LOBBY, "on we go")
    assert "teahouse.db-wal" in found(files)
    await house.database.checkpoint()
    assert found(files) == {}


async def test_a_program_that_reads_without_end_is_told_of(house: House, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mia = await house.guest("Mia")
    with closing(sqlite3.connect(files / "teahouse.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM messages").fetchall()
        await house.chat.remove(mia, LOBBY, await house.say(mia, LOBBY, WORD))
        await house.database.checkpoint()
        assert house.database.troubles.lasting == [], "a backup reads for a while too"
        monkeypatch.setattr(database, "ENDLESS_S", 0)
        await house.database.checkpoint()
        assert (house.database.troubles.lasting, house.database.troubles.unwell) == (["log"], "")
    await house.database.checkpoint()
    assert (house.database.troubles.lasting, found(files)) == ([], {})


async def test_so_does_one_that_was_edited(house: House, files: Path) -> None:
    mia = await house.guest("Mia")
    seq = await talk(house, mia)
    await house.chat.edit(mia, LOBBY, seq, "never mind")
    await house.database.checkpoint()
    assert found(files) == {}


@pytest.mark.parametrize("times", [1, 40], ids=["short", "long"])
async def test_so_do_its_words_in_the_search_index(house: House, files: Path, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    monkeypatch.setattr(gathering, "BATCH", 50)
    monkeypatch.setattr(index, "MAX_CHARS_AT_ONCE", 100)
    mia = await house.guest("Mia")
    seq = await talk(house, mia, " ".join(f"{WORD} {number}" for number in range(times)))
    await house.search.catch_up()
    await house.chat.remove(mia, LOBBY, seq)
    await house.database.checkpoint()
    await house.search.catch_up()
    await house.database.checkpoint()
    assert found(files) == {}


async def test_so_do_words_that_were_written_into_the_index_by_a_server_that_died(
    house: House, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "BATCH", 50)
    mia = await house.guest("Mia")
    seq = await talk(house, mia, f"aaa {WORD} zzz")
    parts = await house.database.read(gathering.prepare)
    monkeypatch.setattr(writing, "ROWS_A_COMMIT", len(parts[0].rows) - 1)  # all but the last term
    await house.committer.run(lambda tx: writing.write_slice(tx, parts, writing.Progress(), "died"))
    await house.chat.remove(mia, LOBBY, seq)
    await house.database.checkpoint()
    assert found(files) == {"teahouse.db": 1}, "in what is half written"
    house.clock.ms += writing.ABANDONED_AFTER_MS + 1
    await house.search.catch_up()
    await house.database.checkpoint()
    assert found(files) == {}


async def test_so_does_what_somebody_called_a_room(house: House, files: Path) -> None:
    mia = await house.guest("Mia")
    await house.chat.create_room(mia, "private", "Room", f"about {WORD}", "r")
    await clear_up(house, mia)
    assert found(files) == {}


async def test_a_reaction_that_goes_by_itself_is_erased_as_well(house: House, files: Path) -> None:
    mia, ben = await house.guest("Mia"), await house.guest("Ben")
    seq = await house.say(ben, LOBBY, "a normal text")
    await house.chat.react(mia, LOBBY, seq, "👍")
    house.database.holds_erased = False
    await house.committer.run(lambda tx: clearings.begin(tx, ben, mia, 0, house.clock.ms))
    await clear(house.committer)
    assert house.database.holds_erased


async def clear_up(house: House, user: User) -> None:
    """Let what stands come into the database's file, then erase all that `user` said, and what the files still hold of it."""
    house.database.holds_erased = True
    await house.database.checkpoint()
    await house.committer.run(lambda tx: clearings.begin(tx, user, user, 0, house.clock.ms))
    await clear(house.committer)
    await house.database.checkpoint()


async def test_so_does_the_network_that_somebody_came_from(house: House, files: Path) -> None:
    mia = await house.guest("Mia")
    await house.committer.run(lambda tx: addresses.put(tx, [(mia.id, "203.0.113.77", 1)]))
    house.database.holds_erased = False
    await house.committer.run(lambda tx: addresses.put(tx, [(mia.id, "198.51.100.9", 2)]))
    await house.database.checkpoint()
    assert found(files, "203.0.113.77") == {}
    await house.committer.run(lambda tx: addresses.forget_before(tx, 3))
    await house.database.checkpoint()
    assert found(files, "198.51.100.9") == {}


async def test_while_somebody_reads_an_old_state_it_is_tried_again(house: House, files: Path) -> None:
    mia = await house.guest("Mia")
    seq = await talk(house, mia)
    began, may_end = threading.Event(), threading.Event()

    def read_long(connection: Connection) -> None:
        connection.scalar(select(messages.c.text).limit(1))
        began.set()
        assert may_end.wait(30)

    reading = asyncio.create_task(house.database.read(read_long))
    await asyncio.to_thread(began.wait, 30)
    await house.chat.remove(mia, LOBBY, seq)
    await house.say(mia, LOBBY, "on we go")
    await house.database.checkpoint()
    assert await house.say(mia, LOBBY, "nothing stands still"), "and posts go on"
    still = found(files)
    may_end.set()
    await reading
    await house.database.checkpoint()
    assert (still, found(files)) == ({"teahouse.db": 1}, {})


class Reading:
    """Somebody who reads an old state for as long as a test wants."""

    def __init__(self, house: House) -> None:
        self._began, self._may_end = threading.Event(), threading.Event()
        self.task = asyncio.create_task(house.database.read(self._read))

    def _read(self, connection: Connection) -> None:
        connection.scalar(select(messages.c.text).limit(1))
        self._began.set()
        assert self._may_end.wait(PATIENCE_S)

    async def begun(self) -> None:
        await asyncio.to_thread(self._began.wait, 30)

    async def end(self) -> None:
        self._may_end.set()
        await self.task


class CountingGate(Gate):
    """Knows how many have had to wait before it."""

    def __init__(self) -> None:
        super().__init__()
        self.waited = 0

    async def __aenter__(self) -> None:
        self.waited += not self._is_open.is_set()
        await super().__aenter__()


async def refused(house: House) -> tuple[Reading, CountingGate]:
    """Erase something that somebody still reads, and try in vain to empty the log as often as nobody else waits for it."""
    house.database.reads = reads = CountingGate()
    mia = await house.guest("Mia")
    seq = await talk(house, mia)
    reading = Reading(house)
    await reading.begun()
    await house.chat.remove(mia, LOBBY, seq)
    for _ in range(database.TRIES):
        await house.database.checkpoint()
    assert reads.waited == 0
    return reading, reads


async def test_where_readers_overlap_without_end_new_ones_wait_once_until_it_is_done(
    house: House, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "READS_WAIT_S", 30)
    earlier, reads = await refused(house)
    assert house.database._files is not None
    done, checkpoint = [], house.database._files.checkpoint
    monkeypatch.setattr(house.database._files, "checkpoint", lambda mode: (done.append(mode), checkpoint(mode))[1])
    emptying = asyncio.create_task(house.database.checkpoint())
    async with asyncio.timeout(PATIENCE_S):
        while reads._is_open.is_set():  # noqa: ASYNC110 -- nothing tells of it
            await asyncio.sleep(0)
    later = Reading(house)
    await asyncio.sleep(0)
    assert reads.waited == 1
    await house.committer.run(lambda tx: None)
    assert done == ["PASSIVE"], "and the writer does not"
    await earlier.end()
    await emptying
    assert found(files) == {}
    await later.begun()
    await later.end()


async def test_readers_go_on_though_the_log_could_not_be_emptied(house: House, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "READS_WAIT_S", 0)
    earlier, _ = await refused(house)
    for _ in range(database.TRIES):
        await house.database.checkpoint()
        assert await house.database.read(lambda connection: connection.scalar(select(1))) == 1
    assert found(files) and house.database.holds_erased
    await earlier.end()
    await house.database.checkpoint()
    assert found(files) == {}


async def test_readers_do_not_wait_for_a_writer_who_is_long(house: House, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "READS_WAIT_S", 0)
    earlier, _ = await refused(house)
    await earlier.end()
    began, may_end = threading.Event(), threading.Event()
    writing = house.committer.run(lambda tx: (began.set(), may_end.wait(PATIENCE_S))[1])
    await asyncio.to_thread(began.wait, PATIENCE_S)
    emptying = asyncio.create_task(house.database.checkpoint())
    async with asyncio.timeout(PATIENCE_S / 2):
        while house.database.writer._work_queue.empty():  # noqa: ASYNC110 -- nothing tells of it
            await asyncio.sleep(0)
        assert await house.database.read(lambda connection: connection.scalar(select(1))) == 1
    may_end.set()
    await emptying
    assert await writing
    assert found(files) == {}


async def test_searches_wait_first_and_pages_not_for_them(house: House) -> None:
    mia = await house.guest("Mia")
    house.database.reads, house.database.searches = reads, searches = CountingGate(), CountingGate()
    async with searches.shut(30):
        searching = asyncio.create_task(house.search.find(mia, "tea"))
        async with asyncio.timeout(PATIENCE_S):
            while not searches.waited:  # noqa: ASYNC110 -- as above
                await asyncio.sleep(0)
        assert await house.database.read(lambda connection: connection.scalar(select(1))) == 1
        assert reads.waited == 0 and not searching.done()
    assert (await searching).found == []


async def test_the_log_is_emptied_when_it_is_long_too(house: House, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mia = await house.guest("Mia")
    log = files / "teahouse.db-wal"
    house.database.holds_erased = False
    await house.say(mia, LOBBY, "tea")
    monkeypatch.setattr(database, "MAX_LOG_BYTES", log.stat().st_size)
    await house.database.checkpoint()
    assert log.stat().st_size > 0
    await house.say(mia, LOBBY, "more tea")
    await house.database.checkpoint()
    assert log.stat().st_size == 0


async def test_a_start_after_a_kill_finishes_it(house: House, files: Path, tmp_path: Path) -> None:
    mia = await house.guest("Mia")
    await house.chat.remove(mia, LOBBY, await talk(house, mia))
    left = tmp_path / "left"
    shutil.copytree(files, left, ignore=shutil.ignore_patterns("left"))
    assert found(left)
    async with living(f"sqlite:///{left}/teahouse.db") as again:
        await again.database.checkpoint()
        assert found(left) == {}


async def test_it_is_done_once_for_many_and_not_where_nothing_was_erased(
    house: House, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia = await house.guest("Mia")
    seqs = [await talk(house, mia) for _ in range(3)]
    done: list[str] = []
    monkeypatch.setattr(house.database._files, "checkpoint", lambda mode: bool(done.append(mode)) or True)
    for seq in seqs:
        await house.chat.remove(mia, LOBBY, seq)
    for _ in range(3):
        await house.database.checkpoint()
        await house.say(mia, LOBBY, "and so on")
    assert done == ["PASSIVE", "TRUNCATE"]
