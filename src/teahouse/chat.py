"""The use cases; the only way to change anything. Every door calls these with the user who acts, and hears a refusal in words."""

from collections.abc import Awaitable, Callable, Iterable

from teahouse import policy
from teahouse.delivery.presence import Presence
from teahouse.errors import Invalid, TeahouseError
from teahouse.model import (
    Draft,
    Edited,
    Entry,
    Message,
    Page,
    Posted,
    Quote,
    Reacted,
    Removed,
    Signal,
    Typing,
    User,
)
from teahouse.pace import Pace
from teahouse.replies import Replies
from teahouse.rooms import Rooms
from teahouse.roster import Roster
from teahouse.search import Search
from teahouse.storage import history, log, posts, reactions, rooms
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database
from teahouse.storage.heads import Heads
from teahouse.storage.log import Transaction
from teahouse.throttle import Throttle


class Chat(Rooms):
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
        pace: Pace,
        search: Search,
    ) -> None:
        super().__init__(database, committer, roster, presence, clock_ms, pace)
        self.search = search.find
        self.hurry_search = search.hurry
        self._heads = heads
        self._signal = signal
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
            named = history.rewrite(tx, room, message, text)
            return log.append(tx, [Draft(room, user, Edited(message, text, named))])[0]

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
            return log.append(tx, [Draft(room, user, Removed(message, author=found.by.id))])[0]

        return await self._committer.run(change)

    async def react(self, user: User, room: int, message: int, emoji: str, on: bool = True) -> Entry | None:
        """Add a reaction or take it back. None when it was so already."""
        emoji = policy.check_emoji(emoji, known=not on)
        self._keep_pace(user, "reactions")  # each is an entry for everybody, as a message is
        role = seat.role if (seat := self._roster.seat(user.id, room)) else None

        def change(tx: Transaction) -> Entry | None:
            found = self._message(tx, user, room, message)
            log.lock(tx, room)  # or on another server somebody might give one more meanwhile
            given = reactions.given(tx.connection, room, message, user.id)
            policy.check_react(user, role, found, emoji, on, **given._asdict())
            if (emoji in given.mine) == on:
                return None
            entry = log.append(tx, [Draft(room, user, Reacted(message, emoji, on))])[0]
            if on:
                reactions.add(tx, room, message, user.id, emoji, entry.seq)
            else:
                reactions.take_back(tx, room, message, user.id, emoji)
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

    async def head(self, log_id: int) -> int:
        """Return the highest seq of a log."""
        return (await self.heads([log_id]))[log_id]

    async def heads(self, log_ids: Iterable[int]) -> dict[int, int]:
        """Return the highest seq of each log as the database has it now; one that does not exist is left out."""
        return await self._heads.of(log_ids)

    def _keep_pace(self, user: User, what: str) -> None:
        """Bound how fast people write; the house's own robots answer everyone and mind their pace themselves."""
        if user.role != "bot":
            self._messages.check(user.id, self._clock_ms() / 1000, what)

    def _message(self, tx: Transaction, user: User, room: int, message: int) -> Message:
        rooms.head_for(tx.connection, user.id, room)
        return history.message(tx.connection, room, message)

    def _post_from_outside(self, tx: Transaction, draft: Draft) -> Entry:
        """Answer a post by someone who was not in the room when it came: as the first time, or, unless they just joined, a refusal."""
        if not log.repeats(tx.connection, [draft]):
            rooms.head_for(tx.connection, draft.by.id, draft.log)
        [answer] = posts.post(tx, [draft])
        if isinstance(answer, TeahouseError):
            raise answer
        return answer
