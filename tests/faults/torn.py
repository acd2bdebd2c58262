"""A talk through a network that tears in turn in each of its ways, until enough has happened; and the books after it."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import cycle
from random import Random

from tests.faults.checker import check
from tests.faults.crowd import all_caught_up, composer
from tests.faults.people import Author
from tests.faults.proxy import Fault, Kind, Proxy, any_fault
from tests.faults.recorder import Recorder
from tests.support.patience import LONG_PATIENCE_S


async def talk_while_it_tears(
    proxy: Proxy,
    authors: Sequence[Author],
    rooms: list[int],
    chance: Random,
    kinds: Sequence[Kind],
    is_enough: Callable[[], bool],
) -> None:
    """Let everyone talk until `is_enough`, asked after each fault; then calm the network, and let all catch up and go."""
    enough, up, every_kind = asyncio.Event(), asyncio.Event(), cycle(kinds)
    up.set()

    def look() -> None:
        if is_enough():
            enough.set()

    def next_fault() -> Fault:
        fault = any_fault(chance)
        return Fault(next(every_kind), fault.lane, fault.after, fault.patience, fault.late)

    proxy.on_fault = look
    proxy.choose = next_fault
    proxy.reset_all()
    async with asyncio.timeout(LONG_PATIENCE_S), asyncio.TaskGroup() as talking:
        for author in authors:
            talking.create_task(author.talk(composer(author, rooms, chance, enough), up))
        await enough.wait()
        proxy.calm()
    await all_caught_up(authors, rooms)
    await asyncio.gather(*(author.close() for author in authors))


def assert_nothing_is_lost(recorder: Recorder, authors: Sequence[Author], faults: int) -> None:
    """The checker finds nothing, all was acknowledged, and some of it only after a fault."""
    findings, faulty = check(recorder.history()), [author.faults for author in authors if author.faults]
    assert not findings, findings
    assert not faulty, faulty
    assert recorder.acknowledged == len(recorder.sends) > faults, (recorder.acknowledged, len(recorder.sends))
    assert recorder.resent > 0, "no fault fell between a send and its answer"
