"""The WebSocket protocol by hand over a plain socket (RFC 6455), to say what no library lets one say."""

import asyncio
import json
import os
import struct
import zlib
from contextlib import suppress
from typing import Any, Self
from urllib.parse import urlsplit

from tests.gateways.stranger import Session
from tests.support.patience import PATIENCE_S

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA


def frame(
    opcode: int, payload: bytes = b"", *, fin: bool = True, reserved: int = 0, masked: bool = True, length: int | None = None
) -> bytes:
    """One frame as a client writes it; `length` is what its header claims, when that is not the truth (5.2)."""
    size = len(payload) if length is None else length
    first = fin << 7 | reserved << 4 | opcode
    header = struct.pack("!BB", first, masked << 7 | (size if size < 126 else 126 if size < 2**16 else 127))
    if size >= 126:
        header += struct.pack("!H" if size < 2**16 else "!Q", size)
    if not masked:
        return header + payload
    mask = os.urandom(4)
    return header + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


def command(**fields: Any) -> bytes:
    """A text frame with a command."""
    return frame(TEXT, json.dumps(fields).encode())


def upgrade(session: Session, **changes: str | None) -> bytes:
    """A good handshake request, with some headers changed or (None) left out; `_` in a name stands for `-`."""
    headers: dict[str, str | None] = {
        "Host": urlsplit(session.address).netloc,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol": "teahouse.v1",
        "Origin": session.address,
        "Cookie": f"teahouse_session={session.cookie}",
    }
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join(["GET /ws HTTP/1.1", *lines, "", ""]).encode()


class Raw:
    """One TCP connection to the server, with the frames that come back taken apart; `async with` ends it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.compressed = False
        """Whether the last frame came compressed (RFC 7692)."""

    @classmethod
    async def connect(cls, address: str) -> Self:
        parts = urlsplit(address)
        return cls(*await asyncio.open_connection(parts.hostname, parts.port))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def greet(self, session: Session, **changes: str | None) -> None:
        """Do what a good client does: handshake (with `changes` as `upgrade` has them), hello, and read the welcome."""
        assert await self.request(upgrade(session, **changes)) == 101
        await self.send(command(type="hello", id=1))
        assert (await self.event())["type"] == "welcome"

    async def send(self, octets: bytes) -> None:
        """Write all of it; what the server no longer takes, because it has closed, is dropped."""
        self.writer.write(octets)
        with suppress(ConnectionError):
            await asyncio.wait_for(self.writer.drain(), PATIENCE_S)

    async def request(self, octets: bytes) -> int:
        """Send an HTTP request and return the status of the answer, whose headers are read.

        It is waited for before the request is sent: once asyncio cannot send, it forgets the answer of a server that answered early.
        """
        reading = asyncio.ensure_future(self.reader.readuntil(b"\r\n\r\n"))
        try:
            await self.send(octets)
            head = await asyncio.wait_for(reading, PATIENCE_S)
        finally:
            reading.cancel()
        return int(head.split(b" ", 2)[1])

    async def frame(self) -> tuple[int, bytes]:
        """The next frame's opcode and payload, inflated if need be; a server does not fragment or mask."""
        first, second = await self._exactly(2)
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", await self._exactly(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", await self._exactly(8))
        payload = await self._exactly(size)
        self.compressed = bool(first & 0x40)
        if self.compressed:
            payload = zlib.decompressobj(-15).decompress(payload + b"\x00\x00\xff\xff")
        return first & 0x0F, payload

    async def event(self, *types: str) -> dict[str, Any]:
        """The next event, or the next of these `types`."""
        while True:
            opcode, payload = await self.frame()
            assert opcode != CLOSE, f"closed with {payload!r}"
            if opcode == TEXT:
                event: dict[str, Any] = json.loads(payload)
                if not types or event["type"] in types:
                    return event

    async def answer(self, octets: bytes) -> dict[str, Any]:
        """Send frames and return the next `ok`, `error` or `pong`."""
        await self.send(octets)
        return await self.event("ok", "error", "pong")

    async def close_code(self) -> int | None:
        """Read until the server closes; its code, or None when it just hung up."""
        try:
            while True:
                opcode, payload = await self.frame()
                if opcode == CLOSE:
                    return int(struct.unpack("!H", payload[:2])[0])
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    async def hung_up(self) -> bytes:
        """Read until the connection ends; what came until then."""
        return await asyncio.wait_for(self.reader.read(), PATIENCE_S)

    async def close(self) -> None:
        self.writer.transport.abort()
        with suppress(ConnectionError):
            await self.writer.wait_closed()

    async def _exactly(self, size: int) -> bytes:
        return await asyncio.wait_for(self.reader.readexactly(size), PATIENCE_S)
