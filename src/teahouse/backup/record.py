"""Which backup of a house was the last good one: a small file beside the database, for the doctor.

It names the epoch, so that in a house that was restored, or copied to another place and given an epoch of its own, it speaks of nothing.
"""

from pathlib import Path

import msgspec
from msgspec import Struct

from teahouse.backup.archive import Time
from teahouse.backup.folder import aside, give
from teahouse.strict_json import Reader

FILE = "backup.json"
MAX_BYTES = 1 << 16
"""It holds one path; nothing larger, no pipe and no device is read for it."""


class Record(Struct, frozen=True):
    """`at` is when the copy was taken, by the calendar."""

    at: Time
    file: str
    bytes: int
    epoch: str


_records = Reader[Record](Record)


def note(data: Path, at_ms: int, file: Path, epoch: str) -> None:
    """Note that `file` is a good backup; what of its path is no text stands there in another form. Raise OSError or Busy."""
    named = str(file).encode(errors="backslashreplace").decode()
    with aside(data / FILE) as out:
        out.write(msgspec.json.encode(Record(at_ms, named, file.stat().st_size, epoch)))
    give(data / FILE, data)


def last(data: Path) -> Record | None:
    """Return what was noted last; None where nothing was, or it cannot be read."""
    path = data / FILE
    try:
        return _records.read(path.read_bytes()) if path.is_file() and path.stat().st_size <= MAX_BYTES else None
    except (OSError, msgspec.DecodeError):
        return None
