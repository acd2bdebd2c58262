"""The examples of RFC 6455, byte by byte."""

import pytest

from teahouse.doctor.frames import PONG, TEXT, accept_key, client_frame, masked, read_frame


def reader(data: bytes):  # type: ignore[no-untyped-def]
    waiting = bytearray(data)

    def read(count: int) -> bytes:
        taken = bytes(waiting[:count])
        del waiting[:count]
        return taken

    return read


def test_the_accept_key_is_that_of_section_1_3() -> None:
    digest, accept = accept_key("dGhlIHNhbXBsZSBub25jZQ==")

    assert digest.startswith("b37a4f2cc0624f1690f64606cf385945b2bec4ea")
    assert accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def test_a_masked_text_is_that_of_section_5_7() -> None:
    mask = bytes.fromhex("37fa213d")

    assert client_frame(TEXT, b"Hello", mask).hex() == "818537fa213d7f9f4d5158"
    assert masked(masked(b"Hello", mask), mask) == b"Hello"


def test_a_frame_of_a_server_is_read_whole() -> None:
    frame = read_frame(reader(bytes.fromhex("810548656c6c6f") + b"next"))

    assert (frame.opcode, frame.payload, frame.raw.hex()) == (TEXT, b"Hello", "810548656c6c6f")
    assert read_frame(reader(bytes.fromhex("8a00"))).opcode == PONG


@pytest.mark.parametrize("head", ["c100", "8180", "817e"], ids=["reserved bit", "masked by a server", "long"])
def test_what_no_good_server_sends_is_refused(head: str) -> None:
    with pytest.raises(ValueError, match=head[:2]):
        read_frame(reader(bytes.fromhex(head)))
