"""Someone with a program for an old chat: a plain WebSocket, and nothing but its own bytes."""

import asyncio
import json
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import websockets

from tests.faults.server import Server
from tests.support.patience import PATIENCE_S


def address_of(server: Server, dialect: str) -> str:
    return next(str(door["address"]) for door in server.ready["doors"] if door["dialect"] == dialect)


class Visitor:
    """One socket at a door; `async with` closes it as a browser does when its page is closed."""

    def __init__(self, server: Server, dialect: str, path: str = "/", **options: Any) -> None:
        self.heard: list[str] = []
        self._address = address_of(server, dialect) + path
        self._options = options

    async def __aenter__(self) -> Self:
        self._socket = await websockets.connect(self._address, proxy=None, ping_interval=None, **self._options)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            await self._socket.close()
        finally:
            self._socket.transport.abort()

    async def say(self, words: str | dict[str, Any]) -> None:
        await self._socket.send(words if isinstance(words, str) else json.dumps(words, ensure_ascii=False))

    async def hear(self) -> str:
        """Return the next frame."""
        async with asyncio.timeout(PATIENCE_S):
            frame = await self._socket.recv()
        assert isinstance(frame, str)
        self.heard.append(frame)
        return frame

    async def hear_json(self) -> dict[str, Any]:
        words: dict[str, Any] = json.loads(await self.hear())
        return words

    async def until(self, words: str) -> list[str]:
        """Return the frames up to the one that says `words`."""
        frames = [await self.hear()]
        while frames[-1] != words:
            frames.append(await self.hear())
        return frames

    async def closed(self) -> tuple[int | None, str | None]:
        """Wait for the server to close; return its code and reason."""
        async with asyncio.timeout(PATIENCE_S):
            await self._socket.wait_closed()
        return self._socket.close_code, self._socket.close_reason

    async def hear_out(self) -> tuple[int | None, str | None]:
        """Hear all that still comes before the server closes; return its code and reason."""
        with suppress(websockets.ConnectionClosed):
            while True:
                await self.hear()
        return await self.closed()

    async def vanish(self) -> None:
        """Be gone as a lost network is: without a closing handshake."""
        self._socket.transport.abort()
        await self._socket.wait_closed()
