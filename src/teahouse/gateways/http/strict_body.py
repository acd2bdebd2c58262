"""Bodies are typed strictly before a handler sees them: Litestar alone takes "1" for 1 and true for a number."""

from functools import cache
from typing import Any

import msgspec
from litestar import Request

from teahouse.errors import Invalid
from teahouse.gateways.http.identity import look_again
from teahouse.strict_json import Reader


async def strict_body(request: Request[Any, Any, Any]) -> None:
    """Hook before each request: raise Invalid, in words that name the field, unless the body is what its handler takes.

    Its sender is looked at again when it is whole.
    """
    field = request.route_handler.parsed_data_field
    if field is None:
        return
    try:
        _reader(field.annotation).read(await request.body())
    except msgspec.ValidationError as error:
        raise Invalid(str(error)) from None
    except msgspec.DecodeError as error:
        raise Invalid(f"expected one JSON object as the body: {error}") from None
    await look_again(request)


@cache
def _reader(body: type) -> Reader[Any]:
    return Reader(body)
