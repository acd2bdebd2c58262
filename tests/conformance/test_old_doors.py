"""npm's wscat at the old doors, where a person types their bytes: it talks both ways with the modern protocol."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from tests.faults.server import GENEROUS, Server
from tests.support.patience import PATIENCE_S

WSCAT = shutil.which("wscat", path=str(Path(__file__).parents[2] / "node_modules" / ".bin"))
LOBBY = 1

pytestmark = pytest.mark.skipif(WSCAT is None, reason="wscat is not installed; bin/setup --dev does it")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {**GENEROUS, "DOORS": "directed@0,nickname@0,lines@0,relay@0,shout"}
    with Server(tmp_path_factory.mktemp("house") / "data", settings) as running:
        yield running


@pytest.mark.parametrize(
    ("dialect", "path", "typed", "heard"),
    [
        ("nickname", "/conn/ws/Nick", '{"to_user": "", "message": "hi, page"}', "hi, old {}"),
        ("lines", "/chat", "hi, page", "]-说:hi, old {}"),
        ("relay", "/ws", "hi, page", "hi, old {}"),
        ("shout", "/", "hi, page", "Modern shout:hi, old {}"),
    ],
)
def test_wscat_talks_with_the_room(server: Server, dialect: str, path: str, typed: str, heard: str) -> None:
    with modern(server, f"Modern {dialect}") as page, wscat(server, dialect, path, typed) as lines:
        until_posted(page, "hi, page")
        post(page, LOBBY, f"hi, old {dialect}")

        assert any(heard.format(dialect) in line for line in lines)


def test_wscat_gets_a_letter_that_waited(server: Server) -> None:
    with modern(server, "Modern friend") as page:
        with wscat(server, "directed", "/", '{"user_id": "Cat", "login": "1"}', '{"to_user_id": "Modern friend", "msg": "write to me"}'):
            room = until_posted(page, "write to me")
        post(page, room, "a letter")
        with wscat(server, "directed", "/", '{"user_id": "Cat", "login": "1"}') as lines:
            assert any("a letter" in line for line in lines)


@contextmanager
def wscat(server: Server, dialect: str, path: str, *typed: str) -> Iterator[Iterator[str]]:
    """Run wscat until the caller has read enough of what it prints. It lives as long as its standard input does."""
    assert WSCAT is not None
    address = next(door["address"] for door in server.ready["doors"] if door["dialect"] == dialect)
    command = [WSCAT, "--no-color", "--connect", address + path, "--wait", "-1"]
    for each in typed:
        command += ["--execute", each]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, encoding="utf-8") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 0


@contextmanager
def modern(server: Server, name: str) -> Iterator[ClientConnection]:
    """Someone with the modern protocol, who has said hello."""
    answer = httpx.post(f"{server.address}/api/v1/session", json={"name": name, "face": "f01"}, trust_env=False)
    cookie = answer.raise_for_status().headers["set-cookie"].partition(";")[0]
    address = server.address.replace("http", "ws", 1) + "/ws"
    with connect(address, origin=server.address, additional_headers={"Cookie": cookie}, proxy=None) as socket:
        socket.send('{"type": "hello", "id": 1}')
        assert json.loads(socket.recv(PATIENCE_S))["type"] == "welcome"
        yield socket


def post(socket: ClientConnection, room: int, text: str) -> None:
    socket.send(
        json.dumps({"type": "post", "id": 2, "room": room, "text": text, "client_id": f"post-{text}".replace(" ", "-").replace(",", "")})
    )


def until_posted(socket: ClientConnection, text: str) -> int:
    """Return the room in which `text` is said."""
    while True:
        event = json.loads(socket.recv(PATIENCE_S))
        if event["type"] == "entry" and event["fact"].get("text") == text:
            return int(event["log"])
