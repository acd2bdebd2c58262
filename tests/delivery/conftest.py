"""A stage that is empty when the curtain rises, and without troubles when it falls."""

from collections.abc import AsyncIterator

import pytest

from tests.delivery.scene import Scene


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with Scene() as scene:
        yield scene
    assert scene.troubles == []


@pytest.fixture
async def two_servers() -> AsyncIterator[Scene]:
    async with Scene(hubs=2) as scene:
        yield scene
