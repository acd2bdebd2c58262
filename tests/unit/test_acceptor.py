"""Accepting connections: past the limit, and out of descriptors."""

import asyncio
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import pytest

from teahouse.acceptor import AT_ONCE, Acceptor
from teahouse.gateways.address import NO_PROXIES
from teahouse.gateways.slots import Slot, Slots
from tests.support.patience import PATIENCE_S
from tests.support.streams import opened

FEW = 12
SCRIPT = Path(__file__).with_name("short_of_files.py")


class Nothing(asyncio.Protocol):
    """Counts those who are here."""

    here: set["Nothing"]

    def __init__(self, slot: Slot) -> None:
        self.slot = slot

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.here.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.here.discard(self)
        self.slot.close()


@pytest.fixture
async def crowded() -> AsyncIterator[tuple[int, Counter[str], set[Nothing]]]:
    """A port with room for two."""
    listener = socket.create_server(("127.0.0.1", 0))
    here: set[Nothing] = set()
    protocol = type("Here", (Nothing,), {"here": here})
    turned_away: Counter[str] = Counter()
    # The time stands still: who has rested for a second would give way to the next of the crowd, however slow the machine.
    acceptor = Acceptor(listener, protocol, Slots(2, NO_PROXIES, lambda: 0.0), turned_away)
    yield listener.getsockname()[1], turned_away, here
    acceptor.close()


async def test_of_a_crowd_that_comes_at_once_as_many_are_let_in_as_fit(crowded: tuple[int, Counter[str], set[Nothing]]) -> None:
    port, turned_away, here = crowded
    async with AsyncExitStack() as stack:
        crowd = [await stack.enter_async_context(opened("127.0.0.1", port)) for _ in range(3 * AT_ONCE)]
        answers = await asyncio.gather(*(reader.read() for reader, _ in crowd[2:]))
        assert all(answer.startswith(b"HTTP/1.1 503 ") and b"Retry-After" in answer for answer in answers)
        assert len(here) == 2 and turned_away["503"] == len(crowd) - 2


@pytest.fixture(params=["uvloop", "asyncio"])
def short_of_files(request: pytest.FixtureRequest) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """A process that echoes, with some descriptors left; its port."""
    command = [sys.executable, str(SCRIPT), str(FEW), request.param]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def echoes(client: socket.socket) -> bool:
    """Whether the client is inside; False when it was turned away."""
    try:
        client.sendall(b"hello")
        return client.recv(5) == b"hello"
    except ConnectionError:
        return False


def test_without_descriptors_newcomers_are_turned_away_those_inside_stay_and_nothing_spins(
    short_of_files: tuple["subprocess.Popen[str]", int],
) -> None:
    process, port = short_of_files
    with ExitStack() as stack:
        clients = [stack.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE_S)) for _ in range(3 * FEW)]
        inside = [client for client in clients if echoes(client)]
        assert 0 < len(inside) < len(clients)
        assert all(echoes(client) for client in inside)
        for client in inside[: len(inside) // 2 + 1]:
            client.close()
        late = stack.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE_S))
        assert echoes(late), "there is room again"
        output, _ = process.communicate("\n", PATIENCE_S)
    accepts, turned_away = map(int, output.splitlines()[-1].split())
    assert turned_away == len(clients) - len(inside)
    assert accepts < 3 * len(clients), "one look for each of them, and one more each time the shortage is met"
    assert output.count("cannot accept connections") <= 2, "told once each time the shortage begins"
