"""People who talk in several rooms for as long as a run lasts, and what is looked at when it is over."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count

from tests.faults.people import LOST, Author, Reader, Words
from tests.faults.recorder import Recorder
from tests.gateways.stranger import Session, sign_in

LOBBY = 1
IN_FLIGHT = 3


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


def chance_of_this_run() -> random.Random:
    """Chance with a printed seed; TEST_SEED=n repeats a run's, as far as two runs under load can be alike."""
    seed = int(os.environ.get("TEST_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
    print(f"TEST_SEED={seed}")
    return random.Random(seed)


@asynccontextmanager
async def crowd(
    address: str, recorder: Recorder, people: int, through: str = "", kind: type[Author] = Author
) -> AsyncIterator[list[Author]]:
    """Sign people in at `address`, who go at the end; where `through` is given, that is where they will connect."""
    sessions = [await sign_in(address, f"Author {number}") for number in range(people)]
    authors = [kind(_through(session, through), recorder) for session in sessions]
    async with AsyncExitStack() as leaving:
        for author in authors:
            leaving.push_async_callback(author.cut)
            leaving.callback(author.read_on)  # before that: who does not read does not see the end
        yield authors


def _through(session: Session, address: str) -> Session:
    return replace(session, address=address) if address else session


async def settle(authors: Sequence[Author], rooms: int = 3) -> list[int]:
    """Connect everyone and bring them into the lobby and a few rooms; return the rooms."""
    for author in authors:
        await author.connect()
    found = [LOBBY]
    for number in range(rooms):
        made = await authors[0].ask("create_room", kind="public", name=f"Room {number}", client_id=f"room-{number}")
        found.append(made["room"]["id"])
    for author in authors:
        for room in found[1:]:
            await author.ask("join", room=room)
        await author.until(lambda author=author: author.seen.keys() >= set(found))
    return found


def composer(author: Author, rooms: list[int], chance: random.Random, enough: asyncio.Event) -> Callable[[], list[Words]]:
    """What an author says next: one to three messages at once in random rooms, and nothing any more when it is enough."""
    numbers = count(1)

    def compose() -> list[Words]:
        if enough.is_set():
            return []
        fresh = [f"{author.id}-{next(numbers)}" for _ in range(chance.randint(1, IN_FLIGHT))]
        return [Words(name, chance.choice(rooms), f"words of {name}") for name in fresh]

    return compose


async def come_back(reader: Reader) -> None:
    """Connect, however often that takes."""
    while not reader.connected:
        try:
            await reader.connect()
        except LOST:
            continue


async def all_caught_up(readers: Sequence[Reader], rooms: list[int]) -> None:
    """Everyone reads to the heads; those whom the last fault left without a connection come back."""
    for reader in readers:
        await come_back(reader)
    heads = {room: (await readers[0].ask("page", room=room, limit=1))["head"] for room in rooms}
    for reader in readers:
        await reader.until(lambda reader=reader: all(reader.seen[room] >= heads[room] for room in rooms))


async def messages_on_pages(reader: Reader, rooms: list[int]) -> set[tuple[int, str]]:
    """All messages as history tells them, read page by page from the end."""
    found = set[tuple[int, str]]()
    for room in rooms:
        page = await reader.ask("page", room=room, limit=200)
        found |= {(room, message["text"]) for message in page["messages"]}
        while page["more_before"]:
            page = await reader.ask("page", room=room, before=page["messages"][0]["seq"], limit=200)
            found |= {(room, message["text"]) for message in page["messages"]}
    return found
