"""How connections to a database are opened and configured: what is different between SQLite and PostgreSQL stands here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from teahouse.storage.files import address_of
from teahouse.storage.prepared import run_raw


def make_engine(url: URL, begin: str, connections: int, lock_wait_ms: Callable[[], int]) -> Engine:
    """Return what opens up to so many connections at once, each of whose transactions begins with `begin`.

    `lock_wait_ms` is asked for each connection how long it waits for a lock of another program. A database that is not there is
    none: nothing is made.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, begin, connections, lock_wait_ms)
    level = "READ COMMITTED" if begin == "BEGIN IMMEDIATE" else "REPEATABLE READ"
    # Nobody waits longer for a server that is away, or for a row that another program has locked, than for SQLite.
    waits: dict[str, Any] = {"connect_timeout": lock_wait_ms() // 1000, "options": f"-c lock_timeout={lock_wait_ms()}"}
    return create_engine(url, hide_parameters=True, isolation_level=level, connect_args=waits, pool_size=connections, pool_pre_ping=True)


def _sqlite_engine(url: URL, begin: str, connections: int, lock_wait_ms: Callable[[], int]) -> Engine:
    how = {"check_same_thread": False, "cached_statements": 256}
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
        connection.execute(f"PRAGMA busy_timeout={lock_wait_ms()}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        run_raw(connection, begin)

    return engine
