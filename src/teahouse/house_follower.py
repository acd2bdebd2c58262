"""Lets what keepers do take effect on this server: follows the house log, whoever wrote to it, this process or another.

It compares the log's head with the database's often, and reads what is new in order. Nothing is taken from a commit directly, so that
there is one way, which the command line and a second server go as well.
"""

import asyncio
from typing import Protocol

from teahouse.auth import Authenticator
from teahouse.bans import Bans
from teahouse.keeping import Banned, Cleared, Newcomers, RoleSet, SignedOff, Unbanned
from teahouse.model import Fact, User
from teahouse.roster import Roster
from teahouse.storage import bans, house_log, log, people
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database

AT_ONCE = 100
"""Entries that are read together."""


class Live(Protocol):
    """The live connections of every road, as far as keepers end them."""

    def shut_out(self) -> None:
        """End the connections of those who may not be here, and tell them why."""

    def end_user(self, user_id: int) -> None:
        """End every connection of somebody whose sessions ended."""

    def change_user(self, user_id: int) -> None:
        """End every connection of somebody whose role changed: they come back as what they are now."""


class HouseFollower:
    """`start` it before anyone comes in; `follow` it often."""

    def __init__(
        self,
        database: Database,
        committer: Committer,
        auth: Authenticator,
        roster: Roster,
        live: Live,
        known: Bans,
    ) -> None:
        self.is_clearing = True
        """Whether something may be left to erase; whoever erases it says when it is not. A start does not know."""
        self._database = database
        self._committer = committer
        self._auth = auth
        self._roster = roster
        self._live = live
        self._bans = known
        self._log = 0
        self._seen = 0
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """Learn the state that the log has led to, and where the log is, in one snapshot."""
        self._log = await self._committer.run(house_log.furnish)
        found, admits, self._seen = await self._database.read(house_log.state, self._log)
        self._auth.closed = not admits
        self._bans.load(found)

    async def follow(self) -> None:
        """Take up what is new; when it returns, what was committed before it was called holds here."""
        async with self._turn:
            while new := await self._database.read(log.read_after, self._log, self._seen, self._seen + AT_ONCE, AT_ONCE):
                for entry in new:
                    await self._take_effect(entry.fact)
                    self._seen = entry.seq

    async def _take_effect(self, fact: Fact) -> None:
        match fact:
            case Banned(user=user) | Unbanned(user=user):
                self._bans.load(await self._database.read(bans.every))
                self._live.shut_out()
                if user is not None:
                    await self._part_with(user)
            case SignedOff(user):
                self._auth.forget_user(user.id)
                self._auth.ended_sessions.add("by_keeper")
                self._live.end_user(user.id)
                await self._part_with(user)
            case RoleSet(user):
                self._auth.forget_user(user.id)
                self._roster.refresh(user)
                self._live.change_user(user.id)
            case Newcomers(admitted):
                self._auth.closed = not admitted
            case Cleared():
                self.is_clearing = True
            case _:
                pass

    async def _part_with(self, user: User) -> None:
        """Take out who has gone. Their `left` may come from another process, whose entries the roster does not hear of."""
        if await self._database.read(people.has_gone, user.id):
            self._roster.take_out(user.id)
