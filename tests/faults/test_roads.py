"""People who change between WebSocket, event stream and polls at every cut of a hostile network: still one history for all."""

import asyncio
from collections import Counter
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from tests.faults.checker import check
from tests.faults.crowd import all_caught_up, chance_of_this_run, composer, gather_crowd, settle
from tests.faults.people import Author
from tests.faults.proxy import Fault, Kind, Proxy, any_fault
from tests.faults.recorder import Recorder
from tests.faults.server import GENEROUS, Server

PEOPLE = 6
FAULTS = 60
LIMIT_S = 90
"""A bound against hanging, never a measure."""
KINDS: tuple[Kind, ...] = ("reset", "finish", "drip", "hold")
"""Not those that a client finds out by its patience only: the page's is tested with a clock of its own in tests/page."""
ROADS = ("websocket", "events", "polls")
SETTINGS = {**GENEROUS, "POLL_WAIT_S": "0.2", "SOCKETS_PER_USER": "1000"}


async def test_changing_roads_in_a_hostile_network_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    chance, recorder, taken = chance_of_this_run(), Recorder(), Counter[str]()
    with Server(tmp_path / "data", SETTINGS) as server:
        async with Proxy(server.port) as proxy:
            authors = await gather_crowd(server.address, recorder, PEOPLE, through=proxy.address)
            rooms = await settle(authors)
            for author in authors:
                wander(author, chance, taken)
            enough, every_kind = asyncio.Event(), cycle(KINDS)

            def look() -> None:
                if proxy.happened.total() >= FAULTS and all(taken[road] >= FAULTS // 6 for road in ROADS):
                    enough.set()

            proxy.on_fault = look
            proxy.choose = lambda: some_fault(chance, next(every_kind))
            proxy.reset_all()
            up = asyncio.Event()
            up.set()
            async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as talking:
                for author in authors:
                    talking.create_task(author.talk(composer(author, rooms, chance, enough), up))
                await enough.wait()
                proxy.calm()
            await all_caught_up(authors, rooms)
            await asyncio.gather(*(author.close() for author in authors))

    assert check(recorder.history()) == []
    assert [author.faults for author in authors if author.faults] == []
    assert recorder.acknowledged == len(recorder.sends) > FAULTS
    assert recorder.resent > 0, "no fault fell between a send and its answer"


def wander(author: Author, chance: Random, taken: Counter[str]) -> None:
    """Let every connection from here on take a road by chance."""
    connect = author.connect

    async def anyhow(through: Any = None) -> Any:
        author.road = chance.choice(ROADS)
        taken[author.road] += 1
        return await connect(through)

    author.connect = anyhow  # type: ignore[method-assign]


def some_fault(chance: Random, kind: Kind) -> Fault:
    fault = any_fault(chance)
    return Fault(kind, fault.lane, fault.after, fault.patience, fault.late)
