"""The files of an embedded database: making them, and whether those that are open still stand at their paths.

Nothing here closes a database's file while a connection may be open in this process: that would drop the locks that SQLite holds on it
(SQLite docs, "How To Corrupt An SQLite Database File", 2.2).
"""

import errno
import math
import os
import secrets
import sqlite3
import struct
import tempfile
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

DATABASE_FILE = "teahouse.db"
LOCK_FILE = "teahouse.lock"
"""Both in the folder of a house."""
STAGE = ".restore"
"""A folder in it in which a restore makes its database ready. It is locked while that is under way; a killed one leaves it behind."""
PRIVATE = 0o600
LITTLE_BYTES = 1 << 30
"""With less room than this a disk is said to be full soon (docs/decisions/0041 says why so much)."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
RESCUED = "teahouse.rescued-"
MARK = 4, 60
"""The bytes of a database's header that are the program's own, and where they begin (SQLite docs, "Database File Format", 1.3)."""
INDEX_BYTES, INDEX = 48, struct.Struct("=14xHI")
"""The head of the log's index, and in it the size of a page and how many frames the log has (SQLite docs, "WAL-mode File Format", 2.1)."""
LOG_HEADER_BYTES, FRAME_HEADER_BYTES = 32, 24
CHECKPOINT_WAIT_MS = 50
"""How long the writer may wait for readers to leave the log: they are done far sooner, but for somebody who searches."""
LATELY_S = 0.05
"""A look that is no older stands for one now where nobody is promised anything by it."""


class FilesGone(Exception):
    """What is open no longer stands at its path: whatever is stored in it now, nobody would find. The words say what to do."""

    remedy = "put it back; or stop the house, and start it again with what is there then, or with what it saved"

    def __init__(self, words: str) -> None:
        super().__init__(f"{words}: nothing is stored any more. To mend it, {self.remedy}")


def of_database(database: Path) -> tuple[Path, Path, Path]:
    """Return the paths of a database, its write-ahead log and that log's index. SQLite gives the last two the rights of the first.

    They lie beside the file itself where the database is a link to one, as SQLite follows it.
    """
    real = Path(os.path.realpath(database)) if database.is_symlink() else database
    return database, real.with_name(f"{real.name}-wal"), real.with_name(f"{real.name}-shm")


def saved_from(database: Path) -> list[Path]:
    """Return what houses saved of a database when its files were taken away, the newest last."""
    return sorted(database.parent.glob(f"{RESCUED}*.db"), key=lambda path: path.stat().st_mtime)


def saved_alone(database: Path) -> list[Path]:
    """Return the same where the database is not there, or is empty."""
    return [] if size(str(database)) else saved_from(database)


def make(database: Path) -> None:
    """See that the file is there and may be written; one that is made may be read by its owner alone. Raise OSError.

    None is made where a house saved what it had when its files were taken away: an empty one would hide that, and belong to whoever
    comes first.
    """
    if saved := saved_alone(database):
        words = f"it was taken away, and {saved[-1].name} has what was in it. Rename that to {database.name}, or move it elsewhere"
        raise OSError(errno.ENOENT, words)
    try:
        os.close(os.open(database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
    except FileExistsError:
        if not database.exists():
            raise OSError(errno.ENOENT, f"it is a link to {os.path.realpath(database)}, which is not there") from None
        if not os.access(database, os.R_OK | os.W_OK):
            why = errno.EROFS if os.statvfs(database).f_flag & os.ST_RDONLY else errno.EACCES
            raise OSError(why, os.strerror(why)) from None


def size(path: str) -> int:
    """Return the bytes of a file, none of one that is not there."""
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def address_of(database: Path) -> str:
    """Return the URI under which SQLite opens a database that is there, and makes none where it is not (SQLite docs, "URI Filenames")."""
    return f"{database.absolute().as_uri()}?mode=rw"


class Overwritten(FilesGone):
    """What is open stands at its path, and somebody wrote something else into it."""

    remedy = "stop the house, remove its -wal and -shm, put the copy in place once more, and start the house"


class Cut(Overwritten):
    """What is open stands at its path, and lacks what was in it."""

    remedy = "stop the house, and run teahouse doctor: what was stored last is lost, and a backup may be needed"


class OpenFiles:
    """The files of a database that is open, as they were then. Its connection is the last to be closed, so that they stay what they are.

    Programs beside the house neither remove nor replace them: whoever closes the database last would, and that is this connection.
    """

    def __init__(self, database: Path) -> None:
        """Raise sqlite3.Error when the database cannot be read, OSError when its files cannot."""
        self._database = database.absolute()
        self._paths = of_database(self._database)
        self._folder = os.stat(self._database.parent)
        self._files: dict[str, int] = {}
        self._known: dict[str, tuple[int, int]] = {}
        self._marks: list[bytes] = []
        """What may stand in the header, the newest last; those before it until it has come from the log into the file. None before
        `next_mark`: who makes no marks, as a program beside the house, does not know when others change."""
        self._marking = threading.Lock()
        self._looked_at = -math.inf
        self._anchor = sqlite3.connect(address_of(database), uri=True, check_same_thread=False, isolation_level=None)
        try:
            self._anchor.execute("SELECT count(*) FROM sqlite_master").fetchone()  # this opens the log and its index as well
            self._anchor.execute(f"PRAGMA busy_timeout={CHECKPOINT_WAIT_MS}")
            for path in map(str, self._paths):
                if os.path.exists(path):
                    file = self._files[path] = os.open(path, os.O_RDONLY)
                    self._known[path] = os.fstat(file).st_dev, os.fstat(file).st_ino
        except (sqlite3.Error, OSError):
            self.close()
            raise

    def check(self, *, within_s: float = 0.0) -> None:
        """Raise FilesGone when one of the files is not where it was. Some microseconds; any thread may call.

        A look that found all well `within_s` before now stands for one.
        """
        began = time.monotonic()
        if began - self._looked_at < within_s:
            return
        self._looked_at = -math.inf
        for path, file in self._files.items():
            try:
                found = os.stat(path)
            except (FileNotFoundError, NotADirectoryError):
                raise FilesGone(f"{path} is gone") from None
            except OSError:
                continue  # that cannot be told now; whoever reads or writes will hear why
            # Some file systems number a file anew: what counts is what the open one is now.
            if (found.st_dev, found.st_ino) != self._known[path] and not os.path.samestat(found, os.fstat(file)):
                raise FilesGone(f"{path} is another file now")
        if self._marks and not self._is_marked() and not self._is_marked():  # once more: a mark may just be coming into the file
            raise Overwritten(f"{self._database} was written over")
        if self._is_log_cut():
            raise Cut(f"{self._paths[1]} was cut")
        self._looked_at = began

    def _is_log_cut(self) -> bool:
        """Whether the log is shorter than its index says.

        SQLite lengthens the log first, and cuts it when the index says that it is empty.
        """
        _, log, index = (self._files.get(str(path)) for path in self._paths)
        if log is None or index is None:
            return False
        try:
            header = os.pread(index, INDEX_BYTES, 0)
            page, frames = INDEX.unpack_from(header) if len(header) == INDEX_BYTES else (0, 0)
            page_bytes = 65_536 if page == 1 else page
            if frames == 0 or os.fstat(log).st_size >= LOG_HEADER_BYTES + frames * (FRAME_HEADER_BYTES + page_bytes):
                return False
            return os.pread(index, INDEX_BYTES, 0) == header  # or it was emptied meanwhile
        except OSError:
            return False  # as above

    def _is_marked(self) -> bool:
        marks = self._marks
        try:
            mark = os.pread(self._files[str(self._database)], *MARK)
        except OSError:
            return True  # as above
        if len(marks) > 1 and mark == marks[-1]:
            with self._marking:
                self._marks = [mark] if self._marks is marks else self._marks
        return mark in marks or mark in self._marks  # as they were before it was read, and after

    def next_mark(self) -> int:
        """Return a number for `PRAGMA user_version` that no copy of the database has which was made before. Whoever asks stores it.

        While the last one has not come into the file it is that one again, which may not have been stored.
        """
        with self._marking:
            if not self._marks:
                [(logged,)] = self._anchor.execute("PRAGMA user_version").fetchall()
                earlier = {int(logged).to_bytes(MARK[0], "big", signed=True), os.pread(self._files[str(self._database)], *MARK)}
                self._marks = [*earlier, secrets.token_bytes(MARK[0])]
            elif len(self._marks) == 1:
                self._marks = [*self._marks, secrets.token_bytes(MARK[0])]
            return int.from_bytes(self._marks[-1], "big", signed=True)

    def log_bytes(self) -> int:
        """Return how large the write-ahead log's file is."""
        return size(str(self._paths[1]))

    def checkpoint(self, mode: str) -> bool:
        """Copy what is in the write-ahead log into the database and, with TRUNCATE, empty it. Say whether nobody was in the way.

        Not by a connection of its own: that would open what stands at the path then, and remove its log when it is closed
        (SQLite docs, PRAGMA wal_checkpoint and "WAL mode"). Raise sqlite3.Error.
        """
        [is_busy, _, _] = self._anchor.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        return not is_busy

    def rescue(self) -> Path | None:
        """Write all that is stored into a new file where the database was, and return its path. Raise OSError or sqlite3.Error.

        Return None when the folder was moved: there it still has its names.
        """
        if self._are_elsewhere():
            return None
        file, half = tempfile.mkstemp(prefix=RESCUED, suffix=".half", dir=self._database.parent)
        os.close(file)
        try:
            with closing(sqlite3.connect(half)) as copy:
                self._anchor.backup(copy)
            whole = Path(half).with_suffix(".db")
            os.rename(half, whole)
        except (OSError, sqlite3.Error):
            with suppress(OSError):
                os.unlink(half)  # it would only take the room that is left
            raise
        return whole

    def _are_elsewhere(self) -> bool:
        """A file that was removed has no name; on some network file systems it has another one in its folder until it is closed."""
        with suppress(OSError):
            if os.path.samestat(os.stat(self._database.parent), self._folder):
                return False
        return all(os.fstat(file).st_nlink for file in self._files.values())

    def close(self) -> None:
        self._anchor.close()
        for file in self._files.values():
            os.close(file)  # last: it ends SQLite's locks on the file
