"""The socket for practice: it says back what it hears, to anybody, and is small in all ways."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import uvicorn
import websockets
from uvicorn.server import ServerState

from teahouse.gateways.practice import MAX_FRAMES, MAX_MESSAGE_BYTES, PATH, practice_socket
from tests.faults.server import Server
from tests.support.streams import opened

PATIENCE_S = 20
"""A bound against hanging, never a measure."""

Open = Callable[[], websockets.connect]


@pytest.fixture
def practise(server: Server) -> Open:
    """Open a socket for practice on the real server, as a program that has no session."""
    return lambda: websockets.connect(server.address.replace("http", "ws") + PATH, proxy=None, compression=None)


@pytest.fixture
async def short() -> AsyncIterator[str]:
    """The address of a server whose sockets for practice are two, and live for a tenth of a second."""
    loop, state = asyncio.get_running_loop(), ServerState()
    make = practice_socket(max_sockets=2, max_life_s=0.1)
    config = uvicorn.Config("unused:app")
    listener = await loop.create_server(lambda: make(config, state, {}), "127.0.0.1", 0)
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
                for _ in range(100):
                    writer.write(pings)
                    await writer.drain()


async def test_its_life_ends_whatever_the_client_does(short: str) -> None:
    async with asyncio.timeout(PATIENCE_S), websockets.connect(short, proxy=None) as socket:
        with pytest.raises(websockets.ConnectionClosedError):
            await socket.recv()


async def test_there_are_only_so_many_at_a_time(short: str) -> None:
    host = short.removeprefix("ws://").split(":")
    # Two that never finish their handshake count as well.
    async with opened(*host), opened(*host):
        with pytest.raises(websockets.InvalidStatus, match="503"):
            await websockets.connect(short, proxy=None)


async def test_it_gives_no_way_into_the_house(practise: Open) -> None:
    async with practise() as socket:
        await socket.send('{"type":"hello","id":1}')
        assert await socket.recv() == '{"type":"hello","id":1}'
