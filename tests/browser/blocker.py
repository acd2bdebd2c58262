"""A network between browser and house that breaks some roads: it refuses, cuts or swallows upgrades, and holds event streams back."""

import asyncio
from contextlib import suppress
from typing import Literal, Self

from tests.support.streams import Listener, opened

Fate = Literal["pass", "refuse", "cut", "hang"]

REFUSAL = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
CHUNK = 64 * 1024


class Blocker:
    """Listens on a free port and carries to `port`. What its fields say holds for whatever begins from then on."""

    def __init__(self, port: int, websocket: Fate = "pass", events: Fate = "pass") -> None:
        self.port = port
        self.websocket: Fate = websocket
        self.events: Fate = events
        self._listener = Listener(self._carry)

    @property
    def address(self) -> str:
        return self._listener.address

    async def __aenter__(self) -> Self:
        await self._listener.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._listener.__aexit__()

    async def cut(self) -> None:
        """End every connection that is open now."""
        await self._listener.cut()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            async with opened("127.0.0.1", self.port) as (house_reader, house_writer):
                back = asyncio.create_task(self._carry_back(house_reader, writer))
                try:
                    await self._carry_on(reader, writer, house_writer, back)
                finally:
                    back.cancel()

    async def _carry_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, house_writer: asyncio.StreamWriter, back: "asyncio.Task[None]"
    ) -> None:
        while data := await reader.read(CHUNK):
            match self._fate(data):
                case "refuse":
                    writer.write(REFUSAL)
                    return
                case "cut":
                    return
                case "hang":
                    # The request goes through and its answer does not, as with a proxy that waits for the end of it.
                    back.cancel()
            house_writer.write(data)
            await house_writer.drain()

    async def _carry_back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                writer.write(data)
                await writer.drain()
            writer.close()

    def _fate(self, request: bytes) -> Fate:
        """Browsers do not pipeline, so a request's head begins what is read."""
        if request.startswith(b"GET /ws"):
            return self.websocket
        return self.events if request.startswith((b"GET /api/v1/events", b"POST /api/v1/events")) else "pass"
