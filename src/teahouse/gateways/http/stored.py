"""The answer to a change: which entry of the log says so now."""

from teahouse.model import Entry
from teahouse.wire import Stored


def stored(room: int, entry: Entry | None) -> Stored:
    """Return the answer for `entry`; None means that it was so already, which is told as number 0."""
    return Stored(room, 0, 0) if entry is None else Stored(room, entry.seq, entry.at)
