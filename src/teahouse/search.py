"""Searching what has been said, and keeping the search index behind the posts. The use case beside chat.py's, with a pace of its own."""

import asyncio
import secrets
import time
from collections.abc import Callable, Hashable
from functools import partial

from teahouse.access import Access, payer
from teahouse.errors import Invalid
from teahouse.model import FoundMessages, User
from teahouse.search_line import SearchLine, SearchTurn, too_many
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database
from teahouse.storage.log import Transaction
from teahouse.storage.search import following, gathering, writing
from teahouse.storage.search.find import search
from teahouse.storage.search.query import parse
from teahouse.tally import SECONDS, Histogram
from teahouse.throttle import Throttle

BUSY_PER_S = 100
"""Changes a second besides the index's own, from which on people are at it."""

REST, REST_WHILE_BUSY = 1.0, 15.0
"""How long the index rests for each second that it worked: posting comes first, and what waits is found all the same."""


class Search:
    """Finds messages in the rooms that a user is in, and indexes what was posted."""

    def __init__(
        self,
        database: Database,
        committer: Committer,
        clock_ms: Callable[[], int],
        searches: Throttle,
        network_of: Callable[[int], str | None],
    ) -> None:
        self._database = database
        self._clock_ms = clock_ms
        self._searches = searches
        self._network_of = network_of
        self._line = SearchLine()
        self.took_s = Histogram(SECONDS)
        self._index = _Index(database, committer, clock_ms)
        self.catch_up = self._index.catch_up

    @property
    def waiting(self) -> int:
        """How many entries the index has yet to take up, as it knew when it last looked."""
        return self._index.waiting

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

        One search of a person, and one of their programs, runs at a time: a newer one lets the older answer at once with what it has
        found, nothing where it has not begun, and then begins. It ends early, too, when whoever awaits this is cancelled.
        """
        query, searcher = parse(words), payer(user.id, access)
        if before is not None and room is None:
            raise Invalid("before goes with a room: in all rooms there is no common number")
        self._searches.check(searcher, self._clock_ms() / 1000, "searches")
        began = time.perf_counter()
        turn = self._line.enter(searcher, self._network_of(user.id) or f"user {user.id}")
        try:
            outcome = await turn.outcome()
        except asyncio.CancelledError:
            self._line.end(turn)
            raise
        if outcome == "gave way":
            raise too_many()
        if outcome == "is not wanted":
            return FoundMessages([], more=True)
        among = None if access is None else access.rooms
        work = partial(search, user_id=user.id, query=query, room=room, before=before, limit=limit, among=among)
        task = asyncio.get_running_loop().create_task(self._in_turn(turn, work))
        try:
            found = await asyncio.shield(task)  # a thread cannot be cancelled: its place is given on when it has stopped
        except asyncio.CancelledError:
            turn.purse.is_hurried = True
            raise
        self.took_s.add(time.perf_counter() - began)
        return found

    def hurry(self, searcher: Hashable) -> None:
        """Let what a person, or their programs, have under way or waiting come to its end: something newer is asked for."""
        self._line.hurry(searcher)

    async def _in_turn(self, turn: SearchTurn, work: Callable[..., FoundMessages]) -> FoundMessages:
        try:
            async with self._database.searches:
                return await self._database.read(work, purse=turn.purse)
        finally:
            self._line.end(turn)


class _Index:
    """Keeps the index behind the posts, in slices between which posts get their turn."""

    def __init__(self, database: Database, committer: Committer, clock_ms: Callable[[], int]) -> None:
        self._database = database
        self._committer = committer
        self._clock_ms = clock_ms
        self._writer = secrets.token_hex(8)
        self._at_work = asyncio.Lock()
        self.waiting = 0
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
        while parts := await self._database.read(gathering.prepare, self._note_waiting):
            await self._rest()
            progress = writing.Progress()
            while progress.part < len(parts):
                progress = await self._committer.run(partial(_write, parts, progress, self._writer))
                await self._rest()
            await self._follow()

    def _note_waiting(self, count: int) -> None:
        self.waiting = count

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
