"""The native dialect in compressed frames (RFC 7692): an event is compressed once for all readers who agreed to it.

No stream lasts longer than its message (`server_no_context_takeover`), so the bytes are everybody's, as plain frames are.
"""

import zlib

from teahouse.gateways.dialects.framed import Framed, text_frame

RSV1 = 0x40
LEVEL = 1
"""Level 6 takes four times as long for a page of messages and saves a fifth of what is left (docs/decisions/0012)."""
MAX_BYTES = 65_536
"""Above, a payload goes as it is: it is one asker's answer then, and takes the loop milliseconds for nobody else."""
_FLUSHED = b"\x00\x00\xff\xff"


def deflated(payload: bytes) -> bytes:
    """Return the payload of a compressed message (RFC 7692 7.2.1)."""
    stream = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return (stream.compress(payload) + stream.flush(zlib.Z_SYNC_FLUSH)).removesuffix(_FLUSHED)


def deflated_frame(payload: bytes) -> bytes:
    """Return an unmasked, final, compressed text frame (RFC 7692 6)."""
    frame = text_frame(deflated(payload))
    return bytes((frame[0] | RSV1,)) + frame[1:]


class Deflated(Framed):
    """Compresses what has more bytes than `above`, at most MAX_BYTES, and gets smaller by it; the rest goes as `Framed` would write it."""

    def __init__(self, above: int) -> None:
        self._above = above

    def frame(self, payload: bytes) -> bytes:
        plain = text_frame(payload)
        if not self._above < len(payload) <= MAX_BYTES:
            return plain
        return min(plain, deflated_frame(payload), key=len)
