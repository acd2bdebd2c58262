"""A network that tears, sticks, loses, delays and drips, between real clients and the real server."""

from pathlib import Path

from tests.faults.crowd import chance_of_this_run, crowd, settle
from tests.faults.proxy import Kind, Proxy
from tests.faults.recorder import Recorder
from tests.faults.server import Server
from tests.faults.torn import assert_nothing_is_lost, talk_while_it_tears

PEOPLE = 8
FAULTS = 60
KINDS: tuple[Kind, ...] = ("reset", "finish", "half_open", "lose", "hold", "drip")


async def test_a_hostile_network_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    chance, recorder = chance_of_this_run(), Recorder()
    with Server(tmp_path / "data") as server:
        async with Proxy(server.port) as proxy, crowd(server.address, recorder, PEOPLE, through=proxy.address) as authors:
            rooms = await settle(authors)

            def is_enough() -> bool:
                return proxy.happened.total() >= FAULTS and all(proxy.happened[kind] for kind in KINDS)

            await talk_while_it_tears(proxy, authors, rooms, chance, KINDS, is_enough)

    assert_nothing_is_lost(recorder, authors, FAULTS)
