"""Teahouse's own dialect: wire.py's JSON, one object per message."""

from teahouse import wire


class Native:
    """Commands as docs/protocol.md has them; events likewise."""

    subprotocol = wire.SUBPROTOCOL

    def parse(self, raw: bytes) -> wire.AnyCommand:
        """Return the command that `raw` says; Invalid in words when it says none."""
        return wire.decode(raw)

    def request_id(self, raw: bytes) -> int | None:
        """Return the id of a command that cannot be parsed, where it has one, so that its refusal finds its sender."""
        return wire.decode_id(raw)

    def render(self, event: wire.Event) -> bytes:
        return wire.encode(event)
