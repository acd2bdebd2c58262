"""Who is let in beyond all places: by what they ask, a few at a time, and nobody keeps them out by silence."""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack

import pytest

from teahouse.acceptor import Acceptor
from teahouse.gateways.address import NO_PROXIES
from teahouse.gateways.slots import Slot, Slots
from teahouse.reserve import LOOKED_AT, PLACES, is_watcher
from tests.support.patience import PATIENCE_S
from tests.support.streams import opened

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [
        HEALTH,
        b"HEAD /healthz HTTP/1.0\r\n\r\n",
        b"GET /metrics?name=up HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nAccept: text/plain\r\n\r\n",
    ],
)
def test_who_asks_how_the_house_is_watches_it(head: bytes) -> None:
    assert is_watcher(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /healthz/../ws HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /ws?/healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"POST /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n",
        b"GET /metrics HTTP/1.1\r\nhost: 127.0.0.1\r\nvia : 1.1 proxy\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    ],
)
def test_nobody_else_does_nor_whoever_came_through_a_proxy(head: bytes) -> None:
    assert not is_watcher(head)


class Watched(asyncio.Protocol):
    """Answers once, where it may."""

    may_answer: asyncio.Event
    here: list["Watched"]

    def __init__(self, slot: Slot) -> None:
        self._slot = slot

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.here.append(self)

    def data_received(self, data: bytes) -> None:
        self._task = asyncio.ensure_future(self._answer(data))

    async def _answer(self, data: bytes) -> None:
        await self.may_answer.wait()
        self._transport.write(b"watched " + data)
        self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._slot.close()


class House:
    """A port of which no place is left, and what of its reserve may answer."""

    def __init__(self, stack: ExitStack) -> None:
        self.listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.port = self.listener.getsockname()[1]
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.turned_away: Counter[str] = Counter()
        slots = Slots(1, NO_PROXIES, asyncio.get_running_loop().time)
        taken = slots.take("192.0.2.1")
        assert taken is not None
        taken.live()
        self.answering: list[Watched] = []
        watch = type("Watch", (Watched,), {"may_answer": self.may_answer, "here": self.answering})
        self.acceptor = Acceptor(self.listener, watch, slots, self.turned_away, watch)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    with ExitStack() as stack:
        house = House(stack)
        yield house
        house.acceptor.close()


async def ask(house: House, octets: bytes) -> bytes:
    async with opened("127.0.0.1", house.port) as (reader, writer):
        writer.write(octets)
        return await reader.read()


async def test_in_a_full_house_watchers_are_answered_and_nobody_else_is(house: House) -> None:
    assert await ask(house, HEALTH) == b"watched " + HEALTH
    assert (await ask(house, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")).startswith(b"HTTP/1.1 503 ")
    assert house.turned_away["503"] == 1


async def test_those_who_say_nothing_hear_that_there_is_no_room(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teahouse.reserve.LOOK_S", 0.01)

    assert (await ask(house, b"")).startswith(b"HTTP/1.1 503 ")


async def test_however_many_say_nothing_few_are_waited_for_and_they_keep_no_watcher_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teahouse.reserve.LOOK_S", 600)
    async with AsyncExitStack() as stack:
        silent = [await stack.enter_async_context(opened("127.0.0.1", house.port)) for _ in range(2 * LOOKED_AT)]
        assert await ask(house, HEALTH) == b"watched " + HEALTH
        answers = await asyncio.gather(*(reader.read() for reader, _ in silent[: LOOKED_AT + 1]))
    assert all(answer.startswith(b"HTTP/1.1 503 ") for answer in answers)


async def test_of_many_who_come_at_once_the_watcher_is_answered(house: House) -> None:
    """They are accepted in one turn of the loop, before anything that they sent is looked at."""
    with ExitStack() as stack:
        pairs = [socket.socketpair() for _ in range(1 + LOOKED_AT)]
        watcher, *_silent = [stack.enter_context(theirs) for _ours, theirs in pairs]
        watcher.sendall(HEALTH)
        for ours, _theirs in pairs:
            house.acceptor._turn_away(ours, "127.0.0.1")

        watcher.setblocking(False)
        assert await asyncio.get_running_loop().sock_recv(watcher, 1000) == b"watched " + HEALTH


async def test_few_are_answered_at_a_time_and_each_gives_its_place_back(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.may_answer.clear()
    slow = [asyncio.ensure_future(ask(house, HEALTH)) for _ in range(PLACES)]
    async with asyncio.timeout(PATIENCE_S):
        while len(house.answering) < PLACES:  # noqa: ASYNC110 -- it tells nobody
            await asyncio.sleep(0)
        assert (await ask(house, HEALTH)).startswith(b"HTTP/1.1 503 ")
        house.may_answer.set()
        assert set(await asyncio.gather(*slow)) == {b"watched " + HEALTH}
        while (await ask(house, HEALTH)).startswith(b"HTTP/1.1 503 "):
            pass
    assert capsys.readouterr().out.count("the house is full") == 1, "of the reserve nothing is told"


async def test_who_is_still_looked_at_when_the_house_closes_is_let_go() -> None:
    with ExitStack() as stack:
        house = House(stack)
        async with opened("127.0.0.1", house.port) as (reader, _):
            await ask(house, HEALTH)
            house.acceptor.close()
            assert await reader.read() == b""


async def test_who_comes_from_elsewhere_is_not_looked_at(house: House) -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        theirs.sendall(HEALTH)
        house.acceptor._turn_away(ours, "192.0.2.7")

        theirs.setblocking(False)
        answer = await asyncio.get_running_loop().sock_recv(theirs, 1000)
    assert answer.startswith(b"HTTP/1.1 503 ")
