"""A trouble is over when the database can be written and read again, and nothing of its kind was met since."""

import asyncio
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from teahouse.model import LOBBY
from teahouse.storage import database, engines, failures, tables
from teahouse.watch import Watch
from tests.storage.house import House, living, refusal
from tests.support.patience import LONG_PATIENCE_S, PATIENCE_S

MIB = 1 << 20


@pytest.fixture
def watch(house: House, tmp_path: Path) -> Watch:
    return Watch(house.database, house.committer, tmp_path, 0)


async def looks(watch: Watch, house: House, count: int) -> list[str]:
    for _ in range(count):
        await watch.look()
    return house.database.troubles.lasting


async def test_a_quiet_house_finds_out_by_itself_that_a_trouble_is_over(watch: Watch, house: House) -> None:
    house.database.troubles.begin("full", "no more room")
    assert await looks(watch, house, 1) == ["full"], "it was met since the last look"
    assert await looks(watch, house, 1) == []


async def test_what_is_met_again_and_again_lasts(watch: Watch, house: House) -> None:
    for _ in range(4):
        house.database.troubles.begin("full", "no more room for something large, and room enough for the little that a look tries")
        assert await looks(watch, house, 1) == ["full"]
    assert house.database.troubles.spells["full"] == 1


async def test_damage_lasts_whatever_else_can_be_read(watch: Watch, house: House) -> None:
    house.database.troubles.begin("damaged", "malformed")
    assert await looks(watch, house, 5) == ["damaged"]


async def test_nothing_is_left_of_trying(watch: Watch, house: House) -> None:
    before = await house.database.read(lambda connection: connection.execute(tables.about.select()).all())
    house.database.troubles.begin("disk", "an error")
    assert await looks(watch, house, 2) == []
    assert await house.database.read(lambda connection: connection.execute(tables.about.select()).all()) == before


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the write lock, as another program does."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


async def test_a_lock_lasts_until_it_is_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 0)
    path = tmp_path / "teahouse.db"
    async with living(f"sqlite:///{path}") as house:
        mia = await house.guest("Mia")
        watch = Watch(house.database, house.committer, tmp_path, 0)
        with locked(path):
            assert await refusal(house.say(mia, LOBBY, "tea")) == "unavailable"
            assert await looks(watch, house, 5) == ["locked"]
        assert await looks(watch, house, 2) == []
        assert house.database.troubles.spells["locked"] == 1


async def test_a_lock_that_is_given_back_in_time_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many steps that takes."""
    tries = threading.Semaphore(0)

    def kind_of(error: BaseException) -> str | None:
        tries.release()
        return failures.kind_of(error)

    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", int(LONG_PATIENCE_S * 1000))
    monkeypatch.setattr(engines, "STEP_MS", 1)
    monkeypatch.setattr(engines, "kind_of", kind_of)
    path = tmp_path / "teahouse.db"
    async with living(f"sqlite:///{path}") as house:
        mia = await house.guest("Mia")
        with locked(path):
            said = asyncio.ensure_future(house.say(mia, LOBBY, "tea"))
            for _ in range(3):
                assert await asyncio.to_thread(tries.acquire, timeout=PATIENCE_S)
        await said
        assert house.database.troubles.spells["locked"] == 0


async def test_who_sends_much_at_once_waits_long_for_a_lock_once_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 500)
    monkeypatch.setattr(database, "SPELL_WAIT_MS", 10)
    path = tmp_path / "teahouse.db"
    async with living(f"sqlite:///{path}") as house:
        mia = await house.guest("Mia")
        watch = Watch(house.database, house.committer, tmp_path, 0)
        with locked(path):
            waits = []
            for _ in range(3):  # one after the other, as what comes by one connection
                waits.append(house.database._write_wait_ms())
                assert await refusal(house.say(mia, LOBBY, "tea")) == "unavailable"
            assert waits == [500, 10, 10]
        assert await looks(watch, house, 2) == []
        assert house.database._write_wait_ms() == 500, "the next lock is a new one"


async def test_a_disk_that_will_be_full_soon_is_said_and_over_when_there_is_clearly_more_room(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch(house.database, house.committer, tmp_path, 100 * MIB)
    said = []
    for free in (120, 99, 100, 124, 125, 99):
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, free=free: shutil._ntuple_diskusage(1000 * MIB, 0, free * MIB))  # type: ignore[attr-defined]
        await watch.look()
        said.append(house.database.troubles.lasting)
        assert watch.free_bytes == free * MIB
    assert said == [[], ["room"], ["room"], ["room"], [], ["room"]]
    assert house.database.troubles.unwell == ""
