"""A network that tears, sticks, loses, delays and drips, between real clients and the real server."""

import asyncio
from itertools import cycle
from pathlib import Path
from random import Random

from tests.faults.checker import check
from tests.faults.crowd import all_caught_up, chance_of_this_run, composer, gather_crowd, settle
from tests.faults.proxy import Fault, Kind, Proxy, any_fault
from tests.faults.recorder import Recorder
from tests.faults.server import Server

PEOPLE = 8
FAULTS = 60
LIMIT_S = 60
"""A bound against hanging, never a measure."""
KINDS: tuple[Kind, ...] = ("reset", "finish", "half_open", "lose", "hold", "drip")


async def test_a_hostile_network_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    chance, recorder = chance_of_this_run(), Recorder()
    with Server(tmp_path / "data") as server:
        async with Proxy(server.port) as proxy:
            authors = await gather_crowd(server.address, recorder, PEOPLE, through=proxy.address)
            rooms = await settle(authors)
            enough, every_kind = asyncio.Event(), cycle(KINDS)

            def look() -> None:
                if proxy.happened.total() >= FAULTS and all(proxy.happened[kind] for kind in KINDS):
                    enough.set()

            proxy.on_fault = look
            proxy.choose = lambda: some_fault(chance, next(every_kind))
            proxy.reset_all()
            async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as talking:
                for author in authors:
                    talking.create_task(author.talk(composer(author, rooms, chance, enough), always()))
                await enough.wait()
                proxy.calm()
            await all_caught_up(authors, rooms)
            await asyncio.gather(*(author.close() for author in authors))

    assert check(recorder.history()) == []
    assert [author.faults for author in authors if author.faults] == []
    assert recorder.acknowledged == len(recorder.sends) > FAULTS
    assert recorder.resent > 0, "no fault fell between a send and its answer"


def some_fault(chance: Random, kind: Kind) -> Fault:
    fault = any_fault(chance)
    return Fault(kind, fault.lane, fault.after, fault.patience, fault.late)


def always() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event
