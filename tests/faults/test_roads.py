"""People who change between WebSocket, event stream and polls at every cut of a hostile network: still one history for all."""

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from tests.faults.crowd import chance_of_this_run, crowd, settle
from tests.faults.people import Author
from tests.faults.proxy import Kind, Proxy
from tests.faults.recorder import Recorder
from tests.faults.server import GENEROUS, Server
from tests.faults.torn import assert_nothing_is_lost, talk_while_it_tears

PEOPLE = 6
FAULTS = 60
KINDS: tuple[Kind, ...] = ("reset", "finish", "drip", "hold")
"""Not those that a client finds out by its patience only: the page's is tested with a clock of its own in tests/page."""
ROADS = ("websocket", "events", "polls")
SETTINGS = {**GENEROUS, "POLL_WAIT_S": "0.2", "SOCKETS_PER_USER": "1000"}


async def test_changing_roads_in_a_hostile_network_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    chance, recorder, taken = chance_of_this_run(), Recorder(), Counter[str]()
    with Server(tmp_path / "data", SETTINGS) as server:
        async with Proxy(server.port) as proxy, crowd(server.address, recorder, PEOPLE, through=proxy.address) as authors:
            rooms = await settle(authors)
            for author in authors:
                wander(author, chance, taken)

            def is_enough() -> bool:
                return proxy.happened.total() >= FAULTS and all(taken[road] >= FAULTS // 6 for road in ROADS)

            await talk_while_it_tears(proxy, authors, rooms, chance, KINDS, is_enough)

    assert_nothing_is_lost(recorder, authors, FAULTS)


def wander(author: Author, chance: Random, taken: Counter[str]) -> None:
    """Let every connection from here on take a road by chance."""
    connect = author.connect

    async def anyhow(through: Any = None) -> Any:
        author.road = chance.choice(ROADS)
        taken[author.road] += 1
        return await connect(through)

    author.connect = anyhow  # type: ignore[method-assign]
