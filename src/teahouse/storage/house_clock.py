"""A clock that runs while the house is open and stands still while it is shut: by it is told how long a session was not used.

Nobody sets it. It goes by the machine's steady clock, and where it stands is kept in `about` each hour and at the stop, with the calendar's
time of then. So neither a summer break nor a wrong date makes anything older, and of what is told by the calendar it says when that may
be believed (docs/decisions/0038).
"""

import time
from collections.abc import Callable

from sqlalchemy import Connection, func, insert, select, update

from teahouse.storage.tables import about, sessions

_KEY = "last_open"
"""Of the row that says where this clock stood when the house was last open, and what the calendar said then."""
JUMP_MS = 60_000
"""By so much the calendar may be corrected without being doubted."""
SETTLES_MS = 3_600_000
"""How long after a start or a jump nothing ends for good: time to see a line in the log and to set a clock, or to come by."""
MONTH_MS = 30 * 24 * 3_600_000


def calendar_ms() -> int:
    """Return Unix milliseconds."""
    return time.time_ns() // 1_000_000


def steady_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def doubts(shut_ms: int) -> str:
    """Return in words why a calendar is to be doubted by which the house was shut for so long; empty when it is not."""
    if shut_ms <= -JUMP_MS:
        return "the clock stands before the time when the house was last open: set it if it is wrong"
    return "the house was shut for more than a month, or the clock is wrong: set it if it is" if shut_ms > MONTH_MS else ""


class HouseClock:
    """Call it for its time in milliseconds, which began as Unix time and falls behind by as long as the house was shut. `open` it first.

    `on_jump` hears by how much the calendar jumped.
    """

    def __init__(self, calendar_ms: Callable[[], int] = calendar_ms, steady_ms: Callable[[], int] = steady_ms) -> None:
        self.on_jump: Callable[[int], None] = lambda by_ms: None
        self.last_open = 0
        """What the calendar said when the house was last open, before this start."""
        self._calendar_ms = calendar_ms
        self._steady_ms = steady_ms
        self._ahead_ms = 0
        self._unsettled_since = steady_ms()
        self._difference_ms = calendar_ms() - steady_ms()

    def __call__(self) -> int:
        return self._steady_ms() + self._ahead_ms

    def open(self, connection: Connection) -> None:
        """Go on from where the clock stood when the house was last open. The caller commits."""
        kept = connection.scalar(select(about.c.value).where(about.c.key == _KEY))
        if kept is None:
            self.last_open = self._calendar_ms()
            self._ahead_ms = _first(connection, self.last_open) - self._steady_ms()
            connection.execute(insert(about).values(key=_KEY, value=self._written()))
        else:
            stood, self.last_open = map(int, kept.split())
            self._ahead_ms = stood - self._steady_ms()

    def keep(self, connection: Connection) -> None:
        """Store the clock, or go on from where another server's is, if that is further: the house is open while any of them is."""
        kept = connection.scalar(select(about.c.value).where(about.c.key == _KEY).with_for_update()) or "0 0"
        self._ahead_ms += max(0, int(kept.split()[0]) - self())
        connection.execute(update(about).where(about.c.key == _KEY).values(value=self._written()))

    def settled_at(self) -> int | None:
        """Return the calendar's time once what cannot be undone may go by it: when it has run with the steady clock for an hour."""
        calendar, steady = self._calendar_ms(), self._steady_ms()
        jumped_ms, self._difference_ms = calendar - steady - self._difference_ms, calendar - steady
        if abs(jumped_ms) >= JUMP_MS:
            self._unsettled_since = steady
            self.on_jump(jumped_ms)
        return calendar if steady - self._unsettled_since >= SETTLES_MS else None

    def _written(self) -> str:
        return f"{self()} {self._calendar_ms()}"


def _first(connection: Connection, now: int) -> int:
    """Return where the clock begins: in a house of an older version at the last use of any session, which nobody can have had while it
    was shut. Uses that are yet to come by the calendar are of a wrong one."""
    own = sessions.c.expires_at.is_(None)
    last = connection.scalar(select(func.max(sessions.c.used_at)).where(own))
    begin = now if last is None else min(now, int(last))
    for column in (sessions.c.at, sessions.c.used_at):
        connection.execute(update(sessions).where(own, column > begin).values({column: begin}))
    return begin
