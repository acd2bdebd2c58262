"""A client's messages, put together from their WebSocket frames within bounds, and inflated where they come compressed."""

import logging

from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol

from teahouse.gateways.deflate import CompressedFrame, Inflater, Refused
from teahouse.throttle import Throttle

UNSUPPORTED, NOT_UTF8, VIOLATION = 1003, 1007, 1008

FRAMES_PER_COMMAND = 4
"""How much faster than commands frames of all kinds may come: pings, pongs, fragments, and long messages."""
BYTES_PER_FRAME = 32_768
"""So many bytes of a message, once inflated, count as one more frame."""
DEFLATED_BYTES_PER_FRAME = 2048
"""The same of a compressed one as it was sent: 65,000 bytes can be six thousand blocks that say nothing, and 7 ms of work."""
COMMANDS_PER_HELLO, COMMANDS_PER_HELLO_AT_ONCE = 50, 5
"""With the defaults one hello a second, and forty at once."""

_quiet = logging.getLogger("teahouse.websocket.parser")
_quiet.setLevel(logging.CRITICAL)  # the parser logs each handshake and each client's mistake; the doors say what matters


def check_text(message: bytes) -> None:
    """Refused where a message is no text."""
    try:
        message.decode()
    except UnicodeDecodeError:
        raise Refused(NOT_UTF8, "expected UTF-8") from None


def quiet_parser(max_bytes: int) -> ServerProtocol:
    """Return the library's side of one socket, from the handshake on; a message may have `max_bytes` as it was sent."""
    return ServerProtocol(max_size=max_bytes, logger=_quiet)


def frames_throttle(commands: tuple[float, int], posts: tuple[float, int], max_text_bytes: int) -> Throttle:
    """Return the pace of frames, from those of commands and posts, each (per second, at once): enough for the longest posts, compressed."""
    each = 2 + max_text_bytes // DEFLATED_BYTES_PER_FRAME
    return Throttle(max(FRAMES_PER_COMMAND * commands[0], each * posts[0]), max(FRAMES_PER_COMMAND * commands[1], each * posts[1]))


def hellos_throttle(commands: tuple[float, int]) -> Throttle:
    """Return the pace of hellos, from that of commands: tabs and phones that all come back, again and again, are far below it."""
    return Throttle(commands[0] / COMMANDS_PER_HELLO, max(1, commands[1] // COMMANDS_PER_HELLO_AT_ONCE))


class Messages:
    """Takes data frames in their order. `inflater` is set where compression was agreed."""

    __slots__ = ("_fragments", "_max_fragments", "inflater", "is_compressed", "size")

    def __init__(self, max_fragments: int) -> None:
        self.inflater: Inflater | None = None
        self.size = 0
        """How many bytes of a message are here that is not whole."""
        self._max_fragments = max_fragments
        self._fragments: list[bytes] = []
        self.is_compressed = False
        """Whether the message that came last, or is coming, is to be inflated."""

    def add(self, frame: Frame) -> bytes | None:
        """Return the message that this frame completes as it was sent, None where more is to come. Refused where it may not be."""
        if frame.opcode is Opcode.BINARY:
            raise Refused(UNSUPPORTED, "expected text frames")
        if not self._fragments:
            self.is_compressed = self.inflater is not None and isinstance(frame, CompressedFrame)
        self._fragments.append(bytes(frame.data))
        self.size += len(frame.data)
        if len(self._fragments) > self._max_fragments:
            raise Refused(VIOLATION, "too many fragments")
        if not frame.fin:
            return None
        message, self._fragments, self.size = b"".join(self._fragments), [], 0
        return message

    def said(self, message: bytes) -> bytes:
        """Return what the message that came last says."""
        return self.inflater.inflate(message) if self.is_compressed and self.inflater is not None else message
