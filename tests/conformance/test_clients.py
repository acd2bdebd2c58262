"""Other people's WebSocket clients talk here with nothing but a cookie: wscat (Node's `ws`) and Python's `websockets`."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from tests.faults.server import Server
from tests.support.patience import PATIENCE_S

WSCAT = shutil.which("wscat", path=str(Path(__file__).parents[2] / "node_modules" / ".bin"))
WORDS = "tea? 茶 🍵"
HELLO = {"type": "hello", "id": 1}
POST = {"type": "post", "id": 2, "room": 1, "text": WORDS, "client_id": "first"}

Event = dict[str, Any]


@pytest.mark.skipif(WSCAT is None, reason="wscat is not installed; bin/setup --dev does it")
def test_wscat_says_hello_and_posts(server: Server) -> None:
    with wscat(server, sign_in(server, "Cat"), HELLO, POST) as lines:
        told = told_until_posted(lines)

    assert_posted(told, "Cat")


def test_websockets_says_hello_and_posts(server: Server) -> None:
    headers = {"Cookie": sign_in(server, "Python")}
    with connect(door(server), origin=server.address, subprotocols=["teahouse.v1"], additional_headers=headers, proxy=None) as socket:
        for command in (HELLO, POST):
            socket.send(json.dumps(command))
        told = told_until_posted(iter(lambda: socket.recv(PATIENCE_S), None))

    assert socket.subprotocol == "teahouse.v1"
    assert socket.protocol.close_code == 1000
    assert_posted(told, "Python")


def test_a_client_without_a_subprotocol_is_let_in(server: Server) -> None:
    with connect(door(server), origin=server.address, additional_headers={"Cookie": sign_in(server, "Plain")}, proxy=None) as socket:
        socket.send(json.dumps(HELLO))

        assert json.loads(socket.recv(PATIENCE_S))["type"] == "welcome"
        assert socket.subprotocol is None


def sign_in(server: Server, name: str) -> str:
    """Return the Cookie header of a new guest, as curl would keep it."""
    answer = httpx.post(f"{server.address}/api/v1/session", json={"name": name, "face": "f01"}, trust_env=False)
    return answer.raise_for_status().headers["set-cookie"].partition(";")[0]


def door(server: Server) -> str:
    return server.address.replace("http", "ws", 1) + "/ws"


@contextmanager
def wscat(server: Server, cookie: str, *commands: Event) -> Iterator[Iterator[str]]:
    """Run wscat until the caller has read enough of what it prints. It lives as long as its standard input does."""
    assert WSCAT is not None
    command = [WSCAT, "--no-color", "--connect", door(server), "--origin", server.address, "--subprotocol", "teahouse.v1"]
    command += ["--header", f"Cookie:{cookie}", "--wait", "-1"]
    for each in commands:
        command += ["--execute", json.dumps(each)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, encoding="utf-8") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 0


def told_until_posted(lines: Iterator[Any]) -> list[Event]:
    """Return what the client was told up to the answer to POST and its entry, which come in any order."""
    told: list[Event] = []
    for line in lines:
        told.append(json.loads(line))
        if answers(told) and entries(told):
            break
    return told


def assert_posted(told: list[Event], name: str) -> None:
    assert (told[0]["type"], told[0]["you"]["name"]) == ("welcome", name)
    [answer], [entry] = answers(told), entries(told)
    assert answer["result"]["seq"] == entry["seq"]
    assert entry["fact"] == {"type": "posted", "text": WORDS}


def answers(told: list[Event]) -> list[Event]:
    return [event for event in told if event["type"] == "ok" and event["id"] == POST["id"]]


def entries(told: list[Event]) -> list[Event]:
    """The entries of POST; others, such as the house's robot, may speak too."""
    return [event for event in told if event["type"] == "entry" and event.get("client_id") == POST["client_id"]]
