"""Connections that are accepted are opened in their network's turn, a few in each turn of the loop."""

import asyncio
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from teahouse.acceptor import Acceptor
from teahouse.gateways.address import NO_PROXIES
from teahouse.gateways.slots import Slot, Slots
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
    client.settimeout(5)
    assert client.recv(1) == b""
    assert (house.opened, len(house.slots)) == ([], 0)
    if not is_house_closed:
        house.acceptor.close()
