"""A PostgreSQL that is started again, that is away, or in which another program holds a lock."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, create_engine, make_url, text

from teahouse.model import LOBBY
from teahouse.storage import database, rooms
from teahouse.watch import Watch
from tests.storage.house import House, living, refusal


@pytest.fixture
def server(url: str) -> URL:
    """SQLite is nobody's server."""
    if url.startswith("sqlite"):
        pytest.skip("about a server of PostgreSQL")
    return make_url(url)


@pytest.fixture
async def home(server: URL, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 1000)
    async with living(server.render_as_string(hide_password=False)) as house:
        yield house


@contextmanager
def administrator(server: URL) -> Iterator[Connection]:
    """A connection of another program, to the database beside, so that this one may be shut."""
    engine = create_engine(server.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def cut_off(connection: Connection, server: URL) -> None:
    """End every connection to the database, as a server does that is started again."""
    connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": server.database})


async def test_a_server_that_was_started_again_costs_nobody_a_change_or_a_page(home: House, server: URL) -> None:
    mia = await home.guest("Mia")
    await home.database.read(rooms.every)
    with administrator(server) as other:
        cut_off(other, server)
    assert await home.say(mia, LOBBY, "on")
    assert await home.database.read(rooms.every)
    assert home.database.troubles.lasting == []


async def test_a_server_that_is_away_is_told_and_used_again_when_it_is_back(home: House, server: URL, tmp_path: Path) -> None:
    mia = await home.guest("Mia")
    watch = Watch(home.database, home.committer, tmp_path, 0)
    with administrator(server) as other:
        other.execute(text(f"ALTER DATABASE {server.database} ALLOW_CONNECTIONS false"))
        cut_off(other, server)
        assert await refusal(home.say(mia, LOBBY, "into the void")) == "unavailable"
        assert await refusal(home.database.read(rooms.every)) == "unavailable"
        assert home.database.troubles.lasting == ["away"]
        other.execute(text(f"ALTER DATABASE {server.database} ALLOW_CONNECTIONS true"))
    for _ in range(2):
        await watch.look()
    assert home.database.troubles.lasting == []
    assert await home.say(mia, LOBBY, "on")


async def test_a_lock_that_another_program_holds_is_told_and_waited_for_no_longer_than_with_sqlite(home: House, server: URL) -> None:
    mia = await home.guest("Mia")
    engine = create_engine(server)
    with engine.begin() as other:
        other.execute(text("LOCK TABLE logs"))
        answers = [home.say(mia, LOBBY, f"{number}") for number in range(3)]
        assert [await refusal(answer) for answer in answers] == ["unavailable"] * 3
        assert home.database.troubles.lasting == ["locked"]
    engine.dispose()
    assert await home.say(mia, LOBBY, "on")
