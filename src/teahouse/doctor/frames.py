"""WebSocket frames by hand (RFC 6455 5.2), because here each byte is to be seen. Short ones only."""

import base64
import hashlib
from collections.abc import Callable
from typing import NamedTuple

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""RFC 6455 1.3: a number that no server says by chance."""

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
NAMES = {TEXT: "text", CLOSE: "close", PING: "ping", PONG: "pong"}
LONGEST = 125


class Frame(NamedTuple):
    opcode: int
    payload: bytes
    raw: bytes


def accept_key(key: str) -> tuple[str, str]:
    """Return SHA-1 of key and GUID as hexadecimal digits, and what `Sec-WebSocket-Accept` must say."""
    digest = hashlib.sha1((key + GUID).encode(), usedforsecurity=False).digest()
    return digest.hex(), base64.b64encode(digest).decode()


def masked(payload: bytes, mask: bytes) -> bytes:
    """Return payload XOR mask, its four bytes over and over (5.3); done twice it is the payload again."""
    return bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))


def client_frame(opcode: int, payload: bytes, mask: bytes) -> bytes:
    """Return a whole frame from a client: FIN and opcode, the mask's bit and the length, the mask, the masked payload."""
    return bytes((0x80 | opcode, 0x80 | len(payload))) + mask + masked(payload, mask)


def read_frame(read: Callable[[int], bytes]) -> Frame:
    """Read one frame of a server; `read(n)` returns exactly n bytes. Raise ValueError for what no good server sends here."""
    head = read(2)
    if head[0] & 0x70 or head[1] & 0x80 or head[1] > LONGEST:
        raise ValueError(f"a frame begins with {head.hex(' ')}, which is not expected here")
    payload = read(head[1])
    return Frame(head[0] & 0x0F, payload, head + payload)
