"""Who is at the doors of one room, and who comes and goes on the modern page: told to each socket in its own dialect.

What is told here has no number and may be lost: a congested socket misses it (docs/protocol.md, "here").
"""

from collections import Counter
from collections.abc import Callable
from typing import Protocol

from teahouse.gateways.dialects.spoken import Came, Heard, Listing, Went
from teahouse.model import Here, User


class Guest(Protocol):
    """A socket at one of the doors, whose person is known."""

    @property
    def user(self) -> User: ...

    def hear(self, heard: Heard) -> None: ...


class Porch:
    """The sockets of all doors to one room, and the others who are in it."""

    def __init__(self, here: Callable[[], dict[int, User]], clock_ms: Callable[[], int]) -> None:
        self._here = here
        self._clock_ms = clock_ms
        self._guests: dict[Guest, None] = {}
        self._sockets: Counter[int] = Counter()
        self._others: dict[int, User] = {}

    def come(self, guest: Guest) -> None:
        """Let `guest` in: they hear who is here, and everyone hears of them."""
        self._guests[guest] = None
        self._sockets[guest.user.id] += 1
        guest.hear(Listing(sorted(self._here().values(), key=lambda user: user.id)))
        self._tell(Came(guest.user, self._clock_ms(), first=self._sockets[guest.user.id] == 1))

    def go(self, guest: Guest) -> None:
        """Let everyone know, `guest` too where they can still hear, that they are gone. It changes nothing the second time."""
        if guest not in self._guests:
            return
        self._tell(Went(guest.user, self._clock_ms(), last=self._sockets[guest.user.id] == 1))
        del self._guests[guest]
        self._sockets[guest.user.id] -= 1
        if not self._sockets[guest.user.id]:
            del self._sockets[guest.user.id]

    def note(self, here: Here) -> None:
        """Hear who came and went by the page, as its people are told as well."""
        for user in here.came:
            if user.id not in self._others and user.role != "bot" and user.id not in self._sockets:
                self._others[user.id] = user
                self._tell(Came(user, self._clock_ms()))
        for user_id in here.went:
            if user_id in self._others:
                self._tell(Went(self._others.pop(user_id), self._clock_ms()))

    def _tell(self, heard: Heard) -> None:
        for guest in list(self._guests):
            guest.hear(heard)
