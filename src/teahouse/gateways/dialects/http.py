"""The native dialect as HTTP answers carry it: Server-Sent Events, and the items of a long poll's JSON list."""

from collections.abc import Sequence

from teahouse import wire
from teahouse.gateways.dialects.native import Native
from teahouse.model import Entry

HEARTBEAT = b":\n\n"
"""A comment, which clients skip and proxies count (HTML standard 9.2.7)."""


class ServerSent(Native):
    """One block of `text/event-stream` per event; an entry's `id` is its place. The JSON has no line break in it."""

    def render(self, event: wire.Event) -> bytes:
        place = b"id: %d:%d\n" % (event.log, event.seq) if isinstance(event, Entry) else b""
        return b"%sdata: %s\n\n" % (place, super().render(event))

    def join(self, parts: Sequence[bytes]) -> bytes:
        return b"".join(parts)


class Listed(Native):
    """Events with commas between."""

    def join(self, parts: Sequence[bytes]) -> bytes:
        return b",".join(parts)


SERVER_SENT, LISTED = ServerSent(), Listed()
