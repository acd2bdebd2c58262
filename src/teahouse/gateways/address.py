"""Which network a client comes from, as limits per address count it."""

from ipaddress import IPv6Address, ip_address


def network(address: str) -> str:
    """Return what counts as one address: whoever has one IPv6 address has its whole /64 (RFC 6177)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return parsed.exploded[:19] if isinstance(parsed, IPv6Address) and not parsed.ipv4_mapped else address
