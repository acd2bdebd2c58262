"""Databases to measure on: people who are signed in, the rooms they are in, and a room with a long past.

They are made once through the package's own functions, kept under .bench/worlds, and copied for each run. Beside the
database lies `users`, one line each for the load generator: the session's token and a room.
"""

import asyncio
import random
import shutil
from collections.abc import Awaitable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update

from teahouse.app import Teahouse
from teahouse.auth import Identity
from teahouse.faces import FACES
from teahouse.model import LOBBY
from teahouse.settings import load
from teahouse.storage.log import Transaction
from teahouse.storage.tables import SCHEMA_VERSION, entries, logs, messages

WORLDS = Path(__file__).parents[1] / ".bench" / "worlds"
AT_ONCE = 500
ROWS_AT_ONCE = 20_000
FIRST_AT = 1_700_000_000_000
MILLION = 1_000_000
GENEROUS = {"message_rate_per_s": MILLION, "message_burst": MILLION, "commands_per_s": MILLION, "command_burst": MILLION}

Person = tuple[str, Identity]


def lobby(people: int) -> Path:
    """Return a house in which so many people are in the lobby and nowhere else."""
    return _once(f"lobby-{people}", lambda house: _with_people(house, people))


def many_rooms(rooms: int, members: int) -> Path:
    """Return a house with so many rooms of so many members each; nobody is in two of them."""
    return _once(f"rooms-{rooms}x{members}", lambda house: _with_rooms(house, rooms, members))


def long_past(count: int) -> Path:
    """Return a house with two people, whose lobby holds `count` messages, English and Chinese."""
    return _once(f"past-{count}", lambda house: _with_past(house, count))


def users_of(world: Path) -> Path:
    """Return the world's users file."""
    return world / "users"


def _once(name: str, furnish: Any) -> Path:
    world = WORLDS / f"{name}-{SCHEMA_VERSION}"
    if not world.exists():
        half = world.with_suffix(".half")
        with suppress(FileNotFoundError):
            shutil.rmtree(half)
        asyncio.run(_make(half, furnish))
        half.rename(world)
    return world


async def _make(folder: Path, furnish: Any) -> None:
    house = Teahouse(load(None, data_dir=folder, **GENEROUS))
    await house.start()
    try:
        lines = [f"{token} {room}\n" for (token, _), room in await furnish(house)]
        users_of(folder).write_text("".join(lines))
    finally:
        await house.stop()


async def _with_people(house: Teahouse, count: int) -> list[tuple[Person, int]]:
    return [(person, LOBBY) for person in await _sign_in(house, count)]


async def _with_rooms(house: Teahouse, rooms: int, members: int) -> list[tuple[Person, int]]:
    people = await _sign_in(house, rooms * members)
    groups = [people[start : start + members] for start in range(0, len(people), members)]
    opened = await _gather(
        house.chat.create_room(group[0][1].user, "private", f"Room {number}", "", "room") for number, group in enumerate(groups, 1)
    )
    places = [(group, standing.room.id) for group, standing in zip(groups, opened, strict=True)]
    await _gather(house.chat.add_member(group[0][1].user, room, identity.user.id) for group, room in places for _, identity in group[1:])
    return [(person, room) for group, room in places for person in group]


async def _sign_in(house: Teahouse, count: int) -> list[Person]:
    return await _gather(house.auth.sign_in(f"Reader {number}", FACES[number % len(FACES)]) for number in range(1, count + 1))


async def _gather(work: Iterable[Awaitable[Any]]) -> list[Any]:
    """Await all, some hundreds at a time, so that they share commits."""
    waiting, done = list(work), []
    for start in range(0, len(waiting), AT_ONCE):
        done += await asyncio.gather(*waiting[start : start + AT_ONCE])
    return done


async def _with_past(house: Teahouse, count: int) -> list[tuple[Person, int]]:
    """Insert rows in bulk: posting a million messages one by one would take minutes and measure nothing here."""
    people = await _sign_in(house, 2)
    authors = [identity.user.id for _, identity in people]
    head = await house.chat.head(LOBBY)
    dice = random.Random(7)  # noqa: S311 -- the same text every time

    def insert_some(first: int, last: int) -> Any:
        def change(tx: Transaction) -> None:
            rows = [
                {"seq": seq, "at": FIRST_AT + seq * 1000, "author_id": authors[seq % 2], "text": _sentence(dice)}
                for seq in range(first, last)
            ]
            tx.connection.execute(
                insert(entries),
                [{"log_id": LOBBY, "kind": "posted", **{key: row[key] for key in ("seq", "at", "author_id")}} for row in rows],
            )
            tx.connection.execute(insert(messages), [{"room_id": LOBBY, "edited": False, "removed": False, **row} for row in rows])
            tx.connection.execute(update(logs).where(logs.c.id == LOBBY).values(head=last - 1))

        return change

    for first in range(head + 1, head + count + 1, ROWS_AT_ONCE):
        await house.committer.run(insert_some(first, min(first + ROWS_AT_ONCE, head + count + 1)))
    await house.search.catch_up()
    return [(person, LOBBY) for person in people]


_ENGLISH = "tea water leaf cup pot steam morning garden table friend letter window river road song lantern rain story market harbour"
_CHINESE = "茶水叶杯壶早晨花园桌子朋友信窗河路歌灯雨故事市场港口今天明天我们喝好听看去来"


def _sentence(dice: random.Random) -> str:
    if dice.random() < 0.5:
        return " ".join(dice.choices(_ENGLISH.split(), k=dice.randrange(4, 16)))
    return "".join(dice.choices(_CHINESE, k=dice.randrange(4, 30)))
