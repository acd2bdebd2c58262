"""Databases that tests use one after the other: each finds one as the migrations leave it, whatever the one before did."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text

from teahouse.model import LOBBY
from tests.storage.house import living
from tests.support import reused
from tests.support.databases import POSTGRES
from tests.support.reused import Reused

pytestmark = pytest.mark.skipif(not POSTGRES, reason="no PostgreSQL: bin/test starts one where it is installed")


@pytest.fixture
def databases(postgres_databases: Reused) -> Iterator[Reused]:
    """Some that nobody has had: of those that other tests share, one may have been used often enough."""
    databases = Reused(postgres_databases.make)
    yield databases
    databases.close()


def run(url: str, *statements: str) -> list[object]:
    """Execute on a database; return the first column of what the last statement finds."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        found = [_run(connection, statement) for statement in statements]
    engine.dispose()
    return found[-1]


def _run(connection: Connection, statement: str) -> list[object]:
    done = connection.execute(text(statement))
    return list(done.scalars()) if done.returns_rows else []


async def talk(url: str) -> tuple[int, int]:
    """Open a house in which somebody says something; return their id and the number of the message."""
    async with living(url) as house:
        aiko = await house.guest("Aiko")
        return aiko.id, await house.say(aiko, LOBBY, "hello")


async def test_the_next_one_finds_nothing_of_what_was_before(databases: Reused) -> None:
    found = []
    for _ in range(2):
        with databases.lend() as url:
            found.append((url, await talk(url)))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE mentions",
        "DROP INDEX ix_members_room_id_user_id",
        "CREATE TABLE more (id int)",
        "ALTER TABLE users ALTER COLUMN face DROP NOT NULL",
        "ALTER TABLE users ALTER COLUMN role SET DEFAULT 'owner'",
        "ALTER TABLE messages DISABLE TRIGGER ALL",
        "CREATE FUNCTION one() RETURNS int AS 'SELECT 1' LANGUAGE sql",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_nobody_is_lent_one_whose_schema_was_changed(databases: Reused, change: str) -> None:
    with databases.lend() as changed:
        run(changed, change)
    with databases.lend() as after:
        assert after != changed


def test_who_is_still_connected_keeps_nobody_from_the_next_use(databases: Reused) -> None:
    with databases.lend() as url:
        engine = create_engine(url)
        connection = engine.connect()
        connection.execute(text("INSERT INTO logs (head) VALUES (1)"))
    with databases.lend() as again:
        assert again == url
        assert run(again, "SELECT count(*) FROM logs") == [0]
    connection.invalidate()
    engine.dispose()


def test_none_is_used_for_ever(databases: Reused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reused, "USES", 1)
    with databases.lend() as first:
        pass
    with databases.lend() as second:
        assert second != first
