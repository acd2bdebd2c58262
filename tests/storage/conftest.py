"""Every test runs on each database that there is (tests/support/databases.py)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial

import pytest

from teahouse.storage.search.purse import Purse
from tests.storage.house import House, living

Another = Callable[[], Awaitable[House]]
"""Opens another house on the same database: a second process, or a second start."""


@pytest.fixture(autouse=True)
def timeless_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let only work bound what a search of a house may cost: the first of a process also compiles, and a machine may be slow."""
    monkeypatch.setattr("teahouse.search_line.Purse", partial(Purse, lambda: 0.0))


@pytest.fixture
async def another(url: str) -> AsyncIterator[Another]:
    async with AsyncExitStack() as houses:

        async def another() -> House:
            return await houses.enter_async_context(living(url))

        yield another


@pytest.fixture
async def house(another: Another) -> House:
    return await another()
