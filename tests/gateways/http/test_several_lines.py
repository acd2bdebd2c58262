"""Headers that come in several lines, or as lists: proxies make both of each other."""

import gzip

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


def test_cookies_may_stand_in_several_lines(line: Line, guest: httpx.Client) -> None:
    assert line.request("GET /api/v1/me HTTP/1.1", "Cookie: a=1", f"Cookie: {cookie(guest)}", "Cookie: b=2").status == 200


@pytest.mark.parametrize("accepted", [("Accept-Encoding: br", "Accept-Encoding: gzip"), ("Accept-Encoding: X-GZIP",)])
def test_whoever_reads_gzip_is_sent_it(line: Line, accepted: tuple[str, ...]) -> None:
    answer = line.request("GET /faces/f01.svg HTTP/1.1", *accepted)

    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.body).startswith(b"<svg")


@pytest.mark.parametrize("accepted", [("Accept-Encoding: gzip;q=0",), ("Accept-Encoding: br", "Accept-Encoding: *;q=0"), ()])
def test_whoever_does_not_is_sent_the_plain_one(line: Line, accepted: tuple[str, ...]) -> None:
    answer = line.request("GET /faces/f01.svg HTTP/1.1", *accepted)

    assert "content-encoding" not in answer.headers
    assert answer.body.startswith(b"<svg")


@pytest.mark.parametrize(
    "accepted", [("Accept: text/plain, application/openmetrics-text",), ("Accept: text/plain", "Accept: application/openmetrics-text")]
)
def test_what_is_accepted_may_stand_in_several_lines(line: Line, accepted: tuple[str, ...]) -> None:
    assert line.request("GET /metrics HTTP/1.1", *accepted).headers["content-type"].startswith("application/openmetrics-text")


@pytest.mark.parametrize(
    "lines", [("Origin: http://{host}", "Origin: http://evil.example"), ("Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site")]
)
def test_a_second_line_does_not_hide_behind_a_good_one(line: Line, guest: httpx.Client, lines: tuple[str, ...]) -> None:
    body = b'{"kind":"public","name":"Hidden","client_id":"hidden"}'
    given = [each.format(host=line.host) for each in lines]
    about = ("Content-Type: application/json", f"Content-Length: {len(body)}", f"Cookie: {cookie(guest)}")

    assert line.request("POST /api/v1/rooms HTTP/1.1", *given, *about, body=body).json["code"] == "bad_origin"


def test_two_content_types_are_none(line: Line, guest: httpx.Client) -> None:
    about = ("Content-Type: application/json", "Content-Type: text/plain", "Content-Length: 2", f"Cookie: {cookie(guest)}")

    assert line.request("POST /api/v1/rooms HTTP/1.1", *about, body=b"{}").json["code"] == "invalid"


def test_two_tokens_are_none(line: Line, guest: httpx.Client) -> None:
    token = guest.post("/api/v1/tokens", json={"name": "shell", "scope": "read"}).json()["secret"]

    assert line.request("GET /api/v1/me HTTP/1.1", f"Authorization: Bearer {token}").status == 200
    assert line.request("GET /api/v1/me HTTP/1.1", f"Authorization: Bearer {token}", "Authorization: Bearer x").status == 401


def test_what_proxies_added_is_told_item_by_item(line: Line) -> None:
    came = line.request("GET /api/v1/doctor HTTP/1.1", "Via: 1.1 a", "Via: 1.1 b, 1.1 c", "X-Forwarded-For: 192.0.2.1,192.0.2.2").json

    assert (came["via"], came["forwarded_for"]) == (["1.1 a", "1.1 b", "1.1 c"], ["192.0.2.1", "192.0.2.2"])


@pytest.mark.parametrize(
    "offered", [("Sec-WebSocket-Protocol: other", "Sec-WebSocket-Protocol: teahouse.v1"), ("Sec-WebSocket-Protocol: other,teahouse.v1",)]
)
@pytest.mark.parametrize("extensions", [("Sec-WebSocket-Extensions: foo", "Sec-WebSocket-Extensions: permessage-deflate"), ()])
def test_what_a_handshake_offers_may_stand_in_several_lines(
    line: Line, guest: httpx.Client, offered: tuple[str, ...], extensions: tuple[str, ...]
) -> None:
    who = (f"Origin: http://{line.host}", f"Cookie: {cookie(guest)}")
    answer = line.request("GET /ws HTTP/1.1", *UPGRADE, *offered, *extensions, *who)

    assert (answer.status, answer.headers["sec-websocket-protocol"]) == (101, "teahouse.v1")
    assert ("sec-websocket-extensions" in answer.headers) == bool(extensions)
