"""Requests by the thousand on one connection, bodies in crumbs, and offers of other protocols: in few pieces a turn, each answered once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import Mock

import pytest
import uvicorn
from uvicorn.server import ServerState

from teahouse.gateways.address import Proxies
from teahouse.gateways.http.paced_http import PacedHttp
from teahouse.gateways.http.server_protocol import Bounds, bounded_http
from teahouse.gateways.intake import SLICE_BYTES, WORK_PER_TURN
from teahouse.gateways.slots import Slots
from tests.support.patience import PATIENCE_S

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
BOUNDS = Bounds(max_header_bytes=4096, max_request_bytes=65_536, header_timeout_s=60, body_timeout_s=60, loopback=True, public_url=None)


class Pipe:
    """Stands in for a transport."""

    def __init__(self) -> None:
        self.written = b""
        self.is_read = True
        self.closed = False
        self.is_drained = True

    def get_extra_info(self, _name: str) -> None:
        return None

    def write(self, data: bytes) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.closed

    def get_write_buffer_size(self) -> int:
        return 0 if self.is_drained else len(self.written)

    def can_write_eof(self) -> bool:
        return False

    def close(self) -> None:
        self.closed = True

    abort = close

    def pause_reading(self) -> None:
        self.is_read = False

    def resume_reading(self) -> None:
        self.is_read = True


class App:
    """Reads each request's body and answers once it may."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.asked: list[tuple[str, bytes, dict[bytes, bytes]]] = []
        self.versions: list[str] = []

    async def __call__(self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        self.versions.append(scope["http_version"])
        self.asked.append((scope["path"], body, dict(scope["headers"])))
        await self.may_answer.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


class Server:
    """One connection to a server of `app`, by hand."""

    def __init__(self, slot: Any = None) -> None:
        self.app, self.pipe = App(), Pipe()
        config = uvicorn.Config(self.app, log_config=None, access_log=False, ws=Mock())  # type: ignore[arg-type]
        config.load()
        make: Any = bounded_http(BOUNDS, Counter())
        self.slot = slot or Slots(1, Proxies([]), lambda: 0.0).take("192.0.2.1")
        self.protocol = make(config, ServerState(), asyncio.get_running_loop(), self.slot)
        self.protocol.connection_made(self.pipe)

    async def send(self, data: bytes) -> None:
        self.protocol.data_received(data)
        await turns(5)

    @property
    def answers(self) -> int:
        return self.pipe.written.count(b" 200 ")

    async def until_answered(self, count: int) -> None:
        self.app.may_answer.set()
        async with asyncio.timeout(PATIENCE_S):
            while self.answers < count:
                await turns(1)
        await turns(20)
        assert self.answers == count


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.mark.parametrize("count", [3, 5000], ids=["in a slice", "in a read"])
async def test_one_request_waits_in_line_however_many_came(count: int) -> None:
    server = Server()
    await server.send(GET * count)
    await turns(20)
    assert len(server.protocol.pipeline) == 1


async def test_few_requests_wait_in_line_and_each_is_answered() -> None:
    server = Server()
    await server.send(GET * 5000)
    await turns(100)
    assert len(server.protocol.pipeline) <= 1
    assert not server.pipe.is_read
    assert len(server.app.asked) == 1
    await server.until_answered(5000)
    assert server.pipe.is_read


async def test_the_line_stays_short_while_handlers_ask_for_their_bodies() -> None:
    server = Server()
    longest = 0
    server.protocol.data_received(GET * 2000)
    server.app.may_answer.set()
    while server.answers < 2000:
        await turns(1)
        longest = max(longest, len(server.protocol.pipeline))
    assert longest == 1


async def test_requests_of_many_connections_begin_a_few_in_each_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those that wait behind an answer of their own connection, which are parsed long since."""
    monkeypatch.setattr("teahouse.gateways.turns.WORK_PER_TURN", 64)
    slots = Slots(100, Proxies([]), lambda: 0.0)
    servers = [Server(slots.take("192.0.2.1")) for _ in range(30)]
    for server in servers:
        server.protocol.data_received(GET * 5)
    await turns(200)
    begun = []
    for server in servers:
        server.app.may_answer.set()
    while sum(begun) < 30 * 4:
        before = sum(len(server.app.asked) for server in servers)
        await turns(1)
        begun.append(sum(len(server.app.asked) for server in servers) - before)
    assert max(begun) <= 4


async def test_a_body_that_comes_behind_another_request_arrives() -> None:
    server = Server()
    await server.send(GET + b"POST /second HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n" + b"x" * 60_000 + GET)
    await server.until_answered(3)
    assert [len(body) for _, body, _ in server.app.asked] == [0, 60_000, 0]


async def test_a_body_in_crumbs_is_taken_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = [0]
    take = PacedHttp.on_body

    def counted(self: PacedHttp, body: bytes) -> None:
        pieces[-1] += 1
        take(self, body)

    monkeypatch.setattr(PacedHttp, "on_body", counted)
    server = Server()
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    server.protocol.data_received(head + b"1\r\nx\r\n" * 20_000 + b"0\r\n\r\n")
    while not server.app.asked:
        pieces.append(0)
        await turns(1)
    await server.until_answered(1)
    assert server.app.asked[0][1] == b"x" * 20_000
    assert max(pieces) <= WORK_PER_TURN + SLICE_BYTES // 6


@pytest.mark.parametrize("length", [1, 7, 10_000])
async def test_an_offer_that_is_not_taken_is_ignored_with_its_body_and_all_that_follows(length: int) -> None:
    """RFC 9110 7.8. Whatever the pieces are in which it comes."""
    server = Server()
    by_length = b"POST /one HTTP/1.1\r\nHost: localhost\r\n" + H2C + b"Content-Length: 5\r\n\r\nfirst"
    in_chunks = b"POST /two HTTP/1.1\r\nHost: localhost\r\n" + H2C + b"Transfer-Encoding: chunked\r\n\r\n6\r\nsecond\r\n0\r\n\r\n"
    bodyless = b"GET /three HTTP/1.1\r\nHost: localhost\r\n" + H2C + b"\r\n"
    all_of_it = by_length + in_chunks + bodyless + GET
    for at in range(0, len(all_of_it), length):
        server.protocol.data_received(all_of_it[at : at + length])
    await server.until_answered(4)
    assert [(path, body) for path, body, _ in server.app.asked] == [("/one", b"first"), ("/two", b"second"), ("/three", b""), ("/", b"")]
    assert server.app.asked[0][2][b"upgrade"] == b"h2c", "whoever looks for it finds it"


async def test_hundreds_of_offers_on_one_connection_are_answered_each() -> None:
    server = Server()
    await server.send((b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n") * 500)
    await server.until_answered(500)


async def test_only_get_is_a_handshake() -> None:
    server = Server()
    await server.send(b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 3\r\n\r\ntea")
    await server.until_answered(1)
    assert server.app.asked[0][1] == b"tea"


async def test_an_offer_on_a_connection_that_ends_with_its_answer_is_ignored_too() -> None:
    server = Server()
    offer = b"Connection: close, Upgrade\r\nUpgrade: h2c\r\n"
    await server.send(b"POST / HTTP/1.1\r\nHost: localhost\r\n" + offer + b"Content-Length: 3\r\n\r\ntea")
    await server.until_answered(1)
    assert server.app.asked[0][1] == b"tea"


async def test_an_offer_in_http_1_0_is_ignored_and_the_version_kept() -> None:
    """What a proxy speaks that was not told otherwise; the doctor looks for it."""
    server = Server()
    await server.send(b"GET / HTTP/1.0\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: tea\r\n\r\n")
    await server.until_answered(1)
    assert server.app.versions == ["1.0"]


async def test_a_handshake_behind_a_request_that_is_not_answered_yet_is_refused() -> None:
    """Else that answer would stand in the middle of the WebSocket's frames."""
    server = Server()
    await server.send(GET + b"GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    assert server.pipe.closed
    server.app.may_answer.set()
    await turns(10)
    assert b"101" not in server.pipe.written


async def test_this_is_no_proxy() -> None:
    server = Server()
    await server.send(b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert b" 400 " in server.pipe.written
