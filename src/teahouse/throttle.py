"""Rates with a burst: token buckets by key, with the clock as an argument."""

import math
from collections.abc import Hashable

from teahouse.errors import TooMuch

MANY = 10_000

_ONE = 1 - 1e-6
"""What passes for a whole token, so that nobody who waited as long as they were told is refused by rounding."""


class Throttle:
    """Lets each key act `rate_per_s` times a second in the long run, and `burst` times at once."""

    def __init__(self, rate_per_s: float, burst: int) -> None:
        self._rate = rate_per_s
        self._burst = float(burst)
        self._buckets: dict[Hashable, tuple[float, float]] = {}
        self._forget_above = MANY
        self.refused = 0

    def take(self, key: Hashable, now_s: float) -> float:
        """Take one token; return 0, or how many seconds to wait when there is none (and then nothing is taken)."""
        tokens, at = self._buckets.get(key, (self._burst, now_s))
        if now_s < at:  # a clock that jumps back neither gives nor takes, nor lets anyone wait until the old time comes again
            at = now_s
            self._buckets[key] = (tokens, at)
        tokens = min(self._burst, tokens + (now_s - at) * self._rate)
        if tokens < _ONE:
            self.refused += 1
            return (1 - tokens) / self._rate
        self._buckets[key] = (tokens - 1, now_s)
        if len(self._buckets) > self._forget_above:
            self._forget_full(now_s)
        return 0.0

    def spend(self, key: Hashable, count: float, now_s: float) -> bool:
        """Take `count` tokens of what was done already; whether there were so many. If not, none is left."""
        tokens, at = self._buckets.get(key, (self._burst, now_s))
        tokens = min(self._burst, tokens + max(now_s - at, 0) * self._rate) - count
        self._buckets[key] = (max(tokens, 0.0), now_s)
        if len(self._buckets) > self._forget_above:
            self._forget_full(now_s)
        if tokens < 0:
            self.refused += 1
        return tokens >= 0

    def give_back(self, key: Hashable) -> None:
        """Return one token that was taken for nothing."""
        if key in self._buckets:
            tokens, at = self._buckets[key]
            self._buckets[key] = (min(self._burst, tokens + 1), at)

    def check(self, key: Hashable, now_s: float, what: str) -> None:
        """Take one token or raise TooMuch in words."""
        wait_s = self.take(key, now_s)
        if wait_s:
            raise TooMuch(f"too many {what}: wait {wait_s:.1f} s", retry_after_s=math.ceil(wait_s * 10) / 10)

    def _forget_full(self, now_s: float) -> None:
        # A bucket that has filled up again is as good as one that never was.
        self._buckets = {
            key: (tokens, at) for key, (tokens, at) in self._buckets.items() if tokens + (now_s - at) * self._rate < self._burst
        }
        self._forget_above = max(MANY, 2 * len(self._buckets))  # or many who are busy would be looked through at every turn
