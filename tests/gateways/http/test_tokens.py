"""Tokens and tickets over REST: every endpoint keeps to the table of policy.py, and a secret is shown once and told nowhere."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from tests.faults.server import GENEROUS, Server
from tests.gateways.http.conftest import Visit

SETTINGS = GENEROUS | {"LOG_LEVEL": "debug"}
LOBBY = 1
READING = {"my_rooms", "find_rooms", "search", "page", "members", "me", "make_ticket"}
"""The operations that a `read` token is good for."""


def make(client: httpx.Client, scope: str = "write", **more: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/tokens", json={"name": "feeder", "scope": scope, **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.fixture
def program(server: Server, visit: Visit) -> Iterator[Any]:
    """Come as a program: a client with no cookie and this token."""
    with ExitStack() as everyone:

        def program(secret: str) -> httpx.Client:
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}
            return everyone.enter_context(httpx.Client(base_url=server.address, headers=headers, trust_env=False))

        yield program


def operations(client: httpx.Client) -> list[tuple[str, str, str, list[str]]]:
    """Every endpoint that takes a session: (name, method, path with numbers in it, by what one may come)."""
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    return [
        (operation["operationId"], method.upper(), path, [name for way in operation["security"] for name in way])
        for path, methods in paths.items()
        for method, operation in methods.items()
        if operation.get("security")
    ]


def filled(path: str, room: int) -> str:
    for name, value in {"room": str(room), "emoji": "👍"}.items():
        path = path.replace(f"{{{name}}}", value)
    return re.sub(r"\{\w+\}", "1", path)


def code(answer: httpx.Response) -> str:
    return str(answer.json()["code"]) if answer.is_error else "passes"


def test_a_program_does_what_its_person_may(visit: Visit, program: Any) -> None:
    aiko = visit("Aiko writes")
    client = program(make(aiko)["secret"])
    assert client.get("/api/v1/me").json() == aiko.get("/api/v1/me").json()
    stored = client.post(f"/api/v1/rooms/{LOBBY}/messages", json={"text": "from a program", "client_id": "p1"})
    assert stored.status_code == 201
    [message] = aiko.get(f"/api/v1/rooms/{LOBBY}/messages?limit=1").json()["messages"]
    assert (message["text"], message["by"]["name"]) == ("from a program", "Aiko writes")


def test_each_endpoint_takes_the_scope_of_the_table_and_some_only_people(visit: Visit, program: Any) -> None:
    aiko = visit("Aiko counts scopes")
    reader, writer = program(make(aiko, "read")["secret"]), program(make(aiko)["secret"])
    found = operations(aiko)
    assert {name for name, *_ in found} > READING
    for name, method, path, ways in found:
        for client, scope in ((reader, "read"), (writer, "write")):
            # Guards come before the body is looked at, so that what passes them is refused as malformed or does nothing.
            refused = code(client.request(method, filled(path, LOBBY))) == "beyond_token"
            allowed = "token" in ways and (scope == "write" or name in READING)
            assert refused != allowed, f"{name} with a {scope} token"


def test_to_a_token_for_a_room_others_are_not_there(visit: Visit, program: Any) -> None:
    aiko = visit("Aiko has rooms")
    rooms = [
        aiko.post("/api/v1/rooms", json={"kind": kind, "name": f"A {kind} room of Aiko", "client_id": kind}).json()["room"]["id"]
        for kind in ("public", "private")
    ]
    client = program(make(aiko, rooms=[LOBBY])["secret"])
    assert [standing["room"]["id"] for standing in client.get("/api/v1/rooms").json()["rooms"]] == [LOBBY]
    assert client.get("/api/v1/rooms/find?query=of Aiko").json()["rooms"] == []
    for name, method, path, ways in operations(aiko):
        if "{room}" in path and "token" in ways:
            for room in rooms:
                assert code(client.request(method, filled(path, room))) == "not_found", name
    for path, body in (("rooms", {"kind": "public", "name": "n", "client_id": "n"}), ("directs", {"user": 1})):
        assert code(client.post(f"/api/v1/{path}", json=body)) == "beyond_token"
    assert client.get(f"/api/v1/rooms/{LOBBY}/messages").status_code == 200


def test_a_revoked_token_and_a_made_up_one_are_refused_though_a_cookie_is_there_too(visit: Visit) -> None:
    aiko = visit("Aiko revokes")
    made = make(aiko)
    listed = aiko.get("/api/v1/tokens").json()["tokens"]
    assert [token["id"] for token in listed] == [made["token"]["id"]]
    assert made["secret"] not in str(listed)
    bearer = {"Authorization": f"Bearer {made['secret']}"}
    assert visit().get("/api/v1/me", headers=bearer).status_code == 200
    assert aiko.delete(f"/api/v1/tokens/{made['token']['id']}").status_code == 204
    for secret in (made["secret"], "tea_made-up", f"{made['secret']}, Bearer x"):
        answer = aiko.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
        assert (answer.status_code, code(answer)) == (401, "not_signed_in")
    assert aiko.get("/api/v1/me", headers={"Authorization": "Basic YWlrbzpwcm94eQ=="}).status_code == 200, "a proxy's own password"


def test_nobody_revokes_anothers_token(visit: Visit) -> None:
    aiko, ben = visit("Aiko keeps"), visit("Ben snoops")
    token = make(aiko)["token"]["id"]
    assert ben.get("/api/v1/tokens").json() == {"tokens": []}
    answers = {ben.delete(f"/api/v1/tokens/{one}").text.replace(str(one), "N") for one in (token, 123_456)}
    assert len(answers) == 1, "the answers tell which token exists"
    assert len(aiko.get("/api/v1/tokens").json()["tokens"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "scope": "read"},
        {"name": "x", "scope": "admin"},
        {"name": "x", "scope": "read", "days": 0},
        {"name": "x", "scope": "read", "days": 366},
        {"name": "x", "scope": "read", "days": None},
        {"name": "x", "scope": "read", "rooms": []},
        {"name": "x", "scope": "read", "rooms": [-1]},
        {"name": "x", "scope": "read", "rooms": ["1"]},
        {"name": "x" * 33, "scope": "read"},
    ],
)
def test_a_malformed_token_is_not_made(visit: Visit, body: dict[str, Any]) -> None:
    client = visit(f"Rascal {abs(hash(str(body))) % 10**6}")
    assert client.post("/api/v1/tokens", json=body).status_code == 400
    assert client.get("/api/v1/tokens").json() == {"tokens": []}


def test_a_token_in_the_address_or_as_the_cookie_is_nobodys(visit: Visit) -> None:
    aiko, stranger = visit("Aiko leaks"), visit()
    secret = make(aiko)["secret"]
    for name in ("token", "access_token", "ticket", "authorization"):
        assert stranger.get("/api/v1/me", params={name: secret}).status_code == 401
    assert stranger.get("/api/v1/me", headers={"Cookie": f"teahouse_session={secret}"}).status_code == 401
    cookie = aiko.cookies["teahouse_session"]
    assert stranger.get("/api/v1/me", headers={"Authorization": f"Bearer {cookie}"}).status_code == 401


def test_signing_in_does_not_look_at_a_token(visit: Visit) -> None:
    aiko = visit("Aiko stays herself")
    bearer = {"Authorization": f"Bearer {make(aiko)['secret']}"}
    assert visit().post("/api/v1/session", json={"name": "Someone new", "face": "f01"}, headers=bearer).status_code == 201
    assert visit().get("/api/v1/me", headers=bearer).json()["you"]["name"] == "Aiko stays herself"


def test_another_sites_page_cannot_use_a_token_either(visit: Visit, program: Any) -> None:
    client = program(make(visit("Aiko browses"))["secret"])
    answer = client.post("/api/v1/tickets", headers={"Origin": "http://evil.example"})
    assert code(answer) == "bad_origin"


def test_no_secret_reaches_the_log(server: Server, visit: Visit, program: Any) -> None:
    aiko = visit("Aiko whispers")
    secret = make(aiko)["secret"]
    ticket = program(secret).post("/api/v1/tickets").json()["ticket"]
    program(secret + "x").get("/api/v1/me")
    program(secret).get("/api/v1/me", params={"ticket": ticket, "token": secret})
    assert "/api/v1/tickets" in server.log, "requests are logged here"
    assert secret not in server.log and ticket not in server.log


def test_a_program_is_told_that_its_token_ends_in_its_last_week(visit: Visit, program: Any) -> None:
    aiko = visit("Aiko renews")
    for days, is_told in ((8, False), (6, True)):
        made = make(aiko, days=days)
        client = program(made["secret"])
        for answer in (client.get("/api/v1/me"), client.post("/api/v1/tickets"), client.post("/api/v1/rooms", content="{}")):
            told = answer.headers.get("Teahouse-Token-Expires")
            assert (told is not None) == is_told, answer.text
            if told is not None:
                assert int(parsedate_to_datetime(told).timestamp()) == made["token"]["expires_at"] // 1000
    assert "Teahouse-Token-Expires" not in aiko.get("/api/v1/me").headers
