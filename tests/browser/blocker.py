"""A network between browser and house that breaks some roads: it refuses, cuts or swallows upgrades, and holds event streams back."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Literal, Self

Fate = Literal["pass", "refuse", "cut", "hang"]

REFUSAL = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
CHUNK = 64 * 1024


class Blocker:
    """Listens on a free port and carries to `port`. What its fields say holds for whatever begins from then on."""

    def __init__(self, port: int, websocket: Fate = "pass", events: Fate = "pass") -> None:
        self.port = port
        self.websocket: Fate = websocket
        self.events: Fate = events
        self._links: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        assert self._server is not None
        self._server.close()
        await self.cut()

    async def cut(self) -> None:
        """End every connection that is open now."""
        for link in list(self._links):
            link.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = asyncio.current_task()
        assert link is not None
        self._links.add(link)
        try:
            await self._carry(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._links.discard(link)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        house_reader, house_writer = await asyncio.open_connection("127.0.0.1", self.port)
        back = asyncio.create_task(self._carry_back(house_reader, writer))
        try:
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
        finally:
            back.cancel()
            await asyncio.gather(back, return_exceptions=True)
            house_writer.close()
            with suppress(OSError):
                await house_writer.wait_closed()

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
