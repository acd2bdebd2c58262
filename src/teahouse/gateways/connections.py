"""Every live connection: how many there may be, whose they are, and ending them by session or all together."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Hashable
from typing import Protocol

import structlog

from teahouse.auth import Identity
from teahouse.errors import NotAllowed
from teahouse.gateways.connection import CHANGED, RESTART, SHUT_OUT, UNSIGNED
from teahouse.gateways.crowds import Crowds, take
from teahouse.gateways.unread import MAX_UNREAD_BYTES, UnreadBytes
from teahouse.model import User
from teahouse.occurrences import Occurrences
from teahouse.wire import Bye, Error, Event

MAX_REASON_BYTES = 123
TRY_LATER = 1013
TELL_EVERY_S = 60.0
"""How often the log tells that connections are refused."""

FIRST_RETURN_MS = 500
"""The earliest that a client comes back after a restart."""

_log = structlog.get_logger("connections")


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
        self.foreign = Occurrences("pages of another origin, or by another name, are refused: set public_url if they are this house's own")
        self.unread = UnreadBytes(MAX_UNREAD_BYTES)
        self._said_goodbye = False
        self._per_user = per_user
        self._doors: set[Ticking] = set()
        self._live: dict[Live, tuple[str, Hashable]] = {}
        self._by_session: dict[int, set[Live]] = {}
        self._payers: Counter[Hashable] = Counter()
        self._crowds = Crowds(per_address)
        self._told_at = -TELL_EVERY_S
        self._openers: dict[Live, Identity] = {}
        self.on_add: Callable[[int, str], None] = lambda user_id, address: None
        """Hears who came from where."""
        self.refusal: Callable[[User | None, str | None], NotAllowed | None] = lambda user, address: None
        """Says why somebody may not be here."""

    def __len__(self) -> int:
        return len(self._live)

    @property
    def users(self) -> int:
        return len({connection.identity.user.id for connection in self._live})

    @property
    def full(self) -> bool:
        return self._said_goodbye or len(self._live) >= self.max_connections

    def enter(self, door: Ticking) -> None:
        self._doors.add(door)

    def exit(self, door: Ticking) -> None:
        self._doors.discard(door)

    def too_many(self, payer: Hashable | None, address: str) -> str:
        """Return in words which limit one more connection would pass, and count that it is refused; or nothing.

        None is somebody of whom only the address is known.
        """
        if payer is not None and self._payers[payer] >= self._per_user:
            return self.turned_away(f"{self._per_user} connections of one user")
        excess = self._crowds.excess(address, object() if payer is None else payer)
        return self.turned_away(excess) if excess else ""

    def turned_away(self, excess: str) -> str:
        """Count a connection that is refused, and tell whoever runs the house now and then. Return `excess`, why it was.

        The people who cannot come in see a page that tries again.
        """
        self.refused[str(TRY_LATER)] += 1
        now_s = time.monotonic()
        if now_s - self._told_at >= TELL_EVERY_S:
            self._told_at = now_s
            _log.warning("connections are refused", more_than=excess, refused_so_far=self.refused[str(TRY_LATER)])
        return excess

    def add(self, connection: Live, address: str, *, is_anybodys: bool = False) -> None:
        """Count one who is let in; `is_anybodys` where all who come from an address are the same user."""
        person: Hashable = object() if is_anybodys else connection.identity.payer
        self._live[connection] = address, person
        self.tie(connection, connection.identity.session)
        self._payers[connection.identity.payer] += 1
        self._crowds.add(address, person)
        self.on_add(connection.identity.user.id, address)
        if self.refusal(connection.identity.user, address) is not None:
            # They were shut out after their session was looked at. Whoever opens the connection goes on first.
            asyncio.get_running_loop().call_soon(self.shut_out)

    def remove(self, connection: Live) -> None:
        """Forget a connection, if it is not forgotten already."""
        counted = self._live.pop(connection, None)
        if counted is None:
            return
        self.untie(connection, connection.identity.session)
        take(self._payers, connection.identity.payer, 1)
        self._crowds.remove(*counted)

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
        for connection, (address, _) in list(self._live.items()):
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
