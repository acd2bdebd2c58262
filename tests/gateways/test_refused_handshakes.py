"""A handshake that the house cannot answer now is told so, and writes no line into the log, whoever repeats it how often."""

from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import AsyncMock, Mock

import pytest
import structlog

from teahouse.errors import TeahouseError, TooMuch, Unavailable
from teahouse.gateways.address import Caller
from teahouse.gateways.cookie import SessionCookie
from teahouse.gateways.desk import Desk
from teahouse.gateways.doors.draft76_socket import Draft76Socket
from teahouse.gateways.doors.socket import DoorSocket
from teahouse.gateways.websocket import WebSocketDoor

HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)

OLD_HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key1: 18x 6]8vM;54 *(5:  {   U1]8  z [  8\r\nSec-WebSocket-Key2: 1_ tx7X d  <  nw  334J702) 7]o}` 0\r\n\r\nTm[K T2u"
)


async def answer_to(kind: type[WebSocketDoor], refusal: Exception, monkeypatch: pytest.MonkeyPatch) -> bytes:
    async def fail(*_args: Any) -> Any:
        raise refusal

    monkeypatch.setattr("teahouse.gateways.doors.socket.let_in", fail)
    desk = SimpleNamespace(
        caller=lambda *_args: Caller("192.0.2.1", "http", None),
        connections=Mock(refused={"429": 0, "503": 0}),
        check=Mock(),
        max_fragments=1,
        max_message_bytes=1000,
        prove=fail,
        public_url=None,
        cookie=SessionCookie("a1", 1),
        refusal=lambda *_args: None,
    )
    others = (Mock(),) if kind is DoorSocket else ()
    socket = kind(cast(Desk, desk), set[Any](), Mock(), *others)
    transport = Mock(is_closing=Mock(return_value=False))
    socket.connection_made(transport)
    socket.data_received(HANDSHAKE)
    assert socket._admission is not None
    await socket._admission
    return b"".join(call.args[0] for call in transport.write.call_args_list)


@pytest.mark.parametrize("kind", [WebSocketDoor, DoorSocket])
@pytest.mark.parametrize("refusal", [Unavailable("the database cannot be read now"), TooMuch("wait")], ids=["unavailable", "too much"])
async def test_what_the_house_refuses_is_no_fault(
    kind: type[WebSocketDoor], refusal: TeahouseError, monkeypatch: pytest.MonkeyPatch
) -> None:
    with structlog.testing.capture_logs() as lines:
        answer = await answer_to(kind, refusal, monkeypatch)
    assert answer.startswith(b"HTTP/1.1 %d " % refusal.status)
    assert refusal.words.encode() in answer
    assert lines == []


@pytest.mark.parametrize("kind", [WebSocketDoor, DoorSocket])
async def test_what_nobody_expected_is_logged_and_not_told(kind: type[WebSocketDoor], monkeypatch: pytest.MonkeyPatch) -> None:
    with structlog.testing.capture_logs() as lines:
        answer = await answer_to(kind, RuntimeError("secret"), monkeypatch)
    assert answer.startswith(b"HTTP/1.1 503 ") and b"secret" not in answer
    assert [line["event"] for line in lines] == ["handshake failed"]


async def test_nor_what_nobody_expected_of_draft_76(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teahouse.gateways.doors.draft76_socket.let_in", AsyncMock(side_effect=RuntimeError("secret")))
    desk = Mock(caller=lambda *_args: Caller("192.0.2.1", "http", None), max_message_bytes=1000)
    socket, transport = Draft76Socket(desk, Mock(), set[Any](), Mock()), Mock()
    socket.connection_made(transport)
    with structlog.testing.capture_logs() as lines:
        socket.data_received(OLD_HANDSHAKE)
        assert socket._admission is not None
        await socket._admission
    answer = b"".join(call.args[0] for call in transport.write.call_args_list)
    assert answer.startswith(b"HTTP/1.1 400 ") and b"secret" not in answer
    assert transport.close.called
    assert [line["event"] for line in lines] == ["handshake failed"]
