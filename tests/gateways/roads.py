"""The roads that need no WebSocket, by docs/protocol.md: each with the face of a `websockets` connection, as far as Stranger looks.

The first thing sent is the hello; it opens the road.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import httpx

from tests.support.patience import PATIENCE_S


class Road:
    """What both roads share: the HTTP client, commands by POST one after the other, and how an end is told."""

    def __init__(self, address: str, cookie: str, instead_of: str = "") -> None:
        self.http = httpx.AsyncClient(
            base_url=address,
            headers={"Cookie": f"teahouse_session={cookie}", "Origin": address, "Content-Type": "application/json"},
            timeout=PATIENCE_S,
            trust_env=False,
        )
        self.close_code: int | None = None
        self.close_reason = ""
        self.name = ""
        self.transport = SimpleNamespace(abort=self._abort)
        self._instead_of = instead_of
        self._events: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._opened = asyncio.Event()
        self._ended = False
        self._turn = asyncio.Lock()
        self._carrier: asyncio.Task[None] | None = None

    async def send(self, command: str) -> None:
        if self._carrier is None:
            self._carrier = asyncio.create_task(self._carry(command))
            return
        await self.post(f"[{command}]")

    async def post(self, commands: str) -> None:
        """Send a list of commands; the next waits for its answer, so that they arrive in their order."""
        async with self._turn:
            await asyncio.wait_for(self._opened.wait(), PATIENCE_S)
            if self._ended:
                return
            try:
                answer = await self.http.post(f"/api/v1/connections/{self.name}", content=commands)
                if answer.status_code == 204:
                    return
            except httpx.TransportError:
                pass
            self._abort()  # nobody knows whether the commands arrived: the same as a cut socket

    async def close(self) -> None:
        self._abort()

    async def __aiter__(self) -> AsyncIterator[str]:
        while (event := await self._events.get()) is not None:
            yield json.dumps(event)
        if self._carrier is not None:
            await asyncio.wait([self._carrier])
        async with self._turn:
            await self.http.aclose()

    def _abort(self) -> None:
        if self._carrier is not None:
            self._carrier.cancel()
        self._end()

    def _take(self, event: dict[str, Any]) -> None:
        if event["type"] == "opened":
            self.name = event["connection"]
            self._opened.set()
        elif event["type"] == "closed":
            self.close_code, self.close_reason = event["code"], event["reason"]
        else:
            self._events.put_nowait(event)

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self._opened.set()
            self._events.put_nowait(None)

    async def _carry(self, hello: str) -> None:
        try:
            await self._follow(hello)
        except httpx.TransportError:
            pass
        finally:
            self._end()

    async def _follow(self, hello: str) -> None:
        raise NotImplementedError


class Events(Road):
    async def _follow(self, hello: str) -> None:
        said = json.loads(hello)
        query = {"instead_of": self._instead_of, "id": said["id"]}
        if "epoch" in said:
            query |= {"epoch": said["epoch"], "cursors": json.dumps(said["cursors"])}
        async with self.http.stream("GET", "/api/v1/events", params=query, timeout=None) as answer:
            assert answer.status_code == 200, answer.status_code
            async for line in answer.aiter_lines():
                if line.startswith("data: "):
                    self._take(json.loads(line[6:]))


class Polls(Road):
    async def _follow(self, hello: str) -> None:
        answer = await self.http.post("/api/v1/polls", content=hello, params={"instead_of": self._instead_of})
        while answer.status_code in (200, 201):
            batch = answer.json()
            for event in batch["events"]:
                self._take(event)
            answer = await self.http.get(f"/api/v1/polls/{self.name}/{batch['batch'] + 1}", timeout=None)


ROADS: dict[str, type[Road]] = {"events": Events, "polls": Polls}
