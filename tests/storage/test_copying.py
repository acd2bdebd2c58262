"""Copies of a database in use: one state of it, whole, private and under its name, or none."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from teahouse.storage import copying
from teahouse.storage.copying import NotWhole, check_database, copy_database, database_bytes, half_of

ROWS = 200


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Path]:
    """A database of some pages that is open, with its last changes in the write-ahead log alone."""
    folder = tmp_path / "100% tea? 茶 #1"
    folder.mkdir()
    with closing(open_source(folder / "a house.db")) as connection:
        connection.execute("CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        connection.execute("INSERT INTO about VALUES ('epoch', 'first life')")
        connection.execute("CREATE TABLE said (number INTEGER PRIMARY KEY, text TEXT UNIQUE)")
        connection.executemany("INSERT INTO said VALUES (?, ?)", [(number, f"{number} {'w' * 500}") for number in range(ROWS)])
        assert (folder / "a house.db-wal").stat().st_size > 0
        yield folder / "a house.db"


def open_source(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    return connection


def said(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM said ORDER BY number")]


def epoch(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        [(value,)] = connection.execute("SELECT value FROM about WHERE key = 'epoch'").fetchall()
        return str(value)


def test_a_copy_has_what_is_in_the_log_alone_and_is_one_file(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "copies" / "a copy.db"
    target.parent.mkdir()
    copy_database(source, target)

    assert [path.name for path in target.parent.iterdir()] == ["a copy.db"]
    assert (said(target), epoch(target)) == (list(range(ROWS)), "first life")
    assert target.stat().st_size == database_bytes(source)
    assert target.read_bytes()[18:20] == b"\x01\x01", "no write-ahead log belongs to it (SQLite docs, file format 1.3)"


def test_it_is_one_state_though_others_write_without_a_pause(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "PAGES_AT_ONCE", 1)
    left: list[int] = []
    with closing(open_source(source)) as other:

        def write(_status: int, remaining: int, _total: int) -> None:
            assert not left or remaining < left[-1], "a page is copied twice, and so on for ever"
            left.append(remaining)
            other.execute("DELETE FROM said WHERE number = ?", (len(left) - 1,))
            other.execute("INSERT INTO said VALUES (?, ?)", (ROWS + len(left), f"new {len(left)}"))

        copy_database(source, tmp_path / "copy.db", progress=write)

    assert said(tmp_path / "copy.db") == list(range(ROWS))
    assert said(source) != list(range(ROWS))


def test_what_is_looked_at_is_the_state_that_is_copied(source: Path, tmp_path: Path) -> None:
    with closing(open_source(source)) as other:

        def look(reading: sqlite3.Connection) -> None:
            other.execute("DELETE FROM said WHERE number >= 10")
            seen.extend(number for (number,) in reading.execute("SELECT number FROM said ORDER BY number"))

        seen: list[int] = []
        copy_database(source, tmp_path / "copy.db", look=look)

    assert seen == said(tmp_path / "copy.db") == list(range(ROWS))
    assert said(source) == list(range(10))


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
def test_only_its_owner_may_read_it_whatever_the_umask(source: Path, tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        copy_database(source, tmp_path / "copy.db")
    finally:
        os.umask(before)

    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


def test_a_copy_may_begin_another_life(source: Path, tmp_path: Path) -> None:
    copy_database(source, tmp_path / "copy.db", epoch="second life")

    assert (epoch(tmp_path / "copy.db"), epoch(source)) == ("second life", "first life")


def test_a_copy_that_fails_leaves_what_was_there(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "PAGES_AT_ONCE", 1)
    target = tmp_path / "copy.db"
    target.write_bytes(b"an earlier copy")

    def fail(_status: int, _remaining: int, _total: int) -> None:
        assert half_of(target).stat().st_mode & 0o777 == 0o600
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        copy_database(source, target, progress=fail)
    assert target.read_bytes() == b"an earlier copy"
    assert list(tmp_path.glob("copy.db?*")) == []


def test_what_a_killed_copy_left_is_in_nobodys_way(source: Path, tmp_path: Path) -> None:
    for end in ("", "-journal", "-wal"):
        (tmp_path / f"copy.db.half{end}").write_bytes(b"half of something else")
    copy_database(source, tmp_path / "copy.db")

    assert said(tmp_path / "copy.db") == list(range(ROWS))
    assert list(tmp_path.glob("copy.db?*")) == []


@pytest.mark.parametrize("first", [0, 5], ids=["header", "a page of rows"])
def test_a_damaged_database_is_not_copied(source: Path, tmp_path: Path, first: int) -> None:
    whole = tmp_path / "whole.db"
    copy_database(source, whole)
    with whole.open("r+b") as file:
        file.seek(first * 4096)
        file.write(b"\xff" * 4096)

    with pytest.raises(NotWhole):
        check_database(whole)
    with pytest.raises(NotWhole):
        copy_database(whole, tmp_path / "copy.db")
    assert list(tmp_path.glob("copy.db*")) == []


def test_an_index_that_lacks_a_row_is_damage_too(source: Path, tmp_path: Path) -> None:
    with closing(open_source(source)) as connection:
        connection.execute("CREATE INDEX by_text ON said (text)")
        [index] = connection.execute("SELECT * FROM sqlite_master WHERE name = 'by_text'").fetchall()
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'by_text'")
    with closing(open_source(source)) as connection:
        connection.execute("INSERT INTO said VALUES (?, 'in no index')", (ROWS,))
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", index)

    with pytest.raises(NotWhole, match="by_text"):
        copy_database(source, tmp_path / "copy.db")


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        copy_database(tmp_path / "nothing.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []
