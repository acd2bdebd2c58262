"""JSON from outside: whatever is wrong with it, one kind of error says so."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse import wire
from teahouse.errors import Invalid
from teahouse.gateways.dialects.doors import DIALECTS
from teahouse.gateways.dialects.spoken import Words, read_json
from teahouse.strict_json import MAX_WORDS, Reader, items_of

MALFORMED = [
    b"",
    b"\xff",
    b'"\xff"',
    b'{"\xc3":1}',
    b'"\xed\xa0\x80"',
    b'{"nobody knows":"\xff"}',
    b'"\\ud800"',
    b'"\\udc00\\ud800"',
    b"\x00",
    b"1\x00",
    b'"\x00"',
    b"NaN",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"\xef\xbb\xbf1",
]

pieces = st.one_of(
    st.sampled_from([*MALFORMED[1:12], b"9" * 5000, b"1e999", b"-", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"null"]),
    st.sampled_from([b'"type"', b'"id"', b'"ping"', b'"post"', b'"text"', b'"room"', b'"login"', b'"msg"', b'"data"', b'"to_user"', b"1"]),
    st.binary(max_size=8),
)
rubbish = st.lists(pieces, max_size=12).map(b"".join)


@pytest.mark.parametrize("raw", MALFORMED, ids=range(len(MALFORMED)))
def test_what_is_no_json_is_a_decode_error(raw: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        Reader[Any](Any).read(raw)


def test_what_is_of_another_shape_is_told_apart() -> None:
    with pytest.raises(msgspec.ValidationError):
        Reader[int](int).read(b'"1"')


def test_half_a_surrogate_in_a_str_is_a_decode_error() -> None:
    with pytest.raises(msgspec.DecodeError):
        Reader[Any](Any).read('"\ud800"')


def test_a_field_that_nobody_knows_is_utf8_too() -> None:
    with pytest.raises(msgspec.DecodeError):
        Reader[wire.Ping](wire.Ping).read(b'{"type":"ping","x":"\xff"}')


def test_the_items_of_a_list_are_judged_one_by_one() -> None:
    assert items_of(b'[{"type":"\xff"}, 1]') == [b'{"type":"\xff"}', b"1"]
    for malformed in (b"{}", b"[1,\xff]", b"[1,]", b"[" * 100_000):
        with pytest.raises(msgspec.DecodeError):
            items_of(malformed)


def test_a_refusal_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(Invalid) as refused:
        wire.decode(b'{"type":"%b"}' % (b"z" * 60_000))
    assert refused.value.code == "unknown_command"
    assert len(refused.value.words) < MAX_WORDS + 10 and refused.value.words.endswith("`$.type`")


@given(rubbish)
def test_a_command_is_understood_or_invalid(raw: bytes) -> None:
    try:
        wire.decode(raw)
    except Invalid:
        wire.decode_id(raw)


def test_the_id_of_a_command_is_found_beside_bytes_that_are_no_utf8() -> None:
    assert wire.decode_id(b'{"type":"post","text":"\xff","id":7}') == 7


@given(rubbish)
def test_an_object_is_read_or_empty(raw: bytes) -> None:
    assert isinstance(read_json(raw), dict)


PATHS = ["/", "/ws", "/ws/ann", "/chat", "/conn_ws", "/conn/ws/ann"]
SPOKEN: list[Words] = [entrance.words for find in DIALECTS.values() for path in PATHS if (entrance := find(path)) is not None]


@given(words=st.sampled_from(SPOKEN), raw=rubbish)
def test_no_dialect_of_a_door_raises(words: Words, raw: bytes) -> None:
    words.parse(raw.decode("utf-8", "replace").encode())
