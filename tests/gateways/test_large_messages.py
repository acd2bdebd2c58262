"""A message counts once more for every 32 KiB that it says, and for every 2 KiB sent compressed; here few frames are taken at once."""

import random
import zlib

import pytest

from tests.faults.server import Server
from tests.gateways.house import Knock
from tests.gateways.raw import TEXT, command, frame
from tests.gateways.stranger import sign_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

SETTINGS = {"COMMANDS_PER_S": "0.01", "COMMAND_BURST": "20", "MESSAGE_RATE_PER_S": "0.001", "MESSAGE_BURST": "1"}
"""Four times as many frames as commands: 80 at once, and one in 25 s. The longest posts would want fewer."""

LARGE = b'{"type":"ping","id":1,"x":"' + random.Random(1).randbytes(8_000).hex().encode() * 4
EMPTY_BLOCK = b"\x00\x00\x00\xff\xff"
"""RFC 1951 3.2.4."""


def compressed(message: bytes) -> bytes:
    packer = zlib.compressobj(1, wbits=-15)
    return (packer.compress(message) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]


@pytest.mark.parametrize("is_compressed", [False, True], ids=["plain", "compressed"])
async def test_large_messages_count_what_they_say(server: Server, knock: Knock, is_compressed: bool) -> None:
    raw = await knock()
    session = await sign_in(server.address, f"Large {is_compressed}")
    await raw.greet(session, **({"Sec_WebSocket_Extensions": "permessage-deflate"} if is_compressed else {}))
    message = LARGE[:65_000]
    await raw.send((frame(TEXT, compressed(message), reserved=4) if is_compressed else frame(TEXT, message)) * 60)
    assert await raw.close_code() == 4029


async def test_compressed_messages_count_what_was_sent_however_little_they_say(server: Server, knock: Knock) -> None:
    """Blocks that say nothing are work all the same; behind them stands a good command."""
    raw = await knock()
    await raw.greet(await sign_in(server.address, "Hollow"), Sec_WebSocket_Extensions="permessage-deflate")
    await raw.send(frame(TEXT, EMPTY_BLOCK * 12_000 + compressed(b'{"type":"ping"}'), reserved=4) * 4)
    assert await raw.close_code() == 4029


async def test_as_many_small_ones_are_taken(server: Server, knock: Knock) -> None:
    raw = await knock()
    await raw.greet(await sign_in(server.address, "Small"))
    await raw.send(frame(TEXT, b'{"type":"ping"}') * 60 + command(type="ping", id=7))
    while (await raw.event()).get("id") != 7:
        pass
