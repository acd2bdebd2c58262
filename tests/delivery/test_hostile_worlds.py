"""Packets are lost, doubled and shuffled, sockets fill, clients drop, people leave and return: every reader gets all, once, in order."""

import asyncio
import os
from collections.abc import Callable, Iterator

import pytest

from tests.delivery.world import World

WORLDS = int(os.environ.get("HOSTILE_WORLDS", "300"))
CROWDS = 60
STEPS = 400
FIRST_SEED = int(os.environ.get("HOSTILE_SEED", "1"))


async def live_through(world: World) -> None:
    world.connect_all()
    try:
        for _ in range(STEPS):
            await world.step()
            overrun = [client for client in world.clients if client.outlet and client.outlet.overrun]
            assert not overrun, f"{overrun[0].user.name} was written while congested"
        await world.settle()
        world.check()
    finally:
        await world.close()


def live_through_all(seeds: range, make: Callable[[int], World]) -> Iterator[World]:
    for seed in seeds:
        world = make(seed)
        try:
            asyncio.run(live_through(world))
        except AssertionError as error:
            raise AssertionError(f"world {seed} (set HOSTILE_SEED={seed}): {error}") from error
        yield world


@pytest.mark.parametrize("start", range(FIRST_SEED, FIRST_SEED + WORLDS, 50))
def test_every_reader_gets_every_entry_once_and_in_order_in_hostile_worlds(start: int) -> None:
    for world in live_through_all(range(start, start + 50), World):
        # The premise: a world in which nothing is delivered proves nothing.
        assert sum(len(seqs) for client in world.clients for seqs in client.got.values()) > 200


@pytest.mark.parametrize("start", range(FIRST_SEED, FIRST_SEED + CROWDS, 20))
def test_the_same_holds_where_a_crowd_is_written_a_few_in_each_turn_of_the_loop(start: int) -> None:
    """Readers come, go, fill up and leave between two slices of one run."""
    for world in live_through_all(range(start, start + 20), crowded):
        assert sum(len(seqs) for client in world.clients for seqs in client.got.values()) > 200


def crowded(seed: int) -> World:
    return World(seed, clients=12, rooms=1, widest=80, takers=6, writes_per_turn=1 + seed % 2)
