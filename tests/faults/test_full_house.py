"""A house with no room left: newcomers are turned away in words, and those inside notice nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from teahouse.doctor import machine
from teahouse.model import LOBBY
from teahouse.settings import Settings
from tests.faults.server import GENEROUS, Server
from tests.gateways.raw import Raw
from tests.gateways.stranger import Stranger, sign_in
from tests.support.patience import PATIENCE_S

ROOM_FOR = 3
NEWCOMERS = 30
POSTS = 20


@pytest.fixture
async def insiders(tmp_path: Path) -> AsyncIterator[list[Stranger]]:
    """As many people as fit, connected."""
    with Server(tmp_path, GENEROUS | {"MAX_CONNECTIONS": str(ROOM_FOR)}) as server:
        people = [Stranger(await sign_in(server.address, f"Insider {number}")) for number in range(ROOM_FOR)]
        async with AsyncExitStack() as here:
            for person in people:
                await here.enter_async_context(person)
                await person.connect()
            yield people


async def knock(address: str) -> bytes:
    """Come as a newcomer and ask for the page; return the whole answer."""
    async with await Raw.connect(address) as newcomer:
        await newcomer.send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        return await newcomer.hung_up()


async def status(address: str) -> int:
    """Come as a newcomer; return only the answer's status."""
    async with await Raw.connect(address) as newcomer:
        return await newcomer.request(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")


async def test_newcomers_hear_503_and_when_to_come_back_while_those_inside_go_on_talking(insiders: list[Stranger]) -> None:
    address = insiders[0].session.address
    answers = [asyncio.create_task(knock(address)) for _ in range(NEWCOMERS)]
    for number in range(POSTS):
        await insiders[number % ROOM_FOR].ask("post", room=LOBBY, text=f"still here {number}", client_id=f"post-{number}")
    for answer in await asyncio.gather(*answers):
        assert answer.startswith(b"HTTP/1.1 503 ") and b"\r\nRetry-After: " in answer and b'"unavailable"' in answer
    wanted = [f"still here {number}" for number in range(POSTS)]
    for person in insiders:
        await person.until(lambda person=person: [text for text in person.texts(LOBBY) if text in wanted] == wanted)  # type: ignore[misc]


async def test_when_one_leaves_the_next_is_let_in(insiders: list[Stranger]) -> None:
    address = insiders[0].session.address
    assert (await knock(address)).startswith(b"HTTP/1.1 503 ")
    await insiders.pop().close()
    async with asyncio.timeout(PATIENCE_S):
        while await status(address) == 503:
            pass


async def ask(address: str, *lines: str) -> bytes:
    """Come as a newcomer with a request of these lines; return the whole answer."""
    newcomer = await Raw.connect(address)
    try:
        await newcomer.send("\r\n".join([lines[0], "Host: 127.0.0.1", *lines[1:], "", ""]).encode())
        return await newcomer.hung_up()
    finally:
        await newcomer.close()


async def test_who_watches_a_full_house_from_this_machine_is_answered_once(insiders: list[Stranger]) -> None:
    address = insiders[0].session.address
    health, metrics = await ask(address, "GET /healthz HTTP/1.1"), await ask(address, "GET /metrics HTTP/1.1")

    assert health.startswith(b"HTTP/1.1 200 ") and b"connection: close" in health and health.endswith(b'{"status":"ok"}')
    assert metrics.startswith(b"HTTP/1.1 200 ") and f"\nteahouse_connections_max {ROOM_FOR}.0\n".encode() in metrics
    assert f"\nteahouse_tcp_connections {ROOM_FOR}.0\n".encode() in metrics, "who watches takes nobody's place"


async def test_the_doctor_sees_a_full_house_and_nothing_wrong_with_it(insiders: list[Stranger]) -> None:
    port = urlsplit(insiders[0].session.address).port or 0
    [found] = (await asyncio.to_thread(machine.port, Settings(port=port))).findings

    assert (found.check, found.state, "the house is full" in found.seen) == ("port", "note", True)


async def test_what_follows_the_one_question_is_not_heard(insiders: list[Stranger]) -> None:
    address = insiders[0].session.address
    both = await ask(address, "GET /healthz HTTP/1.1", "", "GET /api/v1/house HTTP/1.1", "Host: 127.0.0.1")

    assert both.count(b"HTTP/1.1 ") == 1 and both.endswith(b'{"status":"ok"}')


@pytest.mark.parametrize("header", ["X-Forwarded-For: 203.0.113.7", "Via: 1.1 proxy", "Forwarded: for=203.0.113.7"])
async def test_whom_a_proxy_passes_on_to_a_full_house_hears_503_whatever_they_ask(insiders: list[Stranger], header: str) -> None:
    for path in ("/healthz", "/metrics"):
        assert (await ask(insiders[0].session.address, f"GET {path} HTTP/1.1", header)).startswith(b"HTTP/1.1 503 ")
