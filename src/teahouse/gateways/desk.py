"""What the doors of sockets are given by app.py."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from teahouse.auth import Identity, Proof
from teahouse.gateways import handshake
from teahouse.gateways.address import NO_PROXIES, Caller, Proxies
from teahouse.gateways.connection import House
from teahouse.gateways.connections import Connections
from teahouse.gateways.cookie import SessionCookie
from teahouse.gateways.credentials import EXPIRES_HEADER, expires
from teahouse.gateways.dialects.deflated import Deflated
from teahouse.gateways.origin import as_told
from teahouse.model import User
from teahouse.throttle import Throttle

Answer = TypeVar("Answer", bound=Any)
"""Of websockets, which the door alone knows; it has `headers`."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What a door needs: the house for its connections, whose a proof is, its bounds, and how it compresses, if at all.

    `frames` is the rate of frames of all kinds that one payer may send, or one socket of an old door.
    """

    house: House
    connections: Connections
    prove: Callable[[Proof], Awaitable[Identity]]
    check: Callable[[User | None, str], None]
    """Raises NotAllowed for whoever is shut out, as a person or by their address."""
    public_url: str | None
    cookie: SessionCookie
    on_loopback: bool
    max_message_bytes: int
    max_fragments: int
    frames: Throttle
    handshake_timeout_s: float
    hello_timeout_s: float
    ping_interval_s: float
    ping_timeout_s: float
    token_ends_soon: Callable[[Identity], int | None] = lambda identity: None
    proxies: Proxies = NO_PROXIES
    deflated: Deflated | None = None

    def caller(self, transport: asyncio.BaseTransport, values: Callable[[str], Sequence[str]]) -> Caller:
        """Return who is at the other end of a socket, as the socket says or the proxies we trust; `values` gives all values of a header."""
        peer = (transport.get_extra_info("peername") or ("",))[0]
        return self.proxies.caller(peer, "https" if transport.get_extra_info("sslcontext") else "http", values)

    def accepted(self, response: Answer, identity: Identity) -> Answer:
        """Return the answer to a handshake, with the end of the token by which somebody comes in its last week."""
        ends_at = self.token_ends_soon(identity)
        if ends_at is not None:
            response.headers[EXPIRES_HEADER] = expires(ends_at)
        return response

    def refusal(self, asked: handshake.Asked, path: str, subprotocol: str) -> handshake.Refusal | None:
        """Return why a handshake is refused before anyone is looked up, None when it is good."""
        if self.connections.full:
            return HTTPStatus.SERVICE_UNAVAILABLE, "the house is full"
        refused = handshake.refusal(asked, path=path, subprotocol=subprotocol, public_url=self.public_url, on_loopback=self.on_loopback)
        if refused is not None and refused[0] is HTTPStatus.FORBIDDEN:
            self.connections.foreign.add("socket", **as_told(asked.origin, asked.host))
        return refused
