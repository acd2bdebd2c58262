"""Guards of requests are coroutines: Litestar runs plain functions in a thread, for each request, outside of the share of a turn."""

from collections.abc import Iterator
from importlib import import_module
from inspect import iscoroutinefunction
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from litestar import Router
from litestar.handlers import BaseRouteHandler

from teahouse.gateways import http
from teahouse.gateways.http.same_origin import same_origin


def guards() -> Iterator[Any]:
    yield same_origin(None)
    for module in iter_modules([str(Path(http.__file__).parent)]):
        for value in vars(import_module(f"teahouse.gateways.http.{module.name}")).values():
            if isinstance(value, Router | BaseRouteHandler):
                yield from value.guards or ()


def test_no_guard_needs_a_thread() -> None:
    found = list(guards())
    assert len(found) > 5
    assert [guard.__qualname__ for guard in found if not iscoroutinefunction(guard)] == []
