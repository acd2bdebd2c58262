"""What one HTTP request may cost, and by which names the server may be called."""

from dataclasses import dataclass, field

from teahouse.gateways.address import NO_PROXIES, Proxies
from teahouse.occurrences import Occurrences


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What a request may cost, and by which names the server may be called; see settings.py."""

    max_header_bytes: int
    max_request_bytes: int
    header_timeout_s: float
    body_timeout_s: float
    loopback: bool
    public_url: str | None
    proxies: Proxies = NO_PROXIES
    foreign: Occurrences = field(default_factory=lambda: Occurrences(""))
    """Counts those who call the server by another name."""
