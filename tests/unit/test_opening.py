"""Connections that are accepted are opened in their network's turn, a few in each turn of the loop."""

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise

import pytest

from teahouse.acceptor import Acceptor
from teahouse.gateways.address import NO_PROXIES
from teahouse.gateways.slots import Slot, Slots
from tests.support.patience import PATIENCE_S
from tests.unit.test_acceptor import Nothing


class House:
    """A port, who was opened on it, and the turn of the loop in which each was."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._protocol = type("Here", (Nothing,), {"here": set()})
        self.turn = 0
        self.opened: list[int] = []
        self.taken: list[Slot] = []
        self.slots = Slots(1000, NO_PROXIES, asyncio.get_running_loop().time)
        take = self.slots.take

        def noted(address: str) -> Slot | None:
            slot = take(address)
            assert slot is not None
            self.taken.append(slot)
            return slot

        self.slots.take = noted  # type: ignore[method-assign]
        self.acceptor = Acceptor(self._listener, self._make, self.slots, Counter())

    def _make(self, slot: Slot) -> asyncio.Protocol:
        self.opened.append(self.turn)
        made: asyncio.Protocol = self._protocol(slot)
        return made

    def visit(self) -> socket.socket:
        return self._stack.enter_context(socket.create_connection(self._listener.getsockname()))

    async def turns(self, count: int) -> None:
        for _ in range(count):
            self.turn += 1
            await asyncio.sleep(0)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


async def test_few_are_opened_in_each_turn_and_all_in_the_end(stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teahouse.gateways.turns.WORK_PER_TURN", 4)
    house = House(stack)
    for _ in range(40):
        house.visit()
    while len(house.opened) < 40:
        await house.turns(1)
    house.acceptor.close()
    stack.close()
    while len(house.slots):
        await house.turns(1)
    assert max(Counter(house.opened).values()) <= 3


@pytest.mark.parametrize("is_house_closed", [False, True], ids=["gave way", "closed"])
async def test_who_lost_the_place_while_waiting_is_not_opened(stack: ExitStack, is_house_closed: bool) -> None:
    house = House(stack)
    client = house.visit()
    house.slots.turns.spend(1_000_000)
    while not house.taken:
        house.slots.turns._left = -1  # the share is used up in each turn until the connection is accepted
        await house.turns(1)
    if is_house_closed:
        house.acceptor.close()
    else:
        house.taken[0].give_way()
    await house.turns(5)
    client.settimeout(PATIENCE_S)
    assert client.recv(1) == b""
    assert (house.opened, len(house.slots)) == ([], 0)
    if not is_house_closed:
        house.acceptor.close()


@pytest.mark.parametrize("words", [b"", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"], ids=["silent", "a request"])
@pytest.mark.parametrize("is_reset", [False, True], ids=["closed", "reset"])
async def test_who_is_gone_before_it_is_their_turn_is_not_opened_and_who_waits_is(stack: ExitStack, words: bytes, is_reset: bool) -> None:
    house = House(stack)
    gone, patient = house.visit(), house.visit()
    await until_in_line(house, 2)
    for client in (gone, patient):
        client.sendall(words)
    if is_reset:
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    gone.close()

    await house.turns(5)

    assert (len(house.opened), len(house.slots)) == (1, 1)
    assert house.taken[0].is_closed and not house.taken[1].is_closed
    house.acceptor.close()
    stack.close()
    while len(house.slots):
        await house.turns(1)


async def test_few_who_are_gone_are_closed_in_a_turn(stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(stack)
    crowd = [house.visit() for _ in range(40)]
    await until_in_line(house, 40)
    for client in crowd:
        client.close()
    monkeypatch.setattr("teahouse.gateways.turns.WORK_PER_TURN", 4)
    closed = [0]
    while len(house.slots):
        await house.turns(1)
        closed.append(sum(slot.is_closed for slot in house.taken))
    assert max(after - before for before, after in pairwise(closed)) <= 5
    assert house.opened == []
    house.acceptor.close()


async def until_in_line(house: House, count: int) -> None:
    """Let so many be accepted, while the share of each turn is used up."""
    while len(house.taken) < count:
        house.slots.turns._left = -1
        await house.turns(1)
    assert house.opened == []
