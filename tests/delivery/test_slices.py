"""A large room is written in slices, one in each turn of the loop: nobody waits for all of it, and who moves in between misses nothing.

In these scenes one write in each turn is all that the hub does, so that a room of three is a large one.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest

from teahouse.model import Posted, User
from tests.delivery.scene import AIKO, BEN, TEA, WIDE, Scene, resets
from tests.delivery.world import Client

PEOPLE = [AIKO, BEN, User(3, "Cleo", "f01"), User(4, "Dai", "f01")]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with Scene(writes_per_turn=1) as scene:
        yield scene
    assert scene.troubles == []


async def crowd(scene: Scene) -> list[Client]:
    """All of them, connected, and what they saw of each other's coming taken."""
    readers = [await scene.reader(user) for user in PEOPLE]
    for reader in readers:
        reader.take(WIDE)
    return readers


async def slices(scene: Scene, count: int) -> None:
    """Let so many slices be written."""
    for _ in range(count):
        await asyncio.sleep(0)


def told(readers: list[Client]) -> list[Client]:
    return [reader for reader in readers if reader.outlet is not None and reader.outlet.buffer]


async def test_each_turn_of_the_loop_has_its_share_of_writes(scene: Scene) -> None:
    readers = await crowd(scene)
    scene.say("hello")
    counts = []
    for _ in range(5):
        await slices(scene, 1)
        counts.append(len(told(readers)))
    assert counts == [1, 2, 3, 4, 4]


async def test_another_room_is_written_before_the_rest_of_a_large_one(scene: Scene) -> None:
    readers = await crowd(scene)
    scene.say("to four")
    await slices(scene, 1)
    scene.happen(readers[0].inbox, Posted("to one"))
    await slices(scene, 2)
    assert sorted(said.log for reader in readers for said in reader.outlet.buffer) == [TEA, TEA, readers[0].inbox]


async def test_what_is_said_while_a_run_is_written_follows_it_in_one_write(scene: Scene) -> None:
    readers = await crowd(scene)
    scene.say("first")
    await slices(scene, 2)
    scene.say("second")
    await slices(scene, 1)
    scene.say("third")
    await slices(scene, 6)
    for reader in readers:
        reader.take(WIDE)
        assert reader.seen[TEA] == scene.truth.head(TEA)


async def test_a_position_moves_only_when_everyone_live_was_written(scene: Scene) -> None:
    readers = await crowd(scene)
    channel = scene.hub.channels[TEA]
    before = channel.position.seen
    scene.say("hello")
    await slices(scene, 3)
    assert len(told(readers)) == 3 and channel.position.seen == before
    await slices(scene, 1)
    assert channel.position.seen == before + 1


async def test_who_becomes_live_between_two_slices_is_written_the_run_as_well(scene: Scene) -> None:
    readers = await crowd(scene)
    late = readers.pop()
    late.disconnect()
    scene.say("hello")
    await slices(scene, 1)
    late.connect(scene.hub, WIDE)
    await scene.quiet()
    late.take(WIDE)
    assert late.seen[TEA] == scene.truth.head(TEA)


async def test_who_goes_between_two_slices_is_written_no_more(scene: Scene) -> None:
    readers = await crowd(scene)
    scene.say("hello")
    await slices(scene, 1)
    gone = next(reader for reader in readers if reader not in told(readers))
    outlet = gone.outlet
    gone.disconnect()
    await scene.quiet()
    assert outlet.buffer == []
    assert len(told(readers)) == 3


async def test_who_was_written_a_run_and_follows_again_before_its_end_is_not_written_it_twice(scene: Scene) -> None:
    readers = await crowd(scene)
    scene.say("hello")
    await slices(scene, 1)
    [first] = told(readers)
    first.subscriber.follow(TEA, scene.truth.head(TEA), scene.truth.since[first.user.id, TEA])
    assert resets(first.outlet) == []
    first.take(WIDE)
    first.disconnect()
    first.connect(scene.hub, WIDE)
    await scene.quiet()
    for reader in readers:
        reader.take(WIDE)
        assert reader.seen[TEA] == scene.truth.head(TEA)


async def test_one_who_leaves_is_written_nothing_after_it_although_others_are_still_being_written(scene: Scene) -> None:
    readers = await crowd(scene)
    scene.leave(readers[0])
    scene.say("not for Aiko")
    await scene.quiet()
    for reader in readers:
        reader.take(WIDE)
    assert readers[0].got[TEA][-1] == scene.truth.head(TEA) - 1
    assert {reader.seen[TEA] for reader in readers[1:]} == {scene.truth.head(TEA)}
