"""Errors of both databases are told apart by their codes."""

import sqlite3

import pytest
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, ProgrammingError

from teahouse.storage.failures import OF_ALL, PASSING, kind_of, words_of
from teahouse.storage.files import FilesGone, Overwritten
from teahouse.troubles import KINDS


class OfPostgreSQL(Exception):
    """An error as psycopg raises it; without a SQLSTATE where no server said anything."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__('duplicate key value violates unique constraint "uq_name"\nDETAIL:  Key (name)=(Wilhelmine) already exists.')
        self.sqlstate = sqlstate


def of_sqlite(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("as SQLite says it")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY, "locked"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "locked"),
        (sqlite3.SQLITE_FULL, "full"),
        (sqlite3.SQLITE_IOERR_FSYNC, "disk"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "disk"),
        (sqlite3.SQLITE_CANTOPEN, "disk"),
        (sqlite3.SQLITE_CORRUPT_VTAB, "damaged"),
        (sqlite3.SQLITE_NOTADB, "damaged"),
        (sqlite3.SQLITE_CONSTRAINT_UNIQUE, "constraint"),
        (sqlite3.SQLITE_TOOBIG, "constraint"),
        (sqlite3.SQLITE_ERROR, "database"),
    ],
)
def test_sqlite_says_it_by_the_primary_part_of_its_code(code: int, kind: str) -> None:
    assert kind_of(of_sqlite(code)) == kind
    assert kind_of(DBAPIError("SELECT", None, of_sqlite(code))) == kind


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("57P01", "away"),
        ("08006", "away"),
        ("53100", "full"),
        ("53300", "away"),
        ("55P03", "locked"),
        ("58030", "disk"),
        ("XX001", "damaged"),
        ("23505", "constraint"),
        ("22003", "constraint"),
        ("40P01", "database"),
        ("57014", "database"),
        (None, "away"),
    ],
)
def test_postgresql_says_it_by_its_state(state: str | None, kind: str) -> None:
    assert kind_of(OperationalError("SELECT", None, OfPostgreSQL(state))) == kind


def test_what_no_server_said_is_no_server_that_is_away() -> None:
    assert kind_of(ProgrammingError("SELECT", None, OfPostgreSQL(None))) == "database"
    assert kind_of(DataError("SELECT", None, OfPostgreSQL(None))) == "constraint"


@pytest.mark.parametrize("error", [FilesGone("gone"), Overwritten("other")])
def test_files_that_are_gone_are_a_kind_of_their_own(error: FilesGone) -> None:
    assert kind_of(error) == "files"


def test_a_fault_of_the_program_is_nothing_of_the_databases() -> None:
    assert kind_of(RuntimeError("a fault in the program")) is None


def test_of_what_postgresql_says_only_the_line_without_peoples_words_is_told() -> None:
    assert words_of(IntegrityError("INSERT", None, OfPostgreSQL("23505"))) == 'duplicate key value violates unique constraint "uq_name"'


def test_every_kind_has_words() -> None:
    assert set(KINDS) >= OF_ALL | PASSING
