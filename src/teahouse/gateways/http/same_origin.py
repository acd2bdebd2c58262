"""The guard against requests that another site's page makes in our people's name (CSRF)."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from teahouse.errors import Invalid, NotAllowed
from teahouse.gateways.headers import media_type
from teahouse.gateways.origin import allowed_origin, as_told

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({None, "same-origin", "none"})

Connection = ASGIConnection[Any, Any, Any, Any]


def same_origin(public_url: str | None) -> Callable[[Connection, BaseRouteHandler], Awaitable[None]]:
    """Return a guard that lets a changing request pass only from our own page, or from a program that is no browser.

    Every browser of our floor sends `Origin` with a changing request, most send `Sec-Fetch-Site`, and no page can send
    `application/json` to another origin without asking first (Fetch standard, CORS preflight), which we never grant.
    """

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        if connection.scope.get("method") in _READING:
            return
        _check_page(connection, public_url)
        if media_type(connection.headers.get("content-type", "")) != "application/json":
            raise Invalid("expected the header Content-Type: application/json")

    return guard


async def own_site(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Guard: let no other site's page ask even for reading, where reading holds a connection open."""
    _check_page(connection, connection.app.state.parts.public_url)


def _check_page(connection: Connection, public_url: str | None) -> None:
    """Raise NotAllowed for what another site's page asks."""
    if not _from_own_page(connection, public_url):
        headers = connection.headers
        connection.app.state.parts.foreign.add("page", **as_told(headers.get("origin"), headers["host"]))
        raise NotAllowed("this request comes from another page; open the house from its own address", code="bad_origin")


def _from_own_page(connection: Connection, public_url: str | None) -> bool:
    headers = connection.headers
    if headers.get("sec-fetch-site") not in _OWN_SITES:
        return False
    origin = headers.get("origin")
    return origin is None or allowed_origin(origin, headers["host"], connection.scope["scheme"], public_url)
