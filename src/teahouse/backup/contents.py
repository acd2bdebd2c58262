"""What a database holds: counted, and sampled where it is copied from, so that the copy can be compared."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from teahouse.backup.archive import BadBackup, Contents
from teahouse.storage.copying import open_alone

SAMPLED_LOGS = 20
SAMPLED_PLACES = 5
"""Entries of a log that are read back: the last one, and others at even distances before it."""
_PARTS = range(1, SAMPLED_PLACES + 1)

# All of these work with every schema that there has been.
_HEADS = "SELECT id, head FROM logs WHERE head > 0 ORDER BY head DESC, id LIMIT ?"
_ROW = (
    "SELECT e.log_id, e.seq, e.at, e.author_id, e.client_id, e.kind, e.body, m.text FROM entries e"
    " LEFT JOIN messages m ON m.room_id = e.log_id AND m.seq = e.seq WHERE e.log_id = ? AND e.seq = ?"
)
_LACKING = (
    "SELECT l.id FROM logs l LEFT JOIN (SELECT log_id, count(*) AS n, min(seq) AS first, max(seq) AS last FROM entries GROUP BY log_id)"
    " e ON e.log_id = l.id WHERE coalesce(e.last, 0) <> l.head OR e.n <> e.last - e.first + 1 ORDER BY l.id"
)
_LAST = "SELECT coalesce(max(e.at), 0) FROM logs l JOIN entries e ON e.log_id = l.id AND e.seq = l.head"

Rows = list[tuple[Any, ...]]


def sample(database: sqlite3.Connection) -> Rows:
    """Return some entries of the longest logs with their messages' texts, the last of each among them."""
    places = [(log, head * part // SAMPLED_PLACES) for log, head in database.execute(_HEADS, (SAMPLED_LOGS,)) for part in _PARTS]
    rows = [database.execute(_ROW, place).fetchone() for place in dict.fromkeys(places)]
    return [row for row in rows if row is not None]


def read_back(path: Path, expected: Rows) -> None:
    """Read from a copy what was sampled where it came from. Raise BadBackup where that differs."""
    with closing(open_alone(path)) as database:
        if [database.execute(_ROW, row[:2]).fetchone() for row in expected] != expected:
            raise BadBackup("what was read back from the copy is not what was copied")


def epoch_of(path: Path) -> str:
    """Return the epoch in a house's database, which may be open; "" where its next start makes one. Raise sqlite3.Error."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        [found] = database.execute("SELECT max(value) FROM about WHERE key = 'epoch'").fetchone()
    return str(found or "")


def contents(path: Path) -> Contents:
    """Count what a database holds that nobody has open. Raise BadBackup where it cannot be read, or is none of a house."""
    try:
        with closing(open_alone(path)) as database:
            return _counted(database)
    except sqlite3.Error as error:
        raise BadBackup(f"its database cannot be read: {error}") from None


def _counted(database: sqlite3.Connection) -> Contents:
    def one(query: str) -> Any:
        row = database.execute(query).fetchone()
        return None if row is None else row[0]

    return Contents(
        schema=str(one("SELECT version_num FROM alembic_version")),
        epoch=str(one("SELECT value FROM about WHERE key = 'epoch'") or ""),
        entries=one("SELECT count(*) FROM entries"),
        messages=one("SELECT count(*) FROM messages"),
        people=one("SELECT count(*) FROM users WHERE role <> 'bot'"),
        last_entry_at=one(_LAST),
        lacking=[log for (log,) in database.execute(_LACKING)],
    )
