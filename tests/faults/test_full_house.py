"""A house with no room left: newcomers are turned away in words, and those inside notice nothing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from teahouse.model import LOBBY
from tests.faults.server import GENEROUS, Server
from tests.gateways.raw import Raw
from tests.gateways.stranger import Stranger, sign_in

ROOM_FOR = 3
NEWCOMERS = 30
POSTS = 20


@pytest.fixture
async def insiders(tmp_path: Path) -> AsyncIterator[list[Stranger]]:
    """As many people as fit, connected."""
    with Server(tmp_path, GENEROUS | {"MAX_CONNECTIONS": str(ROOM_FOR)}) as server:
        people = [Stranger(await sign_in(server.address, f"Insider {number}")) for number in range(ROOM_FOR)]
        for person in people:
            await person.connect()
        yield people
        for person in people:
            await person.close()


async def knock(address: str) -> bytes:
    """Come as a newcomer and ask for the page; return the whole answer."""
    newcomer = await Raw.connect(address)
    try:
        await newcomer.send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        return await newcomer.hung_up()
    finally:
        await newcomer.close()


async def status(address: str) -> int:
    """Come as a newcomer; return only the answer's status."""
    newcomer = await Raw.connect(address)
    try:
        return await newcomer.request(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    finally:
        await newcomer.close()


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
    async with asyncio.timeout(10):
        while await status(address) == 503:
            pass
