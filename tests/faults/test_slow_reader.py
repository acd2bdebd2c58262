"""A reader that stops reading costs nothing but itself, and misses nothing when it reads on."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from tests.faults.checker import check
from tests.faults.people import Author, Reader, Words
from tests.faults.recorder import Recorder
from tests.faults.server import GENEROUS, Server
from tests.gateways.stranger import sign_in

MESSAGES = 5000
AUTHORS = 5
AT_ONCE = 50
LOBBY = 1

PATIENT = GENEROUS | {"PING_TIMEOUT_S": "600"}
"""A client that does not read does not answer pings either; this test is not about dead sockets."""


async def test_a_reader_that_stops_reading_delays_no_one_and_later_gets_all_once_in_order(tmp_path: Path) -> None:
    recorder = Recorder()
    with Server(tmp_path / "data", PATIENT) as server:
        authors = [Author(await sign_in(server.address, f"Author {number}"), recorder) for number in range(AUTHORS)]
        fast = Reader(await sign_in(server.address, "Fast"), recorder)
        slow = Reader(await sign_in(server.address, "Slow"), recorder)
        async with leaving(*authors, fast, slow):
            for client in (*authors, fast):
                await client.connect()
            slow.compression = None  # its messages are all one letter, and must fill what lies between
            connection = narrow_connection(server.port)
            await slow.connect(connection)
            slow.stop_reading()

            await asyncio.gather(*(post_all(author) for author in authors))
            head = (await fast.ask("page", room=LOBBY, limit=1))["head"]
            for client in (*authors, fast):
                await client.until(lambda client=client: client.seen[LOBBY] == head)
            assert len(fast.texts(LOBBY)) == MESSAGES
            assert slow.texts(LOBBY) == [], "the slow reader was not slow"
            await authors[0].ask("typing", room=LOBBY)
            await fast.until(lambda: saw_typing(fast))

            widen(connection)
            slow.read_on()
            await slow.until(lambda: slow.seen[LOBBY] == head)
            assert slow.texts(LOBBY) == fast.texts(LOBBY)
            assert slow.connected, "slowness alone is no reason to disconnect"

    assert check(recorder.history()) == []
    assert slow.record.connection == 1
    assert [event for event in slow.others if event["type"] == "reset"] == []
    assert not saw_typing(slow), "the server did not notice that this reader is slow: it kept for it what may be lost"


@asynccontextmanager
async def leaving(*clients: Reader) -> AsyncIterator[None]:
    """Let all go at the end, whether they read or not."""
    async with AsyncExitStack() as stack:
        for client in clients:
            stack.push_async_exit(client)
            stack.callback(client.read_on)
        yield


async def post_all(author: Author) -> None:
    """This author's share of the messages, AT_ONCE under way at a time."""
    filler = "x" * (2 * largest_send_buffer() // MESSAGES)
    for batch in range(0, MESSAGES // AUTHORS, AT_ONCE):
        author.outbox = [Words(f"{author.id}-{number}", LOBBY, f"{number} {filler}") for number in range(batch, batch + AT_ONCE)]
        await author.empty_outbox()


def saw_typing(reader: Reader) -> bool:
    return any(event["type"] == "typing" for event in reader.others)


def largest_send_buffer() -> int:
    """The bytes that Linux may take from the server for a socket that nobody reads (tcp(7), tcp_wmem); 4 MB elsewhere."""
    limits = Path("/proc/sys/net/ipv4/tcp_wmem")
    return int(limits.read_text().split()[2]) if limits.exists() else 4 * 1024 * 1024


def narrow_connection(port: int) -> socket.socket:
    """A TCP connection whose receive buffer is small; it must be so before the connection is made (tcp(7))."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", port))
    connection.setblocking(False)
    return connection


def widen(connection: socket.socket) -> None:
    """Let the reader catch up at a normal pace: a window below one loopback packet makes TCP wait between packets."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024 * 1024)
