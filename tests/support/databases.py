"""Databases for tests, one for each: on SQLite, and on PostgreSQL where TEST_POSTGRES_URL names a server on which they may be made.

The URL is SQLAlchemy's and of a database that exists, such as postgresql+psycopg://postgres@127.0.0.1:5432/postgres.
The migrations take longer than most tests, so they are run once, and each test has a copy of what they made: on PostgreSQL one that was
emptied after another test (`reused.py`).
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from teahouse.storage import migrations
from teahouse.storage.database import DATABASE_FILE
from tests.support.reused import Reused

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "")
KINDS = ("sqlite", "postgresql") if POSTGRES else ("sqlite",)


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with the schema and nothing else, as if its first start had been cut short after the migrations."""
    if request.param == "sqlite":
        yield copy_into(tmp_path, request.getfixturevalue("sqlite_schema"))
        return
    with request.getfixturevalue("postgres_databases").lend() as url:
        yield url


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
        return
    with postgres_database() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a database with the schema and nothing else."""
    folder = tmp_path_factory.mktemp("schema")
    make_schema(sqlite_url(folder))
    return folder


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[Reused]:
    """Databases with the schema and nothing else."""
    with postgres_database() as url:
        make_schema(url)
        databases = Reused(partial(postgres_database, template=str(make_url(url).database)))
        yield databases
        databases.close()


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / DATABASE_FILE}"


def copy_into(folder: Path, schema: Path) -> str:
    """Copy the database of the folder `schema`, and return the copy's URL."""
    shutil.copyfile(schema / DATABASE_FILE, folder / DATABASE_FILE)
    return sqlite_url(folder)


@contextmanager
def postgres_database(template: str = "template1") -> Iterator[str]:
    """A copy of the database `template`, to which nobody may be connected; it goes at the end."""
    name = f"teahouse_test_{uuid4().hex}"
    engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
            try:
                yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
            finally:
                # By force: a connection that was closed just now may still be ending over there.
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()


def make_schema(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        migrations.upgrade(connection)
    engine.dispose()
