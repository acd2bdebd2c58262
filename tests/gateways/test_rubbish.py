"""Broken frames and nonsense from someone who got in: that one socket suffers, nothing else notices (safety.md)."""

import json
import struct
from typing import Any

import pytest

from tests.gateways.house import LOBBY
from tests.gateways.raw import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Raw, command, frame

pytestmark = pytest.mark.asyncio(loop_scope="module")

SETTINGS = {"COMMANDS_PER_S": "1", "COMMAND_BURST": "1000", "MESSAGE_RATE_PER_S": "1", "MESSAGE_BURST": "120"}
"""Room for what these tests say one after the other; a flood passes it all the same, however long the house takes for it."""
PING_COMMAND = b'{"type":"ping","id":3}'
MAX_FRAME = 65_536


async def still_answers(raw: Raw) -> None:
    pong = await raw.answer(command(type="ping", id=77))
    assert (pong["type"], pong["id"]) == ("pong", 77)


# Frames


@pytest.mark.parametrize(
    ("octets", "codes"),
    [
        pytest.param(frame(TEXT, length=2**63), {1002, 1009}, id="a length of 2^63"),
        pytest.param(frame(TEXT, length=2**64 - 1), {1002, 1009}, id="a length of 2^64 - 1"),
        pytest.param(frame(TEXT, length=2**63 - 1), {1009}, id="the longest lawful length"),
        pytest.param(frame(TEXT, length=MAX_FRAME + 1), {1009}, id="a header that announces too much"),
        pytest.param(frame(TEXT, b" " * (MAX_FRAME + 1)), {1009}, id="one byte too much"),
        pytest.param(frame(TEXT, b" " * 40_000, fin=False) + frame(CONTINUATION, b" " * 40_000), {1009}, id="too much in two fragments"),
        pytest.param(frame(TEXT, fin=False) + frame(CONTINUATION, fin=False) * 5000, {1008}, id="thousands of empty fragments"),
        pytest.param(frame(TEXT, PING_COMMAND, masked=False), {1002}, id="no mask"),
        pytest.param(frame(TEXT, PING_COMMAND, reserved=4), {1002}, id="compressed, though that was not agreed"),
        pytest.param(frame(TEXT, PING_COMMAND, reserved=1), {1002}, id="a reserved bit"),
        *(pytest.param(frame(opcode, b"x"), {1002}, id=f"reserved opcode {opcode}") for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)),
        pytest.param(frame(BINARY, PING_COMMAND), {1003}, id="binary"),
        pytest.param(frame(TEXT, b'{"type":"\xff"}'), {1007}, id="bad UTF-8"),
        pytest.param(frame(TEXT, b'{"type":"\xed\xa0\x80"}'), {1007}, id="half a surrogate"),
        pytest.param(frame(TEXT, b'"\xe8', fin=False) + frame(CONTINUATION, b'"'), {1007}, id="bad UTF-8 over two fragments"),
        pytest.param(frame(CONTINUATION, b"x"), {1002}, id="a continuation of nothing"),
        pytest.param(frame(TEXT, b"x", fin=False) + frame(TEXT, b"y"), {1002}, id="a new message within another"),
        pytest.param(frame(PING, b"x", fin=False), {1002}, id="a fragmented ping"),
        pytest.param(frame(PING, b"x" * 126), {1002}, id="a ping too long"),
        pytest.param(frame(CLOSE, b"\x03"), {1002}, id="half a close code"),
        pytest.param(frame(CLOSE, struct.pack("!H", 1005)), {1002}, id="a close code that must not be sent"),
        pytest.param(frame(CLOSE, struct.pack("!H", 1000) + b"\xff"), {1002, 1007}, id="a close reason in bad UTF-8"),
    ],
)
async def test_a_broken_frame_closes_this_socket_with_the_right_code(rascal: Raw, octets: bytes, codes: set[int]) -> None:
    await rascal.send(octets)
    assert await rascal.close_code() in codes


async def test_a_message_in_a_few_fragments_with_a_ping_between_is_understood(rascal: Raw) -> None:
    await rascal.send(frame(TEXT, PING_COMMAND[:5], fin=False) + frame(PING, b"between") + frame(CONTINUATION, PING_COMMAND[5:]))
    got = [await rascal.frame(), await rascal.frame()]
    while PONG not in [opcode for opcode, _ in got] or not any(b'"pong"' in payload for _, payload in got):
        got.append(await rascal.frame())
    assert (PONG, b"between") in got


async def test_a_message_of_exactly_the_largest_size_is_understood(rascal: Raw) -> None:
    assert (await rascal.answer(frame(TEXT, PING_COMMAND.ljust(MAX_FRAME))))["id"] == 3


async def test_a_frame_that_never_ends_harms_no_one(rascal: Raw) -> None:
    await rascal.send(frame(TEXT, PING_COMMAND, length=60_000))


# Commands


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "hello",
        "null",
        "7",
        "[]",
        '["ping"]',
        "{",
        "{}",
        '{"type":7}',
        '{"type":null}',
        '{"id":NaN,"type":"ping"}',
        '{"id":Infinity,"type":"ping"}',
        '{"id":-1,"type":"ping"}',
        '{"id":1.5,"type":"ping"}',
        '{"id":1e400,"type":"ping"}',
        '{"id":99999999999999999999,"type":"ping"}',
        '{"id":"1","type":"ping"}',
        '{"id":true,"type":"ping"}',
        '{"id":1,"type":"ping"}{"id":2,"type":"ping"}',
        "[" * 30_000,
        '{"a":' * 10_000,
        '{"type":"hello","cursors":' * 2_000,
        "9" * 60_000,
        '{"type":"post","room":1,"client_id":"a","text":"\\ud800"}',
    ],
)
async def test_nonsense_is_an_error_in_words_and_the_socket_goes_on(rascal: Raw, text: str) -> None:
    error = await rascal.answer(frame(TEXT, text.encode()))
    assert error["type"] == "error"
    assert error["code"] in ("invalid", "unknown_command")
    assert error["words"]
    assert "Traceback" not in error["words"]
    await still_answers(rascal)


async def test_depth_hidden_in_a_field_that_nobody_knows_is_survived(rascal: Raw) -> None:
    answer = await rascal.answer(frame(TEXT, b'{"type":"ping","id":4,"x":' + b"[" * 30_000 + b"]" * 30_000 + b"}"))
    assert answer["type"] == "pong" or answer["code"] == "invalid"
    await still_answers(rascal)


async def test_an_unknown_command_is_answered_under_its_id(rascal: Raw) -> None:
    error = await rascal.answer(command(type="dance", id=7))
    assert (error["code"], error.get("id")) == ("unknown_command", 7)


POST = {"type": "post", "room": LOBBY, "text": "hello", "client_id": "c"}


@pytest.mark.parametrize(
    "fields",
    [
        {**POST, "room": "1"},
        {**POST, "room": 1.5},
        {**POST, "room": True},
        {**POST, "room": None},
        {**POST, "room": -1},
        {**POST, "room": 0},
        {**POST, "room": 2**64},
        {**POST, "text": 7},
        {**POST, "text": None},
        {**POST, "text": ["hello"]},
        {**POST, "client_id": ""},
        {**POST, "client_id": "two words"},
        {**POST, "client_id": "x" * 65},
        {**POST, "client_id": "x\n"},
        {**POST, "reply_to": "1"},
        {"type": "post", "room": LOBBY, "text": "no client_id"},
        {"type": "page", "room": LOBBY, "limit": 0},
        {"type": "page", "room": LOBBY, "limit": 10**9},
        {"type": "page", "room": LOBBY, "before": 5, "after": 5},
        {"type": "react", "room": LOBBY, "message": 1, "emoji": ""},
        {"type": "react", "room": LOBBY, "message": 1, "emoji": "x" * 1000},
        {"type": "create_room", "kind": "secret", "name": "x", "client_id": "k"},
        {"type": "create_room", "kind": "direct", "name": "x", "client_id": "k"},
    ],
)
async def test_fields_of_the_wrong_type_or_out_of_bounds_are_invalid(rascal: Raw, fields: dict[str, Any]) -> None:
    error = await rascal.answer(command(id=8, **fields))
    assert (error["type"], error.get("code"), error.get("id")) == ("error", "invalid", 8)
    await still_answers(rascal)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({**POST, "text": ""}, "empty_text"),
        ({**POST, "text": " \n\t\u3000"}, "empty_text"),
        ({**POST, "text": "茶" * 20_000}, "text_too_long"),
        ({"type": "create_room", "kind": "public", "name": "", "client_id": "k"}, "bad_name"),
        ({"type": "create_room", "kind": "public", "name": " \u3000 ", "client_id": "k"}, "bad_name"),
        ({"type": "create_room", "kind": "public", "name": "\x00\x1b", "client_id": "k"}, "bad_name"),
        ({"type": "create_room", "kind": "public", "name": "x" * 5000, "client_id": "k"}, "bad_name"),
        ({"type": "edit", "room": LOBBY, "message": 10**9, "text": "x"}, "not_found"),
        ({"type": "open_direct", "user": 10**9}, "not_found"),
    ],
)
async def test_what_is_well_formed_and_wrong_is_refused_by_its_own_code(rascal: Raw, fields: dict[str, Any], code: str) -> None:
    sent = json.dumps({"id": 9, **fields}, ensure_ascii=False).encode()
    error = await rascal.answer(frame(TEXT, sent))
    assert (error.get("code"), error.get("id")) == (code, 9)
    await still_answers(rascal)


async def test_saying_hello_twice_is_closed(rascal: Raw) -> None:
    await rascal.send(command(type="hello", id=11))
    assert await rascal.close_code() == 4002


# Too much


async def test_a_flood_of_messages_is_refused_in_words_and_what_was_acknowledged_stands(rascal: Raw) -> None:
    flood = [command(id=number, **{**POST, "text": f"flood {number}", "client_id": f"flood-{number}"}) for number in range(100, 280)]
    await rascal.send(b"".join(flood))
    answers = [await rascal.event("ok", "error") for _ in flood]
    refused = [answer for answer in answers if answer["type"] == "error"]
    assert refused
    assert {answer["code"] for answer in refused} == {"too_much"}
    assert all(answer["retry"] and answer["retry_after_s"] > 0 for answer in refused)
    page = (await rascal.answer(command(type="page", id=1, room=LOBBY, limit=200)))["result"]
    stored = {message["seq"] for message in page["messages"] if message["text"].startswith("flood")}
    assert stored == {answer["result"]["seq"] for answer in answers if answer["type"] == "ok"}


async def test_commands_that_come_far_too_fast_error_after_error_are_closed(rascal: Raw) -> None:
    await rascal.send(frame(TEXT, PING_COMMAND) * 5000)
    assert await rascal.close_code() == 4029
