"""The socket for practice: it says back what it hears, to anybody, and is small in all ways."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from unittest.mock import Mock

import httpx
import pytest
import uvicorn
import websockets
from uvicorn.server import ServerState

from teahouse.gateways.address import NO_PROXIES
from teahouse.gateways.practice import MAX_FRAMES, MAX_MESSAGE_BYTES, MAX_SOCKETS, PATH, practice_socket
from teahouse.gateways.slots import Slots
from tests.faults.server import GENEROUS, Server
from tests.support.patience import PATIENCE_S
from tests.support.streams import opened

Open = Callable[[], websockets.connect]


@pytest.fixture
def practise(server: Server) -> Open:
    """Open a socket for practice on the real server, as a program that has no session."""
    return lambda: websockets.connect(server.address.replace("http", "ws") + PATH, proxy=None, compression=None)


@pytest.fixture
async def short() -> AsyncIterator[str]:
    """The address of a server whose sockets for practice live for a second."""
    loop, state = asyncio.get_running_loop(), ServerState()
    make, slots = practice_socket(Counter(), max_life_s=1), Slots(9, NO_PROXIES, loop.time)
    config = uvicorn.Config("unused:app")
    listener = await loop.create_server(lambda: make(config, state, {}, slots.take("127.0.0.1")), "127.0.0.1", 0)
    yield f"ws://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    listener.close()
    for each in list(state.connections):
        each.shutdown()


async def test_what_is_said_comes_back(practise: Open) -> None:
    async with practise() as socket:
        await socket.send("tea?")
        assert await socket.recv() == "tea?"
        await (await socket.ping())
    assert socket.close_code == 1000


@pytest.mark.parametrize(
    ("message", "code"),
    [("x" * (MAX_MESSAGE_BYTES + 1), 1009), (b"binary", 1008), (["in", "parts"], 1008)],
    ids=["long", "binary", "parts"],
)
async def test_more_than_a_short_text_ends_it(practise: Open, message: str | bytes | list[str], code: int) -> None:
    async with practise() as socket:
        await socket.send(message)
        with pytest.raises(websockets.ConnectionClosedError):
            await socket.recv()
    assert socket.close_code == code


async def test_after_a_few_texts_it_is_enough(practise: Open) -> None:
    async with practise() as socket:
        for _ in range(MAX_FRAMES):
            await socket.send("again")
            assert await socket.recv() == "again"
        await socket.send("once more")
        with pytest.raises(websockets.ConnectionClosedError):
            await socket.recv()
    assert socket.close_code == 1008


async def test_pings_without_end_that_nobody_reads_the_answers_of_are_not_stored(server: Server) -> None:
    """Each answer waits in the server's memory until the client reads it."""
    pings = (bytes((0x89, 0x80 | 125, 0, 0, 0, 0)) + b"x" * 125) * 1000
    host = server.address.removeprefix("http://")
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    head = ["GET " + PATH + " HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade", key, "Sec-WebSocket-Version: 13"]
    async with opened(*host.split(":")) as (reader, writer):
        writer.write("\r\n".join([*head, "", ""]).encode())
        assert b" 101 " in await reader.readuntil(b"\r\n\r\n")

        with pytest.raises(ConnectionError):
            async with asyncio.timeout(PATIENCE_S):
                while True:  # they are read and dropped for a moment, or our last frame would be lost
                    writer.write(pings)
                    await writer.drain()


async def test_its_life_ends_whatever_the_client_does(short: str) -> None:
    async with asyncio.timeout(PATIENCE_S), websockets.connect(short, proxy=None) as socket:
        with pytest.raises(websockets.ConnectionClosedError):
            await socket.recv()


async def test_when_all_are_taken_the_idlest_of_the_network_with_most_gives_way(tmp_path: Path) -> None:
    """One stranger who takes them all keeps the doctor of nobody else waiting."""
    with Server(tmp_path / "data", {**GENEROUS, "TRUSTED_PROXIES": "127.0.0.1"}) as server:

        def come(address: str) -> websockets.connect:
            way = server.address.replace("http", "ws") + PATH
            return websockets.connect(way, proxy=None, compression=None, additional_headers={"X-Forwarded-For": address})

        async with AsyncExitStack() as stack:
            other = await stack.enter_async_context(come("192.0.2.200"))
            crowd = [await stack.enter_async_context(come("192.0.2.1")) for _ in range(MAX_SOCKETS - 1)]
            await crowd[0].send("not the idlest")
            assert await crowd[0].recv() == "not the idlest"

            newcomers = [await stack.enter_async_context(come(f"192.0.2.{number}")) for number in range(2, 7)]
            for gone in crowd[1:6]:
                with pytest.raises(websockets.ConnectionClosedError):
                    await asyncio.wait_for(gone.recv(), PATIENCE_S)
                assert gone.close_code == 1013
            for here in (other, crowd[0], *crowd[6:], *newcomers):
                await here.send("still here")
                assert await here.recv() == "still here"
        async with httpx.AsyncClient(base_url=server.address, trust_env=False) as client:
            metrics = (await client.get("/metrics")).text
    assert 'teahouse_connections_displaced_total{what="practice"} 5.0' in metrics


async def test_those_who_never_finish_a_handshake_count_as_well() -> None:
    displaced: Counter[str] = Counter()
    make, slots = practice_socket(displaced, max_sockets=2), Slots(9, NO_PROXIES, asyncio.get_running_loop().time)
    sockets = []
    for _ in range(5):
        sockets.append(make(None, ServerState(), {}, slots.take("192.0.2.1")))
        sockets[-1].connection_made(Mock())
    assert displaced["practice"] == 3
    for socket in sockets:
        socket.connection_lost(None)
    assert len(slots) == 0


async def test_it_gives_no_way_into_the_house(practise: Open) -> None:
    async with practise() as socket:
        await socket.send('{"type":"hello","id":1}')
        assert await socket.recv() == '{"type":"hello","id":1}'
