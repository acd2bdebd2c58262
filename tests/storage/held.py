"""A database whose searches take as long as a test wants."""

import asyncio
from functools import partial
from typing import Any

from teahouse.model import FoundMessages
from teahouse.storage.gate import Gate
from teahouse.storage.search.purse import Purse
from tests.support.patience import PATIENCE_S

NOTHING = FoundMessages([])


class Held:
    """`begun` are the searches that work now or did, each with its purse and the future by which the test lets it end.

    `users` says whose they are.
    """

    def __init__(self) -> None:
        self.begun: list[tuple[Purse, asyncio.Future[FoundMessages]]] = []
        self.users: list[int] = []
        self._news = asyncio.Event()
        self.searches = Gate()

    async def read(self, work: partial[FoundMessages], *, purse: Purse) -> FoundMessages:
        end: asyncio.Future[FoundMessages] = asyncio.get_running_loop().create_future()
        self.users.append(work.keywords["user_id"])
        self.begun.append((purse, end))
        self._news.set()
        return await end

    async def until_begun(self, count: int) -> Any:
        """Return the purse and the future of the search that is number `count`."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.begun) < count:
                self._news.clear()
                await self._news.wait()
        return self.begun[count - 1]


async def settle() -> None:
    """Let everything happen that waits for nothing but its turn."""
    for _ in range(20):
        await asyncio.sleep(0)
