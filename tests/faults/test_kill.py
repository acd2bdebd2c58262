"""`kill -9` at random moments under load: nothing acknowledged is lost, nothing is doubled, one order for all.

TEST_KILLS=100 makes it a long run; TEST_SEED=n repeats the moments and words of a run that printed that seed, as far as
two runs under load can be alike.
"""

import asyncio
import os
import random
from pathlib import Path

from tests.faults.checker import check
from tests.faults.crowd import Alarm, all_caught_up, chance_of_this_run, composer, crowd, messages_on_pages, settle
from tests.faults.people import Author
from tests.faults.proxy import Proxy, any_fault
from tests.faults.recorder import Recorder
from tests.faults.server import Server
from tests.support.patience import LONG_PATIENCE_S

KILLS = int(os.environ.get("TEST_KILLS", "10"))
PEOPLE = 20
LIMIT_PER_KILL_S = 20
"""A bound against hanging, never a measure."""
EVENTS_BETWEEN_KILLS = (300, 3000)
"""How many sends, answers and sightings lie between two kills: about 15 to 130 messages, so that moments fall into every phase."""


async def test_ten_kills_under_load_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    chance, alarm = chance_of_this_run(), Alarm()
    recorder = Recorder(on_event=alarm.tick)
    with Server(tmp_path / "data") as server:
        async with crowd(server.address, recorder, PEOPLE) as authors:
            rooms = await settle(authors)
            await under_kills(server, authors, rooms, alarm, chance, KILLS)
            await lost_nothing(recorder, authors, rooms)
    assert recorder.acknowledged > 10 * KILLS, "too little was said for the kills to matter"


async def test_kills_while_the_network_tears_as_well_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    chance, alarm = chance_of_this_run(), Alarm()
    recorder = Recorder(on_event=alarm.tick)
    with Server(tmp_path / "data") as server:
        async with Proxy(server.port) as proxy, crowd(server.address, recorder, PEOPLE, through=proxy.address) as authors:
            rooms = await settle(authors)
            proxy.choose = lambda: any_fault(chance)
            proxy.reset_all()
            await under_kills(server, authors, rooms, alarm, chance, KILLS // 3, proxy)
            await lost_nothing(recorder, authors, rooms)
    assert proxy.happened.total() > PEOPLE, "the network was too kind"


async def under_kills(
    server: Server, authors: list[Author], rooms: list[int], alarm: Alarm, chance: random.Random, kills: int, proxy: Proxy | None = None
) -> None:
    """Let everyone talk while the server is killed and started again; return when all outboxes are empty."""
    up, enough = asyncio.Event(), asyncio.Event()
    up.set()
    async with asyncio.timeout(max(LONG_PATIENCE_S, LIMIT_PER_KILL_S * kills)), asyncio.TaskGroup() as talking:
        for author in authors:
            talking.create_task(author.talk(composer(author, rooms, chance, enough), up))
        for _ in range(kills):
            await alarm.after(chance.randint(*EVENTS_BETWEEN_KILLS))
            up.clear()
            server.kill()
            await asyncio.to_thread(server.start)
            up.set()
        while proxy is not None and proxy.happened.total() <= PEOPLE:  # some runs are over before the network did much
            await alarm.after(EVENTS_BETWEEN_KILLS[0])
        enough.set()
        if proxy is not None:
            proxy.calm()


async def lost_nothing(recorder: Recorder, authors: list[Author], rooms: list[int]) -> None:
    await all_caught_up(authors, rooms)
    stored = await messages_on_pages(authors[0], rooms)
    await asyncio.gather(*(author.close() for author in authors))

    assert check(recorder.history()) == []
    assert [author.faults for author in authors if author.faults] == []
    assert stored == {(room, text) for room in rooms for text in authors[0].texts(room)}
    assert recorder.acknowledged == len(recorder.sends)
    assert recorder.resent > 0, "no fault fell between a send and its answer"
