"""One browser for all of a worker's tests, one real server per file, and for each test people in browser contexts of their own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect
from pytest_asyncio import is_async_test

from tests.browser.guests import PATIENCE_MS, Guests
from tests.faults.server import Server
from tests.gateways.house import Arrive, arriving

HERE = Path(__file__).parent

FLAGS = (
    "--no-sandbox",  # tests may run as root, where Chromium has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser belongs to one event loop, so all of its tests run on that."""
    for item in items:
        if HERE in item.path.parents and is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with (
        async_playwright() as playwright,
        await playwright.chromium.launch(executable_path=chromium, args=FLAGS, timeout=PATIENCE_MS) as browser,
    ):
        yield browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A house that is new for this file; its tests speak of different people."""
    with Server(tmp_path_factory.mktemp("house") / "data") as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def guests(browser: Browser, server: Server) -> AsyncIterator[Guests]:
    async with Guests(browser, server.address) as guests:
        yield guests


@pytest_asyncio.fixture(loop_scope="session")
async def arrive(server: Server) -> AsyncIterator[Arrive]:
    """Sign somebody in who has a program and no browser."""
    async with arriving(server) as arrive:
        yield arrive
