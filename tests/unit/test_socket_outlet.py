"""Bytes leave in order whichever way they take, and none leaves once the outlet is closed."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any
from unittest.mock import Mock

import pytest
import uvloop

from teahouse.gateways import socket_outlet
from teahouse.gateways.socket_outlet import SocketOutlet

LINES = [b"%07d\n" % number * 128 for number in range(400)]
"""More than a socket's buffers take at once."""


class Door(SocketOutlet):
    """The least that a door does around its outlet."""

    def __init__(self) -> None:
        super().__init__(Mock())
        self.lost = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._open_outlet()

    def connection_lost(self, exc: Exception | None) -> None:
        self._close_outlet()
        self.lost.set()

    def shut(self) -> None:
        self._close_outlet()


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def play(request: pytest.FixtureRequest) -> Callable[[Callable[[Door, socket.socket], Awaitable[None]]], None]:
    """Runs a story with a door on one end of a pair of sockets, on either kind of loop."""

    async def stage(story: Callable[[Door, socket.socket], Awaitable[None]]) -> None:
        near, far = socket.socketpair()
        far.setblocking(False)
        with far:
            transport, door = await asyncio.get_running_loop().create_connection(Door, sock=near)
            await story(door, far)
            transport.abort()
            await door.lost.wait()

    def play(story: Callable[[Door, socket.socket], Awaitable[None]]) -> None:
        with asyncio.Runner(loop_factory=request.param) as runner:
            runner.run(stage(story))

    return play


async def read(far: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size:
        got += await asyncio.get_running_loop().sock_recv(far, 1 << 16)
    return got


@pytest.fixture
def direct(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was written straight to the kernel."""
    writes: list[bytes] = []

    def write(fd: int, data: bytes) -> int:
        writes.append(data)
        return os.write(fd, data)

    monkeypatch.setattr(socket_outlet, "os", type("Os", (), {"write": staticmethod(write)}))
    return writes


def test_while_the_socket_takes_them_bytes_go_straight_to_it(play: Any, direct: list[bytes]) -> None:
    async def story(door: Door, far: socket.socket) -> None:
        for line in LINES[:3]:
            door.write(line)
        assert await read(far, 3 * 1024) == b"".join(LINES[:3])
        assert direct == LINES[:3]

    play(story)


def test_a_full_socket_takes_nothing_from_the_order_and_is_written_directly_again_once_it_has_drained(
    play: Any, direct: list[bytes]
) -> None:
    async def story(door: Door, far: socket.socket) -> None:
        for line in LINES:
            door.write(line)
        assert len(direct) < len(LINES), "it never was full"
        assert await read(far, sum(map(len, LINES))) == b"".join(LINES)
        direct.clear()
        for line in LINES[:3]:
            door.write(line)
        assert await read(far, 3 * 1024) == b"".join(LINES[:3])
        assert direct == LINES[1:3], "the first finds out that nothing waits any more"

    play(story)


def test_nothing_is_written_once_the_outlet_is_closed(play: Any) -> None:
    async def story(door: Door, far: socket.socket) -> None:
        door.write(LINES[0])
        door.shut()
        door.write(LINES[1])
        assert await read(far, 1024) == LINES[0]
        with pytest.raises(BlockingIOError):
            far.recv(1)

    play(story)


def test_a_descriptor_is_not_used_any_more_when_the_transport_lets_go_of_it(play: Any) -> None:
    """The next connection may be given the same number, and would be written what is not for it."""

    async def story(door: Door, far: socket.socket) -> None:
        number = door._fd
        far.close()
        await door.lost.wait()
        with ExitStack() as sockets:
            ends = [sockets.enter_context(end) for _ in range(8) for end in socket.socketpair()]
            assert number in [end.fileno() for end in ends], "nobody got the number"
            door.write(b"for another")
            for end in ends:
                end.setblocking(False)
                with pytest.raises(BlockingIOError):
                    end.recv(1)

    play(story)


def test_a_reader_who_is_gone_is_no_error(play: Any) -> None:
    async def story(door: Door, far: socket.socket) -> None:
        far.close()
        for line in LINES[:3]:
            door.write(line)
        await door.lost.wait()

    play(story)


def test_an_encrypted_connection_is_never_written_around_its_transport(direct: list[bytes]) -> None:
    written: list[bytes] = []

    class Encrypted:
        def get_extra_info(self, name: str) -> Any:
            return object() if name == "sslcontext" else None

        def get_write_buffer_size(self) -> int:
            return 0

        def write(self, data: bytes) -> None:
            written.append(data)

    async def story() -> None:
        door = Door()
        door.connection_made(Encrypted())  # type: ignore[arg-type]
        door.write(b"a")
        door.write(b"b")

    asyncio.run(story())
    assert (written, direct) == ([b"a", b"b"], [])
