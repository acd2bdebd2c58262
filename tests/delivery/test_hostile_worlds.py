"""Packets are lost, doubled and shuffled, sockets fill, clients drop, people leave and return: every reader gets all, once, in order."""

import asyncio
import os

import pytest

from tests.delivery.world import World

WORLDS = 300
STEPS = 250
FIRST_SEED = int(os.environ.get("TEAHOUSE_SEED", "1"))


async def live_through(seed: int) -> World:
    world = World(seed)
    try:
        for _ in range(STEPS):
            await world.step()
            overrun = [client for client in world.clients if client.outlet and client.outlet.overrun]
            assert not overrun, f"{overrun[0].user.name} was written while congested"
        await world.settle()
        world.check()
    finally:
        await world.close()
    return world


@pytest.mark.parametrize("start", range(FIRST_SEED, FIRST_SEED + WORLDS, 50))
def test_every_reader_gets_every_entry_once_and_in_order_in_hostile_worlds(start: int) -> None:
    for seed in range(start, start + 50):
        try:
            world = asyncio.run(live_through(seed))
        except AssertionError as error:
            raise AssertionError(f"world {seed} (set TEAHOUSE_SEED={seed}): {error}") from error
        # The premise: a world in which nothing is delivered proves nothing.
        assert sum(len(seqs) for client in world.clients for seqs in client.got.values()) > 300
