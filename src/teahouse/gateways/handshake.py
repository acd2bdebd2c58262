"""What a WebSocket handshake asks for and why it is refused, as pure functions of its headers."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from teahouse.gateways.cookie import session_token
from teahouse.gateways.origin import allowed_host, allowed_origin, is_secure

Refusal = tuple[HTTPStatus, str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One handshake: `scheme` is http or https; each header with all values that it came with."""

    path: str
    scheme: str
    hosts: Sequence[str]
    origins: Sequence[str]
    subprotocols: Sequence[str]
    cookies: Sequence[str]

    @property
    def host(self) -> str:
        return _only(self.hosts) or ""

    @property
    def offered(self) -> list[str]:
        """Return the subprotocols that the client offers, one by one."""
        return [name.strip() for value in self.subprotocols for name in value.split(",")]


def refusal(asked: Asked, *, path: str, subprotocol: str, public_url: str | None, on_loopback: bool) -> Refusal | None:
    """Return why a handshake is refused before anyone is looked up, None when it is good."""
    if asked.path.partition("?")[0] != path:
        return HTTPStatus.NOT_FOUND, f"the WebSocket is at {path}"
    if not allowed_host(asked.host, public_url, loopback=on_loopback):
        return HTTPStatus.FORBIDDEN, "this house is not known by that name"
    if not allowed_origin(_only(asked.origins), asked.host, asked.scheme, public_url):
        return HTTPStatus.FORBIDDEN, "expected an Origin that is the server's own"
    if asked.offered and subprotocol not in asked.offered:
        return HTTPStatus.UPGRADE_REQUIRED, f"expected the subprotocol {subprotocol}"
    return None


def token(asked: Asked, public_url: str | None) -> str | None:
    """Return the session's token that a handshake brings."""
    return session_token("; ".join(asked.cookies), secure=is_secure(asked.host, asked.scheme, public_url))


def _only(values: Sequence[str]) -> str | None:
    """Return the value of a header that must come once; None when it is missing or repeated."""
    return values[0] if len(values) == 1 else None
