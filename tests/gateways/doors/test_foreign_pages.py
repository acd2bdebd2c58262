"""A page of another origin at an old door: refused and told of on the terminal, or let in by `--door`."""

import pytest
import websockets

from tests.faults.server import GENEROUS, Server
from tests.gateways.doors.visitor import Visitor, address_of

SETTINGS = {**GENEROUS, "DOORS": "relay@0,lines@0+null+http://old.example"}
TOLD = "was refused at a door"


async def test_a_page_from_disk_is_refused_and_the_terminal_says_what_would_let_it_in(server: Server) -> None:
    before = server.log.count(TOLD)
    for _ in range(2):
        with pytest.raises(websockets.InvalidStatus, match="403"):
            await websockets.connect(address_of(server, "relay") + "/ws", origin=websockets.Origin("null"), proxy=None)

    assert server.log.count(TOLD) == before + 1
    assert "--door relay[@PORT]+null" in server.log


@pytest.mark.parametrize("origin", ["null", "http://old.example"])
async def test_what_was_said_to_be_let_in_is(server: Server, origin: str) -> None:
    async with Visitor(server, "lines", "/chat", origin=websockets.Origin(origin)) as page:
        await page.say("hello")
        while not (await page.hear()).endswith("说:hello"):
            pass


async def test_our_own_page_is_no_news(server: Server) -> None:
    before = server.log
    async with Visitor(server, "relay", "/ws", origin=websockets.Origin(address_of(server, "relay").replace("ws", "http", 1))):
        assert server.log == before
