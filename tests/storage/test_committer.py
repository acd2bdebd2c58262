"""Group commit: nobody is told or answered before the disk has it, and one author's error stays theirs."""

import asyncio
import sqlite3
import threading
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from teahouse.errors import Damaged, NotAllowed, Unavailable
from teahouse.model import LOBBY, Draft, Entry, Posted, User
from teahouse.storage import committer, log, pacing, rooms
from teahouse.storage.log import Transaction
from tests.storage.house import House, refusal
from tests.support.patience import PATIENCE_S


def hello(user: User, client_id: str) -> Draft:
    return Draft(LOBBY, user, Posted("hello"), client_id)


class Disk:
    """Stands before every commit of a house, in the writer's thread: counts, holds until `release`, or fails."""

    def __init__(self, house: House) -> None:
        self.commits = self.tries = 0
        self.fails: bool | sqlite3.Error = False
        self.reached = asyncio.Event()
        self._free = threading.Event()
        self._free.set()
        self._loop = asyncio.get_running_loop()
        event.listen(house.database.write_connection.engine, "commit", self._before_commit)

    def hold(self) -> None:
        self._free.clear()

    def release(self) -> None:
        self._free.set()

    def _before_commit(self, _connection: Connection) -> None:
        self._loop.call_soon_threadsafe(self.reached.set)
        self._free.wait(30)
        self.tries += 1
        if self.fails:
            raise OperationalError("COMMIT", {}, Exception("the disk is full") if self.fails is True else self.fails)
        self.commits += 1


def failure(code: int) -> sqlite3.Error:
    """SQLite's own error of a primary or extended code."""
    error = sqlite3.OperationalError("as SQLite says it")
    error.sqlite_errorcode = code
    return error


async def test_nobody_is_told_or_answered_before_the_commit(house: House) -> None:
    aiko = await house.guest("Aiko")
    head = (await house.database.read(log.heads, [LOBBY]))[LOBBY]
    house.announced.clear()
    disk = Disk(house)
    disk.hold()

    answer = house.committer.append(hello(aiko, "c1"))
    await disk.reached.wait()
    for _ in range(10):
        await asyncio.sleep(0)
    told, answered = list(house.announced), answer.done()
    stored = await house.database.read(log.heads, [LOBBY])
    disk.release()

    assert (told, answered, stored) == ([], False, {LOBBY: head})
    assert (await answer).seq == head + 1
    assert house.announced == [await answer]


async def test_the_house_is_told_before_the_caller_is_answered(house: House) -> None:
    aiko = await house.guest("Aiko")
    order: list[str] = []
    answer = house.committer.append(hello(aiko, "c1"))
    answer.add_done_callback(lambda done: order.append(f"answered after {len(house.announced)}"))
    house.announced.clear()
    await answer
    await asyncio.sleep(0)
    assert order == ["answered after 1"]


async def test_what_arrives_while_one_batch_commits_is_the_next_batch(house: House) -> None:
    aiko = await house.guest("Aiko")
    disk = Disk(house)
    disk.hold()
    first = house.committer.append(hello(aiko, "first"))
    await disk.reached.wait()
    answers = [house.committer.append(hello(aiko, f"c{n}")) for n in range(100)]
    disk.release()

    await asyncio.gather(first, *answers)

    assert disk.commits == 2
    assert [(await answer).seq for answer in answers] == list(range((await first).seq + 1, (await first).seq + 101))


async def test_one_work_that_breaks_spoils_nothing_for_the_others_of_its_batch(house: House) -> None:
    aiko = await house.guest("Aiko")

    def broken(tx: Transaction) -> None:
        log.append(tx, [Draft(LOBBY, aiko, Posted("from the broken one"), "c-broken")])
        raise RuntimeError("a fault in the program")

    before = house.committer.append(hello(aiko, "c1"))
    breaks = house.committer.run(broken)
    after = house.committer.append(hello(aiko, "c2"))

    with pytest.raises(RuntimeError):
        await breaks
    assert (await after).seq == (await before).seq + 1
    assert [entry.client_id for entry in house.announced if isinstance(entry.fact, Posted)] == ["c1", "c2"]


async def test_commits_that_fail_are_counted(house: House) -> None:
    aiko, disk = await house.guest("Aiko"), Disk(house)
    await house.committer.append(hello(aiko, "c1"))
    assert house.database.failed_commits == 0

    disk.fails = True
    assert await refusal(house.committer.append(hello(aiko, "c2"))) == "unavailable"
    assert house.database.failed_commits > 0


async def test_of_a_refused_change_nothing_remains(house: House) -> None:
    aiko = await house.guest("Aiko")
    house.announced.clear()

    def refused(tx: Transaction) -> None:
        room = rooms.create(tx, aiko, "private", "Never", "", key=None)
        rooms.add(tx, aiko, aiko, room)
        raise NotAllowed("on second thought")

    before, refusing, after = (
        house.committer.append(hello(aiko, "c1")),
        house.committer.run(refused),
        house.committer.append(hello(aiko, "c2")),
    )

    assert await refusal(refusing) == "not_allowed"
    assert house.announced == [await before, await after]
    assert [room.name for room in await house.database.read(rooms.every)] == ["Lobby"]


async def test_a_database_that_fails_answers_unavailable_and_is_used_again_when_it_is_back(house: House) -> None:
    aiko = await house.guest("Aiko")
    house.announced.clear()
    disk = Disk(house)
    disk.fails = True
    answers = [house.committer.append(hello(aiko, f"c{n}")) for n in range(3)]
    assert [await refusal(answer) for answer in answers] == ["unavailable"] * 3
    assert house.announced == []
    disk.fails = False

    again = [await house.committer.append(hello(aiko, f"c{n}")) for n in range(3)]

    assert [entry.client_id for entry in again] == ["c0", "c1", "c2"]
    assert house.announced == again
    assert [entry.seq for entry in await house.entries(LOBBY)] == list(range(1, again[-1].seq + 1))


OF_ALL = {
    "locked": sqlite3.SQLITE_BUSY,
    "full": sqlite3.SQLITE_FULL,
    "disk": sqlite3.SQLITE_IOERR_WRITE,
}


@pytest.mark.parametrize(("kind", "code"), OF_ALL.items(), ids=OF_ALL)
async def test_what_would_fail_for_each_is_refused_at_once_for_all(
    house: House, kind: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five seconds of waiting for a lock are waited once, not once for each; and who comes meanwhile waits once more, however many wait."""
    monkeypatch.setattr(committer, "MAX_BATCH", 3)
    aiko = await house.guest("Aiko")
    disk = Disk(house)
    disk.fails = failure(code)
    answers = [house.committer.append(hello(aiko, f"c{n}")) for n in range(20)]
    assert [await refusal(answer) for answer in answers] == ["unavailable"] * 20
    assert disk.tries == 2
    assert house.database.troubles.lasting == [kind]
    disk.fails = False
    assert await house.committer.append(hello(aiko, "c1"))


async def test_after_a_fault_of_one_the_others_wait_once_for_a_lock(house: House) -> None:
    aiko = await house.guest("Aiko")
    disk = Disk(house)

    def broken(tx: Transaction) -> None:
        disk.fails = failure(sqlite3.SQLITE_BUSY)
        raise RuntimeError("a fault in the program")

    answers = [house.committer.append(hello(aiko, "c0")), house.committer.run(broken)]
    answers += [house.committer.append(hello(aiko, f"c{n}")) for n in range(1, 10)]
    assert [await refusal(answer) for answer in answers] == ["unavailable"] * 11
    assert disk.tries == 1


@pytest.mark.parametrize("code", [sqlite3.SQLITE_CORRUPT_INDEX, sqlite3.SQLITE_NOTADB])
async def test_damage_is_nothing_to_try_again_and_stays_its_authors(house: House, code: int) -> None:
    aiko = await house.guest("Aiko")

    def hurt(tx: Transaction) -> None:
        raise OperationalError("SELECT", {}, failure(code))

    answers = [house.committer.append(hello(aiko, "c1")), house.committer.run(hurt), house.committer.append(hello(aiko, "c2"))]
    with pytest.raises(Damaged) as refused:
        await answers[1]
    assert refused.value.retry is False
    assert (await answers[2]).seq == (await answers[0]).seq + 1
    assert house.database.troubles.lasting == ["damaged"]


async def test_whoever_comes_after_the_house_was_closed_is_refused_and_does_not_wait(house: House) -> None:
    house.database.close()
    async with asyncio.timeout(PATIENCE_S):
        assert [await refusal(house.committer.run(lambda tx: None)) for _ in range(2)] == ["unavailable"] * 2
        await house.committer.drain()


async def test_a_caller_that_goes_away_takes_nothing_with_it(house: House) -> None:
    aiko = await house.guest("Aiko")
    house.announced.clear()
    left, stayed = house.committer.append(hello(aiko, "c1")), house.committer.append(hello(aiko, "c2"))
    left.cancel()
    await stayed
    assert [entry.client_id for entry in house.announced] == ["c1", "c2"]


async def test_a_fault_in_telling_leaves_nobody_without_an_answer(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    aiko = await house.guest("Aiko")
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context))

    def tell(entries: list[Entry]) -> None:
        raise RuntimeError("a fault in the program")

    monkeypatch.setattr(house.committer, "_on_commit", tell)
    first, second = house.committer.append(hello(aiko, "c1")), house.committer.append(hello(aiko, "c2"))
    assert (await second).seq == (await first).seq + 1
    assert [str(complaint["exception"]) for complaint in complaints] == ["a fault in the program"]


async def test_more_than_may_wait_is_refused_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committer, "MAX_WAITING", 2)
    aiko = await house.guest("Aiko")
    answers = [house.committer.append(hello(aiko, f"c{n}")) for n in range(2)]
    with pytest.raises(Unavailable):
        house.committer.append(hello(aiko, "c3"))
    await asyncio.gather(*answers)


async def test_draining_waits_for_everything_that_was_submitted(house: House) -> None:
    aiko = await house.guest("Aiko")
    answers = [house.committer.append(hello(aiko, f"c{n}")) for n in range(5)]
    await house.committer.drain()
    assert all(answer.done() for answer in answers)
    await house.committer.drain()


async def test_where_telling_costs_most_the_next_batch_waits_for_it_and_nobody_is_forgotten(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    aiko = await house.guest("Aiko")
    told = True
    monkeypatch.setattr(house.committer, "_is_told", lambda: told)
    disk = Disk(house)
    await house.committer.append(hello(aiko, "quickly told"))
    monkeypatch.setattr(pacing, "DEAR", 0.0)  # from here on every telling costs more than its commit
    monkeypatch.setattr(pacing, "MOST_S", 1e9)
    await house.committer.append(hello(aiko, "dearly told"))
    for _ in range(3):
        await asyncio.sleep(0)
    told = False
    await house.committer.append(hello(aiko, "still being told"))
    commits = disk.commits
    answers = [house.committer.append(hello(aiko, f"c{n}")) for n in range(5)]
    for _ in range(50):
        await asyncio.sleep(0)
    assert (disk.commits, any(answer.done() for answer in answers)) == (commits, False)
    told = True
    await asyncio.gather(*answers)
    assert disk.commits == commits + 1
