"""How fast, and how much in all, one person changes who is in which room. Everyone in a house pays for each room and membership.

An act uses up what belongs to whoever acts, so that nobody shuts others out by being fast (docs/decisions/0028).
"""

from collections.abc import Callable, Hashable
from types import TracebackType
from typing import Annotated, Self

from msgspec import Meta, Struct

from teahouse.errors import TeahouseError
from teahouse.model import User
from teahouse.throttle import Throttle

MINUTE_S, HOUR_S = 60, 3600
LATELY_MS = 3_600_000
"""Whoever came longer ago is no throw-away guest, and pays for themselves alone: or newcomers would use up what their neighbours may."""

Count = Annotated[int, Meta(ge=1)]


class GatheringLimits(Struct, frozen=True, kw_only=True):
    """A part of the settings, which settings.py takes over. What a rate allows may be used up at once."""

    rooms_per_hour_per_user: Annotated[Count, "Rooms that one user may make per hour."] = 30
    rooms_per_hour_per_address: Annotated[Count, "Rooms per hour that all newcomers of the last hour of one network address may make."] = (
        120
    )
    rooms_made_per_user: Annotated[Count, "Rooms that one user may make in all; the house's owner and admins may make more."] = 200
    rooms_per_user: Annotated[
        Count, "Rooms that one user may be in by their own doing, direct ones left out; the house's owner and admins may be in more."
    ] = 500
    directs_per_hour_per_user: Annotated[Count, "New direct rooms that one user may open per hour."] = 60
    directs_per_hour_per_address: Annotated[
        Count, "New direct rooms per hour that all newcomers of the last hour of one network address may open."
    ] = 600
    directs_per_hour_with_one_user_per_address: Annotated[
        Count, "New direct rooms per hour that all newcomers of the last hour of one network address may open with the same user."
    ] = 60
    additions_per_minute_per_user: Annotated[
        Count, "People whom one user may let into rooms, or keep out of rooms that they are not in, per minute."
    ] = 60
    additions_per_hour_of_one_user: Annotated[
        Count, "Times per hour that one user may let the same other one into rooms; keepers may always."
    ] = 20
    adders_per_hour_per_user: Annotated[Count, "People per hour who may let one and the same user into rooms; keepers may always."] = 120
    rooms_by_one_other_per_user: Annotated[Count, "Rooms in which one user may be by the doing of the same other one."] = 20
    rooms_by_others_per_user: Annotated[
        Count, "Rooms in which one user may be by others' doing; beyond, each other one may still bring them into one."
    ] = 200
    joins_per_minute_per_user: Annotated[Count, "Public rooms that one user may join per minute."] = 60
    room_changes_per_minute_per_user: Annotated[Count, "Changes of rooms' names, topics and robots that one user may make per minute."] = 20


class Charge:
    """What an act has used up. As a context manager it gives that back when the act is refused: nothing came of it.

    When the act ends in any other way it is not known what came of it, and nothing is given back.
    """

    def __init__(self, now_s: float = 0.0) -> None:
        self._now_s = now_s
        self._taken: list[tuple[Throttle, Hashable]] = []

    def take(self, throttle: Throttle, key: Hashable, what: str) -> None:
        """Take one token or raise TooMuch in words."""
        throttle.check(key, self._now_s, what)
        self._taken.append((throttle, key))

    def could_take(self, throttle: Throttle, key: Hashable) -> bool:
        """Take one token if there is one, and say whether there was."""
        if throttle.take(key, self._now_s):
            return False
        self._taken.append((throttle, key))
        return True

    def give_back(self) -> None:
        """The act changed nothing after all."""
        while self._taken:
            throttle, key = self._taken.pop()
            throttle.give_back(key)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        if isinstance(error, TeahouseError) and error.status < 500:
            self.give_back()


class Pace:
    """Each method returns a Charge, or raises TooMuch in words. The caps are for `Rooms`, which counts in the transaction.

    `network_of` says from where a user came last, if that is known: a new guest costs nothing, so what many of one network do is one's.
    `in_crowd` says of whoever makes a room or opens a direct one that they came lately and keep no house.
    """

    def __init__(self, limits: GatheringLimits, clock_ms: Callable[[], int], network_of: Callable[[int], str | None]) -> None:
        self.limits = limits
        self._clock_ms = clock_ms
        self._network_of = network_of
        self._rooms = _each(limits.rooms_per_hour_per_user, HOUR_S)
        self._rooms_from = _each(limits.rooms_per_hour_per_address, HOUR_S)
        self._directs = _each(limits.directs_per_hour_per_user, HOUR_S)
        self._directs_from = _each(limits.directs_per_hour_per_address, HOUR_S)
        self._directs_with_one = _each(limits.directs_per_hour_with_one_user_per_address, HOUR_S)
        self._additions = _each(limits.additions_per_minute_per_user, MINUTE_S)
        self._of_one = _each(limits.additions_per_hour_of_one_user, HOUR_S)
        self._first = _each(1, HOUR_S)
        self._adders = _each(limits.adders_per_hour_per_user, HOUR_S)
        self._joins = _each(limits.joins_per_minute_per_user, MINUTE_S)
        self._changes = _each(limits.room_changes_per_minute_per_user, MINUTE_S)

    def make_room(self, user: User, *, in_crowd: bool) -> Charge:
        with self._charge(self._rooms, user, "new rooms") as charge:
            network = self._network_of(user.id) if in_crowd else None
            if network is not None:
                charge.take(self._rooms_from, network, "new rooms from your network")
        return charge

    def open_direct(self, user: User, other: int, *, in_crowd: bool) -> Charge:
        """There is one direct room of two people, so one person fills no other's house with them; a network of throw-away guests would.

        Nothing of the other's is used up.
        """
        with self._charge(self._directs, user, "new direct rooms") as charge:
            network = self._network_of(user.id) if in_crowd else None
            if network is not None:
                charge.take(self._directs_from, network, "new direct rooms from your network")
                charge.take(self._directs_with_one, (network, other), "new direct rooms with this person from your network")
        return charge

    def add_member(self, user: User, other: int, *, in_crowd: bool) -> Charge:
        """Against a crowd, `other` has a pace too: it counts who puts them anywhere, each one once an hour, however often they do."""
        with self._charge(self._additions, user, "people let into rooms") as charge:
            pair = user.id, other
            if in_crowd:
                charge.take(self._of_one, pair, "times that you let this person into rooms")
            if in_crowd and charge.could_take(self._first, pair):
                charge.take(self._adders, other, "people who let this person into rooms")
        return charge

    def add_robot(self, user: User) -> Charge:
        """The robot answers wherever it is asked: nobody's additions are too many for it."""
        return self._charge(self._additions, user, "people let into rooms")

    def keep_out(self, user: User) -> Charge:
        """Of somebody who is not in the room there is only a note, one a room and person; the house keeps it for good."""
        return self._charge(self._additions, user, "people let into rooms or kept out of them")

    def join(self, user: User) -> Charge:
        return self._charge(self._joins, user, "rooms joined")

    def change_room(self, user: User) -> Charge:
        return self._charge(self._changes, user, "changes of rooms")

    def _charge(self, throttle: Throttle, user: User, what: str) -> Charge:
        charge = Charge(self._clock_ms() / 1000)
        charge.take(throttle, user.id, what)
        return charge


def _each(count: int, per_s: int) -> Throttle:
    return Throttle(count / per_s, count)
