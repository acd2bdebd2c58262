"""People who use the HTTP door of a real server, each with a browser's cookie jar of their own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from tests.faults.server import Server
from tests.gateways.http.raw_http import Line

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


@pytest.fixture
def guest(visit: Visit) -> Iterator[httpx.Client]:
    """Somebody who is signed in, and gone after the test: the name is free for the next."""
    client = visit("Guest")
    yield client
    assert client.delete("/api/v1/session").status_code == 204


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    """A TCP connection to the server."""
    with Line(server.address) as mine:
        yield mine


def cookie(client: httpx.Client) -> str:
    """What a browser that is signed in says of it in its Cookie header."""
    return f"teahouse_session={client.cookies['teahouse_session']}"
