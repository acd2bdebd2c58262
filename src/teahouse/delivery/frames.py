"""An entry with its bytes, rendered at most once per dialect, and the recent tail of each log."""

from collections.abc import Sequence
from typing import Any, Protocol

from teahouse.model import Added, Edited, Entry, Left, Posted, Removed, Signal

TAIL_ENTRIES = 1024
TAIL_WEIGHT = 1 << 20
_OVERHEAD = 256
"""What an entry weighs beside its text, in bytes; an estimate that bounds memory, not a measure."""


class Dialect(Protocol):
    """The words on a wire. What `render` gives may not depend on the reader, and `join` of several is one write."""

    def render(self, said: Entry | Signal) -> Any: ...

    def join(self, parts: Sequence[Any]) -> Any: ...


class Frame:
    """An entry and its renderings. Two frames of one entry are equal in meaning but render apart."""

    __slots__ = ("_renderings", "entry", "seq")

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.seq = entry.seq
        self._renderings: dict[Dialect, Any] = {}

    def rendered(self, dialect: Dialect) -> Any:
        rendering = self._renderings.get(dialect)
        if rendering is None:
            rendering = self._renderings[dialect] = dialect.render(self.entry)
        return rendering

    @property
    def weight(self) -> int:
        """Return about how many bytes the entry takes on a wire."""
        fact = self.entry.fact
        if not isinstance(fact, Posted | Edited):
            return _OVERHEAD
        return _OVERHEAD + (len(fact.text) if fact.text.isascii() else len(fact.text.encode()))

    @property
    def closes_for(self) -> int | None:
        """Return the id of the user whose reading of this log ends with this entry."""
        fact = self.entry.fact
        return fact.user.id if isinstance(fact, Left) else None

    @property
    def opens(self) -> tuple[int, int] | None:
        """Return (log, since): the room that this inbox entry told its owner they were added to, and where that membership began."""
        fact = self.entry.fact
        return (fact.room.id, fact.since) if isinstance(fact, Added) else None


def shows_edits(entry: Entry) -> bool:
    """Say whether an entry that was read from the log may carry a text that came after it."""
    return isinstance(entry.fact, Edited) or (isinstance(entry.fact, Posted) and entry.fact.edited)


def joined(frames: Sequence[Frame], dialect: Dialect) -> Any:
    """Return one write that carries `frames` in their order."""
    if len(frames) == 1:
        return frames[0].rendered(dialect)
    return dialect.join([frame.rendered(dialect) for frame in frames])


def runs(frames: Sequence[Frame], max_weight: int) -> list[Sequence[Frame]]:
    """Cut `frames` into runs for one write each: no run goes on past `max_weight`, past a leaving, or past an opening."""
    cut: list[Sequence[Frame]] = []
    start = weight = 0
    for index, frame in enumerate(frames):
        weight += frame.weight
        if weight >= max_weight or frame.closes_for is not None or frame.opens is not None:
            cut.append(frames[start : index + 1])
            start, weight = index + 1, 0
    if start < len(frames):
        cut.append(frames[start:])
    return cut


class Tail:
    """The last frames of one log without a gap, so that a reader who is a little behind needs no database."""

    __slots__ = ("_frames", "_weight")

    def __init__(self) -> None:
        self._frames: list[Frame] = []
        self._weight = 0

    def push(self, frame: Frame) -> None:
        """Keep `frame`. One that does not follow the last starts the tail anew, and so does a removal.

        What was taken back may not be told to those who read later; the log has it without its text. An `added` is not kept: it
        tells what a room is called, which may be erased without a word in this log, that of an inbox.
        """
        if (self._frames and frame.seq != self._frames[-1].seq + 1) or isinstance(frame.entry.fact, Removed | Added):
            self._frames.clear()
            self._weight = 0
        if isinstance(frame.entry.fact, Added):
            return
        self._frames.append(frame)
        self._weight += frame.weight
        if len(self._frames) > TAIL_ENTRIES or self._weight > TAIL_WEIGHT:
            self._trim()

    def between(self, after: int, upto: int) -> Sequence[Frame] | None:
        """Return the frames numbered after+1 … upto, or None when the tail does not reach back that far."""
        if not self._frames or self._frames[0].seq > after + 1 or self._frames[-1].seq < upto:
            return None
        first = self._frames[0].seq
        return self._frames[after + 1 - first : upto + 1 - first]

    def _trim(self) -> None:
        # Half at a time: cutting one frame off the front for each new one would move the list every time.
        dropped = self._frames[: len(self._frames) // 2]
        del self._frames[: len(dropped)]
        self._weight -= sum(frame.weight for frame in dropped)
