"""Requests that another site's page makes in our people's name (CSRF) change nothing."""

from itertools import product

import httpx
import pytest

from tests.faults.server import Server
from tests.gateways.http.conftest import Visit

CHANGES = [
    ("POST", "/api/v1/session"),
    ("DELETE", "/api/v1/session"),
    ("POST", "/api/v1/rooms"),
    ("PATCH", "/api/v1/rooms/1"),
    ("POST", "/api/v1/rooms/1/members"),
    ("DELETE", "/api/v1/rooms/1/members/2"),
    ("POST", "/api/v1/rooms/1/messages"),
    ("PATCH", "/api/v1/rooms/1/messages/1"),
    ("DELETE", "/api/v1/rooms/1/messages/1"),
    ("PUT", "/api/v1/rooms/1/messages/1/reactions/x"),
    ("PUT", "/api/v1/rooms/1/read"),
]


@pytest.fixture
def ann(visit: Visit) -> httpx.Client:
    client = visit("Ann")
    return client


@pytest.fixture(autouse=True)
def signed_out_afterwards(ann: httpx.Client) -> object:
    yield
    assert ann.delete("/api/v1/session").status_code == 204, "the session ended, or the name is not free for the next test"


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_no_change_is_made_for_another_origin(ann: httpx.Client, method: str, path: str) -> None:
    answer = ann.request(method, path, json={}, headers={"Origin": "http://evil.example"})

    assert (answer.status_code, answer.json()["code"]) == (403, "bad_origin")


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_no_change_is_made_by_what_a_form_can_send(ann: httpx.Client, method: str, path: str) -> None:
    answer = ann.request(method, path, content=b"{}", headers={"Content-Type": "text/plain"})

    assert (answer.status_code, answer.json()["code"]) == (415, "invalid")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_no_change_is_made_where_the_browser_says_that_another_site_asks(ann: httpx.Client, site: str) -> None:
    answer = ann.post("/api/v1/rooms", json={}, headers={"Sec-Fetch-Site": site})

    assert answer.json()["code"] == "bad_origin"


@pytest.mark.parametrize("origin", ["null", "https://127.0.0.1", "http://127.0.0.1", "http://127.0.0.1.evil.example"])
def test_look_alikes_of_our_origin_are_refused(ann: httpx.Client, origin: str) -> None:
    assert ann.post("/api/v1/rooms", json={}, headers={"Origin": origin}).json()["code"] == "bad_origin"


REACTION = "/api/v1/rooms/1/messages/1/reactions/%F0%9F%8D%B5"
TICKETS = "/api/v1/tickets"


ORIGINS = (None, "own", "null", "http://evil.example")
SITES = (None, "same-origin", "none", "same-site", "cross-site")
KINDS = (None, "application/x-www-form-urlencoded", "text/plain", "multipart/form-data", "application/json")


@pytest.mark.parametrize("way", ["cookie", "token"])
@pytest.mark.parametrize(("method", "path"), [("POST", TICKETS), ("PUT", REACTION), ("DELETE", REACTION)])
def test_who_may_change_something_without_a_body(ann: httpx.Client, server: Server, method: str, path: str, way: str) -> None:
    """By cookie a foreign page does nothing. A browser that is too old to say whose page asks may have made its POST."""
    secret = ann.post("/api/v1/tokens", json={"name": "ann", "scope": "write"}).json()["secret"]
    cookie = f"teahouse_session={ann.cookies['teahouse_session']}"
    who = {"Authorization": f"Bearer {secret}"} if way == "token" else {"Cookie": cookie}
    with httpx.Client(trust_env=False) as plain:
        for origin, site, kind in product(ORIGINS, SITES, KINDS):
            given = {"Origin": server.address if origin == "own" else origin, "Sec-Fetch-Site": site, "Content-Type": kind}
            headers = {name: value for name, value in given.items() if value is not None}
            answer = plain.send(httpx.Request(method, server.address + path, headers=who | headers))
            if origin in ORIGINS[2:] or site in SITES[3:]:
                expected, told = {403}, "bad_origin"
            elif way == "cookie" and method == "POST" and (origin, site) == (None, None) and kind != "application/json":
                expected, told = {415}, "invalid"
            else:
                expected, told = {201} if method == "POST" else {404}, "not_found"  # a room's first entry is no message to react to
            assert answer.status_code in expected, given
            assert answer.json().get("code", told) == told, given


@pytest.mark.parametrize("body", [b"x", [b"x"], [b""]], ids=["whole", "in chunks", "no chunks"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_body_by_cookie_is_json_whatever_its_length_says(
    ann: httpx.Client, server: Server, method: str, body: bytes | list[bytes]
) -> None:
    headers = {"Content-Type": "text/plain", "Origin": server.address}
    answer = ann.request(method, TICKETS if method == "POST" else REACTION, headers=headers, content=body)

    assert answer.status_code == 415


def test_our_own_page_may_change_things(ann: httpx.Client, server: Server) -> None:
    headers = {"Origin": server.address, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json; charset=utf-8"}

    answer = ann.post("/api/v1/rooms/1/messages", json={"text": "hello", "client_id": "own-page"}, headers=headers)

    assert answer.status_code == 201


def test_a_program_that_is_no_browser_may_change_things(ann: httpx.Client) -> None:
    assert ann.post("/api/v1/rooms/1/messages", json={"text": "hello", "client_id": "program"}).status_code == 201


def test_nothing_is_changed_by_get(ann: httpx.Client) -> None:
    for method, path in CHANGES:
        answer = ann.get(path)
        assert answer.status_code in (200, 400, 403, 405), (method, path)
    assert ann.get("/api/v1/me").status_code == 200


def test_another_origin_is_never_granted_anything_by_cors(ann: httpx.Client) -> None:
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}

    answer = ann.options("/api/v1/rooms", headers=asked)

    assert not [name for name in answer.headers if name.startswith("access-control-")]
