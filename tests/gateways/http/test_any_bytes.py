"""Whatever bytes somebody sends, on whichever road: no answer is a fault of the server's, and nothing is logged.

Each request is a good one with a few bytes put where the `@` stands.
"""

import http.client
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from teahouse.settings import Settings
from tests.faults.server import GENEROUS, Server
from tests.gateways.http.raw_http import Answer, Line

SETTINGS = {
    **GENEROUS,
    "LOG_LEVEL": "warning",
    "DOORS": "signin",
    "SEARCH_RATE_PER_S": "1000000",
    "SEARCH_BURST": "1000000",
    "SOCKETS_PER_USER": "10000",
    "SOCKETS_PER_ADDRESS": "10000",
}
HASTY = SETTINGS | {"HEADER_TIMEOUT_S": "0.2", "BODY_TIMEOUT_S": "0.2", "KEEP_ALIVE_TIMEOUT_S": "1"}

EXAMPLES = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])

STUMBLING = [
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",  # half a surrogate
    b"\xf5\x80\x80\x80",
    b"\xc0\x80",  # NUL, overlong
    b"\xef\xbb\xbf",
    b"\x00",
    b"\x1f",
    b"\xe2\x80\xa8",
    b"\xf0\x9f\x8d\xb5",
    b"%ff",
    b"%c3",
    b"%ed%a0%80",
    b"%00",
    b"%",
    b"%2f",
    b"+",
    b"&",
    b";",
    b"\\ud800",
    b"\\udc00\\ud800",
    b"\\u0000",
    b"9" * 5000,
    b"-1",
    b"1e999",
    b"NaN",
    b"[" * 3000,
    b'{"a":' * 3000,
    b'"',
    b"\\",
    b'","id":1,"id":"',
]
"""What decoders have stumbled over, one thing each."""

words = st.lists(st.one_of(st.sampled_from(STUMBLING), st.sampled_from(STUMBLING), st.binary(max_size=8)), max_size=3).map(b"".join)

BODIES = [
    "POST session {'name':'@','face':'f01'}",
    "POST session {'name':'a','face':'@'}",
    "POST session {'name':'a','face':'f01','invite':'@'}",
    "POST session {'name':'a','face':'f01','owner_key':'@'}",
    "POST rooms {'kind':'private','name':'@','client_id':'a'}",
    "POST rooms {'kind':'@','name':'a','client_id':'a'}",
    "POST rooms {'kind':'private','name':'a','topic':'@','client_id':'@'}",
    "POST rooms/1/messages {'text':'@','client_id':'a'}",
    "POST rooms/1/messages {'text':'a','client_id':'@'}",
    "POST rooms/1/messages {'text':'a','client_id':'a','reply_to':@}",
    "POST rooms/1/messages {'@':'a','client_id':'a','text':'a'}",
    "POST rooms/1/members {'user':@}",
    "POST directs {'user':@}",
    "PATCH rooms/1 {'name':'@','topic':'@'}",
    "PATCH rooms/1/messages/1 {'text':'@'}",
    "PUT rooms/1/robot {'mode':'@'}",
    "PUT rooms/1/read {'seq':@}",
    "POST tokens {'name':'@','scope':'read'}",
    "POST tokens {'name':'a','scope':'@','rooms':[@]}",
    "POST events {'type':'hello','epoch':'@'}",
    "POST polls {'type':'hello','epoch':'@','cursors':{'@':@}}",
    "POST polls {'type':'@'}",
    "POST doctor/body @",
    "POST connections/nobody [@]",
    "POST session @",
]

ADDRESSES = [
    "api/v1/search?q=@",
    "api/v1/search?q=a&room=@&before=@&limit=@",
    "api/v1/rooms/1/messages?before=@",
    "api/v1/rooms/1/members?query=@&limit=@",
    "api/v1/rooms/find?query=@",
    "api/v1/rooms/@/messages",
    "api/v1/rooms/1/messages/@/reactions/@",
    "api/v1/rooms/1/messages/1/reactions/@",
    "api/v1/nickname?language=@",
    "api/v1/events?epoch=@",
    "api/v1/events?cursors=@",
    "api/v1/events?cursors={%221%22:@}",
    "api/v1/events?id=@&instead_of=@",
    "api/v1/polls/@/@",
    "api/v1/connections/@",
    "api/v1/tokens/@",
    "api/v1/house?@=@",
    "static/@/@",
    "faces/@",
    "doors/signin/@?@",
    "doors/signin/signin?token=@",
    "doors/signin/static/images/@.jpg",
    "@",
]

HEADERS = [
    "Cookie: teahouse_session=@",
    "Cookie: @",
    "Cookie: teahouse_door=@",
    "Authorization: Bearer @",
    "Authorization: @",
    "Origin: @",
    "Sec-Fetch-Site: @",
    "Accept: @",
    "Accept-Encoding: @",
    "Accept-Language: @",
    "If-None-Match: @",
    "Range: @",
    "Content-Type: @",
    "Content-Type: application/json; charset=@",
    "Content-Encoding: @",
    "Transfer-Encoding: @",
    "Content-Length: @",
    "Expect: @",
    "Upgrade: @",
    "Connection: upgrade\r\nUpgrade: @",
    "X-Forwarded-For: @",
    "Sec-WebSocket-Key: @\r\nConnection: upgrade\r\nUpgrade: websocket",
    "@: a",
    "@",
]


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A house that waits for nobody, for requests that may never be whole; a good one on a busy machine may be as slow."""
    with Server(tmp_path_factory.mktemp("hasty") / "data", HASTY) as running:
        yield running


@pytest.fixture(scope="module")
def cookie(server: Server) -> str:
    return sign_in(server, "Fuzz")


def sign_in(server: Server, name: str) -> str:
    """Return a new guest's Cookie header."""
    body = f'{{"name":"{name}","face":"f01"}}'.encode()
    with Line(server.address) as line:
        answer = line.request("POST /api/v1/session HTTP/1.1", "Content-Type: application/json", f"Content-Length: {len(body)}", body=body)
    assert answer.status == 201
    return answer.headers["set-cookie"].partition(";")[0]


@pytest.fixture(autouse=True)
def nothing_is_logged(server: Server, hasty: Server) -> Iterator[None]:
    before = [len(each.log) for each in (server, hasty)]
    yield
    assert [each.log[length:] for each, length in zip((server, hasty), before, strict=True)] == ["", ""]


def status(server: Server, octets: bytes) -> int:
    """Send one request on a connection of its own; the answer's status, 0 where the server only hung up."""
    with Line(server.address) as line:
        with suppress(ConnectionError):
            line.send(octets)
        response = http.client.HTTPResponse(line.socket)
        try:
            response.begin()
        except (http.client.BadStatusLine, ConnectionError):
            return 0
        return response.status


def filled(form: str, some: bytes) -> bytes:
    return form.replace("'", '"').encode().replace(b"@", some)


class Poll:
    """A connection that is polled. Each request has a line of its own: a refused one may end it."""

    def __init__(self, address: str, cookie: str) -> None:
        self._address = address
        self._headers = [f"Cookie: {cookie}", "Content-Type: application/json"]
        self._number = 1
        opened = self._post("polls", b'{"type":"hello"}').json["events"]
        self._name = opened[0]["connection"]

    def say(self, commands: bytes) -> Answer:
        return self._post(f"connections/{self._name}", commands)

    def answers(self, count: int) -> list[dict[str, Any]]:
        """Return so many answers, fewer where no more come."""
        answers: list[dict[str, Any]] = []
        while len(answers) < count:
            self._number += 1
            events = self._request(f"GET /api/v1/polls/{self._name}/{self._number} HTTP/1.1").json["events"]
            if not events:
                break
            answers += [event for event in events if event["type"] in ("ok", "error", "pong")]
        return answers

    def _post(self, path: str, body: bytes) -> Answer:
        return self._request(f"POST /api/v1/{path} HTTP/1.1", f"Content-Length: {len(body)}", body=body)

    def _request(self, first: str, *more: str, body: bytes = b"") -> Answer:
        with Line(self._address) as line:
            return line.request(first, *self._headers, *more, body=body)


@EXAMPLES
@given(form=st.sampled_from(BODIES), some=words, known=st.booleans())
def test_in_a_body(server: Server, cookie: str, form: str, some: bytes, known: bool) -> None:
    method, path, template = form.split(" ", 2)
    body = filled(template, some)
    head = f"{method} /api/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    if known:
        head += f"Cookie: {cookie}\r\n"
    assert 200 <= status(server, head.encode() + b"\r\n" + body) < 500


@EXAMPLES
@given(
    form=st.sampled_from(ADDRESSES),
    some=words,
    raw=st.booleans(),
    method=st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]),
)
def test_in_an_address(server: Server, cookie: str, form: str, some: bytes, raw: bool, method: str) -> None:
    line = f"{method} /".encode() + filled(form, some if raw else quote_from_bytes(some).encode())
    head = f" HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
    assert status(server, line + head.encode()) < 500


@EXAMPLES
@given(path=st.sampled_from(["", "api/v1/me", "ws", "doors/signin/", "doors/signin/chat"]), form=st.sampled_from(HEADERS), some=words)
def test_in_a_header(hasty: Server, path: str, form: str, some: bytes) -> None:
    assert status(hasty, f"GET /{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n".encode() + filled(form, some) + b"\r\n\r\n") < 500


@EXAMPLES
@given(form=st.sampled_from(["name=@&imgid=1", "name=a&imgid=@", "@=@", "@"]), some=words, raw=st.booleans())
def test_in_a_form(server: Server, form: str, some: bytes, raw: bool) -> None:
    body = filled(form, some if raw else quote_from_bytes(some).encode())
    head = f"POST /doors/signin/signin HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
    assert status(server, head.encode() + body) < 500


@pytest.fixture(scope="module")
def poll(server: Server) -> Poll:
    """A connection of somebody whom no other test signs out."""
    return Poll(server.address, sign_in(server, "Poller"))


@EXAMPLES
@given(some=st.lists(words, min_size=1, max_size=3))
@example(some=[b'{"a":' * 9000] * 2)
def test_each_command_of_a_list_is_answered(poll: Poll, some: list[bytes]) -> None:
    bad = [b'{"type":"post","room":1,"client_id":"c","id":%d,"text":"%s"}' % (number, each) for number, each in enumerate(some, 10)]
    ping = b'{"type":"ping","id":%d}'
    body = b"[" + b",".join([ping % 1, *bad, ping % 2]) + b"]"
    answer = poll.say(body)
    if answer.status == 204:
        assert len(poll.answers(2 + len(bad))) == 2 + len(bad)
    else:  # it was no list at all, or longer than a body may be: then nothing of it was carried out
        assert answer.status == (413 if len(body) > Settings().max_request_bytes else 400)


@EXAMPLES
@given(octets=words)
def test_instead_of_a_request(hasty: Server, octets: bytes) -> None:
    assert status(hasty, octets + b"\r\n\r\n\r\n") < 500
