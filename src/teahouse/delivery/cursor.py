"""The rule of delivery: only the next number may be written. Everything else is read from the log."""


class Cursor:
    """How far one reader, or the group of readers that are live, has come in one log.

    `since` is the seq at which the membership began by which one reader reads; 0 where there is no such reader, and in an inbox.
    `fresh` says that its holder has just come (back) and been written nothing yet, so that it may still be told `reset`.
    """

    __slots__ = ("fresh", "seen", "since")

    def __init__(self, seen: int, since: int = 0, *, fresh: bool = False) -> None:
        self.seen = seen
        self.since = since
        self.fresh = fresh

    def admits(self, seq: int) -> bool:
        """Say whether entry `seq` is the very next; an older one is a repeat, a later one shows a gap."""
        return seq == self.seen + 1

    def advance(self, seq: int) -> None:
        """Move to `seq`, which was written; the caller asked `admits` for each entry on the way."""
        self.seen = seq
        self.fresh = False
