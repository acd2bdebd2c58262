"""How far logs go now, asked by many at once: whoever asks while one question is under way shares the next one."""

import asyncio
from collections.abc import Iterable

from teahouse.storage import log
from teahouse.storage.database import Database

LOGS_AT_ONCE = 1000


class Heads:
    """Reads heads of logs. Ten thousand clients that come back in the same second cost some dozens of reads, not ten thousand.

    No question is answered by a read that began before it was asked, so what its asker has heard of is always counted.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wanted: dict[int, None] = {}
        self._next: asyncio.Task[dict[int, int]] | None = None
        self._one_at_a_time = asyncio.Lock()

    async def of(self, logs: Iterable[int]) -> dict[int, int]:
        """Return the highest committed seq of each of `logs`; one that does not exist is left out. Raise Unavailable."""
        mine = list(logs)
        self._wanted.update(dict.fromkeys(mine))
        if self._next is None:
            self._next = asyncio.get_running_loop().create_task(self._ask())
        heads = await asyncio.shield(self._next)
        return {log_id: heads[log_id] for log_id in mine if log_id in heads}

    async def _ask(self) -> dict[int, int]:
        async with self._one_at_a_time:
            asked, self._wanted, self._next = list(self._wanted), {}, None
            heads: dict[int, int] = {}
            for start in range(0, len(asked), LOGS_AT_ONCE):
                heads |= await self._database.read(log.heads, asked[start : start + LOGS_AT_ONCE])
            return heads
