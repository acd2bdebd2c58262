"""What is wrong with the house now: a line of the log when it begins and one when it is over, a count, and words for who watches.

Whoever meets a trouble begins it, however often, and whoever sees that it is over ends it. None of it refuses anybody anything.
"""

import threading
from collections import Counter

import structlog

KINDS = {
    "locked": "another program holds the database's write lock",
    "full": "the disk is full",
    "disk": "the disk cannot be read or written",
    "damaged": "the database is damaged",
    "files": "the database's files were taken away or replaced",
    "unsaved": "what was stored could not be saved: the house must not be stopped",
    "away": "the database cannot be reached",
    "slow": "the database does not answer in time",
    "database": "the database fails",
    "constraint": "the database refuses something that should fit",
    "index": "the search index cannot be written",
    "log": "what was removed stays in the database's log, which grows",
    "room": "the disk will be full soon",
}
"""Each kind in words that anybody may read: no paths, no names."""
OTHER = "some of the house's regular work fails"
"""Any other kind is a piece of regular work, by its name."""
SAID_ONLY = frozenset({"room", "log", "constraint"})
"""Whoever runs the house is told, and everybody is served all the same."""

_log = structlog.get_logger("troubles")


class Troubles:
    """Any thread may call. `failures` counts how often each kind was met, `spells` how often it began."""

    def __init__(self) -> None:
        self.failures: Counter[str] = Counter()
        self.spells: Counter[str] = Counter()
        self._lasting: dict[str, None] = {}
        self._lock = threading.Lock()

    def begin(self, kind: str, words: str, error: BaseException | None = None) -> None:
        """Hear that `kind` was met, with the words of whatever met it; `error` where only a trace helps. A spell is logged once."""
        with self._lock:
            self.failures[kind] += 1
            if kind in self._lasting:
                return
            self._lasting[kind] = None
            self.spells[kind] += 1
        _log.error(in_words(kind), kind=kind, words=words, exc_info=error)

    def end(self, kind: str) -> None:
        """Hear that `kind` is over, if it lasted."""
        with self._lock:
            if kind not in self._lasting:
                return
            del self._lasting[kind]
        _log.warning(f"over: {in_words(kind)}", kind=kind)

    @property
    def lasting(self) -> list[str]:
        """The kinds that last, in the order in which they began."""
        with self._lock:
            return list(self._lasting)

    @property
    def unwell(self) -> str:
        """What keeps the house from serving as it should, in words for anybody; empty when nothing does."""
        return "; ".join(dict.fromkeys(in_words(kind) for kind in self.lasting if kind not in SAID_ONLY))


def in_words(kind: str) -> str:
    return KINDS.get(kind, OTHER)
