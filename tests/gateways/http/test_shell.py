"""Posting from a shell: curl, a token and a few words."""

import shutil
import subprocess
from collections.abc import Iterator

import httpx
import pytest

from tests.faults.server import Server
from tests.support.patience import PATIENCE_S

LOBBY = "/api/v1/rooms/lobby/messages"
TEXT, FORM = "text/plain", "application/x-www-form-urlencoded"


@pytest.fixture
def token(guest: httpx.Client) -> str:
    return str(guest.post("/api/v1/tokens", json={"name": "backup", "scope": "write"}).json()["secret"])


@pytest.fixture
def program(server: Server, token: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.address, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
        yield client


def last(client: httpx.Client) -> str:
    return str(client.get(LOBBY, params={"limit": 1}).json()["messages"][-1]["text"])


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (("-d", "backup done"), "backup done"),
        (("-d", "load = 3 & rising, 100%, a+b"), "load = 3 & rising, 100%, a+b"),
        (("--data-urlencode", "text=load = 3 & rising"), "load = 3 & rising"),
        (("-H", "Content-Type: text/plain", "--data-binary", "two\nlines"), "two\nlines"),
        (("-H", "Content-Type:", "-d", "without a type"), "without a type"),
        (("--json", '{"text":"as JSON"}'), "as JSON"),
    ],
)
def test_curl_posts_in_one_line(server: Server, token: str, program: httpx.Client, given: tuple[str, ...], text: str) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("there is no curl")
    command = [curl, "-sSf", "--noproxy", "*", "-H", f"Authorization: Bearer {token}", *given, server.address + LOBBY]
    if "--json" in given:
        command[command.index("--json") : command.index("--json") + 1] = ["-H", "Content-Type: application/json", "-d"]

    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_S)

    assert last(program) == text


def test_the_house_makes_a_client_id_and_says_so(program: httpx.Client) -> None:
    first, other = (program.post(LOBBY, content="hello", headers={"Content-Type": TEXT}) for _ in range(2))
    again = program.post(LOBBY, json={"text": "hello", "client_id": first.json()["client_id"]})

    assert [answer.status_code for answer in (first, other, again)] == [201, 201, 201]
    assert first.json()["client_id"] != other.json()["client_id"]
    assert again.json()["seq"] == first.json()["seq"] != other.json()["seq"]
    assert "client_id" not in again.json(), "it was not made here"


def test_a_message_with_a_key_is_said_once(program: httpx.Client) -> None:
    answers = [program.post(LOBBY, content="once", headers={"Content-Type": TEXT, "Idempotency-Key": key}) for key in ('"k1"', "k1")]
    answers.append(program.post(LOBBY, json={"text": "once", "client_id": "k1"}, headers={"Idempotency-Key": "k1"}))

    assert len({answer.json()["seq"] for answer in answers}) == 1


def test_a_key_and_a_field_that_differ_are_refused(program: httpx.Client) -> None:
    answer = program.post(LOBBY, json={"text": "once", "client_id": "k2"}, headers={"Idempotency-Key": "k3"})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize("kind", [TEXT, FORM])
def test_bytes_that_are_no_utf8_are_refused(program: httpx.Client, kind: str) -> None:
    answer = program.post(LOBBY, content=b"caf\xe9", headers={"Content-Type": kind})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize(("kind", "status"), [(TEXT, 413), (FORM, 413)])
def test_what_is_too_large_is_refused_unread(program: httpx.Client, kind: str, status: int) -> None:
    assert program.post(LOBBY, content=b"&" * 70_000, headers={"Content-Type": kind}).status_code == status
    assert program.post(LOBBY, content=b"&" * 60_000, headers={"Content-Type": kind}).json()["code"] == "text_too_long"


def test_a_type_that_nobody_reads_is_told_what_would_be(program: httpx.Client) -> None:
    answer = program.post(LOBBY, files={"text": b"hello"})

    assert answer.status_code == 415
    assert "text/plain" in answer.json()["words"]


@pytest.mark.parametrize("kind", [TEXT, FORM, "multipart/form-data; boundary=x", ""])
def test_by_cookie_only_json_is_taken(guest: httpx.Client, server: Server, kind: str) -> None:
    answer = guest.post(LOBBY, content=b"hello", headers={"Content-Type": kind, "Origin": server.address})

    assert (answer.status_code, answer.json()["code"]) == (415, "invalid")
    assert "application/json" in answer.json()["words"]


def test_a_text_with_a_token_that_is_none_is_refused(server: Server) -> None:
    headers = {"Authorization": "Bearer tea_nobodys", "Content-Type": TEXT}

    assert httpx.post(server.address + LOBBY, content="hello", headers=headers, trust_env=False).status_code == 401


def test_a_token_for_another_room_does_not_post_by_name(guest: httpx.Client, server: Server) -> None:
    room = guest.post("/api/v1/rooms", json={"kind": "public", "name": "Shed", "client_id": "shed"}).json()["room"]["id"]
    secret = guest.post("/api/v1/tokens", json={"name": "shed", "scope": "write", "rooms": [room]}).json()["secret"]
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": TEXT}

    paths = [f"{server.address}/api/v1/rooms/{name}/messages" for name in ("shed", "lobby")]
    answers = [httpx.post(path, content="hi", headers=headers, trust_env=False) for path in paths]

    assert [answer.status_code for answer in answers] == [201, 404]


def test_a_token_that_only_reads_does_not_post(guest: httpx.Client, server: Server) -> None:
    secret = guest.post("/api/v1/tokens", json={"name": "reader", "scope": "read"}).json()["secret"]
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": TEXT}

    assert httpx.post(server.address + LOBBY, content="hi", headers=headers, trust_env=False).json()["code"] == "beyond_token"
