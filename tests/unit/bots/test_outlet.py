"""The outlet inside this process: in order, bounded, and congested until half of it is taken."""

import asyncio

from teahouse.bots.outlet import QueueOutlet
from teahouse.model import Entry, Posted, User

AIKO = User(1, "Aiko", "f01")


def entry(seq: int) -> Entry:
    return Entry(7, seq, 0, AIKO, Posted("hi"))


def write(outlet: QueueOutlet, *seqs: int) -> None:
    outlet.write(outlet.dialect.join([outlet.dialect.render(entry(seq)) for seq in seqs]))


async def test_what_is_written_is_taken_in_order():
    outlet = QueueOutlet()
    write(outlet, 1)
    write(outlet, 2, 3)
    assert [outlet.take()[0].seq for _ in range(3)] == [1, 2, 3]
    assert outlet.take() == (None, False)


async def test_it_is_congested_when_full_and_says_when_half_is_gone():
    outlet = QueueOutlet(max_waiting=4)
    write(outlet, 1, 2, 3)
    assert not outlet.congested
    write(outlet, 4, 5)
    assert outlet.congested
    assert [outlet.take()[1] for _ in range(5)] == [False, False, True, False, False]
    assert not outlet.congested


async def test_waiting_ends_when_something_comes_or_it_closes():
    outlet = QueueOutlet()
    waiter = asyncio.create_task(outlet.wait())
    write(outlet, 1)
    await waiter
    outlet.take()
    waiter = asyncio.create_task(outlet.wait())
    outlet.close(1012, "restart")
    await waiter
    assert outlet.closed
