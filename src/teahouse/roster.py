"""Who is in which room, in memory, following the logs; so that a permission check on the hot path reads no database."""

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from teahouse.errors import NotAllowed, NotFound
from teahouse.model import Created, Entry, Joined, Left, MemberRole, Renamed, RobotSet, Room, User


class Seat(Struct, frozen=True):
    """One membership: who, as what, since which entry of the room's log."""

    user: User
    role: MemberRole
    since: int


class Roster:
    """Loaded when the server starts, and then told of every committed entry, in order."""

    def __init__(self) -> None:
        self.rooms: dict[int, Room] = {}
        self._seats: dict[int, dict[int, Seat]] = {}
        self._rooms_of: dict[int, set[int]] = {}

    def load(self, rooms: Iterable[Room], memberships: Iterable[tuple[int, User, MemberRole, int]]) -> None:
        """Take rooms and (room, user, role, since) rows as they are in the database."""
        for room in rooms:
            self._open(room)
        for room_id, user, role, since in memberships:
            self._sit(room_id, Seat(user, role, since))

    def apply(self, entry: Entry) -> None:
        """Follow one committed entry."""
        match entry.fact:
            case Created(kind, name, topic):
                self._open(Room(entry.log, kind, name, topic))
            case Renamed(name, topic):
                self.rooms[entry.log] = msgspec.structs.replace(self.rooms[entry.log], name=name, topic=topic)
            case RobotSet(mode):
                self.rooms[entry.log] = msgspec.structs.replace(self.rooms[entry.log], robot=mode)
            case Joined(user, role):
                self._sit(entry.log, Seat(user, role, entry.seq))
            case Left(user):
                self._seats[entry.log].pop(user.id, None)
                self._rooms_of.get(user.id, set()).discard(entry.log)
            case _:
                pass

    def refresh(self, user: User) -> None:
        """Let a user whose role or name changed be seen so in all their rooms."""
        for room in self.rooms_of(user.id):
            self._seats[room][user.id] = msgspec.structs.replace(self._seats[room][user.id], user=user)

    def take_out(self, user_id: int) -> None:
        """Let somebody who has gone be in no room but the direct ones, as in the database: a room may be told of it later."""
        for room in self.rooms_of(user_id):
            if self.rooms[room].kind != "direct":
                self._seats[room].pop(user_id, None)
                self._rooms_of[user_id].discard(room)

    def seat(self, user_id: int, room: int) -> Seat | None:
        """Return a membership, or None for an outsider or an unknown room."""
        return self._seats.get(room, {}).get(user_id)

    def member_since(self, user_id: int, room: int) -> int | None:
        """Return the seq of the `joined` entry that began a membership, None for an outsider or an unknown room."""
        seat = self.seat(user_id, room)
        return None if seat is None else seat.since

    def require(self, user_id: int, room: int) -> Seat:
        """Return a membership. Outsiders hear not_member of a public room, and of no other that it exists."""
        seat = self.seat(user_id, room)
        if seat is not None:
            return seat
        if room in self.rooms and self.rooms[room].kind == "public":
            raise NotAllowed("only members of a room can do that: join it first", code="not_member")
        raise NotFound(f"room {room} does not exist, or you are not in it")

    def seats(self, room: int) -> Iterable[Seat]:
        return self._seats.get(room, {}).values()

    def count(self, room: int) -> int:
        return len(self._seats.get(room, {}))

    def peer(self, room: int, user_id: int) -> User | None:
        """Return who is in a direct room with `user_id`, None for every other kind of room."""
        if room not in self.rooms or self.rooms[room].kind != "direct":
            return None
        return next((seat.user for seat in self.seats(room) if seat.user.id != user_id), None)

    def rooms_of(self, user_id: int) -> set[int]:
        """Return the ids of the rooms that a user is in."""
        return set(self._rooms_of.get(user_id, ()))

    def since(self, user_id: int) -> dict[int, int]:
        """Return the rooms that a user is in, each with the seq of the `joined` entry that began it."""
        return {room: self._seats[room][user_id].since for room in self._rooms_of.get(user_id, ())}

    def _open(self, room: Room) -> None:
        self.rooms[room.id] = room
        self._seats[room.id] = {}

    def _sit(self, room: int, seat: Seat) -> None:
        self._seats[room][seat.user.id] = seat
        self._rooms_of.setdefault(seat.user.id, set()).add(room)
