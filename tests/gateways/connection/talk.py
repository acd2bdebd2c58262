"""A client's end of a connection without a socket: it says commands and hears events as JSON."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from teahouse import wire
from teahouse.auth import Identity
from teahouse.gateways import connection as module
from teahouse.gateways.connection import Connection
from teahouse.gateways.dialects.native import Native
from teahouse.throttle import Throttle
from tests.storage.house import MAX_TEXT_BYTES, House
from tests.support.patience import PATIENCE_S

RESUME_LIMIT = 100

Event = dict[str, Any]


class Spoken(Native):
    """The native dialect with its JSON read again, so that tests see what a client sees."""

    def render(self, event: Any) -> list[Event]:  # type: ignore[override]
        return [json.loads(super().render(event))]

    def join(self, parts: Sequence[list[Event]]) -> list[Event]:
        return [event for part in parts for event in part]


SPOKEN = Spoken()


class Ear:
    """An outlet that hears everything at once; `said` is all of it, `closed` the code with which it was closed."""

    dialect = SPOKEN
    congested = False

    def __init__(self) -> None:
        self.said: list[Event] = []
        self.news = asyncio.Event()
        self.closed: int | None = None

    def write(self, rendering: list[Event]) -> None:
        assert self.closed is None, "written to after it was closed"
        self.said += rendering
        self.news.set()

    def close(self, code: int, reason: str) -> None:
        self.closed = code


class Talk:
    """One client's end of a connection."""

    def __init__(self, house: House, identity: Identity, commands: Throttle, hellos: Throttle | None = None) -> None:
        self.house = house
        self.ear = Ear()
        shared = module.House(
            chat=house.chat,
            hub=house.hub,
            epoch=house.database.epoch,
            limits=wire.Limits(MAX_TEXT_BYTES, 32, 200),
            resume_limit=RESUME_LIMIT,
            commands=commands,
            hellos=hellos or Throttle(1_000, 1_000),
            clock_ms=house.clock,
            moderation=house.moderation,
        )
        self.connection = Connection(shared, identity, SPOKEN, self.ear)

    def say(self, **command: Any) -> None:
        self.connection.receive(json.dumps(command).encode())

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                self.ear.news.clear()
                await self.ear.news.wait()

    async def answer(self, request: int) -> Event:
        await self.until(lambda: any(event.get("id") == request for event in self.ear.said))
        return next(event for event in self.ear.said if event.get("id") == request)

    async def ask(self, request: int, **command: Any) -> Event:
        self.say(id=request, **command)
        return await self.answer(request)

    async def hello(self, **resume: Any) -> Event:
        return await self.ask(1, type="hello", **resume)

    def events(self, kind: str, log: int | None = None) -> list[Event]:
        return [event for event in self.ear.said if event["type"] == kind and (log is None or event["log"] == log)]

    def seqs(self, log: int) -> list[int]:
        return [event["seq"] for event in self.events("entry", log)]

    async def up_to(self, log: int, seq: int) -> None:
        await self.until(lambda: seq in self.seqs(log))


Dial = Callable[[Identity], Talk]
"""Connects someone; they have not said hello yet."""
