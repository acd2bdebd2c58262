"""Compressed messages on the way in (RFC 7692): what is agreed in the handshake, and how a message is inflated within bounds.

What goes out is in dialects/deflated.py. Nothing here remembers one message while it reads the next (`client_no_context_takeover`).
"""

import zlib
from collections.abc import Sequence

from websockets.exceptions import NegotiationError
from websockets.extensions import Extension, ServerExtensionFactory
from websockets.frames import Frame, Opcode
from websockets.typing import ExtensionName, ExtensionParameter

NAME = ExtensionName("permessage-deflate")
NO_TAKEOVER = ("server_no_context_takeover", "client_no_context_takeover")
OUR_BITS, THEIR_BITS = "server_max_window_bits", "client_max_window_bits"
FULL_WINDOW = "15"
WINDOWS = frozenset(str(bits) for bits in range(8, 16))

BAD_DATA, VIOLATION, TOO_BIG = 1007, 1008, 1009
MAX_RATIO = 64
"""What people and programs write in JSON gets 2 to 20 times smaller; deflate's utmost is 1,032."""
SPARE_MESSAGES = 16
"""Messages of the largest size that may be all one letter, before the ratio counts. One odd message is no attack, and closing
for it would be repeated when the page sends it again."""

_FLUSHED = b"\x00\x00\xff\xff"
_END = _FLUSHED + b"\x03\x00"
"""What the sender took off, and an empty last block: whether the stream comes to its end there tells whether it was whole."""
_LAST_BLOCK_SENT = (_END, b"\x00" + _END)
"""What is left over when the sender's own block was the last one; a zero is what RFC 7692 7.2.3.4 puts after it."""


class Refused(Exception):
    """A compressed message that is not taken, with the code to close with."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


def inflated(data: bytes, max_bytes: int) -> bytes:
    """Return what a compressed message says; Refused when it is broken, goes on after its end, or says more than `max_bytes`."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        message = stream.decompress(data + _END, max_bytes + 1)  # one more, for at the limit itself zlib would leave input unread
    except zlib.error:
        raise Refused(BAD_DATA, "expected deflate") from None
    if len(message) > max_bytes:
        raise Refused(TOO_BIG, f"more than {max_bytes} bytes when inflated")
    if not stream.eof or (stream.unused_data and stream.unused_data not in _LAST_BLOCK_SENT):
        raise Refused(BAD_DATA, "expected one whole deflate stream")
    return message


class Inflater:
    """Inflates the messages of one client, as long as in the long run it sends a fair part of what they take here."""

    __slots__ = ("_max_bytes", "_spare")

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._spare = SPARE_MESSAGES * max_bytes

    def inflate(self, data: bytes) -> bytes:
        message = inflated(data, self._max_bytes)
        self._spare = min(self._spare + MAX_RATIO * len(data), SPARE_MESSAGES * self._max_bytes) - len(message)
        if self._spare < 0:
            raise Refused(VIOLATION, f"more than {MAX_RATIO} times what was sent")
        return message


class CompressedFrame(Frame):
    """The first frame of a compressed message, or all of it."""


class Marks(Extension):
    """Turns RSV1 into a CompressedFrame and inflates nothing, so that the parser bounds what was sent and the door what it says."""

    name = NAME

    def decode(self, frame: Frame, *, max_size: int | None = None) -> Frame:
        if frame.rsv1 and frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            return CompressedFrame(frame.opcode, frame.data, frame.fin, False, frame.rsv2, frame.rsv3)
        return frame  # RSV1 on any other frame is left for the parser to refuse (RFC 7692 6.1)

    def encode(self, frame: Frame) -> Frame:
        return frame  # through the parser go only control frames


class Offers(ServerExtensionFactory):
    """Takes the first offer under which a message's bytes can be the same for everyone."""

    name = NAME

    def process_request_params(
        self, params: Sequence[ExtensionParameter], accepted_extensions: Sequence[Extension]
    ) -> tuple[list[ExtensionParameter], Extension]:
        if accepted_extensions:
            raise NegotiationError("one is enough")
        return agreed(params), MARKS


def agreed(params: Sequence[ExtensionParameter]) -> list[ExtensionParameter]:
    """Return the answer to an offer; NegotiationError when it is malformed or wants a window of its own (RFC 7692 7.1)."""
    offer = dict(params)
    if len(offer) < len(params):
        raise NegotiationError("a parameter twice")
    for name, value in params:
        if not _is_lawful(name, value):
            raise NegotiationError(f"not {name}={value}")
    answer: list[ExtensionParameter] = [(name, None) for name in NO_TAKEOVER]
    # Who names our window is to be told it (7.1.2.1); who names theirs may keep to it, for we inflate with the largest.
    return [*answer, (OUR_BITS, FULL_WINDOW)] if OUR_BITS in offer else answer


def _is_lawful(name: str, value: str | None) -> bool:
    if name in NO_TAKEOVER:
        return value is None
    if name == OUR_BITS:
        return value == FULL_WINDOW
    return name == THEIR_BITS and (value is None or value in WINDOWS)


MARKS = Marks()
OFFERS = Offers()
