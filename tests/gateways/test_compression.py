"""Compressed messages (RFC 7692): who agreed to them is told what everyone is told, and who abuses them harms nobody else."""

import os
import zlib
from typing import Any

import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection

from tests.gateways.house import LOBBY, Arrive, Knock, say
from tests.gateways.raw import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Raw, command, frame, upgrade
from tests.gateways.stranger import Session, Stranger, sign_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

SETTINGS = {"COMMANDS_PER_S": "500", "COMMAND_BURST": "1000", "MESSAGE_RATE_PER_S": "100", "MESSAGE_BURST": "100"}
EXTENSIONS = "permessage-deflate; client_max_window_bits"
AGREED = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
RSV1 = 4
MAX_MESSAGE = 65_536
PING_COMMAND = b'{"type":"ping","id":3}'
BULKY = "green tea, black tea, white tea. " * 60


def squeezed(payload: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return (stream.compress(payload) + stream.flush(zlib.Z_SYNC_FLUSH)).removesuffix(b"\x00\x00\xff\xff")


def finished(payload: bytes) -> bytes:
    """As `squeezed`, with a last block that says so."""
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(payload) + stream.flush()


def compressed(data: bytes, **header: Any) -> bytes:
    return frame(TEXT, data, reserved=RSV1, **header)


def in_two(data: bytes) -> bytes:
    half = len(data) // 2
    return compressed(data[:half], fin=False) + frame(CONTINUATION, data[half:])


@pytest_asyncio.fixture(loop_scope="module")
async def squeezer(session: Session, knock: Knock, witness: Stranger) -> Raw:
    """A connection with compression after hello, while the witness looks on."""
    raw = await knock()
    await raw.greet(session, Sec_WebSocket_Extensions=EXTENSIONS)
    return raw


# Talk


@pytest.mark.asyncio(loop_scope="function")
async def test_a_client_with_and_one_without_are_told_the_same(arrive: Arrive, server: Any) -> None:
    with_it = await arrive("Squeezed")
    async with Stranger(await sign_in(server.address, "Plain")) as without:
        without.compression = None
        await without.connect()
        assert [extensions(with_it), extensions(without)] == [AGREED, None]

        first = await say(with_it, LOBBY, BULKY)
        second = await say(without, LOBBY, "茶 " * 500)
        await with_it.until(lambda: with_it.seen[LOBBY] >= second)
        await without.until(lambda: without.seen[LOBBY] >= second)

        assert from_to(with_it, first, second) == from_to(without, first, second)
        assert with_it.texts(LOBBY)[-2:] == [BULKY, "茶 " * 500]
    assert without.faults == []


@pytest.mark.asyncio(loop_scope="function")
async def test_what_was_missed_is_caught_up_with_compressed(arrive: Arrive) -> None:
    sleeper, talker = await arrive("Sleeper"), await arrive("Talker")
    await sleeper.cut()
    missed = [await say(talker, LOBBY, f"{number}: {BULKY}") for number in range(30)]

    await sleeper.connect()
    await sleeper.until(lambda: sleeper.seen[LOBBY] >= missed[-1])

    assert sleeper.texts(LOBBY)[-30:] == [f"{number}: {BULKY}" for number in range(30)]


async def test_a_large_event_comes_compressed_and_a_small_one_does_not(squeezer: Raw) -> None:
    await squeezer.send(command(type="post", id=5, room=LOBBY, text=BULKY, client_id="bulky"))
    while (await squeezer.event("entry", "ok")).get("client_id") != "bulky":
        pass
    assert squeezer.compressed
    await squeezer.answer(command(type="ping", id=6))
    assert not squeezer.compressed


async def test_who_did_not_agree_is_sent_nothing_compressed(rascal: Raw) -> None:
    await rascal.send(command(type="post", id=5, room=LOBBY, text=BULKY, client_id="uncompressed"))
    while (await rascal.event("entry", "ok")).get("client_id") != "uncompressed":
        pass
    assert not rascal.compressed


async def test_an_offer_that_cannot_be_kept_is_declined_and_the_client_let_in(session: Session, knock: Knock) -> None:
    raw = await knock()
    await raw.greet(session, Sec_WebSocket_Extensions="permessage-deflate; server_max_window_bits=10")
    await raw.send(compressed(squeezed(PING_COMMAND)))
    assert await raw.close_code() == 1002


async def test_a_header_that_breaks_the_grammar_is_a_bad_request(session: Session, knock: Knock) -> None:
    assert await (await knock()).request(upgrade(session, Sec_WebSocket_Extensions="permessage-deflate; =")) == 400


def extensions(client: Stranger) -> str | None:
    assert isinstance(client._socket, ClientConnection)
    assert client._socket.response is not None
    return client._socket.response.headers.get("Sec-WebSocket-Extensions")


def from_to(client: Stranger, first: int, last: int) -> list[Any]:
    return [entry for entry in client.entries if entry["log"] == LOBBY and first <= entry["seq"] <= last]


# Commands


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(compressed(squeezed(PING_COMMAND)), id="in one frame"),
        pytest.param(in_two(squeezed(PING_COMMAND)), id="in two fragments"),
        pytest.param(compressed(b"", fin=False) + frame(CONTINUATION, squeezed(PING_COMMAND)), id="with nothing in the first fragment"),
        pytest.param(compressed(finished(PING_COMMAND) + b"\x00"), id="with a last block"),
        pytest.param(compressed(squeezed(PING_COMMAND.ljust(MAX_MESSAGE))), id="of exactly the largest size"),
        pytest.param(frame(TEXT, PING_COMMAND), id="not compressed"),
        pytest.param(compressed(squeezed(b'{"type":"ping"}')) + frame(TEXT, PING_COMMAND), id="not compressed after one that is"),
    ],
)
async def test_a_command_is_understood(squeezer: Raw, octets: bytes) -> None:
    answer = await squeezer.answer(octets)
    if "id" not in answer:
        answer = await squeezer.event("pong")
    assert answer["id"] == 3


async def test_a_ping_between_compressed_fragments_is_answered(squeezer: Raw) -> None:
    data = squeezed(PING_COMMAND)
    await squeezer.send(compressed(data[:5], fin=False) + frame(PING, b"between") + frame(CONTINUATION, data[5:]))
    got = [await squeezer.frame()]
    while PONG not in [opcode for opcode, _ in got] or not any(b'"pong"' in payload for _, payload in got):
        assert got[-1][0] != CLOSE
        got.append(await squeezer.frame())
    assert (PONG, b"between") in got


# Abuse


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        pytest.param(compressed(squeezed(b" " * 20_000_000)), 1009, id="a bomb"),
        pytest.param(in_two(squeezed(b" " * 20_000_000)), 1009, id="a bomb in two fragments"),
        pytest.param(compressed(squeezed(PING_COMMAND.ljust(MAX_MESSAGE + 1))), 1009, id="one byte too much inside"),
        pytest.param(in_two(os.urandom(MAX_MESSAGE + 2)), 1009, id="too much outside, in two fragments"),
        pytest.param(compressed(b"\xff" * 50), 1007, id="no stream"),
        pytest.param(compressed(b""), 1007, id="nothing at all"),
        pytest.param(compressed(squeezed(PING_COMMAND)[:-3]), 1007, id="a stream cut short"),
        pytest.param(compressed(finished(PING_COMMAND) + b"more"), 1007, id="data after the end"),
        pytest.param(compressed(finished(PING_COMMAND) + squeezed(PING_COMMAND)), 1007, id="a stream after the end"),
        pytest.param(compressed(finished(b"{"), fin=False) + frame(CONTINUATION, squeezed(b"}")), 1007, id="a stream for each fragment"),
        pytest.param(compressed(squeezed(b'{"type":"\xff"}')), 1007, id="bad UTF-8 inside"),
        pytest.param(frame(BINARY, squeezed(PING_COMMAND), reserved=RSV1), 1003, id="binary"),
        pytest.param(frame(PING, b"x", reserved=RSV1), 1002, id="a compressed ping"),
        pytest.param(frame(CLOSE, reserved=RSV1), 1002, id="a compressed close"),
        pytest.param(compressed(b"x", fin=False) + frame(CONTINUATION, b"y", reserved=RSV1), 1002, id="the mark on a continuation"),
        pytest.param(frame(TEXT, b"{", fin=False) + frame(CONTINUATION, b"}", reserved=RSV1), 1002, id="the mark on a second fragment"),
        pytest.param(compressed(b"x", fin=False) + compressed(b"y"), 1002, id="a new message within another"),
        pytest.param(frame(TEXT, squeezed(PING_COMMAND), reserved=RSV1 | 2), 1002, id="another reserved bit"),
        pytest.param(compressed(b"", fin=False) + frame(CONTINUATION, fin=False) * 5000, 1008, id="thousands of empty fragments"),
    ],
)
async def test_what_is_not_one_good_stream_closes_this_socket_with_the_right_code(squeezer: Raw, octets: bytes, code: int) -> None:
    await squeezer.send(octets)
    assert await squeezer.close_code() == code


async def test_message_after_message_that_takes_a_thousandfold_here_is_closed(squeezer: Raw) -> None:
    await squeezer.send(compressed(squeezed(PING_COMMAND.ljust(MAX_MESSAGE))) * 60)
    assert await squeezer.close_code() == 1008
