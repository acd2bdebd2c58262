"""What compression costs and saves: bytes to many readers of one room and the server's CPU, with and without.

    PYTHONPATH=src:. .venv/bin/python bench/compression.py

Its readers read and count in this process, so that only the server's own CPU is told, not a rate.
"""

import asyncio
import os
import random
import tempfile
from pathlib import Path
from typing import Any

from tests.faults.server import Server
from tests.gateways.raw import Raw, command, upgrade
from tests.gateways.stranger import sign_in

READERS = 1000
MESSAGES = 60
OFFER = "permessage-deflate; client_max_window_bits"
SETTINGS = {
    "SOCKETS_PER_USER": "5000",
    "SOCKETS_PER_ADDRESS": "5000",
    "MESSAGE_RATE_PER_S": "1000",
    "MESSAGE_BURST": "1000",
    "COMMANDS_PER_S": "10000",
    "COMMAND_BURST": "10000",
    "PING_INTERVAL_S": "3600",
}
WORDS = (Path(__file__).parents[1] / "docs" / "protocol.md").read_text(encoding="utf-8").split()


def cpu_s(pid: int) -> float:
    """Return the seconds that a process has worked so far (proc(5), stat: utime and stime)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def text(size: int) -> str:
    """Return `size` bytes of what people write, different each time."""
    said = " ".join(WORDS[random.randrange(len(WORDS) - size) :][:size])  # noqa: S311  # no secret
    return said.encode()[:size].decode(errors="ignore")


class Reader(asyncio.Protocol):
    """Says hello once the handshake is answered, and counts what comes."""

    def __init__(self, request: bytes) -> None:
        self.taken = 0
        self._request = request

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if not self.taken:
            self.transport.write(command(type="hello"))
        self.taken += len(data)


async def still(readers: list[Reader]) -> int:
    """Return what all have taken, once nothing more has come for a while."""
    before = -1
    while (now := sum(reader.taken for reader in readers)) != before:
        before = now
        await asyncio.sleep(0.7)
    return now


async def measure(server: Server, size: int, offer: str | None) -> tuple[float, float]:
    """Return KiB per reader and the server's CPU in µs per delivery of a message of `size` bytes."""
    session = await sign_in(server.address, f"Reader {size} {offer is not None}")
    host, port = server.address.removeprefix("http://").split(":")
    request = upgrade(session, Sec_WebSocket_Extensions=offer)
    loop = asyncio.get_running_loop()
    readers = [(await loop.create_connection(lambda: Reader(request), host, int(port)))[1] for _ in range(READERS)]
    speaker = await Raw.connect(server.address)
    await speaker.greet(session)
    began = await still(readers)
    worked = cpu_s(server.process.pid)  # type: ignore[union-attr]
    for number in range(MESSAGES):
        await speaker.answer(command(type="post", id=number, room=1, text=text(size), client_id=f"{size}-{offer is None}-{number}"))
    taken = await still(readers) - began
    worked = cpu_s(server.process.pid) - worked  # type: ignore[union-attr]
    await speaker.close()
    for reader in readers:
        reader.transport.abort()
    return taken / READERS / MESSAGES, worked / READERS / MESSAGES * 1e6


async def main() -> None:
    random.seed(7)
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder) / "data", SETTINGS) as server:
        print(f"{READERS} readers, {MESSAGES} messages; a reader's bytes per message, the server's CPU in µs per delivery")
        for size in (20, 200, 2000):
            for name, offer in (("plain", None), ("compressed", OFFER)):
                taken, cost = await measure(server, size, offer)
                print(f"{size:5} bytes, {name:10}  {taken:7.0f} bytes  {cost:6.2f} µs")


asyncio.run(main())
