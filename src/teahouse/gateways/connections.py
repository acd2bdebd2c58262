"""Every live connection: how many there may be, whose they are, and ending them by session or all together."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from typing import Protocol, TypeVar

from teahouse.auth import Identity
from teahouse.errors import NotAllowed
from teahouse.gateways.connection import CHANGED, RESTART, SHUT_OUT, UNSIGNED
from teahouse.model import User
from teahouse.wire import Bye, Error, Event

Key = TypeVar("Key")

MAX_REASON_BYTES = 123

FIRST_RETURN_MS = 500
"""The earliest that a client comes back after a restart."""


class Ticking(Protocol):
    """A door's end of one connection, from its first byte to its last; it knows when it was last heard of."""

    def tick(self, now_s: float) -> None: ...


class Live(Protocol):
    """One client who is known: a `Connection`, or one at a door of an old dialect."""

    @property
    def identity(self) -> Identity: ...

    @property
    def commands_waiting(self) -> int: ...

    def say(self, event: Event) -> None: ...

    def end(self, code: int, reason: str) -> None: ...


class Connections:
    """Counts and finds connections. A door is here from `enter` to `exit`; between, it may have a connection (`add`, `remove`)."""

    def __init__(self, *, max_connections: int, per_user: int, per_address: int) -> None:
        self.max_connections = max_connections
        self.refused: Counter[str] = Counter()
        self._said_goodbye = False
        self._per_user = per_user
        self._per_address = per_address
        self._doors: set[Ticking] = set()
        self._live: dict[Live, str] = {}
        self._by_session: dict[int, set[Live]] = {}
        self._users: Counter[int] = Counter()
        self._addresses: Counter[str] = Counter()
        self._openers: dict[Live, Identity] = {}
        self.on_add: Callable[[int, str], None] = lambda user_id, address: None
        """Hears who came from where."""
        self.refusal: Callable[[User | None, str | None], NotAllowed | None] = lambda user, address: None
        """Says why somebody may not be here."""

    def __len__(self) -> int:
        return len(self._live)

    @property
    def users(self) -> int:
        return len(self._users)

    @property
    def full(self) -> bool:
        return self._said_goodbye or len(self._live) >= self.max_connections

    def enter(self, door: Ticking) -> None:
        self._doors.add(door)

    def exit(self, door: Ticking) -> None:
        self._doors.discard(door)

    def too_many(self, user_id: int, address: str) -> str:
        """Return in words which limit one more connection would pass, or nothing."""
        if self._users[user_id] >= self._per_user:
            return f"{self._per_user} connections of one user"
        if self._addresses[address] >= self._per_address:
            return f"{self._per_address} connections from one address"
        return ""

    def add(self, connection: Live, address: str) -> None:
        self._live[connection] = address
        self.tie(connection, connection.identity.session)
        self._users[connection.identity.user.id] += 1
        self._addresses[address] += 1
        self.on_add(connection.identity.user.id, address)
        if self.refusal(connection.identity.user, address) is not None:
            # They were shut out after their session was looked at. Whoever opens the connection goes on first.
            asyncio.get_running_loop().call_soon(self.shut_out)

    def remove(self, connection: Live) -> None:
        """Forget a connection, if it is not forgotten already."""
        address = self._live.pop(connection, None)
        if address is None:
            return
        self.untie(connection, connection.identity.session)
        _take_one(self._users, connection.identity.user.id)
        _take_one(self._addresses, address)

    def opened_by(self, connection: Live, opener: Identity | None) -> None:
        """Let a connection end with the token that opened a door to it, if one did, and with the token's person."""
        if opener is not None:
            self._openers[connection] = opener
            self.tie(connection, opener.session)

    def closed(self, connection: Live) -> None:
        """Forget by whose token a connection came."""
        opener = self._openers.pop(connection, None)
        if opener is not None:
            self.untie(connection, opener.session)

    def tie(self, connection: Live, session: int) -> None:
        """Let a connection end with a session: its own, or one that opened a door to it."""
        self._by_session.setdefault(session, set()).add(connection)

    def untie(self, connection: Live, session: int) -> None:
        tied = self._by_session.get(session, set())
        tied.discard(connection)
        if not tied:
            self._by_session.pop(session, None)

    def commands_waiting(self) -> int:
        """Return how many commands wait for an earlier one of their connection."""
        return sum(connection.commands_waiting for connection in self._live)

    def sessions(self) -> list[int]:
        """Return the sessions that have a connection now."""
        return list(self._by_session)

    def end_session(self, session: int) -> None:
        """End every connection of a session that has ended."""
        for connection in list(self._by_session.get(session, ())):
            connection.end(UNSIGNED, "the session has ended")

    def shut_out(self) -> None:
        """End the connections of those who may not be here, and tell them why."""
        for connection, address in list(self._live.items()):
            self._shut_out(connection, self.refusal(connection.identity.user, address))
        for connection, opener in list(self._openers.items()):
            self._shut_out(connection, self.refusal(opener.user, None))

    def end_user(self, user_id: int) -> None:
        """End every connection of somebody whose sessions ended, and those that their tokens opened."""
        for connection in self._of(user_id):
            connection.end(UNSIGNED, "the session has ended")

    def change_user(self, user_id: int) -> None:
        """End every connection of somebody whose role changed: they come back as what they are now."""
        for connection in self._of(user_id):
            connection.end(CHANGED, "your role in this house has changed")

    def _of(self, user_id: int) -> list[Live]:
        theirs = [connection for connection in self._live if connection.identity.user.id == user_id]
        return theirs + [connection for connection, opener in self._openers.items() if opener.user.id == user_id]

    def _shut_out(self, connection: Live, refusal: NotAllowed | None) -> None:
        if refusal is not None:
            connection.say(Error(refusal.code, refusal.words, retry_after_s=refusal.retry_after_s, ban=refusal.ban))
            connection.end(SHUT_OUT, close_reason(refusal.words))

    def tick(self, now_s: float) -> None:
        """Let every door see to what is overdue: handshake, hello, pings, closing. One caller for all, now and then."""
        for door in list(self._doors):
            door.tick(now_s)

    def goodbye(self, spread_ms: int) -> None:
        """End all for a restart. Each is told another time to come back, so that they do not come all at once."""
        self._said_goodbye = True
        for connection in list(self._live):
            retry_ms = FIRST_RETURN_MS + random.randrange(spread_ms)  # noqa: S311 -- spreads load, hides nothing
            connection.say(Bye("restart", retry_ms))
            connection.end(RESTART, "restart")


def close_reason(words: str) -> str:
    """Return what of `words` fits into a close frame (RFC 6455 5.5: 125 bytes, two of them the code)."""
    return words.encode()[:MAX_REASON_BYTES].decode(errors="ignore")


def _take_one(counter: Counter[Key], key: Key) -> None:
    counter[key] -= 1
    if not counter[key]:
        del counter[key]
