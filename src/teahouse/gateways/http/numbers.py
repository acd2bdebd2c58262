"""Whole numbers in addresses: ASCII digits and nothing else. Litestar alone takes `+1`, `1_000`, ` 1` and the digits of every script."""

import re
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from teahouse.errors import Invalid, NotFound

ROOM = "room"
"""The part of a path that may also be a public room's name."""

_NUMBER = re.compile(r"[0-9]{1,16}")
"""As many digits as 2^53 has; the bounds of each number are its handler's."""


async def whole_numbers(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard: read the numbers of a path and of its query. NotFound for a path that has none in their place, Invalid for a query.

    A room that is no number stays as it is: identity.py finds who is called so, once it knows who asks.
    """
    fields = handler.parsed_fn_signature.parameters
    numbers = {name for name, field in fields.items() if field.annotation is int or (field.is_optional and int in _inner(field))}
    given = connection.path_params
    read: dict[str, Any] = {name: _read(name, value) if name in numbers else value for name, value in given.items()}
    connection.scope["path_params"] = read  # the other is Litestar's, which keeps it for the next request
    for name in numbers - given.keys():
        for value in connection.query_params.getall(name, []):
            if not _NUMBER.fullmatch(value):
                raise Invalid(f"{name}: expected a whole number")


def _inner(field: Any) -> list[Any]:
    return [inner.annotation for inner in field.inner_types]


def _read(name: str, value: str) -> int | str:
    if _NUMBER.fullmatch(value):
        return int(value)
    if name == ROOM:
        return value
    raise NotFound("there is nothing at this path")
