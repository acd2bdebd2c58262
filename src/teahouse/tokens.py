"""What people give their programs: tokens with a name, a scope and an end, and tickets that are good once."""

import secrets
from collections.abc import Callable, Iterable

from teahouse import policy
from teahouse.access import Access, Scope, Token
from teahouse.auth import DAY_MS, Authenticator, Identity, digest
from teahouse.errors import NotAllowed, NotFound, NotSignedIn
from teahouse.model import User
from teahouse.roster import Roster
from teahouse.storage import sessions
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database
from teahouse.storage.log import Transaction

PREFIX = "tea_"
"""Begins every token, so that people and scanners of leaked secrets know one when they see it."""

LAST_WEEK_MS = 7 * DAY_MS
"""In which a program is told when its token ends."""
MAX_TOKENS_EACH = 20
TICKET_S = 60


class Tokens:
    """Makes, lists and revokes what one person's programs come in with. A token ends with whoever made it, and its use is theirs."""

    def __init__(self, database: Database, committer: Committer, roster: Roster, auth: Authenticator, clock_ms: Callable[[], int]) -> None:
        self._database = database
        self._committer = committer
        self._roster = roster
        self._auth = auth
        self._clock_ms = clock_ms

    async def make(self, by: Identity, name: str, scope: Scope, days: int, rooms: Iterable[int] | None = None) -> tuple[str, Token]:
        """Return a new token, which is shown this once, and what is kept of it. Each of `rooms` must be one that the user is in.

        It ends after so many days, or earlier where its person's session cannot last as long.
        """
        user, session = by.user, by.session
        name = policy.check_name(name, "token's name")
        limits = None if rooms is None else frozenset(rooms)
        for room in limits or ():
            self._roster.require(user.id, room)
        secret = PREFIX + secrets.token_urlsafe(32)

        def change(tx: Transaction) -> Token:
            asker = sessions.find_by_id(tx.connection, session)
            if asker is None or asker.user.role != user.role:  # it ended a moment ago, and the tokens of then with it
                raise NotSignedIn("the session has ended: sign in again")
            if len(sessions.tokens(tx.connection, user.id, tx.at)) >= MAX_TOKENS_EACH:
                raise NotAllowed(f"one person has at most {MAX_TOKENS_EACH} tokens: revoke one first")
            left_ms = self._auth.lifetimes.left_ms(sessions.last_opened(tx.connection, user.id))
            if left_ms <= 0:  # nothing ends within an hour of a start
                raise NotAllowed("your session is as old as one may be and ends within the hour, and so would every token")
            return sessions.open_token(tx, user.id, digest(secret), name, Access(scope, limits), tx.at + min(days * DAY_MS, left_ms))

        return secret, await self._committer.run(change)

    def ends_soon(self, by: Identity) -> int | None:
        """Return when the token ends by which a program comes, in its last week; None before, and for people."""
        ends_at = self._auth.token_end(by.session)
        return ends_at if ends_at is not None and ends_at - self._clock_ms() <= LAST_WEEK_MS else None

    async def mine(self, user: User) -> list[Token]:
        """Return a user's tokens, the newest first."""
        return await self._database.read(sessions.tokens, user.id, self._clock_ms())

    async def revoke(self, user: User, token: int) -> None:
        """End one of the user's tokens and its live connections at once; NotFound when it is none of theirs."""
        ended = await self._committer.run(lambda tx: sessions.end_tokens(tx, user.id, token))
        if not ended:
            raise NotFound(f"you have no token {token}")
        self._auth.ended(ended, "revoked")

    async def make_ticket(self, identity: Identity) -> str:
        """Return a ticket that lets its first bearer in as `identity`, within a minute."""
        ticket = secrets.token_urlsafe(32)
        expires_at = self._clock_ms() + TICKET_S * 1000
        await self._committer.run(lambda tx: sessions.add_ticket(tx, identity.session, digest(ticket), expires_at))
        return ticket
