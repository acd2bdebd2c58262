"""How long sessions last: people's by the house's clock, tokens until their end by the calendar. Decides; auth.py ends.

Nothing ends for good, and nobody's session is too old, before the house has been open for an hour: who would end then became so old
while no hour looked after them, in which the house was shut, or its clock was wrong (docs/decisions/0038).
"""

from teahouse.known_sessions import KnownSession
from teahouse.storage.house_clock import HouseClock

DAY_MS = 24 * 3_600_000


class Lifetimes:
    """`limits` are those that storage asks for: the calendar's time, and by the house's clock since when a session is opened and used."""

    def __init__(self, house_clock: HouseClock, session_idle_days: float, session_max_days: float) -> None:
        self.clock = house_clock
        self._idle_ms = int(session_idle_days * DAY_MS)
        self._max_ms = int(session_max_days * DAY_MS)

    def lasts(self, session: KnownSession, now: int) -> bool:
        """Say whether a session is good `now`, which is the calendar's."""
        if session.expires_at is not None and now >= session.expires_at:
            return False
        if session.is_token:  # it may last longer than a person's, and need not be used
            return True
        _, opened_after, used_after = self.limits(now)
        return (session.opened_at >= opened_after and session.used_at >= used_after) or self.clock.settled_at() is None

    def limits(self, now: int) -> tuple[int, int, int]:
        at = self.clock()
        return now, at - self._max_ms, at - self._idle_ms

    def over(self) -> tuple[int, int, int] | None:
        """Return the limits by which sessions end for good, None while none may."""
        now = self.clock.settled_at()
        return None if now is None else self.limits(now)

    def left_ms(self, opened_at: int) -> int:
        """Return for how long a session that was opened then lasts at most, if the house stays open."""
        return opened_at + self._max_ms - self.clock()
