"""How much room a database takes."""

from pathlib import Path

from teahouse.storage.database import Database
from teahouse.storage.files import of_database, size


def file_bytes(database: Database) -> tuple[int, int] | None:
    """Return the bytes of the database's file and of its write-ahead log; None of a database that another program keeps."""
    if database.url.get_backend_name() != "sqlite":
        return None
    file, log, _index = of_database(Path(str(database.url.database)))
    return size(str(file)), size(str(log))
