"""What is on disk but not announced yet reaches no reader, whoever asks the database meanwhile: the roster does not know of it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, Future
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import Teahouse
from teahouse.auth import Identity
from teahouse.delivery.subscriber import Subscriber
from teahouse.model import LOBBY, Added, Joined, Posted, Reset
from teahouse.settings import Settings
from tests.delivery.world import FillingOutlet
from tests.storage.held import settle
from tests.storage.house import House
from tests.support.patience import PATIENCE_S

COMES = pytest.mark.parametrize("comes", ["before", "meanwhile"])
WIDE = 1_000_000
READS = 20
"""What a sweep finds is delivered after three reads; so many, one after the other, begin and end behind them."""


class Lingering:
    """A writer's thread that commits and then says nothing of it until `go_on`."""

    def __init__(self, writer: Executor) -> None:
        self._writer = writer
        self._go_on = threading.Event()
        self._has_committed = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        return self._writer.submit(self._linger, work, *arguments)

    def go_on(self) -> None:
        self._go_on.set()

    async def has_committed(self) -> None:
        await asyncio.wait_for(self._has_committed.wait(), PATIENCE_S)

    def _linger(self, work: Callable[..., Any], *arguments: Any) -> Any:
        result = work(*arguments)
        self._loop.call_soon_threadsafe(self._has_committed.set)
        self._go_on.wait(PATIENCE_S)
        return result


@asynccontextmanager
async def lingering(house: House | Teahouse) -> AsyncIterator[Lingering]:
    writer: Any = house.database.writer
    held: Any = Lingering(writer)
    house.database.writer = held
    try:
        yield held
    finally:
        held.go_on()
        house.database.writer = writer


class Ear(FillingOutlet):
    """Takes all that it is written."""

    def __init__(self) -> None:
        super().__init__(WIDE)
        self._news = asyncio.Event()

    def write(self, rendering: list[Any]) -> None:
        super().write(rendering)
        self._news.set()

    async def hears(self, is_it: Callable[[Any], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not any(is_it(said) for said in self.buffer):
                self._news.clear()
                await self._news.wait()


def reader(house: House | Teahouse, identity: Identity, after: int) -> Ear:
    """Somebody who reads their inbox from a cursor, into a buffer."""
    ear = Ear()
    Subscriber(identity.user, ear, house.hub, identity.inbox).follow_inbox(after)
    return ear


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Teahouse]:
    app = Teahouse(Settings(data_dir=tmp_path / "data"))
    await app.start()
    yield app
    await app.stop()


async def added_and_told(house: House | Teahouse, comes: str) -> None:
    """Let the sweep, or a hello that opens the log, read an `added` before the roster has heard of it."""
    aiko, ben = [(await house.auth.sign_in(name, "f01"))[1] for name in ("Aiko", "Ben")]
    room = (await house.chat.create_room(aiko.user, "private", "Tea", "", "room-1")).room.id
    head = await house.chat.head(ben.inbox)
    outlet = reader(house, ben, head) if comes == "before" else None
    await house.hub.sweep()
    await settle()

    async with lingering(house) as writer:
        adding = asyncio.ensure_future(house.chat.add_member(aiko.user, room, ben.user.id))
        await writer.has_committed()
        assert await house.chat.head(ben.inbox) == head + 1
        outlet = outlet or reader(house, ben, head)
        sweeping = asyncio.ensure_future(house.hub.sweep())
        for _ in range(READS):
            await house.chat.head(ben.inbox)
        told_early = list(outlet.buffer)
        writer.go_on()
        await asyncio.gather(adding, sweeping)

    seq = (await house.chat.post(aiko.user, room, "welcome", "said-1")).seq
    await outlet.hears(lambda said: isinstance(said, Reset) or (said.log, said.seq) == (room, seq))
    assert told_early == []
    assert [said for said in outlet.buffer if isinstance(said, Reset)] == []
    assert [type(said.fact) for said in outlet.buffer] == [Added, Joined, Posted]


@COMES
async def test_who_is_added_is_not_told_that_they_left(house: House, comes: str) -> None:
    await added_and_told(house, comes)


@COMES
async def test_nor_in_the_house_as_it_is_served(app: Teahouse, comes: str) -> None:
    await added_and_told(app, comes)


async def test_nobody_waits_for_a_commit_that_was_announced(house: House) -> None:
    aiko = await house.guest("Aiko")
    await house.say(aiko, LOBBY, "hello")
    head = await house.chat.head(LOBBY)
    assert await house.committer.announced(house.heads.of([LOBBY])) == {LOBBY: head}
