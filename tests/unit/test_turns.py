"""Turns: all connections together have a share of each turn of the loop, and the networks take it in rotation."""

import asyncio
from typing import cast

import pytest

from teahouse.gateways.address import NO_PROXIES
from teahouse.gateways.intake import Intake
from teahouse.gateways.practice import PracticeSocket
from teahouse.gateways.shares import Shares
from teahouse.gateways.slots import Slots
from teahouse.gateways.turns import Turns
from tests.unit.test_intake import Pipe, Shared


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> Turns:
    monkeypatch.setattr("teahouse.gateways.turns.WORK_PER_TURN", 10)
    return Turns()


class Crowd:
    """Connections of one network, each with so many requests to be served one after the other."""

    def __init__(self, turns: Turns, network: str, connections: int, requests: int, served: list[str]) -> None:
        self.turns, self.network, self.served = turns, network, served
        for _ in range(connections):
            self.ask(requests)

    def ask(self, requests: int) -> None:
        def serve() -> None:
            self.turns.spend(5)
            self.served.append(self.network)
            if requests > 1:
                self.ask(requests - 1)

        if self.turns.is_free(self.network):
            serve()
        else:
            self.turns.line_up(self.network, serve)


async def test_one_turn_serves_a_bounded_amount_however_many_connections_ask(turns: Turns) -> None:
    served: list[str] = []
    Crowd(turns, "many", 100, 1, served)
    in_each = []
    while len(served) < 100:
        before = len(served)
        await asyncio.sleep(0)
        in_each.append(len(served) - before)
    assert max(in_each) == 2
    await asyncio.sleep(0)
    assert turns.is_free("many")


async def test_a_network_with_one_request_does_not_wait_behind_one_with_thousands(turns: Turns) -> None:
    served: list[str] = []
    Crowd(turns, "many", 1000, 3, served)
    Crowd(turns, "one", 1, 1, served)
    for _ in range(3):
        await asyncio.sleep(0)
    assert "one" in served
    assert len(served) < 10


async def test_nobody_overtakes_their_own_network_and_everybody_is_served_once(turns: Turns) -> None:
    served: list[int] = []
    for number in range(20):
        turns.line_up("a", lambda number=number: (served.append(number), turns.spend(3)))
    assert not turns.is_free("a")
    for _ in range(20):
        await asyncio.sleep(0)
    assert served == list(range(20))


async def test_who_lines_up_while_being_served_waits_for_the_next_turn(turns: Turns) -> None:
    served: list[int] = []

    def serve() -> None:
        served.append(1)
        turns.line_up("a", serve)

    turns.line_up("a", serve)
    await asyncio.sleep(0)
    assert len(served) == 1


async def test_one_that_fails_keeps_nobody_from_their_turn(turns: Turns) -> None:
    served: list[str] = []

    def fail() -> None:
        raise RuntimeError("broken")

    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context["exception"]))
    turns.line_up("a", fail)
    turns.line_up("b", lambda: served.append("b"))
    for _ in range(2):
        await asyncio.sleep(0)
    assert served == ["b"] and len(told) == 1


@pytest.mark.parametrize("reads", [[b"a\r\n\r\nb\r\n\r\n"], [b"a" * 2000 + b"\r\n\r\nbc\r\n", b"\r\nd\r\n\r\ne"]], ids=["short", "long"])
async def test_no_slice_holds_the_end_of_more_than_one_head(reads: list[bytes]) -> None:
    slices: list[bytes] = []
    taker = Intake(cast(asyncio.Transport, Pipe()), lambda data: slices.append(data) or 1, Shared(Turns()))
    for read in reads:
        taker.receive(read)
        await asyncio.sleep(0)
    for _ in range(10):
        await asyncio.sleep(0)
    assert b"".join(slices) == b"".join(reads)
    assert all(piece.find(b"\r\n\r\n") in (-1, len(piece) - 4) for piece in slices)


async def test_blank_lines_of_which_nothing_comes_have_their_share_and_no_more(turns: Turns) -> None:
    slices: list[bytes] = []
    taker = Intake(cast(asyncio.Transport, Pipe()), lambda data: slices.append(data) or 0, Shared(turns))
    taker.receive(b"\r\n\r\n" * 1000)
    most = 0
    while taker.waiting:
        before = len(slices)
        await asyncio.sleep(0)
        most = max(most, len(slices) - before)
    assert most <= 64, "what one connection gets of a turn"
    assert len(slices) == 1000


async def test_short_reads_of_which_nothing_comes_are_paid_for(turns: Turns) -> None:
    takers = [Intake(cast(asyncio.Transport, Pipe()), lambda data: 0, Shared(turns)) for _ in range(20)]
    for taker in takers:
        taker.receive(b"\r\n")
    assert sum(taker.waiting > 0 for taker in takers) == 10, "as many as a turn has pieces of work were parsed at once"
    for taker in takers:
        taker.end()


async def test_who_is_live_waits_behind_none_of_their_network_who_come_anew() -> None:
    slots = Slots(10, NO_PROXIES, lambda: 0.0)
    here, comes = slots.take("192.0.2.7"), slots.take("192.0.2.7")
    assert here is not None and comes is not None
    here.live()
    for _ in range(20):
        slots.turns.line_up(comes.line, lambda: slots.turns.spend(1000))
    heard: list[bytes] = []
    intake = Intake(cast(asyncio.Transport, Pipe()), lambda data: heard.append(data) or 1, here)  # type: ignore[func-returns-value]
    slots.turns.spend(1000)
    intake.receive(b"a word")
    for _ in range(3):
        await asyncio.sleep(0)
    assert heard == [b"a word"]
    intake.end()


async def test_sockets_for_practice_take_turns_with_all_others() -> None:
    slots = Slots(10, NO_PROXIES, lambda: 0.0)
    slot = slots.take("192.0.2.7")
    assert slot is not None
    practising = PracticeSocket(set(), slot, Shares(), 60.0)
    practising.connection_made(cast(asyncio.Transport, Pipe()))
    slots.turns.spend(1000)
    practising.data_received(b"GET ")
    assert practising._intake.waiting
    for _ in range(3):
        await asyncio.sleep(0)
    assert practising._intake.waiting == 0
    practising.connection_lost(None)
