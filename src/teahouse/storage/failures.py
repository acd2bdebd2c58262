"""Which trouble of the house (troubles.py) an error of the database tells of: by the database's own codes, never by its words."""

import sqlite3

from sqlalchemy.exc import DataError, DBAPIError, OperationalError

from teahouse.storage.files import FilesGone

OF_ALL = frozenset({"locked", "full", "disk", "away", "files"})
"""What holds for whatever else would be stored now: it is not tried once more for each that waits."""
PASSING = frozenset({*OF_ALL, "database", "constraint"} - {"files"})
"""What is over when something can be stored and read again. Damage is not: what can be read proves nothing of the rest."""

_SQLITE = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_PROTOCOL: "locked",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_IOERR: "disk",
    sqlite3.SQLITE_READONLY: "disk",
    sqlite3.SQLITE_CANTOPEN: "disk",
    sqlite3.SQLITE_PERM: "disk",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_CONSTRAINT: "constraint",
    sqlite3.SQLITE_TOOBIG: "constraint",
    sqlite3.SQLITE_MISMATCH: "constraint",
}
"""By primary code: the last eight bits (SQLite docs, "Result and Error Codes")."""
_POSTGRESQL = {
    "08": "away",
    "57P": "away",
    "53100": "full",
    "53300": "away",
    "55P03": "locked",
    "58": "disk",
    "XX001": "damaged",
    "XX002": "damaged",
    "22": "constraint",
    "23": "constraint",
}
"""By the beginning of the SQLSTATE (PostgreSQL docs, "Error Codes")."""


def kind_of(error: BaseException) -> str | None:
    """Return the kind, "database" for an error that has none of its own, None for what does not come from the database."""
    if isinstance(error, FilesGone):
        return "files"
    found = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(found, sqlite3.Error):
        return _SQLITE.get(getattr(found, "sqlite_errorcode", 0) & 0xFF, "database")
    if not isinstance(error, DBAPIError):
        return None
    state = getattr(found, "sqlstate", None)
    if state is None:
        return "away" if isinstance(error, OperationalError) else "constraint" if isinstance(error, DataError) else "database"
    return next((kind for begin, kind in _POSTGRESQL.items() if state.startswith(begin)), "database")


def words_of(error: BaseException) -> str:
    """Return the database's own first line: what PostgreSQL says below it may hold people's words."""
    lines = str(error.orig if isinstance(error, DBAPIError) else error).splitlines()
    return lines[0] if lines else type(error).__name__
