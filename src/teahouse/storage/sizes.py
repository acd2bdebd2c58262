"""How much room a database takes."""

from pathlib import Path

from teahouse.storage.database import Database


def file_bytes(database: Database) -> tuple[int, int] | None:
    """Return the bytes of the database's file and of its write-ahead log; None of a database that another program keeps."""
    if database.url.get_backend_name() != "sqlite":
        return None
    path = str(database.url.database)
    return _size(path), _size(f"{path}-wal")


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0
