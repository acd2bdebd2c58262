"""How much room a database takes."""

from teahouse.storage.database import Database
from teahouse.storage.files import size


def file_bytes(database: Database) -> tuple[int, int] | None:
    """Return the bytes of the database's file and of its write-ahead log; None of a database that another program keeps."""
    if database.url.get_backend_name() != "sqlite":
        return None
    path = str(database.url.database)
    return size(path), size(f"{path}-wal")
