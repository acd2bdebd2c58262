"""`kill -9` at random moments under load: nothing acknowledged is lost, nothing is doubled, one order for all.

TEST_KILLS=100 makes it a long run; TEST_SEED=n repeats the moments and words of a run that printed that seed, as far as
two runs under load can be alike.
"""

import asyncio
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.faults.checker import check
from tests.faults.people import Author, Words
from tests.faults.recorder import Recorder
from tests.faults.server import Server
from tests.gateways.stranger import sign_in

KILLS = int(os.environ.get("TEST_KILLS", "10"))
PEOPLE = 20
LOBBY = 1
IN_FLIGHT = 3
EVENTS_BETWEEN_KILLS = (300, 3000)
"""How many sends, answers and sightings lie between two kills: about 15 to 130 messages, so that moments fall into every phase."""


@dataclass
class Alarm:
    """Rings when the recorder has recorded a number of further events: a moment under load, and no clock."""

    left: int = 0
    rung: asyncio.Event = field(default_factory=asyncio.Event)

    def tick(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.rung.set()

    async def after(self, events: int) -> None:
        self.left = events
        self.rung.clear()
        await self.rung.wait()


async def test_ten_kills_under_load_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    seed = int(os.environ.get("TEST_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
    print(f"TEST_SEED={seed}")
    chance, alarm = random.Random(seed), Alarm()
    recorder = Recorder(on_event=alarm.tick)
    with Server(tmp_path / "data") as server:
        authors = [Author(await sign_in(server.address, f"Author {number}"), recorder) for number in range(PEOPLE)]
        rooms = await settle(authors)
        await under_kills(server, authors, rooms, alarm, chance)
        await all_caught_up(authors, rooms)
        stored = await messages_on_pages(authors[0], rooms)
        await asyncio.gather(*(author.close() for author in authors))

    assert check(recorder.history()) == []
    assert [author.faults for author in authors if author.faults] == []
    assert stored == {(room, text) for room in rooms for text in authors[0].texts(room)}
    assert recorder.acknowledged == len(recorder.sends) > 10 * KILLS, "too little was said for the kills to matter"
    assert recorder.resent > 0, "no kill fell between a send and its answer"


async def settle(authors: list[Author]) -> list[int]:
    """Connect everyone and bring them into the lobby and three rooms; return the rooms."""
    for author in authors:
        await author.connect()
    rooms = [LOBBY]
    for number in range(3):
        made = await authors[0].ask("create_room", kind="public", name=f"Room {number}", client_id=f"room-{number}")
        rooms.append(made["room"]["id"])
    for author in authors:
        for room in rooms[1:]:
            await author.ask("join", room=room)
        await author.until(lambda author=author: author.seen.keys() >= set(rooms))
    return rooms


async def under_kills(server: Server, authors: list[Author], rooms: list[int], alarm: Alarm, chance: random.Random) -> None:
    """Let everyone talk while the server is killed and started again; return when all outboxes are empty."""
    up, enough = asyncio.Event(), asyncio.Event()
    up.set()
    async with asyncio.TaskGroup() as talking:
        for author in authors:
            talking.create_task(author.talk(composer(author, rooms, chance, enough), up))
        for _ in range(KILLS):
            await alarm.after(chance.randint(*EVENTS_BETWEEN_KILLS))
            up.clear()
            server.kill()
            await asyncio.to_thread(server.start)
            up.set()
        enough.set()


def composer(author: Author, rooms: list[int], chance: random.Random, enough: asyncio.Event) -> Callable[[], list[Words]]:
    """What an author says next: one to three messages at once in random rooms, and nothing any more when it is enough."""
    numbers = count(1)

    def compose() -> list[Words]:
        if enough.is_set():
            return []
        fresh = [f"{author.id}-{next(numbers)}" for _ in range(chance.randint(1, IN_FLIGHT))]
        return [Words(name, chance.choice(rooms), f"words of {name}") for name in fresh]

    return compose


async def all_caught_up(authors: list[Author], rooms: list[int]) -> None:
    """Everyone reads to the heads; those whom the last kill left without a connection come back."""
    for author in authors:
        if not author.connected:
            await author.connect()
    heads = {room: (await authors[0].ask("page", room=room, limit=1))["head"] for room in rooms}
    for author in authors:
        await author.until(lambda author=author: all(author.seen[room] >= heads[room] for room in rooms))


async def messages_on_pages(author: Author, rooms: list[int]) -> set[tuple[int, str]]:
    """All messages as history tells them, read page by page from the end."""
    found = set[tuple[int, str]]()
    for room in rooms:
        page = await author.ask("page", room=room, limit=200)
        found |= {(room, message["text"]) for message in page["messages"]}
        while page["more_before"]:
            page = await author.ask("page", room=room, before=page["messages"][0]["seq"], limit=200)
            found |= {(room, message["text"]) for message in page["messages"]}
    return found
