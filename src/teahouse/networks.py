"""Networks of addresses, as keepers write them and as connections come from them. Pure.

An IPv4 address inside IPv6 is the IPv4 address: `::ffff:192.0.2.7` (RFC 4291 2.5.5.2), and what a translator makes of it,
`64:ff9b::192.0.2.7` (RFC 6052 2.1). Whoever has one IPv6 address has its whole /64 (RFC 6177), so nothing narrower is a network here;
but for link-local addresses (`fe80::/10`), whose /64 is everybody on the same cable.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from teahouse.errors import Invalid

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

WIDEST = {4: 16, 6: 32}
"""A ban that is wider shuts out whole countries and their providers."""
NARROWEST_IPV6 = 64
LINK_LOCAL = IPv6Network("fe80::/10")
_TRANSLATED = IPv6Network("64:ff9b::/96")
_HOLD_IPV4 = (IPv6Network("::ffff:0:0/96"), _TRANSLATED)


def parse_network(text: str) -> Network:
    """Return the network that a keeper means, in its one form; Invalid, in words, for what is none, too wide, or this very machine."""
    try:
        found: Network = ip_network(text.strip().partition("%")[0], strict=False)
    except ValueError:
        raise Invalid(f"expected an address such as 203.0.113.7 or a network such as 203.0.113.0/24, got {text!r}") from None
    if isinstance(found, IPv6Network) and any(found.subnet_of(each) for each in _HOLD_IPV4):
        found = ip_network((int(found.network_address) & 0xFFFF_FFFF, found.prefixlen - 96), strict=False)
    if isinstance(found, IPv6Network) and found.overlaps(_TRANSLATED):
        raise Invalid(f"{found} is all of IPv4, as a translator writes it: a ban reaches over a /{WIDEST[4]} of it at most")
    if isinstance(found, IPv6Network) and found.prefixlen > NARROWEST_IPV6 and not found.subnet_of(LINK_LOCAL):
        found = found.supernet(new_prefix=NARROWEST_IPV6)
    if found.prefixlen < WIDEST[found.version]:
        raise Invalid(f"{found} is too wide: a ban reaches over a /{WIDEST[found.version]} at most")
    if any(found.version == own.version and found.overlaps(own) for own in _OWN):
        raise Invalid(f"{found} is this machine itself; what comes from there is the server's own, or a proxy's that trusted_proxies lacks")
    return found


_OWN: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::/64"), ip_network("0.0.0.0/32"))


def parse_address(text: str) -> Address | None:
    """Return an address as a connection tells it, whole or as the first half of an IPv6 one; None where it is none."""
    text = text.partition("%")[0]
    for each in (text, f"{text}::") if text else ():
        try:
            found = ip_address(each)
        except ValueError:
            continue
        return _ipv4_inside(found) or found
    return None


def _ipv4_inside(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv6Address) and any(address in each for each in _HOLD_IPV4):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def as_network(text: str) -> str | None:
    """Return what is kept of the address that a connection came from: the address of IPv4, the /64 of IPv6, a link-local address."""
    address = parse_address(text)
    if address is None:
        return None
    if address.version == 4 or address in LINK_LOCAL:
        return str(address)
    return str(ip_network((int(address), NARROWEST_IPV6), strict=False))
