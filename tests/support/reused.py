"""PostgreSQL databases that tests use one after the other: to make one takes five times as long as to empty it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from sqlalchemy import Connection, NullPool, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from teahouse.storage.tables import metadata

USES = 40
"""Then a database goes: what was deleted still takes room and time in it."""

_SHAPE = text("""
SELECT concat_ws('|',
  (SELECT (count(*), max(xmin::text::bigint)) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
  (SELECT (count(*), max(a.xmin::text::bigint)) FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace),
  (SELECT (count(*), max(xmin::text::bigint)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
  (SELECT (count(*), max(xmin::text::bigint)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
  (SELECT (count(*), max(xmin::text::bigint)) FROM pg_trigger),
  (SELECT version_num FROM alembic_version))
""")
"""Tells of every change to the schema since the template was made: each leaves a row that a later transaction wrote."""

_SEQUENCES = text("SELECT setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences WHERE last_value IS NOT NULL")
_END_OTHERS = text(
    "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)

Make = Callable[[], AbstractContextManager[str]]
"""Makes a database with the schema and nothing else, which goes at the end; yields its URL."""


class Reused:
    """A worker's databases. `lend` one for a test, and `close` at the end."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self._free: list[Lent] = []

    @contextmanager
    def lend(self) -> Iterator[str]:
        """Yield the URL of a database with the schema and nothing else, at whatever numbers the schema begins with."""
        lent = self._free.pop() if self._free else Lent(self.make())
        try:
            yield lent.url
        finally:
            if lent.is_as_new():
                self._free.append(lent)
            else:
                lent.drop()

    def close(self) -> None:
        while self._free:
            self._free.pop().drop()


class Lent:
    """One database, and what its schema was like before anybody had it."""

    def __init__(self, made: AbstractContextManager[str]) -> None:
        self._made = ExitStack()
        self.url = self._made.enter_context(made)
        self._uses = 0
        with self._connection() as connection:
            self._shape = connection.scalar(_SHAPE)

    def is_as_new(self) -> bool:
        """Empty it, and say whether it can be lent once more: not when its schema was changed, or it cannot be emptied."""
        self._uses += 1
        if self._uses >= USES:
            return False
        try:
            with self._connection() as connection:
                connection.execute(_END_OTHERS)
                if connection.scalar(_SHAPE) != self._shape:
                    return False
                for table in reversed(metadata.sorted_tables):
                    connection.execute(table.delete())
                connection.execute(_SEQUENCES)
                connection.commit()
        except SQLAlchemyError:
            return False
        return True

    def drop(self) -> None:
        self._made.close()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        engine = create_engine(make_url(self.url), poolclass=NullPool)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()
