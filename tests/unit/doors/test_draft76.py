import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.gateways.doors.draft76 import Broken, Frames, challenge, frame, is_draft76, read_request, respond

KEY1, KEY2, BODY = "4 @1  46546xW%0l 1 5", "12998 5 Y3 1  .P00", b"^n:ds[4U"
"""The example of the draft, section 1.2."""

HEAD = (
    "GET /demo HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Key2: {KEY2}\r\nSec-WebSocket-Protocol: sample\r\nUpgrade: WebSocket\r\n"
    f"Sec-WebSocket-Key1: {KEY1}\r\nOrigin: http://example.com"
).encode()


def test_the_published_vector() -> None:
    assert challenge(KEY1, KEY2, BODY) == b"8jKS'y:G*Co,Wxa-"


def test_the_published_handshake() -> None:
    assert respond(read_request(HEAD), BODY, "ws") == (
        b"HTTP/1.1 101 WebSocket Protocol Handshake\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Origin: http://example.com\r\nSec-WebSocket-Location: ws://example.com/demo\r\n"
        b"Sec-WebSocket-Protocol: sample\r\n\r\n8jKS'y:G*Co,Wxa-"
    )


@pytest.mark.parametrize(
    "key",
    ["", "12345", "a b c", "3 2 1 2 6 ", "9" * 21 + " ", "8589934592 ", " " * 20],
    ids=["empty", "no space", "no digit", "not a multiple", "too many digits", "above 32 bits", "spaces only"],
)
def test_a_key_that_cannot_be_a_number_breaks_the_handshake(key: str) -> None:
    for pair in ((key, KEY2), (KEY1, key)):
        with pytest.raises(Broken):
            challenge(*pair, BODY)


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1",
        b"GET  / HTTP/1.1",
        b"GET x HTTP/1.1",
        b"GET /chat?name=%ff HTTP/1.1",
        b"GET / HTTP/1.1\r\nno colon",
        b"GET / HTTP/1.1\r\nName\r: x",
        b"GET / HTTP/1.1\r\nA: b\r\n folded",
        b"",
    ],
)
def test_a_malformed_head_is_broken(head: bytes) -> None:
    with pytest.raises(Broken):
        read_request(head)


def test_a_key_that_comes_twice_is_broken() -> None:
    with pytest.raises(Broken):
        respond(read_request(HEAD + b"\r\nSec-WebSocket-Key1: 1 2"), BODY, "ws")


def test_only_requests_with_keys_of_the_draft_are_taken_for_it() -> None:
    assert is_draft76(HEAD)
    assert not is_draft76(b"GET / HTTP/1.1\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13")
    assert not is_draft76(HEAD + b"\r\nSec-WebSocket-Version: 13")


@given(st.lists(st.text(max_size=40)), st.data())
def test_texts_come_whole_however_the_bytes_are_cut(texts: list[str], data: st.DataObject) -> None:
    wire = b"".join(frame(text.encode()) for text in texts)
    frames, received = Frames(1000), []
    while wire:
        size = data.draw(st.integers(1, len(wire)))
        received += frames.receive(wire[:size])
        wire = wire[size:]
    assert received == [text.encode() for text in texts]


@given(st.binary(max_size=300))
def test_any_bytes_give_texts_or_break(data: bytes) -> None:
    frames = Frames(100)
    try:
        for byte in data:
            for text in frames.receive(bytes([byte])):
                text.decode()
    except Broken:
        pass


def test_bad_utf8_is_replaced_and_unknown_kinds_are_skipped() -> None:
    assert Frames(100).receive(b"\x00\xe8\x8c\xff\x01skipped\xff\x00ok\xff") == ["\ufffd".encode(), b"ok"]


def test_closing_ends_the_reading() -> None:
    frames = Frames(100)
    assert frames.receive(b"\x00a\xff\xff") == [b"a"]
    assert not frames.closed
    assert frames.receive(b"\x00\x00b\xff") == []
    assert frames.closed


@pytest.mark.parametrize("kind", [0x80, 0xC1, 0xFE])
def test_a_frame_with_a_length_breaks_before_its_length_is_read(kind: int) -> None:
    with pytest.raises(Broken):
        Frames(100).receive(bytes([kind]))
    with pytest.raises(Broken):
        Frames(100).receive(b"\xff\x05hello")


def test_a_text_above_the_limit_breaks_while_it_comes() -> None:
    assert Frames(10).receive(frame(b"x" * 10)) == [b"x" * 10]
    for data in (frame(b"x" * 11), b"\x00" + b"x" * 11):
        with pytest.raises(Broken):
            Frames(10).receive(data)
