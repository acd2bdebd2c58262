"""A house, on each database, and two people in it, and a line to call it on."""

from collections.abc import AsyncIterator

import pytest

from teahouse.auth import Identity
from teahouse.model import User
from teahouse.throttle import Throttle
from tests.gateways.connection.talk import Dial, Talk
from tests.storage.house import House, living


@pytest.fixture
async def house(url: str) -> AsyncIterator[House]:
    async with living(url) as house:
        yield house
    assert house.troubles == []


@pytest.fixture
async def dial(house: House) -> AsyncIterator[Dial]:
    talks: list[Talk] = []

    def dial(identity: Identity, commands: Throttle | None = None, hellos: Throttle | None = None) -> Talk:
        talks.append(Talk(house, identity, commands or Throttle(1000, 100_000), hellos))
        return talks[-1]

    yield dial
    for talk in talks:
        talk.connection.close()


@pytest.fixture
async def aiko(house: House) -> Identity:
    return await house.guest_identity("Aiko")


@pytest.fixture
async def ben(house: House) -> User:
    return await house.guest("Ben")
