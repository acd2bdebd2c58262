"""The regular work of a house: each piece now and then, for as long as the house is open."""

import asyncio
from collections.abc import Awaitable, Callable

from teahouse.errors import Damaged, Unavailable
from teahouse.tally import Histogram
from teahouse.troubles import Troubles


class Chores:
    """A piece that fails is a trouble under its name until it is done again, and its next time comes all the same."""

    def __init__(self, troubles: Troubles, lag_s: Histogram) -> None:
        self._troubles = troubles
        self._lag_s = lag_s
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self, name: str, every_s: float, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` every so many seconds from now on."""
        self._tasks.append(asyncio.get_running_loop().create_task(self._regularly(name, every_s, work)))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _regularly(self, name: str, every_s: float, work: Callable[[], Awaitable[None]]) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due_s = loop.time() + every_s
            await asyncio.sleep(every_s)
            self._lag_s.add(loop.time() - due_s)
            try:
                await work()
                self._troubles.end(name)
            except (Unavailable, Damaged):
                pass  # the database: that was told where it arose
            except Exception as error:
                self._troubles.begin(name, str(error), error)
