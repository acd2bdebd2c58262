"""Every test runs on SQLite, and on PostgreSQL where TEST_POSTGRES_URL names a server on which databases may be made.

The URL is SQLAlchemy's and of a database that exists, such as postgresql+psycopg://postgres@127.0.0.1:5432/postgres.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from teahouse.storage.search.purse import Purse
from tests.storage.house import House, living

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "")

Another = Callable[[], Awaitable[House]]
"""Opens another house on the same database: a second process, or a second start."""


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRES else [])])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/teahouse.db"
    else:
        yield from postgres_database()


def postgres_database() -> Iterator[str]:
    name = f"teahouse_test_{uuid4().hex}"
    engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name}"))
    engine.dispose()


@pytest.fixture(autouse=True)
def timeless_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let only work bound what a search of a house may cost: the first of a process also compiles, and a machine may be slow."""
    monkeypatch.setattr("teahouse.search_line.Purse", partial(Purse, lambda: 0.0))


@pytest.fixture
async def another(url: str) -> AsyncIterator[Another]:
    async with AsyncExitStack() as houses:

        async def another() -> House:
            return await houses.enter_async_context(living(url))

        yield another


@pytest.fixture
async def house(another: Another) -> House:
    return await another()
