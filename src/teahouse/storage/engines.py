"""How connections to a database are opened and configured: what is different between SQLite and PostgreSQL stands here."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from teahouse.storage.failures import kind_of
from teahouse.storage.files import address_of
from teahouse.storage.prepared import run_raw

STEP_MS = 100
"""A writer waits for SQLite's lock in such steps: nothing else ends a wait that has begun, not even an interrupt."""


def make_engine(url: URL, connections: int, lock_wait_ms: Callable[[], int], *, writes: bool) -> Engine:
    """Return what opens up to so many connections at once. Each of their transactions reads one snapshot or, if it `writes`, may change it.

    `lock_wait_ms` is asked how long a connection waits for a lock of another program: for each one, and while an SQLite writer waits,
    so that it gives up early when there is less time than before. A database that is not there is none: nothing is made.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, connections, lock_wait_ms, writes=writes)
    level = "READ COMMITTED" if writes else "REPEATABLE READ"
    # Nobody waits longer for a server that is away, or for a row that another program has locked, than for SQLite.
    waits: dict[str, Any] = {"connect_timeout": lock_wait_ms() // 1000, "options": f"-c lock_timeout={lock_wait_ms()}"}
    return create_engine(url, hide_parameters=True, isolation_level=level, connect_args=waits, pool_size=connections, pool_pre_ping=True)


def _sqlite_engine(url: URL, connections: int, lock_wait_ms: Callable[[], int], *, writes: bool) -> Engine:
    how = {"check_same_thread": False, "cached_statements": 256}
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
    engine = create_engine(url, hide_parameters=True, connect_args=how, pool_size=connections)

    @event.listens_for(engine, "do_connect")
    def make_none(_dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]) -> None:
        # Only `open` makes a database: where its file was taken away, an empty one would take its place.
        arguments[0], options["uri"] = address_of(Path(arguments[0])), True

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # The driver's own habit of opening transactions breaks savepoints; SQLAlchemy docs, "pysqlite: serializable isolation".
        connection.isolation_level = None
        # WAL + FULL: a commit that returned is on disk (SQLite docs, PRAGMA synchronous).
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        # What is removed is overwritten on disk, not only unlinked (SQLite docs, PRAGMA secure_delete).
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute(f"PRAGMA busy_timeout={min(STEP_MS, lock_wait_ms()) if writes else lock_wait_ms()}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        began = time.monotonic()
        while True:
            try:
                run_raw(connection, begin)
            except DBAPIError as error:
                if kind_of(error) != "locked" or (time.monotonic() - began) * 1000 >= lock_wait_ms():
                    raise
            else:
                return

    return engine
