"""The whole house, put together as it is served, without a server."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from unittest.mock import AsyncMock

import pytest

from teahouse.app import Teahouse
from teahouse.errors import Unavailable
from teahouse.model import LOBBY, Entry, Joined
from teahouse.settings import Settings
from teahouse.storage.database import Database
from tests.support.patience import PATIENCE_S


class AttentiveBroker:
    """Notes, at the moment when it is told of a joining, whether the roster knows of it."""

    def __init__(self, house: Teahouse) -> None:
        self.known: list[bool] = []
        self._house = house

    def publish(self, entries: list[Entry]) -> None:
        for entry in entries:
            if isinstance(entry.fact, Joined):
                self.known.append(self._house.roster.seat(entry.fact.user.id, entry.log) is not None)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Teahouse]:
    house = Teahouse(Settings(data_dir=folder))
    await house.start()
    try:
        yield house
    finally:
        await house.stop()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Teahouse]:
    async with opened(tmp_path / "data") as house:
        yield house


async def test_whoever_hears_of_a_joining_finds_the_member_in_the_roster(house: Teahouse) -> None:
    broker = AttentiveBroker(house)
    house._broker = broker
    await house.auth.sign_in("Aiko", "f01")
    assert broker.known == [True]


async def test_a_house_that_starts_again_finds_its_lobby_and_its_robot(tmp_path: Path) -> None:
    async with opened(tmp_path / "data") as house:
        _, aiko = await house.auth.sign_in("Aiko", "f01")
        robots = house.chat.robots

    async with opened(tmp_path / "data") as again:
        assert again.chat.robots == robots
        members = (await again.chat.members(aiko.user, LOBBY)).members
        assert {member.user.name for member in members} == {"Aiko", robots[0].name}


async def test_a_house_that_runs_lets_what_was_erased_leave_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asyncio.Event()

    async def checkpoint(_database: Database) -> None:
        asked.set()

    monkeypatch.setattr("teahouse.app.CHECKPOINT_S", 0)
    monkeypatch.setattr(Database, "checkpoint", checkpoint)
    async with opened(tmp_path / "data"):
        await asyncio.wait_for(asked.wait(), PATIENCE_S)


async def test_the_copy_of_an_upgrade_goes_once_the_calendar_may_be_believed(house: Teahouse, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = house.settings.data_dir / "teahouse-before-0001.db"
    copy.touch()
    os.utime(copy, (0, 0))
    await house._keep_house()
    assert copy.exists(), "the clock may have been set wrong a moment ago"

    monkeypatch.setattr(house.database.house_clock, "settled_at", house.clock_ms)
    await house._keep_house()
    assert not copy.exists()


async def test_sockets_are_seen_to_while_the_database_is_away(house: Teahouse, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks: list[float] = []
    monkeypatch.setattr(house.connections, "tick", ticks.append)
    monkeypatch.setattr(house.database, "read", AsyncMock(side_effect=Unavailable("not now")))
    for _ in range(2):
        with pytest.raises(Unavailable):
            await house._sweep()
    assert len(ticks) == 2


async def test_the_robots_name_is_nobody_elses(house: Teahouse) -> None:
    for name in house.chat.robots[0].name.split():
        with pytest.raises(Exception, match="robot"):
            await house.auth.sign_in(name.upper(), "f01")


@pytest.mark.parametrize(("given", "at_once"), [({}, 800), ({"message_burst": 100}, 1800), ({"command_burst": 1000}, 4000)])
def test_frames_have_room_for_the_longest_messages_at_their_pace(tmp_path: Path, given: dict[str, int], at_once: int) -> None:
    frames = Teahouse(Settings(data_dir=tmp_path / "data", **given)).frames
    assert frames.spend("somebody", at_once, 0.0) and not frames.spend("somebody", 1, 0.0)
