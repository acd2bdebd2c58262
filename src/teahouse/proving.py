"""Who bears a token: a person's cookie, a program's token, a guest's of an old door, a ticket good once."""

from collections.abc import Callable

from teahouse import policy
from teahouse.bans import Bans
from teahouse.errors import NotSignedIn
from teahouse.identity import Identity, Proof, digest
from teahouse.known_sessions import KnownSession, KnownSessions
from teahouse.lifetimes import Lifetimes
from teahouse.storage import sessions
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database
from teahouse.storage.sessions import Session

NO_TICKET = "the ticket was used, has expired or never was: get a new one"


class Prover:
    """Tells who a token is, and notes that it was used. Whoever is banned is told so by NotAllowed."""

    def __init__(self, database: Database, committer: Committer, clock_ms: Callable[[], int], bans: Bans, lifetimes: Lifetimes) -> None:
        self.bans = bans
        self.lifetimes = lifetimes
        self._database = database
        self._committer = committer
        self._clock_ms = clock_ms
        self._known = KnownSessions()
        self.token_end = self._known.ends_at

    async def prove(self, proof: Proof, *, keep_ticket: bool = False) -> Identity:
        """Return whose proof this is; NotSignedIn when it is nobody's. A ticket is used up, unless it is kept for `sign_in`."""
        if proof.kind == "ticket":
            return await self.identify_ticket(proof.secret, keep=keep_ticket)
        if proof.kind == "token":
            return await self.identify_token(proof.secret)
        try:
            return await self.identify(proof.secret)
        except NotSignedIn:
            if proof.spare is None:
                raise
        return await self.identify(proof.spare)

    async def identify(self, token: str | None) -> Identity:
        """Return the person who bears `token`; NotSignedIn when nobody does, or when their session is past its lifetime."""
        if not token:
            raise NotSignedIn("sign in first")
        identity = await self._identify(token)
        if identity is None or identity.access is not None:
            raise NotSignedIn("the session has ended: sign in again")
        return identity

    async def identify_token(self, token: str | None) -> Identity:
        """Return who made the program's `token`, with what it may do; NotSignedIn when it was revoked, has expired or never was."""
        identity = await self._identify(token) if token else None
        if identity is None or identity.access is None or policy.opens_door(identity.access):
            raise NotSignedIn("the token is wrong, was revoked or has expired: make a new one")
        return identity

    async def identify_guest(self, token: str | None, door: int | None = None) -> Identity:
        """Return the guest who bears `token` at the old doors, or at those to the room `door`; NotSignedIn when nobody does."""
        identity = await self._identify(token) if token else None
        if identity is None or identity.access is None or not policy.opens_door(identity.access, door):
            raise NotSignedIn("sign in at this door first")
        return identity

    async def identify_ticket(self, ticket: str | None, *, keep: bool = False) -> Identity:
        """Return who got `ticket`, which is good once, or still is with `keep`; NotSignedIn when it was used, is too old or never was."""
        hashed = digest(ticket or "")
        found = await self._database.read(sessions.find_ticket, hashed, self._clock_ms())
        if found is not None and not keep:  # or strangers who guess would keep the one writer busy
            found = await self._committer.run(lambda tx: sessions.use_ticket(tx, hashed))
        session = None if found is None else self._session(found)
        if session is None or not self._alive(session):
            raise NotSignedIn(NO_TICKET)
        self._check_bans(session.identity)
        return session.identity

    async def _identify(self, token: str) -> Identity | None:
        hashed, generation = digest(token), self._known.generation
        session = self._known.recall(hashed)
        if session is None or not self._alive(session):  # it may have been used by another server, or by a program of theirs
            session = await self._find(hashed)
        if session is None or not self._alive(session):
            return None
        if self.lifetimes.clock() - session.used_at > sessions.USED_EVERY_MS:
            session.used_at, used = self.lifetimes.clock(), session.identity.sessions
            await self._committer.run(lambda tx: sessions.touch(tx, used))
            if self._known.has_ended(session.identity):  # meanwhile, and whoever ends live sockets has passed already
                return None
            if generation != self._known.generation:
                return await self._identify(token)
        self._check_bans(session.identity)  # last, since nothing may stand between it and the caller's turn
        return session.identity

    def _check_bans(self, identity: Identity) -> None:
        for each in identity.people:
            self.bans.check(each)

    async def _find(self, hashed: bytes) -> KnownSession | None:
        generation = -1
        while generation != self._known.generation:  # or what somebody was before their role changed would be remembered
            generation = self._known.generation
            found = await self._database.read(sessions.find, hashed)
        if found is None:
            return None
        session = self._session(found)
        self._known.remember(hashed, session)
        return session

    def _session(self, found: Session) -> KnownSession:
        opener = None if found.opener is None else self._session(found.opener)
        if found.expires_at is not None:
            self._known.expire(found.id, found.expires_at)
        identity = Identity(found.id, found.user, found.inbox, found.access, None if opener is None else opener.identity)
        used_at = found.used_at if found.expires_at is None else 0
        return KnownSession(identity, found.opened_at, used_at, found.expires_at if opener is None else opener.expires_at)

    def _alive(self, session: KnownSession) -> bool:
        return self.lifetimes.lasts(session, self._clock_ms()) and not self._known.has_ended(session.identity)
