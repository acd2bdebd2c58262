"""Who is where: the use cases of rooms and their members. `Chat` adds what people say in them."""

from collections.abc import Callable
from heapq import nsmallest

from teahouse import keepers, policy
from teahouse.access import Access
from teahouse.delivery.presence import Presence
from teahouse.errors import NotFound
from teahouse.model import Entry, Member, RobotMode, Room, RoomKind, Standing, User
from teahouse.pace import LATELY_MS, Charge, Pace
from teahouse.roster import Roster
from teahouse.storage import log, people, put_out, rooms
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database
from teahouse.storage.log import Transaction
from teahouse.wire import FoundRoom, FoundRooms, Members


class Rooms:
    """The first argument is who acts, a refusal is a TeahouseError, an answer is on disk."""

    def __init__(
        self, database: Database, committer: Committer, roster: Roster, presence: Presence, clock_ms: Callable[[], int], pace: Pace
    ) -> None:
        self.robots: list[User] = []
        self._database = database
        self._committer = committer
        self._roster = roster
        self._presence = presence
        self._clock_ms = clock_ms
        self._pace = pace

    async def create_room(self, user: User, kind: RoomKind, name: str, topic: str, client_id: str) -> Standing:
        """Make a public or private room with oneself in it, and the robots in a public one. Repeated, the answer is the same room."""
        policy.check_create(user, kind)
        name, topic = policy.check_name(name), policy.check_topic(topic)
        guests = self.robots if kind == "public" else []
        known = await self._database.read(rooms.created_with, user.id, client_id)
        if known is not None:
            return await self._standing(user, known)

        def change(tx: Transaction) -> tuple[int, bool]:
            known = rooms.created_with(tx.connection, user.id, client_id)  # it may have come twice at once
            if known is not None:
                return known, False
            policy.check_rooms_made(user, rooms.made_by(tx.connection, user.id), self._pace.limits.rooms_made_per_user)
            policy.check_rooms_entered(user, rooms.entered_by(tx.connection, user.id), self._pace.limits.rooms_per_user)
            room = rooms.create(tx, user, kind, name, topic, key=policy.room_key(kind, name), client_id=client_id)
            rooms.add(tx, user, user, room, "owner")
            for guest in guests:
                rooms.add(tx, user, guest, room)
            return room, True

        with self._pace.make_room(user, in_crowd=await self._is_in_crowd(user)) as charge:
            room, is_new = await self._committer.run(change)
            if not is_new:
                charge.give_back()
        return await self._standing(user, room)

    async def open_direct(self, user: User, other: int) -> Standing:
        """Return the room of the two, made when there is none."""
        known = await self._database.read(rooms.direct_of, user.id, other)
        if known is not None:
            return await self._standing(user, known)

        def change(tx: Transaction) -> int:
            peer = people.get(tx.connection, other)
            policy.check_peer(user, peer)
            return rooms.direct(tx, user, peer)

        with self._pace.open_direct(user, other, in_crowd=await self._is_in_crowd(user)):
            room = await self._committer.run(change)
        return await self._standing(user, room)

    async def join(self, user: User, room: int) -> Standing:
        """Enter a public room. It changes nothing for a member. A keeper of the house gets in again wherever they were put out."""
        found = self._roster.rooms.get(room)
        if found is None or found.kind != "public":
            self._roster.require(user.id, room)
        if self._roster.seat(user.id, room) is not None:
            return await self._standing(user, room)

        def change(tx: Transaction) -> bool:
            people.lock(tx, user.id)
            if rooms.member_role(tx.connection, user.id, room) is not None:  # it may have come twice at once
                return False
            newcomer = people.get(tx.connection, user.id)
            policy.check_rooms_entered(newcomer, rooms.entered_by(tx.connection, user.id), self._pace.limits.rooms_per_user)
            undoes = keepers.may_undo(newcomer, put_out.by(tx.connection, user.id, room))
            return rooms.add(tx, user, newcomer, room, pardon=undoes and policy.is_house_keeper(newcomer)) is not None

        with self._pace.join(user) as charge:
            if not await self._committer.run(change):
                charge.give_back()
        return await self._standing(user, room)

    async def leave(self, user: User, room: int) -> Entry:
        """Go out of a room. The answer is one's own `left`, the last entry of it that one is written."""
        self._roster.require(user.id, room)
        policy.check_leave(self._roster.rooms[room])
        return await self._committer.run(lambda tx: rooms.take_out(tx, user, user, room))

    async def add_member(self, user: User, room: int, other: int) -> Entry | None:
        """Let someone into a room that one is in; someone who was put out of it, if one manages it. None when they were in it already."""
        self._roster.require(user.id, room)
        policy.check_add(self._roster.rooms[room])
        charge = self._charge_addition(user, room, other)
        most_of_one, most = self._pace.limits.rooms_by_one_other_per_user, self._pace.limits.rooms_by_others_per_user

        def change(tx: Transaction) -> Entry | None:
            people.lock(tx, other)
            log.lock(tx, room)
            rooms.head_for(tx.connection, user.id, room)  # one may have been put out since the roster was asked
            newcomer = people.get_present(tx.connection, other)
            manages = policy.may_manage(user, rooms.member_role(tx.connection, user.id, room))
            undoes = keepers.may_undo(user, put_out.by(tx.connection, other, room))
            entry = rooms.add(tx, user, newcomer, room, pardon=undoes and manages)
            if entry is not None:
                by_user, in_all = rooms.added_by(tx.connection, other, user.id)
                policy.check_rooms_by_others(user, newcomer, by_user - 1, in_all - 1, most_of_one, most)
            return entry

        with charge:
            entry = await self._committer.run(change)
            if entry is None:
                charge.give_back()
            return entry

    async def remove_member(self, user: User, room: int, other: int) -> Entry | None:
        """Put someone out of a room that one manages, unless they stand above one in the house.

        Whoever is not in it, since they left a moment before, is kept out from now on; the answer then is None.
        """
        self._require_manager(user, room)
        policy.check_leave(self._roster.rooms[room])
        charge = self._pace.keep_out(user) if self._roster.seat(other, room) is None else Charge()

        def change(tx: Transaction) -> tuple[Entry | None, bool]:
            acting, target = self._manager(tx, user, room), people.get(tx.connection, other)
            keepers.check_put_out(acting, target, self._roster.rooms[room].kind)
            if rooms.member_role(tx.connection, other, room) is not None:
                return rooms.take_out(tx, user, target, room), False
            known = put_out.by(tx.connection, other, room)
            is_new = known is None or (known.id != acting.id and keepers.may_undo(acting, known))
            if is_new:
                put_out.note(tx, acting, target, room)
            return None, is_new

        with charge:
            entry, is_kept_out = await self._committer.run(change)
            if not is_kept_out:
                charge.give_back()
            return entry

    async def change_room(self, user: User, room: int, name: str | None, topic: str | None) -> Entry | None:
        """Give a room another name or topic; None as an argument leaves it as it is. None as the answer: it was so already."""
        self._require_manager(user, room)
        name = None if name is None else policy.check_name(name)
        topic = None if topic is None else policy.check_topic(topic)

        def change(tx: Transaction) -> Entry | None:
            self._manager(tx, user, room)
            # What is left out is as it stands in this transaction, or another's change of a moment ago would be undone.
            known = rooms.get(tx.connection, user.id, room)
            now_name, now_topic = known.name if name is None else name, known.topic if topic is None else topic
            if (now_name, now_topic) == (known.name, known.topic):
                return None
            return rooms.change(tx, user, room, now_name, now_topic, key=policy.room_key(known.kind, now_name))

        return await self._change_room(user, change)

    async def set_robot(self, user: User, room: int, mode: RobotMode) -> Entry | None:
        """Choose when the robot answers in a room that one manages. None when it was so already."""
        self._require_manager(user, room)

        def change(tx: Transaction) -> Entry | None:
            self._manager(tx, user, room)
            known = rooms.get(tx.connection, user.id, room)
            return None if known.robot == mode else rooms.set_robot(tx, user, room, mode)

        return await self._change_room(user, change)

    # Looking around

    async def standings(self, user: User) -> list[Standing]:
        """Return every room that the user is in, with read marks and unread counts, in one snapshot."""
        return await self._database.read(rooms.standings, user.id)

    async def snapshot(self, user: User, inbox: int) -> rooms.Snapshot:
        """Return where a client of the user that starts afresh begins."""
        return await self._database.read(rooms.snapshot, user.id, inbox)

    def room(self, room: int) -> Room:
        """Return a room, a direct one without its peer. Reads memory."""
        return self._roster.rooms[room]

    def since(self, user: User) -> dict[int, int]:
        """Return the rooms that the user is in now, each with the seq at which that membership began. Reads memory."""
        return self._roster.since(user.id)

    def peer(self, room: int, user_id: int) -> User | None:
        """Return who is in a direct room with `user_id`, None for every other kind of room. Reads memory."""
        return self._roster.peer(room, user_id)

    async def members(self, user: User, room: int, query: str = "", limit: int = 200) -> Members:
        """Return who is in a room, those here now first, by name; `query` is a part of a name."""
        self._roster.require(user.id, room)
        wanted = policy.fold_query(query)
        here = self._presence.here(room)
        found = [seat for seat in self._roster.seats(room) if wanted in policy.find_name(seat.user.name)]
        first = nsmallest(limit, found, key=lambda seat: (seat.user.id not in here, policy.fold_name(seat.user.name)))
        rows = [Member(seat.user, seat.role, seat.user.id in here) for seat in first]
        return Members(room, rows, self._roster.count(room), len(here))

    async def find_rooms(self, user: User, query: str = "", limit: int = 50, access: Access | None = None) -> FoundRooms:
        """Return public rooms by a part of their name, of those that `access` lets one see."""
        wanted = policy.fold_query(query)
        public = [room for room in self._roster.rooms.values() if room.kind == "public" and policy.may_see(access, room.id)]
        found = [room for room in public if wanted in policy.find_name(room.name)]
        first = nsmallest(limit, found, key=lambda room: policy.fold_name(room.name))
        mine = self._roster.rooms_of(user.id)
        return FoundRooms([FoundRoom(room, self._roster.count(room.id), room.id in mine) for room in first])

    async def room_called(self, name: str, access: Access | None = None) -> int:
        """Return the public room of this name, of those that `access` lets one see. NotFound for every other, private ones among them."""
        key = policy.room_key("public", name) if len(name) <= policy.MAX_QUERY_CHARS else None
        room = None if key is None else await self._database.read(rooms.holder, key)
        if room is None or not policy.may_see(access, room):
            raise NotFound("there is no public room of that name")
        return room

    async def _standing(self, user: User, room: int) -> Standing:
        """Return how one stands in a room: after the commit, because to count what is unread would keep the only writer waiting."""
        return await self._database.read(rooms.standing, user.id, room)

    async def _is_in_crowd(self, user: User) -> bool:
        """Say whether what a user makes is counted with what others of their network make: only where they came lately."""
        return not policy.is_house_keeper(user) and self._clock_ms() - await self._database.read(people.came_at, user.id) < LATELY_MS

    def _charge_addition(self, user: User, room: int, other: int) -> Charge:
        if self._roster.seat(other, room) is not None:
            return Charge()
        if any(robot.id == other for robot in self.robots):
            return self._pace.add_robot(user)
        return self._pace.add_member(user, other, in_crowd=not policy.is_house_keeper(user))

    async def _change_room(self, user: User, change: Callable[[Transaction], Entry | None]) -> Entry | None:
        with self._pace.change_room(user) as charge:
            entry = await self._committer.run(change)
            if entry is None:
                charge.give_back()
            return entry

    def _require_manager(self, user: User, room: int) -> None:
        """Refuse early whoever does not manage the room; `_manager` has the last word."""
        seat = self._roster.require(user.id, room)
        policy.check_manage(user, seat.role, self._roster.rooms[room])

    def _manager(self, tx: Transaction, user: User, room: int) -> User:
        """Return who manages the room, as they are in this transaction: they may have been put out since the roster was asked."""
        log.lock(tx, room)
        rooms.head_for(tx.connection, user.id, room)
        acting = people.get(tx.connection, user.id)
        policy.check_manage(acting, rooms.member_role(tx.connection, user.id, room) or "member", self._roster.rooms[room])
        return acting
