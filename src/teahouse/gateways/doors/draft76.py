"""Draft 76 of the WebSocket protocol, which browsers spoke in 2010 and 2011 (draft-hixie-thewebsocketprotocol-76). Pure."""

import hashlib
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from teahouse.gateways.escapes import stands_for_text

BODY_BYTES = 8
CLOSING = b"\xff\x00"
_LINE = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*)")
_TOKEN = re.compile(r"[\x21-\x7e]+")


class Broken(Exception):
    """The client does not keep to the protocol: the socket is closed."""


@dataclass(frozen=True)
class Request:
    """The head of a handshake; `headers` by their names in lower case, each with all its values."""

    path: str
    headers: Mapping[str, Sequence[str]]

    def values(self, name: str) -> Sequence[str]:
        return self.headers.get(name.lower(), ())

    def only(self, name: str) -> str:
        """Return the value of a header that must come once."""
        values = self.values(name)
        if len(values) != 1:
            raise Broken(f"expected one {name}")
        return values[0]


def is_draft76(head: bytes) -> bool:
    """Say whether a request, whose head this is, opens a WebSocket of this draft."""
    names = {line.partition(b":")[0].strip().lower() for line in head.split(b"\r\n")[1:]}
    return b"sec-websocket-key1" in names and b"sec-websocket-version" not in names


def read_request(head: bytes) -> Request:
    """Return what a head says, up to and without its empty line. Raise Broken."""
    first, *lines = head.decode("latin-1").split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3 or parts[0] != "GET" or not parts[1].startswith("/") or not _TOKEN.fullmatch(parts[1]):
        raise Broken("expected GET /path HTTP/1.1")
    if not stands_for_text(parts[1].encode()):
        raise Broken("expected an address whose percent-escapes are UTF-8")
    headers: dict[str, list[str]] = {}
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            raise Broken("malformed header")
        headers.setdefault(match[1].lower(), []).append(match[2])  # spaces at the end count: they are part of a key
    return Request(parts[1], headers)


def respond(request: Request, body: bytes, scheme: str) -> bytes:
    """Return the answer that accepts a handshake with the eight bytes of its body. Raise Broken."""
    answer = challenge(request.only("Sec-WebSocket-Key1"), request.only("Sec-WebSocket-Key2"), body)
    lines = [
        "HTTP/1.1 101 WebSocket Protocol Handshake",
        "Upgrade: WebSocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Origin: {next(iter(request.values('Origin')), 'null').strip()}",
        f"Sec-WebSocket-Location: {scheme}://{request.only('Host').strip()}{request.path}",
    ]
    if request.values("Sec-WebSocket-Protocol"):
        lines.append(f"Sec-WebSocket-Protocol: {request.only('Sec-WebSocket-Protocol').strip()}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + answer


def challenge(key1: str, key2: str, body: bytes) -> bytes:
    """Return the sixteen bytes that prove to have read the keys (section 5.2, steps 5 to 8)."""
    return hashlib.md5(struct.pack("!II", _part(key1), _part(key2)) + body, usedforsecurity=False).digest()


def _part(key: str) -> int:
    """Return a key's digits as one number, divided by the count of its spaces."""
    digits, spaces = "".join(re.findall("[0-9]", key)), key.count(" ")
    if not digits or len(digits) > 20 or not spaces:
        raise Broken("a key needs digits and spaces")
    number, rest = divmod(int(digits), spaces)
    if rest or number > 0xFFFFFFFF:
        raise Broken("a key's number must be a multiple of its spaces")
    return number


def frame(payload: bytes) -> bytes:
    """Return a text as a frame. UTF-8 has no byte 0xFF."""
    return b"\x00" + payload + b"\xff"


class Frames:
    """Takes bytes as they come and gives whole texts, never keeping more than one text may have."""

    def __init__(self, max_bytes: int) -> None:
        self.closed = False
        """Whether the client has said that it closes."""
        self.count = 0
        """How many frames there were, of all kinds."""
        self._max_bytes = max_bytes
        self._buffer = bytearray()

    @property
    def size(self) -> int:
        """How many bytes of a text are here that is not whole."""
        return len(self._buffer)

    def receive(self, data: bytes) -> list[bytes]:
        """Return the texts that are complete now, as valid UTF-8. Raise Broken, after which nothing more may be read."""
        texts: list[bytes] = []
        self._buffer += data
        while self._buffer and not self.closed:
            kind = self._buffer[0]
            if kind == 0xFF:
                self._close()
                break
            if kind & 0x80:
                raise Broken("frames with a length are not taken")
            end = self._buffer.find(b"\xff")
            if (len(self._buffer) if end < 0 else end) > self._max_bytes + 1:
                raise Broken(f"a text is longer than {self._max_bytes:,} bytes")
            if end < 0:
                break
            self.count += 1
            if kind == 0:  # other kinds are skipped (section 4.2)
                texts.append(bytes(self._buffer[1:end]).decode("utf-8", "replace").encode())
            del self._buffer[: end + 1]
        return texts

    def _close(self) -> None:
        if len(self._buffer) > 1:
            if self._buffer[1] != 0:
                raise Broken("frames with a length are not taken")
            self.closed = True
