"""Sessions in memory by the hash of their token, so that a storm of reconnects reads the database once each."""

from collections import OrderedDict
from collections.abc import Iterable

from msgspec import Struct

from teahouse.identity import Identity

REMEMBERED = 50_000
ENDED_REMEMBERED = 10_000
"""Far more than can end while one look-up is under way."""


class KnownSession(Struct):
    """When it was opened and used is told by the house's clock; of a token that was not used since it was looked up, 0."""

    identity: Identity
    opened_at: int
    used_at: int
    expires_at: int | None = None
    """When it ends whatever happens, by the calendar: a token's own end, or that of the token which let a guest in."""

    @property
    def is_token(self) -> bool:
        return self.expires_at is not None and self.identity.opener is None


class KnownSessions:
    """What is remembered of sessions, and which have ended. Whom nobody has asked for longest is forgotten first."""

    def __init__(self) -> None:
        self.generation = 0
        """Changes whenever something that was read before may be wrong: whoever read it meanwhile reads it again."""
        self._by_hash: OrderedDict[bytes, KnownSession] = OrderedDict()
        self._hashes: dict[int, bytes] = {}
        """By session, which has one token: fifty thousand are not looked through for each that ends."""
        self._let_in: dict[int, set[bytes]] = {}
        """Whom a token let in at an old door, by its session."""
        self._ended: OrderedDict[int, None] = OrderedDict()
        self._expiring: dict[int, int] = {}

    def use(self, sessions: set[int], now: int) -> None:
        """Note that these are in use `now`, by the house's clock."""
        for kept in self._by_hash.values():
            if kept.identity.session in sessions:
                kept.used_at = now

    def remember(self, hashed: bytes, session: KnownSession) -> None:
        if self.has_ended(session.identity):
            return  # while it was looked up
        self._by_hash[hashed] = session
        self._hashes[session.identity.session] = hashed
        if session.identity.opener is not None:
            self._let_in.setdefault(session.identity.opener.session, set()).add(hashed)
        if len(self._by_hash) > REMEMBERED:
            self._drop(next(iter(self._by_hash)))

    def recall(self, hashed: bytes) -> KnownSession | None:
        session = self._by_hash.get(hashed)
        if session is not None:
            self._by_hash.move_to_end(hashed)
        return session

    def expire(self, session: int, expires_at: int) -> None:
        """Remember when a token ends."""
        self._expiring[session] = expires_at

    def expired(self, now: int) -> list[int]:
        """Return the sessions whose time is up. It reads memory."""
        return [session for session, expires_at in self._expiring.items() if expires_at <= now]

    def ends_at(self, session: int) -> int | None:
        """Return when a token ends, None for whatever is none."""
        return self._expiring.get(session)

    def has_ended(self, identity: Identity) -> bool:
        return any(session in self._ended for session in identity.sessions)

    def end(self, ended: Iterable[int]) -> None:
        """Hear that these sessions are no longer in the database; a look-up that is under way brings none of them back."""
        ended = list(ended)
        self._ended.update(dict.fromkeys(ended))
        while len(self._ended) > ENDED_REMEMBERED:
            self._ended.popitem(last=False)
        for session in ended:
            self._expiring.pop(session, None)
            for hashed in [self._hashes.get(session, b""), *self._let_in.get(session, ())]:
                self._drop(hashed)

    def forget_user(self, user_id: int) -> None:
        """Know nothing of somebody any more: their role changed, or their sessions may have ended."""
        self.generation += 1
        for hashed in [hashed for hashed, kept in self._by_hash.items() if any(each.id == user_id for each in kept.identity.people)]:
            self._drop(hashed)

    def _drop(self, hashed: bytes) -> None:
        forgotten = self._by_hash.pop(hashed, None)
        if forgotten is None:
            return
        self._hashes.pop(forgotten.identity.session, None)
        opener = forgotten.identity.opener
        if opener is not None:
            let_in = self._let_in[opener.session]
            let_in.discard(hashed)
            if not let_in:
                del self._let_in[opener.session]
