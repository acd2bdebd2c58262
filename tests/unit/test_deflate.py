import zlib

import pytest
from websockets.datastructures import Headers
from websockets.server import ServerProtocol

from teahouse.gateways.deflate import MAX_RATIO, OFFERS, SPARE_MESSAGES, Inflater, Refused, inflated
from teahouse.gateways.dialects.deflated import MAX_BYTES, Deflated, deflated
from teahouse.gateways.dialects.framed import Framed, text_frame
from teahouse.model import Here

OURS = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
LIMIT = 65_536
HELLO = b"Hello"
RFC_HELLO = bytes.fromhex("f248cdc9c90700")
"""RFC 7692 7.2.3.1."""


def answer_to(offers: str) -> str | None:
    headers = Headers()
    headers["Sec-WebSocket-Extensions"] = offers
    return ServerProtocol(extensions=[OFFERS]).process_extensions(headers)[0]


def finished(payload: bytes) -> bytes:
    """A stream whose last block says that it is the last."""
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(payload) + stream.flush()


# The handshake


@pytest.mark.parametrize(
    ("offers", "answer"),
    [
        ("permessage-deflate", OURS),
        ("permessage-deflate; client_max_window_bits", OURS),
        ("permessage-deflate; client_max_window_bits=9", OURS),
        ("permessage-deflate; server_no_context_takeover; client_no_context_takeover", OURS),
        ("permessage-deflate; server_max_window_bits=15", f"{OURS}; server_max_window_bits=15"),
        ("permessage-deflate; server_max_window_bits=14", None),
        ("permessage-deflate; server_max_window_bits=8, permessage-deflate", OURS),
        ("permessage-deflate, permessage-deflate; client_max_window_bits", OURS),
        ("permessage-deflate; server_max_window_bits", None),
        ("permessage-deflate; server_max_window_bits=16", None),
        ("permessage-deflate; server_max_window_bits=015", None),
        ("permessage-deflate; client_max_window_bits=7", None),
        ("permessage-deflate; client_max_window_bits=08", None),
        ("permessage-deflate; client_max_window_bits=x", None),
        ("permessage-deflate; server_no_context_takeover=1", None),
        ("permessage-deflate; client_no_context_takeover; client_no_context_takeover", None),
        ("permessage-deflate; client_max_window_bits; client_max_window_bits=9", None),
        ("permessage-deflate; unheard_of", None),
        ("permessage-deflate; unheard_of, permessage-deflate", OURS),
        ("x-webkit-deflate-frame", None),
        ("permessage-bzip2, permessage-deflate", OURS),
    ],
)
def test_the_first_offer_under_which_bytes_are_the_same_for_everyone_is_taken(offers: str, answer: str | None) -> None:
    assert answer_to(offers) == answer


# On the way out


def test_a_small_event_goes_plain_and_a_large_one_smaller() -> None:
    here = Here(1, list(range(400)))

    assert Deflated(100_000).render(here) == Framed().render(here)
    frame = Deflated(256).render(here)
    assert frame[0] == 0xC1
    assert inflated(frame[4:], LIMIT) == Framed().render(here)[4:]


def test_what_would_grow_goes_plain() -> None:
    assert Deflated(0).frame(b"x") == text_frame(b"x")


def test_what_is_one_askers_alone_is_not_worth_the_time() -> None:
    assert len(Deflated(256).frame(b"x" * MAX_BYTES)) < 1000
    assert Deflated(256).frame(b"x" * (MAX_BYTES + 1)) == text_frame(b"x" * (MAX_BYTES + 1))


@pytest.mark.parametrize("payload", [b"", b"x", HELLO, b"tea " * 1000, bytes(range(256)) * 200, "茶".encode() * 9000])
def test_what_is_compressed_is_inflated_to_the_same(payload: bytes) -> None:
    assert inflated(deflated(payload), LIMIT) == payload


# On the way in


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(RFC_HELLO, id="one block"),
        pytest.param(bytes.fromhex("000500faff48656c6c6f00"), id="a stored block (7.2.3.3)"),
        pytest.param(bytes.fromhex("f348cdc9c9070000"), id="a last block with a zero after it (7.2.3.4)"),
        pytest.param(finished(HELLO), id="a last block with nothing after it"),
        pytest.param(bytes.fromhex("f2480500 0000ffff cac9c90700".replace(" ", "")), id="two blocks (7.2.3.5)"),
    ],
)
def test_a_stream_may_be_made_in_any_lawful_way(data: bytes) -> None:
    assert inflated(data, LIMIT) == HELLO


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff\xff\xff", id="no stream"),
        pytest.param(RFC_HELLO[:-2], id="a stream cut short"),
        pytest.param(bytes.fromhex("000a00f5ff48656c6c6f"), id="a stored block that is shorter than it says"),
        pytest.param(finished(HELLO) + b"more", id="more after the end"),
        pytest.param(finished(HELLO) + RFC_HELLO, id="another stream after the end"),
        pytest.param(finished(HELLO) + b"\x00\x00", id="two zeros after the end"),
    ],
)
def test_what_is_not_one_whole_stream_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        inflated(data, LIMIT)
    assert refusal.value.code == 1007


def test_a_message_may_be_as_large_as_the_limit_and_no_larger() -> None:
    assert inflated(deflated(b" " * LIMIT), LIMIT) == b" " * LIMIT
    with pytest.raises(Refused) as refusal:
        inflated(deflated(b" " * (LIMIT + 1)), LIMIT)
    assert refusal.value.code == 1009


def test_odd_messages_are_taken_and_a_stream_of_them_is_not() -> None:
    inflater, odd = Inflater(LIMIT), deflated(b" " * LIMIT)
    assert 3 * MAX_RATIO * len(odd) < LIMIT
    for _ in range(SPARE_MESSAGES):
        inflater.inflate(odd)
    with pytest.raises(Refused) as refusal:
        for _ in range(SPARE_MESSAGES):
            inflater.inflate(odd)
    assert refusal.value.code == 1008


def test_common_messages_make_room_for_odd_ones_again() -> None:
    inflater, odd, common = Inflater(LIMIT), deflated(b" " * LIMIT), deflated(bytes(range(256)) * 16)
    for _ in range(20 * SPARE_MESSAGES):
        inflater.inflate(odd)
        for _ in range(LIMIT // (MAX_RATIO * len(common) - 4096) + 1):
            inflater.inflate(common)
