"""The use cases; the only way to change anything. Every door calls these with the user who acts, and hears a refusal in words."""

from collections.abc import Awaitable, Callable
from heapq import nsmallest

from teahouse import policy
from teahouse.access import Access
from teahouse.delivery.presence import Presence
from teahouse.errors import Invalid, TeahouseError
from teahouse.model import (
    Draft,
    Edited,
    Entry,
    Member,
    Message,
    Page,
    Posted,
    Quote,
    Reacted,
    Removed,
    RobotMode,
    Room,
    RoomKind,
    Signal,
    Standing,
    Typing,
    User,
)
from teahouse.replies import Replies
from teahouse.roster import Roster, Seat
from teahouse.search import Search
from teahouse.storage import history, log, people, posts, rooms
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database
from teahouse.storage.heads import Heads
from teahouse.storage.log import Transaction
from teahouse.throttle import Throttle
from teahouse.wire import FoundRoom, FoundRooms, Members


class Chat:
    """What people do in the house: the first argument is who acts, a refusal is a TeahouseError, an answer is on disk."""

    def __init__(
        self,
        database: Database,
        committer: Committer,
        heads: Heads,
        roster: Roster,
        presence: Presence,
        signal: Callable[[int, Signal], None],
        clock_ms: Callable[[], int],
        *,
        max_text_bytes: int,
        messages: Throttle,
        search: Search,
    ) -> None:
        self.search = search.find
        self.robots: list[User] = []
        self._database = database
        self._committer = committer
        self._heads = heads
        self._roster = roster
        self._presence = presence
        self._signal = signal
        self._clock_ms = clock_ms
        self._max_text_bytes = max_text_bytes
        self._messages = messages
        self.replies = Replies(roster.require, signal)

    # Messages

    def post(self, user: User, room: int, text: str, client_id: str, reply_to: int | None = None) -> Awaitable[Entry]:
        """Say `text`. Repeated with the same client id, for ever, the answer is the first entry.

        Not a coroutine: what one caller posts in a row is stored in that order without waiting for the answers.
        """
        policy.check_size(text, self._max_text_bytes)
        self._keep_pace(user, "messages")
        text = policy.check_text(text, self._max_text_bytes)
        draft = Draft(room, user, Posted(text, Quote(reply_to) if reply_to else None), client_id)
        if self._roster.seat(user.id, room) is None:
            return self._committer.run(lambda tx: self._post_from_outside(tx, draft))
        return self._committer.append(draft)

    async def edit(self, user: User, room: int, message: int, text: str) -> Entry:
        """Change one's own message."""
        policy.check_size(text, self._max_text_bytes)
        self._keep_pace(user, "messages")
        text = policy.check_text(text, self._max_text_bytes)

        def change(tx: Transaction) -> Entry:
            policy.check_edit(user, self._message(tx, user, room, message))
            history.rewrite(tx, room, message, text)
            return log.append(tx, [Draft(room, user, Edited(message, text))])[0]

        return await self._committer.run(change)

    async def remove(self, user: User, room: int, message: int) -> Entry | None:
        """Erase a message for good. None when it was gone already."""
        role = self._roster.require(user.id, room).role

        def change(tx: Transaction) -> Entry | None:
            found = self._message(tx, user, room, message)
            policy.check_remove(user, role, found)
            if found.removed:
                return None
            history.erase(tx, room, message)
            return log.append(tx, [Draft(room, user, Removed(message))])[0]

        return await self._committer.run(change)

    async def react(self, user: User, room: int, message: int, emoji: str, on: bool = True) -> Entry | None:
        """Add a reaction or take it back. None when it was so already."""
        emoji = policy.check_emoji(emoji)

        def change(tx: Transaction) -> Entry | None:
            found = self._message(tx, user, room, message)
            mine = history.reactions_of(tx.connection, room, message, user.id)
            policy.check_react(found, len(mine - {emoji}))
            if (emoji in mine) == on:
                return None
            entry = log.append(tx, [Draft(room, user, Reacted(message, emoji, on))])[0]
            history.set_reaction(tx, room, message, user.id, emoji, entry.seq if on else None)
            return entry

        return await self._committer.run(change)

    async def read(self, user: User, room: int, seq: int) -> Entry | None:
        """Move one's read mark forward to `seq`; the answer is the inbox's entry, None when it stood there or further."""
        self._roster.require(user.id, room)
        return await self._committer.run(lambda tx: rooms.mark_read(tx, user, room, seq))

    def typing(self, user: User, room: int) -> None:
        """Let the room's readers know; dropped when it comes too often."""
        self._roster.require(user.id, room)
        if self._presence.may_tell_typing(room, user.id, self._clock_ms()):
            self._signal(room, Typing(room, user))

    async def page(
        self, user: User, room: int, *, before: int | None = None, after: int | None = None, around: int | None = None, limit: int = 50
    ) -> Page:
        """Return messages as they read now; without a place, the last ones."""
        if sum(place is not None for place in (before, after, around)) > 1:
            raise Invalid("expected at most one of before, after and around")
        return await self._database.read(history.page, user.id, room, before=before, after=after, around=around, limit=limit)

    # Rooms

    async def create_room(self, user: User, kind: RoomKind, name: str, topic: str, client_id: str) -> Standing:
        """Make a public or private room with oneself in it, and the robots in a public one. Repeated, the answer is the same room."""
        policy.check_create(user, kind)
        name, topic = policy.check_name(name), policy.check_topic(topic)
        self._keep_pace(user, "rooms")
        guests = self.robots if kind == "public" else []

        def change(tx: Transaction) -> Standing:
            known = rooms.created_with(tx.connection, user.id, client_id)
            if known is not None:
                return rooms.standing(tx.connection, user.id, known)
            room = rooms.create(tx, user, kind, name, topic, key=policy.room_key(kind, name), client_id=client_id)
            rooms.add(tx, user, user, room, "owner")
            for guest in guests:
                rooms.add(tx, user, guest, room)
            return rooms.standing(tx.connection, user.id, room)

        return await self._committer.run(change)

    async def open_direct(self, user: User, other: int) -> Standing:
        """Return the room of the two, made when there is none."""

        def change(tx: Transaction) -> Standing:
            peer = people.get(tx.connection, other)
            policy.check_peer(user, peer)
            return rooms.standing(tx.connection, user.id, rooms.direct(tx, user, peer))

        return await self._committer.run(change)

    async def join(self, user: User, room: int) -> Standing:
        """Enter a public room. It changes nothing for a member."""
        found = self._roster.rooms.get(room)
        if found is None or found.kind != "public":
            self._roster.require(user.id, room)

        def change(tx: Transaction) -> Standing:
            rooms.add(tx, user, user, room)
            return rooms.standing(tx.connection, user.id, room)

        return await self._committer.run(change)

    async def leave(self, user: User, room: int) -> Entry:
        """Go out of a room. The answer is one's own `left`, the last entry of it that one is written."""
        self._roster.require(user.id, room)
        policy.check_leave(self._roster.rooms[room])
        return await self._committer.run(lambda tx: rooms.take_out(tx, user, user, room))

    async def add_member(self, user: User, room: int, other: int) -> Entry | None:
        """Let someone into a room that one is in. None when they were in it already."""
        self._roster.require(user.id, room)
        policy.check_add(self._roster.rooms[room])
        return await self._committer.run(lambda tx: rooms.add(tx, user, people.get_present(tx.connection, other), room))

    async def remove_member(self, user: User, room: int, other: int) -> Entry:
        """Put someone out of a room that one manages."""
        self._require_manager(user, room)
        policy.check_leave(self._roster.rooms[room])
        return await self._committer.run(lambda tx: rooms.take_out(tx, user, people.get(tx.connection, other), room))

    async def change_room(self, user: User, room: int, name: str | None, topic: str | None) -> Entry | None:
        """Give a room another name or topic; None as an argument leaves it as it is. None as the answer: it was so already."""
        self._require_manager(user, room)
        name = None if name is None else policy.check_name(name)
        topic = None if topic is None else policy.check_topic(topic)

        def change(tx: Transaction) -> Entry | None:
            # What is left out is as it stands in this transaction, or another's change of a moment ago would be undone.
            known = rooms.get(tx.connection, user.id, room)
            now_name, now_topic = known.name if name is None else name, known.topic if topic is None else topic
            if (now_name, now_topic) == (known.name, known.topic):
                return None
            return rooms.change(tx, user, room, now_name, now_topic, key=policy.room_key(known.kind, now_name))

        return await self._committer.run(change)

    async def set_robot(self, user: User, room: int, mode: RobotMode) -> Entry | None:
        """Choose when the robot answers in a room that one manages. None when it was so already."""
        self._require_manager(user, room)

        def change(tx: Transaction) -> Entry | None:
            known = rooms.get(tx.connection, user.id, room)
            return None if known.robot == mode else rooms.set_robot(tx, user, room, mode)

        return await self._committer.run(change)

    async def standings(self, user: User) -> list[Standing]:
        """Return every room that the user is in, with read marks and unread counts, in one snapshot."""
        return await self._database.read(rooms.standings, user.id)

    async def snapshot(self, user: User, inbox: int) -> tuple[list[Standing], int]:
        """Return the user's standings and their inbox's head as of one moment: where a client that starts afresh begins."""
        return await self._database.read(rooms.snapshot, user.id, inbox)

    async def head(self, log_id: int) -> int:
        """Return the highest seq of a log."""
        return (await self._heads.of([log_id]))[log_id]

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
        found = [seat for seat in self._roster.seats(room) if wanted in policy.fold_name(seat.user.name)]
        first = nsmallest(limit, found, key=lambda seat: (seat.user.id not in here, policy.fold_name(seat.user.name)))
        rows = [Member(seat.user, seat.role, seat.user.id in here) for seat in first]
        return Members(room, rows, self._roster.count(room), len(here))

    async def find_rooms(self, user: User, query: str = "", limit: int = 50, access: Access | None = None) -> FoundRooms:
        """Return public rooms by a part of their name, of those that `access` lets one see."""
        wanted = policy.fold_query(query)
        public = [room for room in self._roster.rooms.values() if room.kind == "public" and policy.may_see(access, room.id)]
        found = [room for room in public if wanted in policy.fold_name(room.name)]
        first = nsmallest(limit, found, key=lambda room: policy.fold_name(room.name))
        mine = self._roster.rooms_of(user.id)
        return FoundRooms([FoundRoom(room, self._roster.count(room.id), room.id in mine) for room in first])

    def _keep_pace(self, user: User, what: str) -> None:
        """Bound how fast people write; the house's own robots answer everyone and mind their pace themselves."""
        if user.role != "bot":
            self._messages.check(user.id, self._clock_ms() / 1000, what)

    def _message(self, tx: Transaction, user: User, room: int, message: int) -> Message:
        rooms.head_for(tx.connection, user.id, room)
        return history.message(tx.connection, room, message)

    def _require_manager(self, user: User, room: int) -> Seat:
        seat = self._roster.require(user.id, room)
        policy.check_manage(user, seat.role, self._roster.rooms[room])
        return seat

    def _post_from_outside(self, tx: Transaction, draft: Draft) -> Entry:
        """Answer a post by someone who was not in the room when it came: as the first time, or, unless they just joined, a refusal."""
        if not log.repeats(tx.connection, [draft]):
            rooms.head_for(tx.connection, draft.by.id, draft.log)
        [answer] = posts.post(tx, [draft])
        if isinstance(answer, TeahouseError):
            raise answer
        return answer
