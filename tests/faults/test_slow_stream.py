"""An event stream that nobody reads costs nothing but itself, and has everything once and in order when it is read on."""

import asyncio
import json
import random
import re
from pathlib import Path

import httpx

from tests.faults.server import Server
from tests.faults.test_slow_reader import largest_send_buffer, narrow_connection, widen
from tests.gateways.stranger import Session, Stranger, sign_in
from tests.support.patience import LONG_PATIENCE_S
from tests.support.streams import opened

LOBBY = 1
TEXT = random.Random(1).randbytes(15_000).hex()
"""Nothing that compresses well: who posts it must not pass the ratio that a client is allowed (decisions/0012)."""


async def test_a_stream_that_stops_reading_falls_behind_and_later_gets_all(tmp_path: Path) -> None:
    messages = 2 * largest_send_buffer() // len(TEXT)
    with Server(tmp_path / "data") as server:
        async with await Stranger.arrive(server.address, "Fast") as fast:
            slow = await sign_in(server.address, "Slow")
            connection = narrow_connection(server.port)
            async with opened(None, None, sock=connection, limit=1024) as (reader, writer):
                writer.write(opening(slow))
                assert b" 200 " in await reader.readline()
                await fast.until(lambda: any(event["type"] == "here" and event["count"] > 2 for event in fast.others))

                for number in range(messages):
                    await fast.ask("post", room=LOBBY, text=f"{number} {TEXT}", client_id=f"slow-{number}")
                await fast.until(lambda: len(fast.texts(LOBBY)) == messages)
                behind = await readers_behind(server.address)
                await fast.ask("typing", room=LOBBY)

                widen(connection)
                async with asyncio.timeout(LONG_PATIENCE_S):
                    events = await read_until(reader, fast.seen[LOBBY])

    entries = [event for event in events if event["type"] == "entry" and event["log"] == LOBBY]
    assert behind == 1, "the server kept for this reader what does not fit into its socket"
    assert [entry["seq"] for entry in entries] == list(range(entries[0]["seq"], entries[0]["seq"] + len(entries)))
    assert [entry["fact"]["text"] for entry in entries if entry["fact"]["type"] == "posted"] == fast.texts(LOBBY)
    assert "typing" not in [event["type"] for event in events], "what may be lost was kept for a reader that does not read"


def opening(session: Session) -> bytes:
    lines = [
        "GET /api/v1/events HTTP/1.1",
        f"Host: {session.address.removeprefix('http://')}",
        f"Cookie: teahouse_session={session.cookie}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


async def readers_behind(address: str) -> int:
    async with httpx.AsyncClient(base_url=address, trust_env=False) as http:
        found = re.search(r"(?m)^teahouse_readers_behind (\d+)", (await http.get("/metrics")).text)
    assert found
    return int(found[1])


async def read_until(reader: asyncio.StreamReader, seq: int) -> list[dict]:
    """The events of a chunked answer up to the lobby's entry `seq`. The chunks' lengths stand on lines of their own, as blocks do not."""
    octets, last = bytearray(), b"id: %d:%d\n" % (LOBBY, seq)
    while last not in octets[-2 * len(TEXT) :] or not octets.endswith(b"\n\n\r\n"):
        octets += await reader.read(65536)
    whole, at = bytearray(), octets.index(b"\r\n\r\n") + 4
    while at < len(octets):
        begin = octets.index(b"\r\n", at) + 2
        size = int(octets[at : begin - 2], 16)
        whole += octets[begin : begin + size]
        at = begin + size + 2
    return [json.loads(line[6:]) for line in whole.splitlines() if line.startswith(b"data: ")]
