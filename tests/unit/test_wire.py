"""The native protocol's two directions: every command decodes strictly, every event leaves nothing out and nothing in."""

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse import wire
from teahouse.errors import Invalid
from teahouse.model import LOBBY, Entry, Here, Posted, Quote, Reset, Typing, User

AIKO = User(1, "Aiko", "f01")

SMALLEST: dict[str, dict[str, Any]] = {
    "hello": {},
    "post": {"room": 1, "text": "hello", "client_id": "c1"},
    "edit": {"room": 1, "message": 2, "text": "hello"},
    "remove": {"room": 1, "message": 2},
    "react": {"room": 1, "message": 2, "emoji": "👍"},
    "read": {"room": 1, "seq": 0},
    "typing": {"room": 1},
    "create_room": {"kind": "public", "name": "Tea", "client_id": "c1"},
    "open_direct": {"user": 1},
    "join": {"room": 1},
    "leave": {"room": 1},
    "add_member": {"room": 1, "user": 2},
    "remove_member": {"room": 1, "user": 2},
    "change_room": {"room": 1},
    "set_robot": {"room": 1, "mode": "never"},
    "stop_reply": {"room": 1, "client_id": "c"},
    "page": {"room": 1},
    "members": {"room": 1},
    "find_rooms": {},
    "search": {"query": "tea"},
    "ping": {},
    "ban": {},
    "unban": {"ban": 1},
    "bans": {},
    "end_sessions": {"user": 1},
    "remove_messages": {"user": 1},
    "set_role": {"user": 1, "role": "admin"},
    "newcomers": {"admitted": False},
    "person": {"user": 1},
    "house_log": {},
    "invite": {},
    "end_invite": {"invite": 1},
    "invites": {},
}


def said(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


def refusal(raw: bytes | str) -> Invalid:
    with pytest.raises(Invalid) as refused:
        wire.decode(raw)
    return refused.value


def test_every_command_is_tried_here() -> None:
    assert {command.__struct_config__.tag for command in get_args(wire.AnyCommand)} == set(SMALLEST)


@pytest.mark.parametrize("kind", SMALLEST)
def test_a_command_needs_its_fields_and_no_more(kind: str) -> None:
    fields = SMALLEST[kind]
    command = wire.decode(said(type=kind, id=7, **fields))
    assert command.id == 7
    assert {name: getattr(command, name) for name in fields} == fields
    for missing in fields:
        assert refusal(said(type=kind, **{name: value for name, value in fields.items() if name != missing})).code == "invalid"


def test_fields_that_are_not_known_are_ignored() -> None:
    assert wire.decode(said(type="ping", colour="green")) == wire.Ping()


def test_text_frames_and_strings_say_the_same() -> None:
    assert wire.decode('{"type":"ping","id":1}') == wire.decode(b'{"type":"ping","id":1}')


WRONG = [
    {"type": "post", "room": "1", "text": "x", "client_id": "c"},
    {"type": "post", "room": 1.0, "text": "x", "client_id": "c"},
    {"type": "post", "room": True, "text": "x", "client_id": "c"},
    {"type": "post", "room": 0, "text": "x", "client_id": "c"},
    {"type": "post", "room": 2**53, "text": "x", "client_id": "c"},
    {"type": "post", "room": 1, "text": None, "client_id": "c"},
    {"type": "post", "room": 1, "text": "x", "client_id": ""},
    {"type": "post", "room": 1, "text": "x", "client_id": "c" * 65},
    {"type": "post", "room": 1, "text": "x", "client_id": "c 1"},
    {"type": "post", "room": 1, "text": "x", "client_id": "c1\n"},
    {"type": "post", "room": 1, "text": "x", "client_id": "c", "reply_to": 0},
    {"type": "react", "room": 1, "message": 1, "emoji": "x" * 33},
    {"type": "page", "room": 1, "limit": 0},
    {"type": "page", "room": 1, "limit": 201},
    {"type": "create_room", "kind": "secret", "name": "x", "client_id": "c"},
    {"type": "hello", "cursors": {"-1": 3}},
    {"type": "hello", "cursors": {"x": 3}},
    {"type": "hello", "cursors": [1]},
    {"type": "ping", "id": -1},
]


@pytest.mark.parametrize("command", WRONG, ids=str)
def test_wrong_types_and_values_out_of_bounds_are_refused_in_words(command: dict[str, Any]) -> None:
    assert refusal(said(**command)).code == "invalid"


@pytest.mark.parametrize(
    "raw", [b"", b"hello", b"null", b"[]", b"{}", b'"x"', b"\xff\xfe", b"{", b'{"type":"ping","id":NaN}', b"[" * 100_000]
)
def test_what_is_no_command_is_refused_in_words(raw: bytes) -> None:
    error = refusal(raw)
    assert error.code == "invalid" and error.words


def test_half_a_surrogate_pair_is_no_text() -> None:
    assert refusal(b'{"type":"post","room":1,"text":"\\ud800","client_id":"c"}').code == "invalid"


def test_a_command_that_does_not_exist_says_so() -> None:
    assert refusal(said(type="dance")).code == "unknown_command"
    assert refusal(said(type=5)).code == "invalid"


def test_the_id_of_a_malformed_command_is_found_where_there_is_one() -> None:
    assert wire.decode_id(said(type="post", id=9)) == 9
    assert wire.decode_id(said(type="dance", id=9)) == 9
    for raw in (b"", b"[" * 100_000, said(id="9"), said(id=-1), said(type="post")):
        assert wire.decode_id(raw) is None


@given(st.binary(max_size=60))
def test_no_bytes_make_the_decoder_fail_otherwise(raw: bytes) -> None:
    try:
        wire.decode(raw)
    except Invalid:
        wire.decode_id(raw)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_no_json_makes_the_decoder_fail_otherwise(value: object) -> None:
    for raw in (json.dumps(value), json.dumps({"type": "post", "room": value, "text": value, "client_id": value})):
        try:
            wire.decode(raw)
        except Invalid:
            wire.decode_id(raw)


def test_defaults_are_left_out_of_events() -> None:
    entry = Entry(LOBBY, 4, 1000, AIKO, Posted("hello"))
    assert json.loads(wire.encode(entry)) == {
        "type": "entry",
        "log": 1,
        "seq": 4,
        "at": 1000,
        "by": {"id": 1, "name": "Aiko", "face": "f01"},
        "fact": {"type": "posted", "text": "hello"},
    }


def test_what_is_there_is_not_left_out() -> None:
    robot = User(2, "Birdie", "birdie", "bot")
    entry = Entry(LOBBY, 4, 1000, robot, Posted("", Quote(3, AIKO, "hi"), removed=True), "c1")
    assert json.loads(wire.encode(entry)) == {
        "type": "entry",
        "log": 1,
        "seq": 4,
        "at": 1000,
        "by": {"id": 2, "name": "Birdie", "face": "birdie", "role": "bot"},
        "fact": {
            "type": "posted",
            "text": "",
            "removed": True,
            "reply_to": {"seq": 3, "by": {"id": 1, "name": "Aiko", "face": "f01"}, "text": "hi"},
        },
        "client_id": "c1",
    }


def test_a_reset_says_in_null_that_the_stream_ends() -> None:
    assert json.loads(wire.encode(Reset(7, "left", None))) == {"type": "reset", "log": 7, "why": "left", "head": None}


def test_signals_are_told_by_their_type() -> None:
    assert json.loads(wire.encode(Typing(7, AIKO)))["type"] == "typing"
    assert json.loads(wire.encode(Here(7, 0))) == {"type": "here", "room": 7, "count": 0}


def test_an_answer_carries_its_result_and_an_error_what_helps() -> None:
    assert json.loads(wire.encode(wire.Ok(3, wire.Stored(1, 42, 99)))) == {
        "type": "ok",
        "id": 3,
        "result": {"room": 1, "seq": 42, "at": 99},
    }
    assert json.loads(wire.encode(wire.Error("too_much", "wait", 3, True, 0.5))) == {
        "type": "error", "code": "too_much", "words": "wait", "id": 3, "retry": True, "retry_after_s": 0.5,
    }  # fmt: skip
