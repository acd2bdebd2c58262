"""Many connections at once, each with the real handshake and a hello; and what a process holds, as /proc tells it."""

import asyncio
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from tests.gateways.stranger import Session
from tests.support.patience import LONG_PATIENCE_S
from tests.support.streams import hang_up

MEBIBYTE = 1024 * 1024

HANDSHAKE = (
    "GET /ws HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nCookie: teahouse_session={cookie}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Protocol: teahouse.v1\r\n\r\n"
)
HELLO = b'{"type":"hello","id":7777777}'
HELLO_FRAME = bytes((0x81, 0x80 | len(HELLO), 0, 0, 0, 0)) + HELLO
"""Masked, as it must be (RFC 6455 5.3), with zeros."""


@dataclass
class Storm:
    """What became of the connections: `welcome`, `busy` (503 with Retry-After), refused otherwise, `put off` by
    an error in answer to hello, or `cut` without a word."""

    outcomes: Counter[str] = field(default_factory=Counter)
    open: list[asyncio.StreamWriter] = field(default_factory=list)

    async def rage(self, sessions: Sequence[Session], connections: int) -> None:
        """Open so many connections at once, turn by turn for each of `sessions`, and return when each has its answer."""
        async with asyncio.timeout(LONG_PATIENCE_S):
            await asyncio.gather(*(self._come(sessions[number % len(sessions)]) for number in range(connections)))

    async def pass_by(self) -> None:
        """All go at once, every other one without a word."""
        for number, writer in enumerate(self.open):
            if number % 2:
                writer.transport.abort()
            else:
                writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in self.open), return_exceptions=True)
        self.open.clear()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for writer in self.open:
            hang_up(writer)

    async def _come(self, session: Session) -> None:
        """Stay when welcome."""
        url, outcome = urlsplit(session.address), "cut"
        try:
            reader, writer = await asyncio.open_connection(url.hostname, url.port)
        except OSError:
            self.outcomes["cut"] += 1
            return
        try:
            outcome = await _ask_in(reader, writer, session)
        except (OSError, EOFError):
            pass
        finally:
            if outcome == "welcome":
                self.open.append(writer)
            else:
                hang_up(writer)
        self.outcomes[outcome] += 1


async def _ask_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, session: Session) -> str:
    host = urlsplit(session.address).netloc
    writer.write(HANDSHAKE.format(host=host, origin=session.address, cookie=session.cookie).encode())
    outcome = _outcome(await reader.readuntil(b"\r\n\r\n"))
    if outcome != "welcome":
        return outcome
    writer.write(HELLO_FRAME)
    return "welcome" if b'"type":"welcome"' in await reader.readuntil(b'"id":7777777') else "put off"


def _outcome(head: bytes) -> str:
    status = head.split(b" ")[1]
    if status == b"503" and b"\r\nretry-after:" in head.lower():
        return "busy"
    return "welcome" if status == b"101" else f"refused with {status.decode()}"


def resident_bytes(process: int) -> int:
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def descriptors(process: int) -> int:
    return len(os.listdir(f"/proc/{process}/fd"))
