"""How this door says no: each refusal of Teahouse and each fault of a request as `{"code", "words", "retry", "retry_after_s"?}`."""

import secrets
from math import ceil
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import ExceptionHandlersMap
from msgspec import UNSET, Struct, UnsetType

from teahouse.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, ShutOut, TeahouseError, TooMuch, Unavailable

_log = structlog.get_logger("http")


class Refusal(Struct, frozen=True):
    """The body of every answer that is not a success."""

    code: str
    words: str
    retry: bool = False
    retry_after_s: float | UnsetType = UNSET
    ban: ShutOut | UnsetType = UNSET


REFUSED = {
    error.status: ResponseSpec(Refusal, description=error.code, generate_examples=False)
    for error in (Invalid, NotSignedIn, NotAllowed, NotFound, Conflict, TooMuch, Unavailable)
}
"""What the OpenAPI page says of refusals, for every endpoint alike."""

_GONE = "client disconnected prematurely"
"""Litestar's words when a client hangs up in the middle of its body: nobody's fault, and nobody reads the answer."""

_WORDS = {
    404: "there is nothing at this path",
    405: "this path does not take this method",
    413: "the body is too large",
}


def refuse(error: TeahouseError) -> Response[Refusal]:
    """Return the answer that says `error`."""
    after_s = error.retry_after_s
    headers = {} if after_s is None else {"Retry-After": str(ceil(after_s))}
    body = Refusal(error.code, error.words, error.retry, UNSET if after_s is None else after_s, error.ban or UNSET)
    return Response(body, status_code=error.status, headers=headers)


def _known(_request: Request[Any, Any, Any], error: TeahouseError) -> Response[Refusal]:
    return refuse(error)


def _http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Refusal]:
    """Answer what Litestar itself refused, with its status: a path, a method, a field, malformed JSON."""
    if error.status_code >= 500 and error.detail != _GONE:
        return _fault(request, error)
    code = NotFound.code if error.status_code == NotFound.status else Invalid.code
    return Response(Refusal(code, _words(error)), status_code=error.status_code, headers=error.headers or {})


def _words(error: HTTPException) -> str:
    """Name the first wrong field; never the URL, which Litestar's own words repeat with its query."""
    fields = error.extra if isinstance(error.extra, list) else []
    for field in fields:
        return f"{field['key']}: {field['message']}"
    return _WORDS.get(error.status_code, error.detail)


def _fault(_request: Request[Any, Any, Any], error: Exception) -> Response[Refusal]:
    """Log what nobody expected and tell the client nothing of it but the line's id."""
    fault = secrets.token_hex(4)
    _log.error("fault", id=fault, exc_info=error)
    return refuse(TeahouseError(f"something went wrong here; it is logged as {fault}"))


HANDLERS: ExceptionHandlersMap = {
    TeahouseError: _known,
    HTTPException: _http,
    Exception: _fault,
}
