"""Every stream by its name: opening one within the bounds that all connections share, and finding one's own again."""

import secrets
from typing import TypeVar

from teahouse import wire
from teahouse.auth import Identity
from teahouse.errors import NotFound, TooMuch, Unavailable
from teahouse.gateways.connection import Connection, House
from teahouse.gateways.connections import Connections
from teahouse.gateways.stream.stream import Patience, Stream
from teahouse.gateways.unread import Unread

RETRY_AFTER_S = 10.0

Kind = TypeVar("Kind", bound=Stream)


class Streams:
    """The connections over HTTP. A name is as secret as a session: whoever knows both speaks for the connection."""

    def __init__(self, house: House, connections: Connections, patience: Patience) -> None:
        self._house = house
        self._connections = connections
        self._patience = patience
        self._by_name: dict[str, Stream] = {}

    def open(self, kind: type[Kind], identity: Identity, address: str, hello: bytes, *, now_s: float, instead_of: str = "") -> Kind:
        """Return a new stream that has said its name and heard `hello`. Unavailable or TooMuch where there is no room.

        `instead_of` names the client's stream before: its network may have died without a word, and it would count on.
        """
        before = self._by_name.get(instead_of)
        if before is not None and before.connection.identity.session == identity.session:
            before.leave()
        if self._connections.full:
            raise Unavailable("the house is full", retry_after_s=RETRY_AFTER_S)
        if excess := self._connections.too_many(identity.payer, address):
            raise TooMuch(f"more than {excess}", retry_after_s=RETRY_AFTER_S)
        stream = kind(secrets.token_urlsafe(18), self._patience, now_s)
        stream.connection = Connection(self._house, identity, stream.dialect, stream, address)
        stream.unread = Unread(self._connections.unread, address, identity.payer, stream.cut)
        stream.on_close, stream.on_over = self._closed, self._over
        self._by_name[stream.name] = stream
        self._connections.enter(stream)
        self._connections.add(stream.connection, address)
        stream.connection.say(wire.Opened(stream.name))
        stream.connection.receive(hello)
        return stream

    def find(self, kind: type[Kind], name: str, identity: Identity) -> Kind:
        """Return the stream called `name` of this very session; NotFound where there is none."""
        stream = self._by_name.get(name)
        if not isinstance(stream, kind) or stream.connection.identity.session != identity.session:
            raise NotFound("this connection has ended; open a new one")
        return stream

    def _closed(self, stream: Stream) -> None:
        self._connections.remove(stream.connection)

    def _over(self, stream: Stream) -> None:
        self._by_name.pop(stream.name, None)
        self._connections.exit(stream)
