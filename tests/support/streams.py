"""TCP streams that end with whoever opened them, at whichever await that one is cancelled.

Ending here never waits: a cancelled `await writer.wait_closed()` skips whatever stands behind it, and that stays open.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Self

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


@asynccontextmanager
async def opened(host: str | None, port: int | str | None, **options: Any) -> AsyncIterator[Streams]:
    """Connect, and hang up at the end; `options` are those of `asyncio.open_connection`.

    Who wants the last bytes to arrive closes the writer and waits for it inside.
    """
    reader, writer = await asyncio.open_connection(host, port, **options)
    try:
        yield reader, writer
    finally:
        hang_up(writer)


def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close at once: what was written and not yet sent is lost."""
    writer.transport.abort()


class Listener:
    """Serves each connection at a free port of this machine in a task of its own, and hangs up when that ends.

    Accepts by hand: an `asyncio.Server` that is closed loses what it is about to accept, and one that is opened by someone
    who is cancelled goes on listening.
    """

    def __init__(self, serve: Serve, backlog: int = 100) -> None:
        self._serve = serve
        self._backlog = backlog
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=self._backlog)
        self._socket.setblocking(False)
        asyncio.get_running_loop().add_reader(self._socket, self._accept)
        return self

    async def __aexit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        await self.cut()

    async def cut(self) -> None:
        """End every connection that is open now."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _accept(self) -> None:
        try:
            connection, _ = self._socket.accept()
        except (BlockingIOError, ConnectionAbortedError):  # who came is gone again
            return
        connection.setblocking(False)
        task = asyncio.create_task(self._serve_one(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # Not by a line in the task: one that is cancelled before its first step never runs any.
        task.add_done_callback(lambda _task: connection.close())

    async def _serve_one(self, connection: socket.socket) -> None:
        async with opened(None, None, sock=connection) as (reader, writer):
            await self._serve(reader, writer)
