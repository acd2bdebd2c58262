"""The real server with one difference: its WebSocket door takes anyone in and sends every message back.

A script, run as `python echo.py serve …`. The HTTP server, the bounds, the parser, the handshake's answer, the order of the
frames and the way of closing are those of `python -m teahouse serve …`. What is different, and why:

- nobody signs in, because the Autobahn cases bring neither a cookie nor an Origin;
- a connection echoes instead of taking commands;
- binary messages are echoed too. Teahouse refuses them with 1003, so they travel here as text does, fragment by fragment,
  up to the point where text is decoded.
"""

from struct import pack

from websockets.frames import Frame, Opcode
from websockets.http11 import Request

from teahouse import cli
from teahouse.auth import Identity
from teahouse.gateways import websocket
from teahouse.gateways.connection import Connection
from teahouse.gateways.dialects.framed import text_frame
from teahouse.gateways.websocket import WebSocketDoor
from teahouse.model import User

ANYONE = Identity(session=0, user=User(0, "Anyone", "f01"), inbox=0)
FINAL_BINARY = 0x82


class Echo(Connection):
    """Says what it hears."""

    def receive(self, raw: bytes) -> None:
        self.greeted = True
        self.outlet.write(text_frame(raw))


class EchoDoor(WebSocketDoor):
    _kind = Opcode.TEXT
    """Of the message whose fragments are coming in."""

    async def _admit(self, request: Request) -> None:
        self._accept(request, ANYONE)

    def _take_frame(self, frame: Frame) -> None:
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            self._kind = frame.opcode
            frame = Frame(Opcode.TEXT, frame.data, frame.fin)
        super()._take_frame(frame)

    def _take_message(self, message: bytes) -> None:
        if self._kind is Opcode.TEXT:
            super()._take_message(message)
        else:
            self.write(binary_frame(message))


def binary_frame(payload: bytes) -> bytes:
    """Return an unmasked, final binary frame: a text frame with another first byte (RFC 6455 5.2)."""
    return pack("!B", FINAL_BINARY) + text_frame(payload)[1:]


if __name__ == "__main__":
    websocket.Connection = Echo  # type: ignore[misc]
    websocket.WebSocketDoor = EchoDoor  # type: ignore[misc]
    cli.main()
