"""A stage that is empty when the curtain rises, and without troubles when it falls."""

from collections.abc import AsyncIterator

import pytest

from tests.delivery.scene import Scene


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    scene = Scene()
    yield scene
    await scene.close()
    assert scene.troubles == []


@pytest.fixture
async def two_servers() -> AsyncIterator[Scene]:
    scene = Scene(hubs=2)
    yield scene
    await scene.close()
