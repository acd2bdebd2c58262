"""The real server with one difference: its WebSocket door takes anyone in and sends every message back.

A script, run as `python echo.py serve …`. The HTTP server, the bounds, the parser, the handshake's answer, the order of the
frames and the way of closing are those of `python -m teahouse serve …`. What is different, and why:

- nobody signs in, because the Autobahn cases bring neither a cookie nor an Origin;
- a connection echoes instead of taking commands;
- what was agreed to be compressed is, however small it is: kosoku stumbles over a plain message on a connection with compression;
- binary messages are echoed too. Teahouse refuses them with 1003, so they travel here as text does, fragment by fragment,
  up to the point where text is decoded.
"""

from dataclasses import replace
from struct import pack

from websockets.frames import Frame, Opcode
from websockets.http11 import Request

from teahouse import cli
from teahouse.auth import Identity
from teahouse.gateways import websocket
from teahouse.gateways.connection import Connection
from teahouse.gateways.dialects.deflated import deflated_frame
from teahouse.gateways.dialects.framed import Framed, text_frame
from teahouse.gateways.websocket import WebSocketDoor
from teahouse.model import User

ANYONE = Identity(session=0, user=User(1, "Anyone", "f01"), inbox=0)
"""Under the number of the house's first user, because where somebody was seen is noted of people who exist."""


class Echo(Connection):
    """Says what it hears."""

    def receive(self, raw: bytes) -> None:
        self.greeted = True
        self.outlet.write(echoed(raw, self.outlet.dialect))


class EchoDoor(WebSocketDoor):
    _kind = Opcode.TEXT
    """Of the message whose fragments are coming in."""

    async def _admit(self, request: Request) -> None:
        self._accept(request, ANYONE)
        self._admitted()

    def _take_frame(self, frame: Frame) -> None:
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            self._kind = frame.opcode
            frame = replace(frame, opcode=Opcode.TEXT)
        super()._take_frame(frame)

    def _take_message(self, sent: bytes) -> None:
        if self._kind is Opcode.TEXT:
            super()._take_message(sent)
        else:
            self.write(binary(echoed(self._messages.said(sent), self.dialect)))


def echoed(payload: bytes, dialect: Framed) -> bytes:
    return text_frame(payload) if dialect is websocket.FRAMED else deflated_frame(payload)


def binary(frame: bytes) -> bytes:
    """Return a text frame as a binary one: another opcode in its first byte (RFC 6455 5.2)."""
    return pack("!B", frame[0] ^ Opcode.TEXT ^ Opcode.BINARY) + frame[1:]


if __name__ == "__main__":
    websocket.Connection = Echo  # type: ignore[misc]
    websocket.WebSocketDoor = EchoDoor  # type: ignore[misc]
    cli.main()
