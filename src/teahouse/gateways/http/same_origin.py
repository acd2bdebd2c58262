"""The guard against requests that another site's page makes in our people's name (CSRF)."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler

from teahouse.errors import NotAllowed
from teahouse.gateways.credentials import bearer_token
from teahouse.gateways.headers import media_type
from teahouse.gateways.origin import allowed_origin, as_told

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_BROWSERS_WORDS = ("origin", "sec-fetch-site")
"""By which a browser tells whose page asks; both were looked at before."""
_OWN_SITES = frozenset({None, "same-origin", "none"})

Connection = ASGIConnection[Any, Any, Any, Any]


def same_origin(public_url: str | None) -> Callable[[Connection, BaseRouteHandler], Awaitable[None]]:
    """Return a guard that lets a changing request pass only from our own page, or from a program that is no browser.

    Every browser of our floor sends `Origin` with a changing request, most send `Sec-Fetch-Site`. What says neither may be an old
    browser's, and then counts what no page can send to another origin without asking first (Fetch standard, CORS preflight), which
    we never grant: a program's token, `application/json`, a method beside POST. Without a body there is no form to be mistaken for.
    """

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        if connection.scope.get("method") in _READING:
            return
        _check_page(connection, public_url)
        if not (_is_beyond_pages(connection) or (not _has_body(connection) and _tells_whose_page(connection))):
            raise HTTPException(status_code=415, detail="expected the header Content-Type: application/json, or a program's token")

    return guard


def _is_beyond_pages(connection: Connection) -> bool:
    """Whether no page of another origin can send this without asking first: its headers say so."""
    headers = connection.headers
    return media_type(headers.get("content-type", "")) == "application/json" or bearer_token(headers.get("authorization", "")) is not None


def _tells_whose_page(connection: Connection) -> bool:
    """Whether a request without a body can be no other page's, by its method or by what was looked at already."""
    return connection.scope.get("method") != "POST" or any(name in connection.headers for name in _BROWSERS_WORDS)


def _has_body(connection: Connection) -> bool:
    headers = connection.headers
    return "transfer-encoding" in headers or headers.get("content-length", "0").strip("0") != ""


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
