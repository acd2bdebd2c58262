"""What a request says that posts a message: JSON, or, from a shell, a form or the bare text. Pure."""

import re
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec
from litestar.exceptions import HTTPException
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from msgspec import Struct

from teahouse import wire
from teahouse.errors import Invalid
from teahouse.gateways.headers import charset, media_type
from teahouse.strict_json import Reader

JSON, FORM, TEXT = "application/json", "application/x-www-form-urlencoded", "text/plain"
IDEMPOTENCY_KEY = "Idempotency-Key"

_FIELDS = (b"text", b"client_id", b"reply_to")
_KEY = re.compile(r"^[A-Za-z0-9_.:-]{1,64}$")


class NewMessage(Struct, frozen=True):
    """`client_id` makes it idempotent for ever: sent again, the answer is the first one. Without one the house makes one up."""

    text: str
    client_id: wire.ClientId | None = None
    reply_to: wire.Id | None = None


class PostingOperation(Operation):
    """What the OpenAPI page says of such a body, which Litestar does not read."""

    def __post_init__(self) -> None:
        text = Schema(type=OpenAPIType.STRING)
        client_id = Schema(type=OpenAPIType.STRING, min_length=1, max_length=64, pattern=_KEY.pattern)
        reply_to = Schema(type=OpenAPIType.INTEGER, minimum=1, maximum=2**53 - 1)
        message = Schema(
            type=OpenAPIType.OBJECT,
            title=NewMessage.__name__,
            description=NewMessage.__doc__,
            properties={"text": text, "client_id": client_id, "reply_to": reply_to},
            required=["text"],
        )
        bodies = {JSON: message, FORM: message, TEXT: text}
        self.request_body = RequestBody({kind: OpenAPIMediaType(schema) for kind, schema in bodies.items()}, required=True)


_json = Reader[NewMessage](NewMessage)


def read_post(body: bytes, content_type: str) -> NewMessage:
    """Return what a body says. Invalid in words; 415 for a type that is none of the three.

    A form without a field `text` is the text itself, as it came: `curl -d` calls everything a form.
    """
    kind = media_type(content_type) or _likely(body)
    if kind == JSON:
        return _read_json(body)
    if kind not in (FORM, TEXT) or charset(content_type) not in ("", "utf-8", "utf8", "us-ascii"):
        raise HTTPException(status_code=415, detail=f"expected {JSON}, {FORM} or {TEXT}, in UTF-8")
    fields = _fields(body) if kind == FORM else {}
    if b"text" not in fields:
        return NewMessage(_decoded(body))
    given: dict[str, Any] = {name.decode(): _decoded(unquote_to_bytes(value.replace(b"+", b" "))) for name, value in fields.items()}
    try:
        return msgspec.convert(given | _number(given), NewMessage)
    except msgspec.ValidationError as error:
        raise Invalid(str(error)) from None


def client_id_of(message: NewMessage, key: str | None) -> str | None:
    """Return the client_id of a message, its own or the header Idempotency-Key's; None where it has none. Invalid where the two differ.

    The header may have quotes around it, as its draft wants (draft-ietf-httpapi-idempotency-key-header).
    """
    if key is None:
        return message.client_id
    bare = key[1:-1] if len(key) > 1 and key[0] == key[-1] == '"' else key
    if not _KEY.fullmatch(bare):
        raise Invalid(f"{IDEMPOTENCY_KEY}: expected 1 to 64 of A-Z a-z 0-9 _ . : -")
    if message.client_id not in (None, bare):
        raise Invalid(f"client_id and {IDEMPOTENCY_KEY} differ: send one of them, or the same in both")
    return bare


def _likely(body: bytes) -> str:
    """Return what a body without a type is: an object of JSON, or the text itself."""
    return JSON if body.lstrip(b" \t\r\n").startswith(b"{") else TEXT


def _read_json(body: bytes) -> NewMessage:
    try:
        return _json.read(body)
    except msgspec.ValidationError as error:
        raise Invalid(str(error)) from None
    except msgspec.DecodeError as error:
        raise Invalid(f"expected one JSON object as the body: {error}") from None


def _fields(body: bytes) -> dict[bytes, bytes]:
    """Return the fields of a form that are known, still escaped. The others are not even taken apart."""
    found: dict[bytes, bytes] = {}
    for pair in body.split(b"&"):
        name, equals, value = pair.partition(b"=")
        if equals and name in _FIELDS and found.setdefault(name, value) is not value:
            raise Invalid(f"the form has the field {name.decode()} twice")
    return found


def _number(given: dict[str, Any]) -> dict[str, int]:
    if (number := given.get("reply_to")) is None:
        return {}
    if not re.fullmatch(r"[0-9]{1,16}", number):
        raise Invalid("reply_to: expected a whole number")
    return {"reply_to": int(number)}


def _decoded(octets: bytes) -> str:
    try:
        return octets.decode()
    except UnicodeDecodeError:
        raise Invalid("expected a text in UTF-8") from None
