"""Where a request comes from and how it called us: as its socket says, or as the proxies that we trust tell it.

What a proxy adds stands at the right end of a header, what the client invented stands to the left of it. So everything is
read from the right, and no further than the first hop that is not ours.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from teahouse.gateways.headers import items
from teahouse.networks import counted_as

_SCHEMES = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
"""Traefik says ws and wss of an upgrade."""


@dataclass(frozen=True)
class Caller:
    """Who sends a request and what they called: the client's address, the browser's scheme, the host where a proxy names one."""

    address: str
    scheme: str
    host: str | None = None


class Proxies:
    """The proxies that stand in front of us, by address or network (`127.0.0.1`, `10.0.0.0/8`)."""

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        self._networks = [ip_network(each, strict=False) for each in trusted]

    def caller(self, peer: str, scheme: str, values: Callable[[str], Sequence[str]]) -> Caller:
        """Return who is behind a request that came from `peer` over `scheme`; `values` gives all values of a header."""
        if not self._networks or not self.trusts(peer):
            return Caller(peer, scheme)
        hosts, schemes = items(values("x-forwarded-host")), items(values("x-forwarded-proto"))
        return Caller(
            address=self.client_address(peer, values("x-forwarded-for")),
            scheme=_SCHEMES.get(schemes[-1].lower(), scheme) if schemes else scheme,
            host=hosts[-1] if hosts else None,
        )

    def client_address(self, peer: str, forwarded_for: Sequence[str]) -> str:
        """Return the nearest address that is no proxy of ours; where a hop cannot be read, the last one that could."""
        address = peer
        for hop in reversed(items(forwarded_for)):
            parsed = _parsed(_without_port(hop))
            if parsed is None or not self.trusts(address):
                break
            address = str(parsed)
        return address

    def trusts(self, address: str) -> bool:
        """Whether `address` is one of our proxies."""
        parsed = _parsed(address) if self._networks else None
        return parsed is not None and any(parsed in network for network in self._networks)


NO_PROXIES = Proxies()


PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
"""What a proxy adds: a request that carries one of these comes from somewhere else, though its last step began here."""


def is_of_this_machine(address: str) -> bool:
    parsed = _parsed(address)
    return parsed is not None and parsed.is_loopback


def network(address: str) -> str:
    """Return what counts as one address for limits. For bans it takes the address itself: of link-local ones, each is shut out alone."""
    return counted_as(address) or address


def _without_port(hop: str) -> str:
    """Some proxies add the client's port: `192.0.2.7:4711`, `[2001:db8::1]:4711`."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _without_zone(address: str) -> str:
    """A link-local address may say by which network card it came, `fe80::1%eth0` (RFC 4007 11); Python 3.11 cannot write that out."""
    return address.partition("%")[0]


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    """Return the address as a number; on a socket for both families an IPv4 peer is written as IPv6 (RFC 4291 2.5.5.2)."""
    try:
        parsed = ip_address(_without_zone(address))
    except ValueError:
        return None
    return (isinstance(parsed, IPv6Address) and parsed.ipv4_mapped) or parsed
