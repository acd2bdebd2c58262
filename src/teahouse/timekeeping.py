"""Keeps the house's clock over restarts, ends what is past its time by it, and tells whoever runs the house of a calendar to be doubted."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime

import structlog

from teahouse.auth import Authenticator
from teahouse.errors import TeahouseError
from teahouse.storage import sessions
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database
from teahouse.storage.house_clock import SETTLES_MS, doubts

_log = structlog.get_logger("time")


class Timekeeper:
    """`start` it before anybody comes in, `tend` it each hour, `stop` it while the database is open."""

    def __init__(self, database: Database, committer: Committer, auth: Authenticator, clock_ms: Callable[[], int]) -> None:
        self._database = database
        self._committer = committer
        self._auth = auth
        self._clock_ms = clock_ms
        self._clock = database.house_clock
        self._is_open = False

    async def start(self) -> None:
        """Tell of a calendar to be doubted, and how many sessions are past their time."""
        self._clock.on_jump = self._tell_of_jump
        self._is_open = True
        now = self._clock_ms()
        people, tokens = await self._database.read(sessions.count_stale, *self._auth.lifetimes.limits(now))
        words = doubts(now - self._clock.last_open)
        if words or people:
            _log.warning(
                words or "sessions are past their time",
                last_open=_date(self._clock.last_open),
                now=_date(now),
                sessions_to_end=people,
                tokens_to_end=tokens,
                not_before_min=SETTLES_MS // 60_000,
            )

    async def tend(self, used: Collection[int]) -> None:
        """Store where the clock stands and that these sessions are in use, and end those that are past their time."""
        await self._keep()
        if used:
            await self._auth.keep_alive(used)
        await self._auth.end_stale()

    async def stop(self) -> None:
        """Store where the clock stands, once. A database that cannot costs the clock an hour at most, and keeps nobody from stopping."""
        if not self._is_open:
            return
        self._is_open = False
        try:
            await self._keep()
        except TeahouseError as error:
            _log.error("the house's clock was not stored", words=error.words)

    async def _keep(self) -> None:
        await self._committer.run(lambda tx: self._clock.keep(tx.connection))

    def _tell_of_jump(self, by_ms: int) -> None:
        words = "the machine's clock was set, or the machine slept: nothing ends for good within an hour"
        _log.warning(words, by_s=by_ms // 1000, now=_date(self._clock_ms()))


def _date(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M} UTC"
