"""A copy of an SQLite database, as its last commit left it, while others use it: whole, checked and on the disk, or none at all.

Nothing here opens a database as a plain file while a connection to it is open in this process: to close the plain file would drop
SQLite's locks (SQLite docs, "How To Corrupt", 2.2).
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

PAGES_AT_ONCE = 1000
BUSY_TIMEOUT_S = 5.0

Progress = Callable[[int, int, int], None]
"""Is called now and then as `progress` of sqlite3's `Connection.backup`: a status, how many pages are still to come, and of how many."""
Look = Callable[[sqlite3.Connection], None]
"""Is called with the connection that reads, before anything is copied: what it sees there is what the copy will hold."""


class NotWhole(Exception):
    """What was read is not a whole database; the words are SQLite's."""


def copy_database(
    source: Path, target: Path, *, epoch: str | None = None, progress: Progress | None = None, look: Look | None = None
) -> None:
    """Make `target` a copy of `source` that only its owner may read; what `target` was before goes in the same moment.

    It is one state of `source`, whatever others write meanwhile. With `epoch` the copy begins another life: clients that have read on
    in the database load afresh when they meet the copy.
    Raise OSError or sqlite3.Error where the one cannot be read or the other not be written, NotWhole where the copy is not whole;
    `target` is then as it was.
    """
    half = half_of(target)
    remove(half)
    try:
        _make_private(half)
        with _damage_told():
            _fill(source, half, epoch, progress, look)
        check_database(half)
        publish(half, target)
    except BaseException:
        remove(half)
        raise


def half_of(target: Path) -> Path:
    """Return under which name a copy is written until it is whole. What was killed leaves it behind."""
    return target.with_name(f"{target.name}.half")


def remove(database: Path) -> None:
    """Remove a database that nobody has open, with what SQLite put beside it, where there is one."""
    for end in ("-wal", "-shm", "-journal", ""):
        database.with_name(f"{database.name}{end}").unlink(missing_ok=True)


def check_database(path: Path) -> None:
    """Read all of a database that nobody has open. Raise NotWhole where it is not whole, sqlite3.Error where it cannot be read."""
    with _damage_told(), closing(open_alone(path)) as connection:
        [(first,), *_more] = connection.execute("PRAGMA integrity_check(1)").fetchall()
    if first != "ok":
        raise NotWhole(" ".join(str(first).split()))


def open_alone(path: Path) -> sqlite3.Connection:
    """Open a database that nobody has open, to read it: nothing is made beside it, and no log that lies there is taken for its own."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def publish(half: Path, target: Path) -> None:
    """Give the file `half` the name `target` in one move; it is on the disk under that name when this returns."""
    _sync(half)
    half.replace(target)
    _sync(target.parent)


def database_bytes(path: Path) -> int:
    """Return how large a copy of the database would be."""
    with closing(_open(path)) as connection:
        [(pages,)], [(size,)] = (connection.execute(f"PRAGMA {name}").fetchall() for name in ("page_count", "page_size"))
        return int(pages) * int(size)


def _make_private(path: Path) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.fchmod(file, 0o600)  # whatever the umask takes away
    finally:
        os.close(file)


def _fill(source: Path, half: Path, epoch: str | None, progress: Progress | None, look: Look | None) -> None:
    with closing(_open(source)) as reading, closing(sqlite3.connect(half, isolation_level=None)) as writing:
        # One state: SQLite begins a copy anew whenever somebody else has written, unless its reader holds on to what it sees.
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_master").fetchall()
        if look is not None:
            look(reading)
        writing.execute("PRAGMA synchronous=OFF")  # it is synced once, when it is whole
        reading.backup(writing, pages=PAGES_AT_ONCE, progress=progress)
        writing.execute("PRAGMA journal_mode=DELETE")  # all of it is in the one file; whoever opens it for use sets WAL again
        if epoch is not None:
            writing.execute("UPDATE about SET value = ? WHERE key = 'epoch'", (epoch,))


def _open(path: Path) -> sqlite3.Connection:
    """Open a database that exists, and never make one."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", BUSY_TIMEOUT_S, uri=True, isolation_level=None)


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError:  # a disk, a lock, a right: that says nothing of the database
        raise
    except sqlite3.DatabaseError as error:
        raise NotWhole(str(error)) from None


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
