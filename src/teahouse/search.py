"""Searching what has been said, and keeping the search index behind the posts. The use case beside chat.py's, with a pace of its own."""

import asyncio
import secrets
import time
from collections.abc import Callable
from functools import partial

from teahouse.access import Access
from teahouse.errors import Invalid, TooMuch
from teahouse.model import FoundMessages, User
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database
from teahouse.storage.log import Transaction
from teahouse.storage.search import following, gathering, writing
from teahouse.storage.search.find import search
from teahouse.storage.search.purse import Purse
from teahouse.storage.search.query import parse
from teahouse.throttle import Throttle

AT_ONCE = 2
"""Searches under way: fewer than there are readers, so that pages never wait for people who search."""

MAX_WAITING = 32
"""Searches under way and waiting for their turn, of all people."""

BUSY_PER_S = 100
"""Changes a second besides the index's own, from which on people are at it."""

REST, REST_WHILE_BUSY = 1.0, 15.0
"""How long the index rests for each second that it worked: posting comes first, and what waits is found all the same."""


class _Turn:
    """One search of one person, from when it is asked for until nothing works on it any more."""

    def __init__(self, before: "_Turn | None") -> None:
        self.before = before
        self.over = asyncio.Event()
        self.purse: Purse | None = None
        self.is_hurried = False
        self.is_wanted = True

    def hurry(self) -> None:
        """Let it come to its end with what it has found."""
        self.is_hurried = True
        if self.purse is not None:
            self.purse.is_hurried = True


class Search:
    """Finds messages in the rooms that a user is in, and indexes what was posted."""

    def __init__(self, database: Database, committer: Committer, clock_ms: Callable[[], int], searches: Throttle) -> None:
        self._database = database
        self._committer = committer
        self._clock_ms = clock_ms
        self._searches = searches
        self._free = asyncio.Semaphore(AT_ONCE)
        self._latest: dict[int, _Turn] = {}
        self._waiting = 0
        self._index = _Index(database, committer, clock_ms)
        self.catch_up = self._index.catch_up

    async def find(
        self,
        user: User,
        words: str,
        room: int | None = None,
        before: int | None = None,
        limit: int = 20,
        access: Access | None = None,
    ) -> FoundMessages:
        """Return the newest messages with all of `words`, in one room or, without one, in all that the user is in.

        One search of a person runs at a time: a newer one lets the older answer at once with what it has found, and then begins. It ends
        early, too, when whoever awaits this is cancelled.
        """
        query = parse(words)
        if before is not None and room is None:
            raise Invalid("before goes with a room: in all rooms there is no common number")
        self._searches.check(user.id, self._clock_ms() / 1000, "searches")
        if self._waiting >= MAX_WAITING:
            raise TooMuch("many people are searching: ask again in a moment", retry_after_s=1)
        self.hurry(user)
        turn = self._latest[user.id] = _Turn(self._latest.get(user.id))
        among = None if access is None else access.rooms
        work = partial(search, user_id=user.id, query=query, room=room, before=before, limit=limit, among=among)
        task = asyncio.get_running_loop().create_task(self._in_turn(user.id, turn, work))
        try:
            return await asyncio.shield(task)  # a thread cannot be cancelled: its place is given on when it has stopped
        except asyncio.CancelledError:
            turn.is_wanted = False
            turn.hurry()
            raise

    def hurry(self, user: User) -> None:
        """Let a search that the user has under way come to its end: something newer is asked for."""
        if earlier := self._latest.get(user.id):
            earlier.hurry()

    async def _in_turn(self, user_id: int, turn: _Turn, work: Callable[..., FoundMessages]) -> FoundMessages:
        self._waiting += 1
        try:
            if turn.before is not None:
                await turn.before.over.wait()
                turn.before = None
            async with self._free:
                if not turn.is_wanted:
                    return FoundMessages([], more=True)
                turn.purse = Purse()
                turn.purse.is_hurried = turn.is_hurried
                return await self._database.read(work, purse=turn.purse)
        finally:
            self._waiting -= 1
            turn.over.set()
            if self._latest.get(user_id) is turn:
                del self._latest[user_id]


class _Index:
    """Keeps the index behind the posts, in slices between which posts get their turn."""

    def __init__(self, database: Database, committer: Committer, clock_ms: Callable[[], int]) -> None:
        self._database = database
        self._committer = committer
        self._clock_ms = clock_ms
        self._writer = secrets.token_hex(8)
        self._at_work = asyncio.Lock()
        self._began_at = time.perf_counter()
        self._changes = 0.0

    async def catch_up(self) -> None:
        """Drop what was left half written, follow edits and removals, then index what waits until less than a batch is left."""
        async with self._at_work:  # or one would take for abandoned what the other is writing
            await self._catch_up()

    async def _catch_up(self) -> None:
        self._began_at, self._changes = time.perf_counter(), self._committer.batch_sizes.total
        for batch, room in await self._database.read(writing.abandoned, self._writer, self._clock_ms()):
            while not await self._committer.run(partial(_drop, batch, room, self._writer)):
                await self._rest()
        await self._follow()
        while parts := await self._database.read(gathering.prepare):
            await self._rest()
            progress = writing.Progress()
            while progress.part < len(parts):
                progress = await self._committer.run(partial(_write, parts, progress, self._writer))
                await self._rest()
            await self._follow()

    async def _follow(self) -> None:
        """Go once through the messages that were changed."""
        after = (0, 0)
        while differences := await self._database.read(following.next_differences, after):
            await self._rest()
            for difference in differences:
                done: int | None = 0
                while done is not None:
                    done = await self._committer.run(partial(_follow, difference, done))
                    await self._rest()
                after = (difference.room, difference.seq)

    async def _rest(self) -> None:
        now = time.perf_counter()
        worked_s, changes = now - self._began_at, self._committer.batch_sizes.total - self._changes
        await asyncio.sleep(worked_s * (REST_WHILE_BUSY if changes > BUSY_PER_S * worked_s + 1 else REST))
        self._began_at, self._changes = time.perf_counter(), self._committer.batch_sizes.total


def _write(parts: list[gathering.Part], progress: writing.Progress, writer: str, tx: Transaction) -> writing.Progress:
    return writing.write_slice(tx, parts, progress, writer)


def _drop(batch: int, room: int, writer: str, tx: Transaction) -> bool:
    return writing.drop_slice(tx, batch, room, writer)


def _follow(difference: following.Difference, done: int, tx: Transaction) -> int | None:
    return following.follow_slice(tx, difference, done)
