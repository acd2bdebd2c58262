"""Whoever leaves something open is named; and helpers that open something close it, at whichever await they are cancelled."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from websockets import Subprotocol
from websockets.asyncio.server import ServerConnection, serve

from tests.browser.blocker import Blocker
from tests.faults.proxy import Proxy
from tests.faults.storm import Storm
from tests.gateways.raw import Raw
from tests.gateways.stranger import Session, Stranger
from tests.support.left_open import LeftOpen
from tests.support.streams import Listener, hang_up, opened

REPOSITORY = Path(__file__).parents[2]
PLANTED = """
import asyncio, pytest
from tests.support.left_open import LeftOpen

async def nothing(reader, writer):
    await reader.read()

async def test_who_leaves():
    server = await asyncio.start_server(nothing, "127.0.0.1", 0)
    await asyncio.open_connection(*server.sockets[0].getsockname())
    server.close()

async def test_who_is_blamed():
    import gc
    gc.collect()
"""

HOUSE_SAYS = b'HTTP/1.1 101 Come in\r\n\r\n{"type":"welcome","id":7777777}'
REQUEST = b"GET / HTTP/1.1\r\n\r\n"

Look = Callable[[], list[str]]


@pytest.fixture
def left_open(request: pytest.FixtureRequest) -> Look:
    """What this test has opened and not closed until now."""
    plugin = request.config.pluginmanager.get_plugin("left_open")
    assert isinstance(plugin, LeftOpen)
    return lambda: plugin.left_by(request.node.nodeid)


async def silence(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


@asynccontextmanager
async def plain_house() -> AsyncIterator[str]:
    async with Listener(_welcome) as house:
        yield house.address


@asynccontextmanager
async def websocket_house() -> AsyncIterator[str]:
    async with serve(_welcome_socket, "127.0.0.1", 0, subprotocols=[Subprotocol("teahouse.v1")]) as house:
        yield f"http://127.0.0.1:{house.sockets[0].getsockname()[1]}"


async def _welcome_socket(socket: ServerConnection) -> None:
    await socket.recv()
    await socket.send('{"type":"welcome","id":1,"epoch":"e","resumed":true,"rooms":[]}')
    await socket.wait_closed()


async def _welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(EOFError):  # who came was cancelled
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HOUSE_SAYS)
        await reader.read()


@pytest.mark.parametrize("parallel", [[], ["-n", "2", "--dist", "worksteal"]], ids=["one at a time", "two at once"])
def test_the_test_that_left_something_is_named_and_no_other(tmp_path: Path, parallel: list[str]) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\n")
    (tmp_path / "test_planted.py").write_text(PLANTED)
    command = [sys.executable, "-m", "pytest", "-q", "-c", str(REPOSITORY / "pyproject.toml"), f"--rootdir={tmp_path}", str(tmp_path)]

    report = subprocess.run([*command, *parallel], cwd=REPOSITORY, capture_output=True, text=True, check=False).stdout

    assert "ERROR at teardown of test_who_leaves" in report and "opened by test_planted.py::test_who_leaves" in report, report
    assert "of test_who_is_blamed" not in report, report


async def test_the_line_that_opened_it_is_told(left_open: Look) -> None:
    async with Listener(silence) as listener:
        _, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        found = left_open()
        assert any("_SelectorSocketTransport" in each and f" at {__file__}:" in each for each in found), found
        hang_up(writer)


async def test_what_a_loop_opens_for_itself_is_nobodys(left_open: Look) -> None:
    """It wakes itself through a pair of sockets, which go with it."""
    assert left_open() == []


def test_a_process_and_a_socket_are_told(left_open: Look) -> None:
    with socket.create_server(("127.0.0.1", 0)), subprocess.Popen([sys.executable, "-c", ""]):
        found = left_open()
    assert len(found) == 2 and all(f" at {__file__}:" in each for each in found), found
    assert any("Popen" in each for each in found) and any("socket" in each for each in found)
    assert left_open() == []


async def test_a_listener_is_told(left_open: Look) -> None:
    server = await asyncio.start_server(silence, "127.0.0.1", 0)
    (found,) = left_open()
    assert "Server" in found
    server.close()
    assert left_open() == []


async def by_itself(address: str) -> None:
    async with opened(*host_of(address)) as (reader, writer):
        writer.write(REQUEST)
        await reader.readexactly(len(HOUSE_SAYS))


async def behind_a_blocker(address: str) -> None:
    async with Blocker(int(host_of(address)[1])) as blocker:
        await by_itself(blocker.address)
        await blocker.cut()


async def behind_a_proxy(address: str) -> None:
    async with Proxy(int(host_of(address)[1])) as proxy:
        await by_itself(proxy.address)
        proxy.reset_all()


async def in_a_storm(address: str) -> None:
    async with Storm() as storm:
        await storm.rage([Session(address, "", {})], 3)
        await storm.pass_by()


async def as_a_rascal(address: str) -> None:
    raw = await Raw.connect(address)
    try:
        await raw.request(REQUEST)
    finally:
        await raw.close()


async def as_a_stranger(address: str) -> None:
    stranger = Stranger(Session(address, "", {"id": 1}))
    try:
        await stranger.connect()
    finally:
        await stranger.close()


def host_of(address: str) -> list[str]:
    return address.removeprefix("http://").split(":")


@pytest.mark.parametrize("again", [False, True], ids=["once", "twice"])
@pytest.mark.parametrize(
    ("helper", "house"),
    [
        (by_itself, plain_house),
        (behind_a_blocker, plain_house),
        (behind_a_proxy, plain_house),
        (in_a_storm, plain_house),
        (as_a_rascal, plain_house),
        (as_a_stranger, websocket_house),
    ],
    ids=["by itself", "blocker", "proxy", "storm", "rascal", "stranger"],
)
async def test_a_helper_closes_what_it_opened_wherever_it_is_cancelled(
    helper: Callable[[str], Coroutine[Any, Any, None]],
    house: Callable[[], AbstractAsyncContextManager[str]],
    again: bool,
    left_open: Look,
) -> None:
    finished = False
    for turns in count():
        if finished:
            break
        async with house() as address:
            task = asyncio.create_task(helper(address))
            for _ in range(turns):
                await asyncio.sleep(0)
            finished = task.done()
            task.cancel()
            if again:
                await asyncio.sleep(0)
                task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        assert left_open() == [], f"cancelled after {turns} turns of the loop"
