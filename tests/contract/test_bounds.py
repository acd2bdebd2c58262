"""Every field that a client sends has a bound: what it may be long stands in its type, or here by the name of who bounds it."""

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from litestar.handlers import HTTPRouteHandler
from litestar.params import BodyKwarg

from teahouse import wire
from teahouse.gateways import http
from teahouse.gateways.http import rooms
from teahouse.policy import MAX_QUERY_CHARS

BOUNDED_ELSEWHERE = {
    "text": "policy.check_text, by max_text_bytes",
    "name": "policy.check_name, by MAX_NAME_CHARS",
    "topic": "policy.check_topic, by MAX_TOPIC_CHARS",
}
IN_PATH = {"version", "path", "picture"}
"""Looked up in a dict of the page's files."""


def handlers() -> Iterator[HTTPRouteHandler]:
    for module in iter_modules([str(Path(http.__file__).parent)]):
        for value in vars(import_module(f"teahouse.gateways.http.{module.name}")).values():
            if isinstance(value, HTTPRouteHandler):
                yield value


def bodies() -> set[type[msgspec.Struct]]:
    """Return what the bodies of requests are read as."""
    found = set()
    for handler in handlers():
        found |= {handler.opt["body"]} if "body" in handler.opt else set()
        for hint in get_type_hints(inspect.unwrap(handler.fn), include_extras=True).values():
            if any(isinstance(each, BodyKwarg) for each in getattr(hint, "__metadata__", ())):
                found.add(get_args(hint)[0])
    return found


SENT = sorted({*get_args(wire.AnyCommand), *bodies()}, key=lambda struct: struct.__qualname__)


def unbounded(kind: Any) -> bool:
    match kind:
        case msgspec.inspect.StrType() | msgspec.inspect.BytesType():
            return kind.max_length is None
        case msgspec.inspect.ListType() | msgspec.inspect.SetType() | msgspec.inspect.FrozenSetType():
            return kind.max_length is None or unbounded(kind.item_type)
        case msgspec.inspect.DictType():
            return kind.max_length is None or unbounded(kind.key_type) or unbounded(kind.value_type)
        case msgspec.inspect.IntType() | msgspec.inspect.FloatType():
            return kind.le is None and kind.lt is None
        case msgspec.inspect.UnionType():
            return any(unbounded(each) for each in kind.types)
        case msgspec.inspect.StructType():
            return any(unbounded(field.type) for field in kind.fields)
        case msgspec.inspect.LiteralType() | msgspec.inspect.BoolType() | msgspec.inspect.NoneType():
            return False
        case _:
            return True


def test_what_is_looked_at_is_what_clients_send() -> None:
    assert len(SENT) > len(get_args(wire.AnyCommand)) > 20
    assert {"NewMessage", "SignIn", "NewToken"} <= {each.__name__ for each in SENT}


@pytest.mark.parametrize("struct", SENT, ids=[each.__name__ for each in SENT])
def test_every_field_that_a_client_sends_is_bounded(struct: type[msgspec.Struct]) -> None:
    kind = msgspec.inspect.type_info(struct)
    assert isinstance(kind, msgspec.inspect.StructType)
    loose = {field.name for field in kind.fields if unbounded(field.type)}
    assert loose <= BOUNDED_ELSEWHERE.keys(), f"{struct.__name__}: {loose - BOUNDED_ELSEWHERE.keys()}"


def test_every_text_in_an_address_is_bounded() -> None:
    loose = set()
    for handler in handlers():
        for name, hint in get_type_hints(inspect.unwrap(handler.fn), include_extras=True).items():
            bounds = [each.max_length for each in getattr(hint, "__metadata__", ()) if hasattr(each, "max_length")]
            kinds = get_args(hint) if get_args(hint) else (hint,)
            text = str in kinds or any(str in get_args(each) for each in kinds)
            if name != "return" and text and not any(bounds) and name not in IN_PATH:
                loose.add(f"{handler.handler_name}: {name}")
    assert loose == set()


def test_a_look_around_has_the_same_bound_on_every_road() -> None:
    [rest] = [each.max_length for each in get_args(rooms.Wanted)[1:]]
    [native] = [each.max_length for each in get_args(wire.PartOfName)[1:]]
    assert rest == native == MAX_QUERY_CHARS


KEPT_BY_CODE = {"gateways/http/strict_body.py", "gateways/doors/signin_pages.py", "characters.py", "emoji_forms.py", "lookalikes.py"}
"""Where a `cache` has a key for each type of body, for each file of a door's pages, for one table: no stranger makes a further one.

And of lookalikes.py for single characters, 4,096 of them at most."""


def test_no_cache_has_keys_that_a_stranger_makes() -> None:
    # What people send is kept in caches of our own, bounded in bytes: docs/decisions/0024.
    package = Path(__file__).parents[2] / "src" / "teahouse"
    caching = re.compile(r"^from functools import .*\b(lru_cache|cache)\b|functools\.(lru_cache|cache)\b", re.MULTILINE)
    found = {str(path.relative_to(package)) for path in package.rglob("*.py") if caching.search(path.read_text(encoding="utf-8"))}
    assert found == KEPT_BY_CODE
