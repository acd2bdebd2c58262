"""Searching what has been said, and keeping the search index behind the posts. The use case beside chat.py's, with a pace of its own."""

import asyncio
import time
from collections.abc import Callable
from functools import partial

from teahouse.access import Access
from teahouse.errors import Invalid
from teahouse.model import FoundMessages, User
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database
from teahouse.storage.log import Transaction
from teahouse.storage.search import index
from teahouse.storage.search.find import search
from teahouse.storage.search.query import parse
from teahouse.throttle import Throttle

AT_ONCE = 2
"""Searches under way: fewer than there are readers, so that pages never wait for people who search."""

BUSY = 100
"""More changes than this while a batch was indexed mean that people are at it."""

REST, REST_WHILE_BUSY = 1.0, 15.0
"""How long the index rests for each second that it worked: posting comes first, and what waits is found all the same."""


class Search:
    """Finds messages in the rooms that a user is in, and indexes what was posted."""

    def __init__(self, database: Database, committer: Committer, clock_ms: Callable[[], int], searches: Throttle) -> None:
        self._database = database
        self._committer = committer
        self._clock_ms = clock_ms
        self._searches = searches
        self._free = asyncio.Semaphore(AT_ONCE)

    async def find(
        self,
        user: User,
        words: str,
        room: int | None = None,
        before: int | None = None,
        limit: int = 20,
        access: Access | None = None,
    ) -> FoundMessages:
        """Return the newest messages with all of `words`, in one room or, without one, in all that the user is in."""
        query = parse(words)
        if before is not None and room is None:
            raise Invalid("before goes with a room: in all rooms there is no common number")
        self._searches.check(user.id, self._clock_ms() / 1000, "searches")
        among = None if access is None else access.rooms
        async with self._free:
            return await self._database.read(search, user.id, query, room, before, limit, among)

    async def catch_up(self) -> None:
        """Index what waits, batch by batch, until less than a batch is left."""
        began, changes = time.perf_counter(), self._committer.batch_sizes.total
        while parts := await self._database.read(index.prepare):
            await self._committer.run(partial(_store, parts))
            rest = REST_WHILE_BUSY if self._committer.batch_sizes.total - changes > BUSY else REST
            await asyncio.sleep(rest * (time.perf_counter() - began))
            began, changes = time.perf_counter(), self._committer.batch_sizes.total


def _store(parts: list[index.Part], tx: Transaction) -> None:
    index.store(tx, parts)
