"""What strangers, proxies and time do to people: counted by kind, and told in the log once a minute at most."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from teahouse.errors import TeahouseError

TELL_EVERY_S = 60.0

_log = structlog.get_logger("house")


class Occurrences:
    """One thing that happens, by kind. Whoever causes it cannot fill the disk: one line tells of all that happened since the last.

    `details` are of the latest and name nobody: an origin, never a text, a name, an address, a key (SECURITY.md).
    """

    def __init__(self, words: str) -> None:
        self.counts: Counter[str] = Counter()
        self._words = words
        self._told: Counter[str] = Counter()
        self._told_at = -TELL_EVERY_S
        self._details: dict[str, str] = {}

    def add(self, kind: str, **details: str) -> None:
        self.counts[kind] += 1
        self._details |= details

    @contextmanager
    def of_refusals(self) -> Iterator[None]:
        """Count the refusal that leaves the block, by its code."""
        try:
            yield
        except TeahouseError as refusal:
            self.add(refusal.code)
            raise

    def tell(self, now_s: float) -> None:
        """Write a line of what is new, at most one a minute. Call it every few seconds, and with infinity at the end."""
        new = self.counts - self._told
        if new and now_s - self._told_at >= TELL_EVERY_S:
            _log.info(self._words, **new, **self._details)
            self._told, self._told_at, self._details = self.counts.copy(), now_s, {}
