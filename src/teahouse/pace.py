"""How fast, and how much in all, one person changes who is in which room. Everyone in a house pays for each room and membership."""

from collections.abc import Callable
from typing import Annotated

from msgspec import Meta, Struct

from teahouse.model import User
from teahouse.throttle import Throttle

MINUTE_S, HOUR_S = 60, 3600

Count = Annotated[int, Meta(ge=1)]


class GatheringLimits(Struct, frozen=True, kw_only=True):
    """A part of the settings, which settings.py takes over. What a rate allows may be used up at once."""

    rooms_per_hour_per_user: Annotated[Count, "Rooms that one user may make per hour."] = 30
    rooms_made_per_user: Annotated[Count, "Rooms that one user may make in all; the house's owner and admins may make more."] = 200
    directs_per_hour_per_user: Annotated[Count, "New direct rooms that one user may open per hour."] = 60
    additions_per_minute_per_user: Annotated[Count, "People whom one user may let into rooms per minute."] = 60
    added_per_hour_per_user: Annotated[Count, "Times per hour that one user may be put into a room by others, direct rooms included."] = 120
    rooms_by_others_per_user: Annotated[Count, "Rooms in which one user may be by others' doing; who leaves one makes place."] = 200
    joins_per_minute_per_user: Annotated[Count, "Public rooms that one user may join per minute."] = 60
    room_changes_per_minute_per_user: Annotated[Count, "Changes of rooms' names, topics and robots that one user may make per minute."] = 20


class Pace:
    """Raises TooMuch, in words, for whoever is too fast. The caps are for `Rooms`, which counts in the transaction."""

    def __init__(self, limits: GatheringLimits, clock_ms: Callable[[], int]) -> None:
        self.limits = limits
        self._clock_ms = clock_ms
        self._rooms = _each(limits.rooms_per_hour_per_user, HOUR_S)
        self._directs = _each(limits.directs_per_hour_per_user, HOUR_S)
        self._additions = _each(limits.additions_per_minute_per_user, MINUTE_S)
        self._added = _each(limits.added_per_hour_per_user, HOUR_S)
        self._joins = _each(limits.joins_per_minute_per_user, MINUTE_S)
        self._changes = _each(limits.room_changes_per_minute_per_user, MINUTE_S)

    def make_room(self, user: User) -> None:
        self._check(self._rooms, user, "new rooms")

    def open_direct(self, user: User, other: int) -> None:
        self._check(self._directs, user, "new direct rooms")
        self._bring(other)

    def add_member(self, user: User, other: int) -> None:
        self._check(self._additions, user, "people let into rooms")
        self._bring(other)

    def join(self, user: User) -> None:
        self._check(self._joins, user, "rooms joined")

    def change_room(self, user: User) -> None:
        self._check(self._changes, user, "changes of rooms")

    def _bring(self, other: int) -> None:
        """Bound how often one person is put anywhere, by however many others."""
        self._added.check(other, self._clock_ms() / 1000, "rooms that this person was put in by others")

    def _check(self, throttle: Throttle, user: User, what: str) -> None:
        throttle.check(user.id, self._clock_ms() / 1000, what)


def _each(count: int, per_s: int) -> Throttle:
    return Throttle(count / per_s, count)
