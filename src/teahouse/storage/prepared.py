"""Statements of the hot path: written in SQLAlchemy Core, compiled once per database, run on the driver's own cursor.

SQLAlchemy's own execution costs a hundred microseconds a statement, which is most of what a lone post would take
(docs/decisions/0011). What goes in here has a fixed shape: a list travels as one JSON parameter (`listed`), never as an IN of many.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import msgspec
import sqlalchemy
from sqlalchemy import JSON, ClauseElement, Connection, Dialect, FromClause, bindparam, column, func, literal_column, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Parameters = Mapping[str, Any]


class Prepared:
    """A statement, made by `build(backend name)` the first time a database of that kind runs it. Parameters are plain values by name."""

    def __init__(self, build: Callable[[str], ClauseElement]) -> None:
        self._build = build
        self._texts: dict[str, str] = {}
        self._constants: dict[str, dict[str, Any]] = {}

    def all(self, connection: Connection, parameters: Parameters) -> list[tuple[Any, ...]]:
        """Run once and return every row."""
        cursor = self._run(connection, "execute", parameters)
        try:
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        except connection.dialect.loaded_dbapi.Error as error:
            cursor.close()  # or, as long as the error is kept somewhere, its snapshot would be what this connection reads
            raise _trouble(connection, self._texts[connection.dialect.name], error) from error
        return rows

    def many(self, connection: Connection, rows: Sequence[Parameters]) -> None:
        """Run once for each of `rows`, in their order."""
        if len(rows) == 1:
            self._run(connection, "execute", rows[0])
        else:
            self._run(connection, "executemany", rows)

    def _run(self, connection: Connection, how: str, parameters: Any) -> Any:
        text = self._texts.get(connection.dialect.name) or self._compile(connection.dialect)
        if constants := self._constants[connection.dialect.name]:
            parameters = [constants | dict(row) for row in parameters] if how == "executemany" else constants | dict(parameters)
        return run_raw(connection, text, parameters, how)

    def _compile(self, dialect: Dialect) -> str:
        # SQLite's driver takes named parameters as well, so that both databases are given the same mappings.
        target = cast(Any, type(dialect))(paramstyle="named") if dialect.name == "sqlite" else dialect
        compiled: Any = self._build(dialect.name).compile(dialect=target)
        # What the statement itself fixes, such as a LIMIT, is a parameter too; SQLAlchemy names it.
        self._constants[dialect.name] = {name: bound.value for name, bound in compiled.binds.items() if not bound.required}
        text = self._texts[dialect.name] = str(compiled)
        return text


def run_raw(connection: Connection, text: str, parameters: Any = (), how: str = "execute") -> Any:
    """Run `text` on the driver's cursor and return that. Raise DBAPIError, as SQLAlchemy would: callers know one kind of trouble."""
    cursor = connection.connection.cursor()
    try:
        getattr(cursor, how)(text, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _trouble(connection, text, error) from error
    return cursor


def _trouble(connection: Connection, text: str, error: Exception) -> BaseException:
    # Parameters stay out of it: they are people's words.
    return DBAPIError.instance(text, None, error, connection.dialect.loaded_dbapi.Error, hide_parameters=True)


def listed(backend: str, parameter: str, columns: Mapping[str, TypeEngine[Any]]) -> FromClause:
    """Return a table of `columns` whose rows are those of one parameter, which `as_list` makes."""
    given: Any = bindparam(parameter)
    if backend == "postgresql":
        recordset = func.json_to_recordset(sqlalchemy.cast(given, JSON)).table_valued(
            *(column(name, kind) for name, kind in columns.items())
        )
        return recordset.render_derived(name=parameter, with_types=True)
    each = func.json_each(given).table_valued("value")
    fields = (func.json_extract(each.c.value, literal_column(f"'$.{name}'"), type_=kind).label(name) for name, kind in columns.items())
    return select(*fields).subquery(parameter)


def as_list(rows: Sequence[Parameters]) -> str:
    """Return `rows` as the value of a `listed` parameter."""
    return msgspec.json.encode(rows).decode()
