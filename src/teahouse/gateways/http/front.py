"""What every answer of the HTTP door has in common: the safe headers, the date, the end of a token, HEAD, and one log line at most."""

from email.utils import formatdate
from time import perf_counter
from typing import Any

import structlog
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Send

from teahouse.gateways.credentials import EXPIRES_HEADER, expires
from teahouse.gateways.origin import inside

_log = structlog.get_logger("http")

_DEFAULT_HEADERS = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"cross-origin-resource-policy": b"same-origin",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
}


def with_front(app: ASGIApp, base: str = "/") -> ASGIApp:
    """Wrap `app` so that each answer carries the safe headers which it did not set itself, and paths may begin with `base`."""

    async def front(scope: Any, receive: Receive, send: Send) -> None:
        began = perf_counter()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(message, scope["state"].get("token_ends_at"))
                # The path alone: a query may hold words, and nothing else of a request is anyone's business.
                _log.debug("request", method=scope["method"], path=scope["path"], status=message["status"], ms=_ms_since(began))
            await send(message)

        # Litestar answers HEAD only where a handler says so. The server itself drops the body, by the scope that it keeps.
        asked: Any = {**scope, "method": "GET", "head": True} if scope["method"] == "HEAD" else scope
        if base != "/":
            if f"{scope['path']}/" == base:
                return await _send_on(base, answer)
            asked = {**asked, "path": inside(scope["path"], base)}
        await app(asked, receive, answer)

    return front


async def _send_on(base: str, send: Send) -> None:
    """Send who left out the last slash to the page."""
    headers = [(b"location", base.encode()), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 308, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _add_headers(message: HTTPResponseStartEvent, token_ends_at: int | None) -> None:
    headers = list(message["headers"])
    given = {name.lower() for name, _value in headers}
    headers += [pair for pair in _DEFAULT_HEADERS.items() if pair[0] not in given]
    if token_ends_at is not None:
        headers.append((EXPIRES_HEADER.lower().encode(), expires(token_ends_at).encode()))
    message["headers"] = [*headers, (b"date", formatdate(usegmt=True).encode())]


def _ms_since(began: float) -> float:
    return round((perf_counter() - began) * 1000, 1)
