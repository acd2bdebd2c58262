"""How often the robot answers: a token bucket per user and per room. Pure; the caller brings the time, in seconds."""

from collections.abc import Hashable
from typing import Literal

Verdict = Literal["answer", "say so", "silence"]

MAX_BUCKETS = 2000
"""Above this, buckets that are full again are forgotten: a full bucket and none at all are the same."""


class Bucket:
    """Holds up to `burst` tokens and gains one every `every_s` seconds."""

    __slots__ = ("_at", "_burst", "_every_s", "_tokens", "told")

    def __init__(self, burst: int, every_s: float, now: float) -> None:
        self._burst = burst
        self._every_s = every_s
        self._tokens = float(burst)
        self._at = now
        self.told = False
        """Whether it was already said that this bucket is empty; forgotten only when it is full again."""

    def take(self, now: float) -> bool:
        self.refill(now)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def refill(self, now: float) -> bool:
        """Add what was gained since the last time; say whether the bucket is full. A clock that jumps back gains nothing."""
        gained = max(0.0, now - self._at) / self._every_s
        self._tokens = min(self._burst, self._tokens + gained)
        self._at = now
        full = self._tokens >= self._burst
        if full:
            self.told = False
        return full


class Patience:
    """Decides for each message: answer it, say once that it is too much, or keep silent."""

    def __init__(self, *, burst: int, every_s: float) -> None:
        self._burst = burst
        self._every_s = every_s
        self._buckets: dict[Hashable, Bucket] = {}

    def asked(self, by: Hashable, now: float) -> Verdict:
        bucket = self._bucket(by, now)
        if bucket.take(now):
            return "answer"
        if bucket.told:
            return "silence"
        bucket.told = True
        return "say so"

    def _bucket(self, by: Hashable, now: float) -> Bucket:
        bucket = self._buckets.get(by)
        if bucket is None:
            if len(self._buckets) >= MAX_BUCKETS:
                self._buckets = {key: kept for key, kept in self._buckets.items() if not kept.refill(now)}
            bucket = self._buckets[by] = Bucket(self._burst, self._every_s, now)
        return bucket
