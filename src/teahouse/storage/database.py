"""Open, read, write, empty the log, close: whoever uses a database need not know whether it is SQLite or PostgreSQL.

One thread writes (SQLite has one writer, and group commit wants one), a few read beside it. Both run plain functions of
this package with a connection in hand.
"""

import asyncio
import secrets
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, insert, inspect, make_url, select, text
from sqlalchemy.exc import DBAPIError

from teahouse.errors import Damaged, TeahouseError, Unavailable
from teahouse.storage import files
from teahouse.storage.engines import make_engine
from teahouse.storage.failures import kind_of, words_of
from teahouse.storage.files import DATABASE_FILE, LATELY_S, FilesGone, OpenFiles
from teahouse.storage.gate import Gate
from teahouse.storage.house_clock import HouseClock
from teahouse.storage.prepared import run_raw
from teahouse.storage.tables import SCHEMA_VERSION, about
from teahouse.troubles import Troubles

READERS = 4
BUSY_TIMEOUT_MS = 5000
"""How long is waited for a lock of another program."""
SPELL_WAIT_MS = 500
"""The same once that was too short for somebody: what one person sends at once waits in a line, and each of it would wait so long."""
LAST_WAIT_MS = 200
"""The same while the house is being shut, which happens soon, whatever other programs do."""
CHECKPOINT_S = 2.0
"""How often to ask whether something that was erased is still in the write-ahead log."""
MAX_LOG_BYTES = 16 * 2**20
"""The write-ahead log's file. SQLite begins it anew after 4 MB, but never while somebody reads, and readers may overlap for ever."""
TRIES = 5
"""After so many tries in a row that failed because of readers, new ones wait until it has been emptied."""
SEARCHES_WAIT_S = 2.0
"""How long new searches may wait for those that run, which are the only ones that read for long."""
READS_WAIT_S = 0.15
"""How long all others may wait after that for those that read, and then for the writer; then they go on, whatever happened."""

ENDLESS_S = 300.0
"""After so long of such tries whoever runs the house is told: somebody else reads an old state, and what was removed is still there."""

P = ParamSpec("P")
T = TypeVar("T")


class NewerDatabase(Exception):
    """The database was last used by a newer Teahouse than this one."""


class UnusableDatabase(Exception):
    """The database cannot be opened or written; the words say why and what to do."""


class Database:
    """One open database. `write_connection` belongs to the committer's thread; `read` borrows a reader's thread."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.epoch = ""
        self.house = ""
        """What the house is called among others on one host: drawn once, and the same in every life of the database."""
        self.house_clock = HouseClock()
        self.troubles = Troubles()
        self.holds_erased = True
        """Whether the write-ahead log may hold what was erased. A start does not know: what ran before may have been killed."""
        self.reads, self.searches = Gate(), Gate()
        """Who reads goes through the first, who searches through the other before."""
        self._failed = 0
        """How many tries to empty the log have failed in a row."""
        self._in_use_since: float | None = None
        self.failed_commits = 0
        """Counted in the writer's thread."""
        self.writer = ThreadPoolExecutor(1, thread_name_prefix="teahouse-writer")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="teahouse-reader")
        self._lock_wait_ms = BUSY_TIMEOUT_MS
        self._write_engine = make_engine(url, READERS, self._write_wait_ms, writes=True)
        self._read_engine = make_engine(url, READERS, lambda: self._lock_wait_ms, writes=False)
        self._write_connection: Connection | None = None
        self._files: OpenFiles | None = None
        self.is_left_open = False
        """Whether `close` could not close it, because the files are not its own any more."""

    @classmethod
    def in_folder(cls, folder: Path) -> "Database":
        """Return the embedded database that lives in `folder`, which is made if need be. Raise UnusableDatabase."""
        path = folder / DATABASE_FILE
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            files.make(path)
        except OSError as error:
            raise UnusableDatabase(f"cannot write {path}: {error.strerror}. Run teahouse doctor to see why.") from None
        return cls(URL.create("sqlite", database=str(path)))

    @classmethod
    def at(cls, url: str) -> "Database":
        """Return the database at an SQLAlchemy URL, such as postgresql+psycopg://user@host/name."""
        return cls(make_url(url))

    def open(self, *, may_upgrade: bool = True, copy_first: bool = True) -> None:
        """Bring the schema up to date, unless only `serve` may, learn the epoch and let the house's clock go on.

        With `copy_first` an upgrade leaves a copy of the database beside it (upgrading.py). Raise NewerDatabase or UnusableDatabase.
        """
        try:
            if self._path is not None:
                files.make(self._path)
            with self._write_engine.connect() as connection:
                found = _schema_version(connection)
                if found != SCHEMA_VERSION:
                    from teahouse.storage import upgrading  # seldom needed, and it needs this module

                    upgrading.upgrade(connection, found, may_upgrade=may_upgrade, copy_first=copy_first)
                self.epoch = _drawn(connection, "epoch", 8)
                self.house = _drawn(connection, "house", 4)
                self.house_clock.open(connection)
                connection.commit()
                if self._path is not None:
                    self._files = OpenFiles(self._path)
                    self._open_readers()
        except OSError as error:
            raise UnusableDatabase(f"cannot write {self._path}: {error.strerror}. Run teahouse doctor to see why") from None
        except (DBAPIError, sqlite3.Error, FilesGone) as error:
            where = self._path or self.url.render_as_string()
            raise UnusableDatabase(f"the database {where} cannot be used: {words_of(error)}. Run teahouse doctor to see why") from None

    @property
    def _path(self) -> Path | None:
        """Where an embedded database is."""
        return Path(str(self.url.database)) if self.url.get_backend_name() == "sqlite" else None

    def _open_readers(self) -> None:
        """Open all of them now: later, other files may stand at the path for a moment before that is noticed."""
        for reader in [self._read_engine.connect() for _ in range(READERS)]:
            reader.close()  # the pool keeps it open

    @property
    def write_connection(self) -> Connection:
        """The one connection that changes anything; for the writer's thread only."""
        if self._write_connection is None:
            self._write_connection = self._write_engine.connect()
        return self._write_connection

    def _write_wait_ms(self) -> int:
        return min(self._lock_wait_ms, SPELL_WAIT_MS) if "locked" in self.troubles.lasting else self._lock_wait_ms

    def forget_write_connection(self) -> None:
        """Drop the write connection after a commit that failed, which may have left it in any state; the next use opens a new one."""
        self.failed_commits += 1
        if self._write_connection is not None:
            self._write_connection.invalidate()
            self._write_connection.close()
            self._write_connection = None

    def hurry(self) -> None:
        """Wait for locks of other programs a moment only, from now on: the house is being shut."""
        self._lock_wait_ms = LAST_WAIT_MS

    async def read(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function(connection, …)` in a reader's thread, in one snapshot. Raise Unavailable when the database cannot answer."""

        def work() -> T:
            self.check_files(within_s=LATELY_S)
            try:
                with self._read_engine.connect() as connection, connection.begin():
                    return function(connection, *args, **kwargs)
            except DBAPIError:
                self.check_files()  # another file than its own says nothing of the house's
                raise

        try:
            async with self.reads:
                return await asyncio.get_running_loop().run_in_executor(self._readers, work)
        except (DBAPIError, FilesGone) as error:
            raise self.refusal(error, "the database cannot be read now") from error

    def check_files(self, *, within_s: float = 0.0) -> None:
        """Raise FilesGone where `OpenFiles.check` does. For a thread: a disk may not answer."""
        if self._files is not None:
            self._files.check(within_s=within_s)

    def mark(self, connection: Connection) -> None:
        """Give an embedded database a mark by which one that is copied over it is known from now on. For a transaction of the writer's."""
        if self._files is not None:
            run_raw(connection, f"PRAGMA user_version={self._files.next_mark()}")
            self.holds_erased = True  # or the mark would stay in the write-ahead log for long

    def refusal(self, error: Exception, words: str) -> TeahouseError:
        """Tell whoever runs the house what is wrong, once while it lasts; return what people are told, in `words` where it passes."""
        kind = kind_of(error) or "database"
        self.troubles.begin(kind, words_of(error) if kind == "files" else f"{self._path or self.url.host}: {words_of(error)}")
        refusal = Damaged("the database is damaged there; whoever runs the house was told") if kind == "damaged" else Unavailable(words)
        refusal.__cause__ = error
        return refusal

    async def rescue(self) -> Path | None:
        """Do as `OpenFiles.rescue`."""
        if self._files is None:
            return None
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._files.rescue)

    async def checkpoint(self) -> None:
        """Let what was erased leave the write-ahead log as well, and keep that short; call it now and then.

        PostgreSQL's log is its administrator's.
        Nearly all is done beside the writer, who then has the last few pages to copy. A reader of an old state keeps the log in
        use: the next call tries again, and every few tries new readers wait a moment.
        """
        if self._files is None or not (self.holds_erased or self._files.log_bytes() > MAX_LOG_BYTES):
            return
        loop, is_empty = asyncio.get_running_loop(), False
        self.holds_erased = False  # before: what is erased meanwhile is not overlooked
        try:
            await loop.run_in_executor(self._readers, self.check_files)
            await loop.run_in_executor(self._readers, self._files.checkpoint, "PASSIVE")
            if self._failed < TRIES:
                is_empty = await loop.run_in_executor(self.writer, self._files.checkpoint, "TRUNCATE")
            else:
                self._failed = 0
                async with self.searches.shut(SEARCHES_WAIT_S), self.reads.shut(READS_WAIT_S):
                    emptying = loop.run_in_executor(self.writer, self._files.checkpoint, "TRUNCATE")
                    await asyncio.wait([emptying], timeout=READS_WAIT_S)
                is_empty = await emptying
        except (sqlite3.Error, FilesGone) as error:
            raise self.refusal(error, "the write-ahead log cannot be emptied now") from error
        finally:
            self._failed = 0 if is_empty else self._failed + 1
            self.holds_erased = self.holds_erased or not is_empty
        self._tell_of_endless_readers(is_empty)

    def _tell_of_endless_readers(self, is_empty: bool) -> None:
        now = time.monotonic()
        self._in_use_since = None if is_empty else self._in_use_since or now
        if self._in_use_since is None:
            self.troubles.end("log")
        elif now - self._in_use_since >= ENDLESS_S:
            self.troubles.begin("log", f"{self._path}-wal cannot be emptied: another program reads without end, such as an open shell")

    def close(self) -> None:
        """Wait for what is being written and read, then close.

        Where other files stand at the paths now, it stays open, and the process must end at once: SQLite would remove, by their
        paths, the log and the index of those.
        """
        self.writer.shutdown()
        self._readers.shutdown()
        try:
            self.check_files()
        except FilesGone:
            self.is_left_open = True
            return
        if self._write_connection is not None:
            self._write_connection.close()
        self._write_engine.dispose()
        self._read_engine.dispose()
        if self._files is not None:
            self._files.close()
            self._files = None  # a second `close` has nothing to look at


def _schema_version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _drawn(connection: Connection, key: str, size: int) -> str:
    """Return a fact about the database that is drawn by lot when it is first asked for, `size` bytes as hex."""
    value = connection.scalar(select(about.c.value).where(about.c.key == key))
    if value is None:
        value = secrets.token_hex(size)
        connection.execute(insert(about).values(key=key, value=value))
    return str(value)
