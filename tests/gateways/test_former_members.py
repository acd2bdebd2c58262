"""Put out of a room, one reads nothing more of it on any road, whatever cursors one comes back with."""

import asyncio

import pytest

from tests.faults.server import GENEROUS
from tests.gateways.house import LOBBY, Arrive, caught_up, room_with, say
from tests.gateways.stranger import Event, Stranger

SETTINGS = {**GENEROUS, "RESUME_LIMIT": "60", "SWEEP_INTERVAL_S": "0.1", "POLL_WAIT_S": "0.5"}

ON_EACH_ROAD = pytest.mark.parametrize("road", ["websocket", "events", "polls"])


async def come_back(client: Stranger, road: str, cursors: dict[int, int]) -> list[Event]:
    """Resume with these cursors in place of what was seen; return the list that what comes from now on is added to."""
    await client.cut()
    client.road, client.seen = road, dict(cursors)
    client.entries, client.others = [], []
    assert (await client.connect())["resumed"]
    return client.entries


async def hears_of_the_room(ben: Stranger, aiko: Stranger, room: int) -> str:
    """Say more in the room, and return all that Ben was told of it by the time when something that was said later reached him."""
    await say(aiko, room, "a later secret")
    await caught_up(ben, LOBBY, await say(aiko, LOBBY, "for all"))
    await ben.until(lambda: room not in ben.seen and any(each.get("log") == room for each in [*ben.others, *ben.entries]))
    return str([entry for entry in ben.entries if entry["log"] == room])


@ON_EACH_ROAD
@pytest.mark.parametrize("said", [3, 80], ids=["a little was said", "more than is replayed"])
async def test_an_old_added_opens_nothing(arrive: Arrive, road: str, said: int) -> None:
    aiko, ben = await arrive(f"Aiko, {said}, {road}"), await arrive(f"Ben, {said}, {road}")
    room = await room_with(aiko, ben)
    message = await say(aiko, room, "plain")
    await aiko.ask("remove_member", room=room, user=ben.id)
    await ben.until(lambda: room not in ben.seen)
    await aiko.ask("edit", room=room, message=message, text="an edited secret")
    for number in range(said):
        await say(aiko, room, f"secret {number}")

    await come_back(ben, road, {ben.welcome["inbox"]: 0, LOBBY: ben.seen[LOBBY]})

    assert await hears_of_the_room(ben, aiko, room) == "[]"
    assert [(one["why"], one["head"]) for one in ben.others if one["type"] == "reset" and one["log"] == room] == [("left", None)]


@ON_EACH_ROAD
@pytest.mark.parametrize("cursor", [0, 1, 4, 1000])
async def test_who_is_out_at_hello_is_told_so_and_given_nothing(arrive: Arrive, road: str, cursor: int) -> None:
    aiko, ben = await arrive(f"Aiko, {cursor}, {road}"), await arrive(f"Ben, {cursor}, {road}")
    room = await room_with(aiko, ben)
    await say(aiko, room, "plain")
    await aiko.ask("remove_member", room=room, user=ben.id)
    await ben.until(lambda: room not in ben.seen)

    await come_back(ben, road, {ben.welcome["inbox"]: ben.seen[ben.welcome["inbox"]], LOBBY: ben.seen[LOBBY], room: cursor})

    assert await hears_of_the_room(ben, aiko, room) == "[]"
    assert [(one["why"], one["head"]) for one in ben.others if one["type"] == "reset" and one["log"] == room] == [("left", None)]


@ON_EACH_ROAD
async def test_who_is_put_out_while_coming_back_from_far_behind_reads_no_further(arrive: Arrive, road: str) -> None:
    aiko, ben = await arrive(f"Aiko far on, {road}"), await arrive(f"Ben far behind, {road}")
    room = await room_with(aiko, ben)
    for said in (20, 40, 80) * 4:
        seen = dict(ben.seen)
        await ben.cut()
        for number in range(said):
            await say(aiko, room, f"{number}")
        ben.road, ben.seen, ben.entries = road, seen, []
        await asyncio.gather(ben.connect(), aiko.ask("remove_member", room=room, user=ben.id))
        assert "a later secret" not in await hears_of_the_room(ben, aiko, room)
        assert room not in ben.seen
        await aiko.ask("add_member", room=room, user=ben.id)
        await ben.until(lambda: room in ben.seen)
