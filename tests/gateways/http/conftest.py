"""People who use the HTTP door of a real server, each with a browser's cookie jar of their own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from tests.faults.server import Server

Visit = Callable[..., httpx.Client]


@pytest.fixture
def visit(server: Server) -> Iterator[Visit]:
    """Open the house for someone; with a name, they sign in."""
    with ExitStack() as everyone:

        def visit(name: str = "", **keys: str) -> httpx.Client:
            headers = {"Content-Type": "application/json"}
            client = everyone.enter_context(httpx.Client(base_url=server.address, headers=headers, trust_env=False))
            if name:
                answer = client.post("/api/v1/session", json={"name": name, "face": "f01", **keys})
                assert answer.status_code == 201, answer.text
            return client

        yield visit
