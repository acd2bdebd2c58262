"""What the command line asks of a house that does not run."""

import asyncio
from pathlib import Path

import pytest

from teahouse import console
from teahouse.app import Teahouse
from teahouse.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a house that was opened once."""
    settings = Settings(data_dir=tmp_path / "data")

    async def open_once() -> None:
        house = Teahouse(settings)
        await house.start()
        await house.stop()

    asyncio.run(open_once())
    return settings


def test_all_bans_are_listed_however_many_there_are(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "READ_AT_ONCE", 2)
    networks = [f"203.0.113.{number}/32" for number in range(5)]
    for network in networks:
        console.ban(settings, None, network, 60, "", None)
    assert [ban.network for ban in console.bans(settings)] == networks[::-1]
    console.unban(settings, networks[0])
    assert [ban.network for ban in console.bans(settings)] == networks[:0:-1]


def test_all_invites_are_listed_however_many_there_are(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "READ_AT_ONCE", 2)
    made = [console.invite(settings, 60, None, f"guest {number}")[1] for number in range(5)]
    assert console.invites(settings) == made[::-1]
    console.end_invite(settings, made[0].id)
    assert console.invites(settings) == made[:0:-1]
