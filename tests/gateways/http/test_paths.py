"""Paths as people write them: a slash at the end, and numbers that are none."""

from urllib.parse import quote

import httpx
import pytest

from tests.gateways.http.conftest import cookie
from tests.gateways.http.raw_http import Line

UPGRADE = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)


@pytest.mark.parametrize(
    "path", ["/healthz/", "/metrics/", "/api/v1/house/", "/api/v1/me/", "/api/v1/rooms/1/messages/", "/manifest.webmanifest/"]
)
def test_a_slash_at_the_end_makes_no_difference(guest: httpx.Client, path: str) -> None:
    assert guest.get(path).status_code == 200


def test_nor_does_it_for_the_socket(line: Line, guest: httpx.Client) -> None:
    assert line.request("GET /ws/ HTTP/1.1", *UPGRADE, f"Origin: http://{line.host}", f"Cookie: {cookie(guest)}").status == 101


NO_NUMBERS = ["+1", "1_0", "１", " 1", "1 ", "-0", "-1", "1.0", "1e0", "0x1", "١", "9" * 5000]


@pytest.mark.parametrize("number", NO_NUMBERS)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/rooms/{}/messages"),
        ("DELETE", "/api/v1/rooms/1/messages/{}"),
        ("DELETE", "/api/v1/rooms/1/members/{}"),
        ("DELETE", "/api/v1/tokens/{}"),
        ("GET", "/api/v1/users/{}"),
        ("GET", "/api/v1/polls/x/{}"),
    ],
)
def test_a_number_in_a_path_is_ascii_digits_alone(guest: httpx.Client, method: str, path: str, number: str) -> None:
    answer = guest.request(method, path.format(quote(number)))

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_so_is_a_number_in_a_query(guest: httpx.Client, number: str) -> None:
    answer = guest.get(f"/api/v1/rooms/1/messages?limit={quote(number)}")

    assert (answer.status_code, answer.json()["words"]) == (400, "limit: expected a whole number")


def test_one_number_in_a_path_does_not_stay_for_the_next_request(guest: httpx.Client) -> None:
    for _ in range(2):
        assert guest.get("/api/v1/rooms/1/messages").json()["room"] == 1
