"""A real house for a file of tests that only look at it, and servers that are none."""

import ssl
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.doctor.plain_server import PlainServer, Serve
from tests.faults.server import GENEROUS, Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("house") / "data", GENEROUS) as running:
        yield running


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as opened:

        def serve(says: bytes, context: ssl.SSLContext | None = None) -> str:
            return opened.enter_context(PlainServer(says, context)).address

        yield serve
