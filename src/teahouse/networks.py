"""Networks of addresses, as keepers write them and as connections come from them. Pure.

An IPv4 address inside IPv6 is the IPv4 address: `::ffff:192.0.2.7` (RFC 4291 2.5.5.2), and what a translator makes of it,
`64:ff9b::192.0.2.7` (RFC 6052 2.1) or, of one's own, `64:ff9b:1::192.0.2.7` (RFC 8215). Whoever has one IPv6 address has its whole /64
(RFC 6177), so nothing narrower is a network here; but for link-local addresses (`fe80::/10`), whose /64 is everybody on the same cable:
each is shut out and seen alone. For limits they count as one all the same, since one machine gives itself as many as it likes.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from teahouse.errors import Invalid

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

WIDEST = {4: 16, 6: 32}
"""A ban that is wider shuts out whole countries and their providers."""
NARROWEST_IPV6 = 64
LINK_LOCAL = IPv6Network("fe80::/10")
_OWN_TRANSLATORS = IPv6Network("64:ff9b:1::/48")
"""Of the forms that RFC 6052 2.2 allows there, the one with the IPv4 address at the end is read. In the others the last 24 bits are 0."""
_TRANSLATED = (IPv6Network("64:ff9b::/96"), _OWN_TRANSLATORS)
_HOLD_IPV4 = (IPv6Network("::ffff:0:0/96"), *_TRANSLATED)


def parse_network(text: str) -> Network:
    """Return the network that a keeper means, in its one form; Invalid, in words, for what is none, too wide, or this very machine."""
    try:
        found: Network = ip_network(text.strip().partition("%")[0], strict=False)
    except ValueError:
        raise Invalid(f"expected an address such as 203.0.113.7 or a network such as 203.0.113.0/24, got {text!r}") from None
    inside = _ipv4_inside(found.network_address)
    if inside is not None and found.prefixlen >= 96:
        found = ip_network((int(inside), found.prefixlen - 96), strict=False)
    if isinstance(found, IPv6Network) and any(found.overlaps(each) for each in _TRANSLATED):
        raise Invalid(f"{found} is IPv4, as a translator writes it: give the IPv4 address itself, or a network of it up to a /{WIDEST[4]}")
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
    if not isinstance(address, IPv6Address) or not any(address in each for each in _HOLD_IPV4):
        return None
    if address in _OWN_TRANSLATORS and not int(address) & 0xFF_FFFF:
        return None
    return IPv4Address(int(address) & 0xFFFF_FFFF)


def as_network(text: str) -> str | None:
    """Return what is kept of the address that a connection came from: the address of IPv4, the /64 of IPv6, a link-local address."""
    address = parse_address(text)
    if address is None:
        return None
    if address.version == 4 or address in LINK_LOCAL:
        return str(address)
    return str(ip_network((int(address), NARROWEST_IPV6), strict=False))


def counted_as(text: str) -> str | None:
    """Return as what an address counts where limits are by network: that of IPv4, the /64 of IPv6, all link-local ones together."""
    address = parse_address(text)
    if address is None or address.version == 4:
        return None if address is None else str(address)
    return str(LINK_LOCAL) if address in LINK_LOCAL else address.exploded[:19]
