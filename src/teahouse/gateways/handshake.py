"""What a WebSocket handshake asks for and why it is refused, as pure functions of its headers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs

from teahouse.gateways.address import Caller
from teahouse.gateways.cookie import SessionCookie
from teahouse.gateways.credentials import bearer_token
from teahouse.gateways.headers import items
from teahouse.gateways.origin import allowed_host, allowed_origin, base_path, inside, is_secure, plain
from teahouse.identity import Proof, by_cookie

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
    authorizations: Sequence[str]

    @property
    def host(self) -> str:
        return _only(self.hosts) or ""

    @property
    def origin(self) -> str | None:
        return next(iter(self.origins), None)

    @property
    def offered(self) -> list[str]:
        """Return the subprotocols that the client offers, one by one."""
        return items(self.subprotocols)


def asked(path: str, caller: Caller, values: Callable[[str], Sequence[str]]) -> Asked:
    """Return what the request of `caller` asks for; `values` gives all values of a header."""
    return Asked(
        path=path,
        scheme=caller.scheme,
        hosts=values("Host") if caller.host is None else [caller.host],
        origins=values("Origin"),
        subprotocols=values("Sec-WebSocket-Protocol"),
        cookies=values("Cookie"),
        authorizations=values("Authorization"),
    )


def refusal(asked: Asked, *, path: str, subprotocol: str, public_url: str | None, on_loopback: bool) -> Refusal | None:
    """Return why a handshake is refused before anyone is looked up, None when it is good."""
    if plain(inside(asked.path.partition("?")[0], base_path(public_url))) != path:
        return HTTPStatus.NOT_FOUND, f"the WebSocket is at {path}"
    if not allowed_host(asked.host, public_url, loopback=on_loopback):
        return HTTPStatus.FORBIDDEN, "this house is not known by that name"
    if not _shows_secret(asked) and not allowed_origin(_only(asked.origins), asked.host, asked.scheme, public_url):
        return HTTPStatus.FORBIDDEN, "expected an Origin that is the server's own"
    if asked.offered and subprotocol not in asked.offered:
        return HTTPStatus.UPGRADE_REQUIRED, f"expected the subprotocol {subprotocol}"
    return None


def proof(asked: Asked, public_url: str | None, cookie: SessionCookie) -> Proof:
    """Return by what a handshake says who it is.

    A browser adds its cookie to whatever page's handshake, so that with one the page's Origin counts. A token or a ticket was put
    there by whoever means it, and then no cookie is looked at. Only tickets come in the address, since they are good once.
    """
    token = bearer_token(", ".join(asked.authorizations))
    if token is not None:
        return Proof("token", token)
    if tickets := _tickets(asked):
        return Proof("ticket", _only(tickets))
    secure = is_secure(asked.host, asked.scheme, public_url)
    return by_cookie(cookie.tokens("; ".join(asked.cookies), secure=secure))


def _shows_secret(asked: Asked) -> bool:
    """Say whether a handshake brings a token or a ticket, with which no cookie is looked at."""
    return bearer_token(", ".join(asked.authorizations)) is not None or bool(_tickets(asked))


def _tickets(asked: Asked) -> list[str]:
    return parse_qs(asked.path.partition("?")[2]).get("ticket", [])


def _only(values: Sequence[str]) -> str | None:
    """Return the value of a header that must come once; None when it is missing or repeated."""
    return values[0] if len(values) == 1 else None
