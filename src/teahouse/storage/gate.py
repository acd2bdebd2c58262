"""A gate that readers go through, and that can be shut for a moment so that nobody reads an old state."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Gate:
    """Counts who is inside. Who comes while it is shut waits before it; whoever shuts it opens it again."""

    def __init__(self) -> None:
        self._inside = 0
        self._is_open = asyncio.Event()
        self._is_open.set()
        self._is_empty = asyncio.Event()

    async def __aenter__(self) -> None:
        await self._is_open.wait()
        self._inside += 1

    async def __aexit__(self, *_: object) -> None:
        self._inside -= 1
        if not self._inside:
            self._is_empty.set()

    @asynccontextmanager
    async def shut(self, at_most_s: float) -> AsyncIterator[None]:
        """Let nobody in while the block runs, which begins when all are out, or after `at_most_s` whoever is still inside."""
        self._is_open.clear()
        try:
            if self._inside:
                self._is_empty.clear()
                try:
                    async with asyncio.timeout(at_most_s):
                        await self._is_empty.wait()
                except TimeoutError:
                    pass
            yield
        finally:
            self._is_open.set()
