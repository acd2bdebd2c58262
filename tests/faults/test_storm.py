"""Very many at once, and too few descriptors: nothing acknowledged is lost, the server stays up, and what it took it gives back.

TEST_STORM=10000 makes it a large one (twice that many descriptors are needed).
"""

import asyncio
import os
import resource
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.faults.checker import check
from tests.faults.people import Author, Words
from tests.faults.recorder import Recorder
from tests.faults.server import GENEROUS, Server
from tests.faults.storm import MEBIBYTE, Storm, descriptors, resident_bytes
from tests.gateways.stranger import Session, sign_in
from tests.support.patience import LONG_PATIENCE_S

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and sets another process's limits")

LOBBY = 1
CONNECTIONS = int(os.environ.get("TEST_STORM", "1000"))
PEOPLE = 20
SPARE_BYTES = 4 * MEBIBYTE + 2048 * CONNECTIONS
"""What a second storm may add to what the first one left behind: allocators keep a little of everything."""
FREE_DESCRIPTORS = 40
FEW = 12
"""Descriptors that a server may open meanwhile for itself: four readers' connections to the database have three files each."""

CROWDED = GENEROUS | {"SOCKETS_PER_USER": str(CONNECTIONS), "SOCKETS_PER_ADDRESS": str(2 * CONNECTIONS + 100)}


async def test_a_storm_of_connections_disturbs_nobody_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with Server(tmp_path / "data", CROWDED) as server:
        async with two_who_talk(server) as (aiko, ben), Storm() as storm:
            strangers, held = await people(server), []
            before = descriptors(pid(server))  # those of signing in may be closing still, a few
            for number in range(3):
                await storm.rage(strangers, CONNECTIONS)
                await exchange(aiko, ben, f"in storm {number}")
                assert descriptors(pid(server)) >= CONNECTIONS
                await storm.pass_by()
                await all_gone(server, before, aiko)
                held.append(resident_bytes(pid(server)))
            assert storm.outcomes == {"welcome": 3 * CONNECTIONS}
            assert held[2] <= held[0] + SPARE_BYTES


async def test_above_the_limit_newcomers_hear_when_to_come_back_and_those_inside_are_not_disturbed(tmp_path: Path) -> None:
    with Server(tmp_path / "data", CROWDED | {"MAX_CONNECTIONS": "50"}) as server:
        async with two_who_talk(server) as (aiko, ben), Storm() as storm:
            strangers = await people(server)
            await storm.rage(strangers, 200)
            assert set(storm.outcomes) == {"welcome", "busy"} and storm.outcomes["welcome"] <= 48
            await exchange(aiko, ben, "inside")
            await storm.pass_by()


async def test_with_no_descriptor_left_those_inside_talk_on_and_newcomers_come_when_there_are_some_again(tmp_path: Path) -> None:
    with Server(tmp_path / "data", CROWDED) as server:
        async with two_who_talk(server) as (aiko, ben), Storm() as storm, Storm() as after:
            strangers = await people(server)
            before = descriptors(pid(server))
            resource.prlimit(pid(server), resource.RLIMIT_NOFILE, (before + FREE_DESCRIPTORS,) * 2)
            await storm.rage(strangers, 4 * FREE_DESCRIPTORS)
            assert 0 < storm.outcomes["welcome"] <= FREE_DESCRIPTORS + FEW < storm.outcomes.total()
            await exchange(aiko, ben, "no descriptor left")
            await storm.pass_by()
            await all_gone(server, before, aiko)

            await after.rage(strangers, FREE_DESCRIPTORS // 2)
            assert after.outcomes == {"welcome": FREE_DESCRIPTORS // 2}
            await exchange(aiko, ben, "room again")
            await after.pass_by()


@asynccontextmanager
async def two_who_talk(server: Server) -> AsyncIterator[tuple[Author, Author]]:
    """Aiko and Ben, connected once; at the end nothing may be lost between them."""
    recorder = Recorder()
    sessions = [await sign_in(server.address, name) for name in ("Aiko", "Ben")]
    async with Author(sessions[0], recorder) as aiko, Author(sessions[1], recorder) as ben:
        for author in (aiko, ben):
            await author.connect()
        await exchange(aiko, ben, "before")
        yield aiko, ben
        assert aiko.record.connection == ben.record.connection == 1 and aiko.connected and ben.connected
    assert check(recorder.history()) == []
    assert recorder.acknowledged == len(recorder.sends)


async def exchange(aiko: Author, ben: Author, text: str) -> None:
    for author in (aiko, ben):
        author.outbox = [Words(f"{author.id}-{text.replace(' ', '-')}", LOBBY, text)]
        await author.empty_outbox()
    for author in (aiko, ben):
        await author.until(lambda author=author: author.texts(LOBBY)[-2:] == [text, text])


async def people(server: Server) -> list[Session]:
    return [await sign_in(server.address, f"Stranger {number}") for number in range(PEOPLE)]


async def all_gone(server: Server, descriptors_then: int, someone: Author) -> None:
    """Return when the server has let go of what a storm held; each look is a round trip through its loop."""
    async with asyncio.timeout(LONG_PATIENCE_S):
        while descriptors(pid(server)) > descriptors_then + FEW:
            await someone.ask("ping")


def pid(server: Server) -> int:
    assert server.process is not None
    return server.process.pid
