"""Proof of identity: sessions of people and programs, and the keys that let people in. Tokens have 256 random bits, stored hashed."""

import asyncio
import secrets
from collections.abc import Callable, Iterable

import msgspec

from teahouse import policy
from teahouse.access import Access
from teahouse.bans import Bans
from teahouse.errors import Invalid, NotAllowed, NotSignedIn
from teahouse.identity import Identity, Proof, digest
from teahouse.invites import OWNER_KEY_DAYS, START_INVITE_DAYS, admit
from teahouse.known_sessions import KnownSession
from teahouse.lifetimes import DAY_MS, Lifetimes
from teahouse.lookalikes import Reserved
from teahouse.model import LOBBY
from teahouse.occurrences import Occurrences
from teahouse.proving import NO_TICKET, Prover
from teahouse.roster import Roster
from teahouse.storage import departures, invites, owner_link, owners, people, rooms, sessions
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database
from teahouse.storage.log import Transaction

__all__ = ["DAY_MS", "Authenticator", "Identity", "Proof", "digest"]

GUESTS_A_SWEEP = 20
"""Guests who go in one sweep, so that it is not long."""


class Authenticator(Prover):
    """Signs guests in and out and tells who a token is. `on_end` hears of each session that ends, at once."""

    def __init__(
        self,
        database: Database,
        committer: Committer,
        roster: Roster,
        clock_ms: Callable[[], int],
        faces: Iterable[str],
        bans: Bans,
        *,
        reserved_names: Iterable[str],
        open_house: bool,
        session_idle_days: float,
        session_max_days: float,
    ) -> None:
        super().__init__(database, committer, clock_ms, bans, Lifetimes(database.house_clock, session_idle_days, session_max_days))
        self.open = open_house
        self.closed = False
        """Whether nobody new comes in at the moment; the database has the last word."""
        self.on_end: Callable[[int], None] = lambda session: None
        self.on_seen: Callable[[int, str], None] = lambda user_id, address: None
        """Hears who came from where: with a new session here, with each request over HTTP from its gateway."""
        self._roster = roster
        self.refused = Occurrences("sign-ins are refused")
        self.ended_sessions = Occurrences("sessions have ended")
        """By why: `signed_out`, `replaced`, `stale`, `expired`, `revoked`, `left_behind`, `door_gone`, `by_keeper`."""
        self._faces = frozenset(faces)
        self._reserved = Reserved(reserved_names)
        self._leaving = asyncio.Lock()
        self._left_behind = True
        """Whether guests may be left whose opener's session has ended. They can do nothing; they are still in their rooms."""

    async def sign_in(
        self,
        name: str,
        face: str,
        *,
        invite: str | None = None,
        owner_key: str | None = None,
        address: str = "",
        door: int | None = None,
        opener: Identity | None = None,
        ticket: str | None = None,
    ) -> tuple[str, Identity]:
        """Make a guest, or with an owner's key the owner, who is in the lobby; return the cookie's token and who they are.

        An owner's key whose session was never used, since its answer was lost, gives that same person another one.
        An old door lets a guest in without an invite, to the room `door` and nothing else; where it wants a token, the guest goes with
        that of `opener`, and the `ticket` that showed it is used up: whoever is refused keeps it for another try.
        Raise Invalid for a bad name or face, Conflict for a taken name, NotAllowed without a needed invite.
        """
        name = policy.check_name(name)
        if face not in self._faces:
            raise Invalid(f"there is no face named {face!r}", code="bad_face")
        self._reserved.check(name)
        token = secrets.token_urlsafe(32)

        def change(tx: Transaction) -> tuple[Identity, list[int]]:
            if opener is not None and sessions.find_by_id(tx.connection, opener.session) is None:
                raise NotSignedIn("the token was revoked or has expired")  # a moment ago: the guest would stay behind
            if ticket is not None and sessions.use_ticket(tx, digest(ticket)) is None:
                raise NotSignedIn(NO_TICKET)
            again = owner_link.reopen(tx, digest(owner_key), digest(token), tx.at - OWNER_KEY_DAYS * DAY_MS) if owner_key else None
            if again is not None:
                return Identity(again[1], again[0].user, again[0].inbox), [again[0].id]
            role = admit(tx, invite, owner_key, is_open=self.open or door is not None)
            user, inbox = people.create(tx, name, policy.fold_name(name), face, role)
            rooms.add(tx, user, user, LOBBY if door is None else door)
            if owner_key is not None:
                return Identity(owner_link.open_session(tx, digest(owner_key), user.id, digest(token)), user, inbox), []
            access = None if door is None else Access("door", frozenset({door}))
            session = sessions.open_session(tx, user.id, digest(token), access, None if opener is None else opener.session)
            return Identity(session, user, inbox, access, opener), []

        identity, ended = await self._committer.run(change)
        self._forget(ended, "replaced")
        if opener is None and owner_key is None:  # the next look-up reads until when the opener's is good, and stores the owner's use
            self._known.remember(digest(token), KnownSession(identity, self.lifetimes.clock(), self.lifetimes.clock()))
        self.on_seen(identity.user.id, address)
        return token, identity

    async def sign_in_again(self, identity: Identity, name: str, face: str) -> tuple[str, Identity] | None:
        """Give someone who is signed in another session and token, where `name` is their own: they keep it and their rooms.

        The old session ends. None where the name is not theirs; Invalid for a bad name or face.
        """
        key = policy.fold_name(policy.check_name(name))
        if face not in self._faces:
            raise Invalid(f"there is no face named {face!r}", code="bad_face")
        token = secrets.token_urlsafe(32)

        def change(tx: Transaction) -> Identity | None:
            holder = people.by_name(tx.connection, key)
            if holder is None or holder.id != identity.user.id or sessions.end(tx, identity.session) is None:
                return None
            people.set_face(tx, holder.id, face)
            session = sessions.open_session(tx, holder.id, digest(token))
            return Identity(session, msgspec.structs.replace(holder, face=face), identity.inbox)

        again = await self._committer.run(change)
        if again is None:
            return None
        self._roster.refresh(again.user)
        self._forget([identity.session], "replaced")
        return token, again

    async def promote(self, identity: Identity, owner_key: str) -> tuple[str, Identity]:
        """Make someone who is signed in the owner, under a new session and token; the old session ends (OWASP ASVS 7.2.4)."""
        token = secrets.token_urlsafe(32)

        def change(tx: Transaction) -> tuple[Identity, list[int]]:
            if owner_link.unused(tx.connection, digest(owner_key), tx.at - OWNER_KEY_DAYS * DAY_MS) is not None:
                raise NotAllowed("this link made you the owner under another name: sign out, then open it again", code="sign_out_first")
            role = admit(tx, None, owner_key, is_open=False)
            people.set_role(tx, identity.user.id, role)
            session = owner_link.open_session(tx, digest(owner_key), identity.user.id, digest(token))
            sessions.end(tx, identity.session)
            ended = sessions.end_tokens(tx, identity.user.id)  # nobody meant these programs to have an owner's power
            return Identity(session, msgspec.structs.replace(identity.user, role=role), identity.inbox), ended

        promoted, ended = await self._committer.run(change)
        self._roster.refresh(promoted.user)
        self._forget([identity.session, *ended], "replaced")
        return token, promoted

    async def sign_out(self, session: int, why: str = "signed_out", stale: tuple[int, int, int] | None = None) -> bool:
        """End a session and its live sockets. With their last one a guest leaves the rooms, their tokens end, and the name is free.

        With the limits of `stale` ones only where it is past its time. Return whether it ended.
        """
        done = None
        while done is None:  # there is more to hand over before
            async with self._leaving:  # a crowd goes one by one: each takes the writer some milliseconds, and posts go in between
                done = await self._committer.run(lambda tx: departures.end_session(tx, session, stale))
        ended, gone = done
        self._forget(ended, why)
        if gone is not None:
            self._roster.take_out(gone)
        return bool(ended)

    def forget_user(self, user_id: int) -> None:
        """Hear that somebody is no longer what is remembered of them; the next look-up reads the database."""
        self._known.forget_user(user_id)
        self._left_behind = True

    def ended(self, ended: Iterable[int], why: str) -> None:
        """Hear that these sessions are no longer in the database: nobody is let in by them, and their live sockets end."""
        self._forget(list(ended), why)

    async def keep_alive(self, used: Iterable[int]) -> None:
        """Note that these sessions are in use: a socket that stays open for months says so by nothing else."""
        live = set(used)
        self._known.use(live, self.lifetimes.clock())
        await self._committer.run(lambda tx: sessions.touch(tx, live))

    async def end_stale(self) -> int:
        """End the sessions that are past their lifetime, so that names are not held by ghosts; return how many ended."""
        limits = self.lifetimes.over()
        stale = [] if limits is None else await self._database.read(sessions.stale, *limits, 1000)
        return sum([await self.sign_out(session, "stale", limits) for session in stale])

    async def end_expired(self) -> None:
        """Every few seconds: end tokens in use that are over (in doubt of the calendar their sockets alone) and whom ended ones let in."""
        limits = self.lifetimes.over()
        for session in self._known.expired(self._clock_ms()):
            if limits is None:
                self.on_end(session)
            else:
                await self.sign_out(session, "expired", limits)
        if self._left_behind:
            self._left_behind = False  # before: whoever is left behind meanwhile is not overlooked
            try:
                for session in await self._database.read(sessions.left_behind, GUESTS_A_SWEEP):
                    await self.sign_out(session, "left_behind")
            except BaseException:
                self._left_behind = True
                raise

    async def has_owner(self) -> bool:
        """Say whether somebody can act as the owner."""
        return await self._database.read(owners.count, self._clock_ms()) > 0

    async def make_owner_key(self) -> str:
        """Return a key that makes its first bearer the owner; earlier ones are void."""
        key = secrets.token_urlsafe(24)
        await self._committer.run(lambda tx: people.put_owner_key(tx, digest(key), tx.at + OWNER_KEY_DAYS * DAY_MS))
        return key

    async def make_invite(self) -> str:
        """Return the key of the invite that a start prints; some of earlier starts end."""
        key = secrets.token_urlsafe(24)
        await self._committer.run(lambda tx: invites.put_at_start(tx, digest(key), tx.at + START_INVITE_DAYS * DAY_MS))
        return key

    def _forget(self, ended: list[int], why: str) -> None:
        self._known.end(ended)
        self._left_behind |= bool(ended)
        for session in ended:
            self.ended_sessions.add(why)
            self.on_end(session)
