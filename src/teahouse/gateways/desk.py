"""What the doors of sockets are given by app.py."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from teahouse.auth import Identity, Proof
from teahouse.gateways.address import NO_PROXIES, Proxies
from teahouse.gateways.connection import House
from teahouse.gateways.connections import Connections
from teahouse.gateways.dialects.deflated import Deflated
from teahouse.model import User


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What a door needs: the house for its connections, whose a proof is, its bounds, and how it compresses, if at all."""

    house: House
    connections: Connections
    prove: Callable[[Proof], Awaitable[Identity]]
    check: Callable[[User | None, str], None]
    """Raises NotAllowed for whoever is shut out, as a person or by their address."""
    public_url: str | None
    on_loopback: bool
    max_message_bytes: int
    max_fragments: int
    handshake_timeout_s: float
    hello_timeout_s: float
    ping_interval_s: float
    ping_timeout_s: float
    proxies: Proxies = NO_PROXIES
    deflated: Deflated | None = None
