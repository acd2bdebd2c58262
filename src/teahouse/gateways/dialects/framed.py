"""A dialect's words as WebSocket frames, so that one rendering serves every socket (docs/decisions/0002)."""

import struct
from collections.abc import Sequence

from teahouse import wire
from teahouse.gateways.dialects.native import Native


def text_frame(payload: bytes) -> bytes:
    """Return an unmasked, final text frame (RFC 6455 5.2)."""
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", 0x81, size) + payload
    if size < 65_536:
        return struct.pack("!BBH", 0x81, 126, size) + payload
    return struct.pack("!BBQ", 0x81, 127, size) + payload


def ping_frame(payload: bytes) -> bytes:
    """Return a ping, whose pong brings `payload` back; at most 125 bytes (RFC 6455 5.5)."""
    return struct.pack("!BB", 0x89, len(payload)) + payload


class Framed(Native):
    """The native dialect in text frames."""

    def render(self, event: wire.Event) -> bytes:
        return self.frame(super().render(event))

    def frame(self, payload: bytes) -> bytes:
        return text_frame(payload)

    def join(self, parts: Sequence[bytes]) -> bytes:
        return b"".join(parts)
