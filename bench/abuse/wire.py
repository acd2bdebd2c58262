"""What an attacker's sockets say: HTTP and WebSocket by hand, so that no library is polite for them, and what is flooded is made once."""

import asyncio
import http.client
import json
import os
import struct
import zlib
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

HERE = "127.0.0.1"
ATTACKER = "127.0.0.2"
"""Attackers come from an address of their own: who shares one with an attacker shares its limits too."""
TIMEOUT_S = 30
LOBBY = 1
CONTINUATION, TEXT, PING, PONG = 0x0, 0x1, 0x9, 0xA


@dataclass(frozen=True)
class House:
    """Where the house is."""

    address: str

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0


@dataclass(frozen=True)
class Guest:
    """Someone who signed in."""

    id: int
    cookie: str


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, deflated: bool = False) -> bytes:
    """One frame, masked with zeros as RFC 6455 5.3 allows: the server unmasks it all the same."""
    head = struct.pack("!B", fin << 7 | deflated << 6 | opcode)
    size = len(payload)
    if size < 126:
        head += struct.pack("!B", 0x80 | size)
    elif size < 2**16:
        head += struct.pack("!BH", 0x80 | 126, size)
    else:
        head += struct.pack("!BQ", 0x80 | 127, size)
    return head + bytes(4) + payload


def command(**fields: Any) -> bytes:
    return frame(TEXT, json.dumps(fields, ensure_ascii=False).encode())


def bomb(size: int) -> bytes:
    """A deflated text of so many spaces, in a thousandth of the bytes."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return frame(TEXT, (stream.compress(b" " * size) + stream.flush(zlib.Z_SYNC_FLUSH))[:-4], deflated=True)


def hollow(blocks: int) -> bytes:
    """A deflated text of so many blocks that say nothing, each with Huffman tables of its own (RFC 1951 3.2.7), and a ping behind them."""
    lengths = "".join("100" if symbol in (1, 18) else "000" for symbol in (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1))
    block = "0" + "01" + "00000" + "00000" + "0111" + lengths + "0" + "1" + "1111111" + "1" + "0101011" + "0" + "0" + "1"
    bits = block * blocks
    bits += "000" + "0" * (-(len(bits) + 3) % 8)  # an empty stored block, from which on bytes are whole again
    octets = bytes(int(bits[start : start + 8][::-1], 2) for start in range(0, len(bits), 8)) + b"\x00\x00\xff\xff"
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    ping = stream.compress(b'{"type":"ping"}') + stream.flush(zlib.Z_SYNC_FLUSH)
    return frame(TEXT, octets + ping[:-4], deflated=True)


def request(house: House, method: str, path: str, body: Any = None, guest: Guest | None = None, source: str = ATTACKER) -> tuple[int, Any]:
    """Ask on a connection of its own; return the status and what came, read as JSON where it is."""
    line = http.client.HTTPConnection(HERE, house.port, timeout=TIMEOUT_S, source_address=(source, 0))
    headers = {"Content-Type": "application/json", "Origin": house.address}
    if guest is not None:
        headers["Cookie"] = f"teahouse_session={guest.cookie}"
    try:
        line.request(method, path, None if body is None else json.dumps(body, ensure_ascii=False).encode(), headers)
        answer = line.getresponse()
        content = answer.read()
        cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0].partition("=")[2]
    finally:
        line.close()
    try:
        found = json.loads(content)
    except ValueError:
        found = content
    return answer.status, (found | {"cookie": cookie} if cookie and isinstance(found, dict) else found)


def sign_in(house: House, name: str, source: str = ATTACKER) -> Guest:
    status, said = request(house, "POST", "/api/v1/session", {"name": name, "face": "f01"}, source=source)
    if status != 201:
        raise RuntimeError(f"{name} could not sign in: {status} {said}")
    return Guest(int(said["you"]["id"]), said["cookie"])


class Socket:
    """A WebSocket whose reader drops what comes; where a test wants to be heard it reads `answer`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def open(
        cls, house: House, guest: Guest | None = None, path: str = "/ws", *, deflate: bool = False, source: str = ATTACKER, port: int = 0
    ) -> Self:
        """Shake hands; raise ConnectionError where the house does not want to."""
        reader, writer = await asyncio.open_connection(HERE, port or house.port, local_addr=(source, 0), limit=2**22)
        lines = [f"GET {path} HTTP/1.1", f"Host: {house.host}", f"Origin: {house.address}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
        lines += [f"Cookie: teahouse_session={guest.cookie}", "Sec-WebSocket-Protocol: teahouse.v1"] if guest else []
        lines += ["Sec-WebSocket-Extensions: permessage-deflate"] if deflate else []
        writer.write("\r\n".join([*lines, "", ""]).encode())
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), TIMEOUT_S)
        except asyncio.IncompleteReadError as cut:
            raise ConnectionError("cut in the handshake") from cut
        if b" 101 " not in head.partition(b"\r\n")[0]:
            writer.close()
            raise ConnectionError(head.partition(b"\r\n")[0].decode())
        return cls(reader, writer)

    async def greet(self) -> None:
        await self.say(command(type="hello", id=1))

    async def say(self, octets: bytes) -> None:
        self.writer.write(octets)
        await self.writer.drain()

    async def event(self) -> dict[str, Any] | None:
        """The next text as JSON, or None for another frame; raise EOFError at the end."""
        first, second = await self.reader.readexactly(2)
        size = second & 0x7F
        if size >= 126:
            size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
        payload = await self.reader.readexactly(size)
        if first & 0xF != TEXT or first & 0x40:
            return None
        found: dict[str, Any] = json.loads(payload)
        return found

    async def drop_all(self) -> None:
        """Read and forget, until the end."""
        while await self.reader.read(2**20):
            pass

    def close(self) -> None:
        self.writer.transport.abort()


def unique_words(size: int) -> str:
    """So many bytes of words that nobody has ever said."""
    return " ".join(os.urandom(4).hex() for _ in range(size // 9))
