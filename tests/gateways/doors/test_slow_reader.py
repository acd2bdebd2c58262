"""Someone at an old door who does not read: they cost nobody anything, and when they read on they miss nothing."""

import random
import re

from tests.faults.server import GENEROUS, Server
from tests.gateways.doors.visitor import Visitor
from tests.gateways.house import LOBBY, Arrive

SETTINGS = {**GENEROUS, "DOORS": "lines@0,signin@0,directed@0"}
MESSAGES = 300
FILL = "x" + random.Random(1).randbytes(15_000).hex()
"""300 of these are far more than the buffers of both ends hold; and they compress badly, or the ratio allowed were passed."""


async def test_who_reads_late_reads_every_line_once_and_in_order(server: Server, arrive: Arrive) -> None:
    aiko = await arrive("Aiko")
    # The one who hardly reads goes first: a line about the other's going would keep the farewell to them from being read.
    async with Visitor(server, "lines", "/chat") as quick, Visitor(server, "lines", "/chat", max_queue=1) as slow:
        assert "进入聊天室" in await slow.hear()
        for number in range(MESSAGES):
            await aiko.send({"type": "post", "room": LOBBY, "text": f"{number} {FILL}", "client_id": f"line-{number}"})
        assert await numbers(quick) == list(range(MESSAGES))
        assert await numbers(slow) == list(range(MESSAGES))


async def test_direct_messages_wait_for_who_does_not_read(server: Server, arrive: Arrive) -> None:
    async with Visitor(server, "directed", max_queue=1) as slow, Visitor(server, "directed") as sender:
        await slow.say({"user_id": "Slow", "login": "1"})
        await sender.say({"user_id": "Sender", "login": "1"})
        for number in range(MESSAGES):
            await sender.say({"to_user_id": "Slow", "msg": f"{number} {FILL}"})
        assert [int((await slow.hear()).partition(" ")[0]) for _ in range(MESSAGES)] == list(range(MESSAGES))


async def numbers(visitor: Visitor) -> list[int]:
    """Return the numbers of the messages, up to the last of them."""
    found: list[int] = []
    while not found or found[-1] != MESSAGES - 1:
        if match := re.search(r"说:(\d+) x", await visitor.hear()):
            found.append(int(match[1]))
    return found
