"""Builds what keeps the peace from its parts, and says which of its work comes back regularly."""

from collections.abc import Callable
from functools import partial

from teahouse.auth import Authenticator
from teahouse.clearing import erase_some, tell_some, waits
from teahouse.gateways.connections import Connections
from teahouse.house_follower import HouseFollower
from teahouse.last_seen import LastSeen
from teahouse.moderation import Moderation
from teahouse.roster import Roster
from teahouse.storage import invites
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database

FOLLOW_S = 0.3
"""How often it is looked whether the house log went on without this process."""
CLEAR_S = 0.5
"""How often it is looked whether something is to be erased, or a room to be told who left it."""


class Peace:
    """`moderation` is for those who act; the rest is for app.py, which starts it and calls `look` and `keep` regularly."""

    def __init__(
        self,
        database: Database,
        committer: Committer,
        auth: Authenticator,
        roster: Roster,
        connections: Connections,
        clock_ms: Callable[[], int],
        last_seen: LastSeen,
    ) -> None:
        self._committer = committer
        self._database = database
        self._last_seen = last_seen
        self._follower = HouseFollower(database, committer, auth, roster, connections, auth.bans)
        self.moderation = Moderation(database, committer, clock_ms, self._follower.follow)
        self.start, self.look = self._follower.start, self._follower.follow
        connections.on_add = auth.on_seen = self._last_seen.note
        connections.refusal = auth.bans.refusal

    async def clear(self) -> None:
        """Go on with what is to be erased, and to be told of who has gone: a slice of each in turn, however long the other is."""
        goes_on = True
        while goes_on:
            erases = await self._erase_some()
            goes_on = await tell_some(self._database, self._committer) or erases

    async def _erase_some(self) -> bool:
        if not self._follower.is_clearing:
            return False
        self._follower.is_clearing = False  # before: what is asked for meanwhile is not overlooked
        try:
            more = await erase_some(self._committer)
            if more or await waits(self._committer):
                self._follower.is_clearing = True
        except BaseException:
            self._follower.is_clearing = True
            raise
        return more

    async def keep(self) -> None:
        """Store where people came from, and let bans end whose time is up, if the calendar may be believed."""
        await self._last_seen.store()
        if self._database.house_clock.settled_at() is not None:
            await self.moderation.end_bans()

    async def forget(self) -> None:
        """Forget where people came from long ago, and invites whose time is up, if the calendar may be believed."""
        if (now := self._database.house_clock.settled_at()) is not None:
            await self._last_seen.forget()
            await self._committer.run(partial(invites.forget, now=now))
