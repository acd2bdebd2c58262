"""A database whose n-th call fails: a shim under SQLAlchemy, at the driver, where every statement and every commit passes."""

import sqlite3
from typing import Any

from sqlalchemy import event

from teahouse.storage.database import Database


class Plan:
    """Counts calls, and lets those from the `at`-th on fail, `lasting` of them; with `only`, of the calls that begin so."""

    def __init__(self) -> None:
        self.calls = self.failed = 0
        self._from = self._to = 0
        self._only = ""

    def arm(self, at: int, lasting: int, only: str = "") -> None:
        self.calls = self.failed = 0
        self._only = only
        self._from, self._to = at, at + lasting

    def disarm(self) -> None:
        self._from = self._to = 0

    def step(self, what: str) -> None:
        if not what.startswith(self._only):
            return
        self.calls += 1
        if self._from <= self.calls < self._to:
            self.failed += 1
            raise sqlite3.OperationalError(f"planted: call {self.calls}, {what}")


def watch(database: Database, plan: Plan) -> None:
    """Let every call to `database` pass through `plan`; to be called before it is opened."""

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:  # type: ignore[override]
            plan.step(sql)
            return super().execute(sql, *args)

        def executemany(self, sql: str, *args: Any) -> sqlite3.Cursor:  # type: ignore[override]
            plan.step(sql)
            return super().executemany(sql, *args)

        def fetchone(self) -> Any:
            plan.step("fetchone")
            return super().fetchone()

        def fetchall(self) -> list[Any]:
            plan.step("fetchall")
            return super().fetchall()

    class Connection(sqlite3.Connection):
        def cursor(self, *_: Any, **__: Any) -> sqlite3.Cursor:  # type: ignore[override]
            return super().cursor(Cursor)

        def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:  # type: ignore[override]
            plan.step(sql)
            # Nothing here survives its process, and a disk that is waited for makes every n cost twice as much.
            return super().execute(sql.replace("synchronous=FULL", "synchronous=OFF"), *args)

        def commit(self) -> None:
            plan.step("commit")
            super().commit()

        def rollback(self) -> None:
            plan.step("rollback")
            super().rollback()

    def connect(_dialect: Any, _record: Any, arguments: Any, options: dict[str, Any]) -> sqlite3.Connection:
        plan.step("connect")
        return sqlite3.connect(*arguments, factory=Connection, **options)

    for engine in (database._write_engine, database._read_engine):
        event.listen(engine, "do_connect", connect)
