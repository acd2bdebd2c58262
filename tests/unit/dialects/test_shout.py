import sys
import unicodedata

import pytest

from teahouse.gateways.dialects.plain_lines import COLONS
from teahouse.gateways.dialects.shout import SHOUT
from teahouse.gateways.dialects.spoken import Came, Listing, Quit, Said, Say, Went
from teahouse.lookalikes import table
from teahouse.model import User

GUEST = User(7, "192.0.2.7", "f01")


def test_quit_takes_leave_and_nothing_else_does() -> None:
    assert SHOUT.parse(b"quit") == Quit()
    assert [SHOUT.parse(raw) for raw in (b"Quit", b"quit ", b"")] == [Say("Quit"), Say("quit "), Say("")]


def test_the_words_of_2011() -> None:
    assert SHOUT.render(Came(GUEST, 1, first=False)) == b"Welcome, 192.0.2.7 !"
    assert SHOUT.render(Said(GUEST, "茶: 1", 1)) == "192.0.2.7:茶: 1".encode()
    assert SHOUT.render(Went(GUEST, 1)) == b"192.0.2.7 Logout"


def test_there_are_no_words_for_the_rest() -> None:
    assert SHOUT.render(Listing([GUEST])) is None
    assert SHOUT.render(Said(GUEST, "psst", 1, "Ben")) is None


def said(name: str, text: str) -> str:
    return (SHOUT.render(Said(User(7, name, "f01"), text, 1)) or b"").decode()


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_a_text_is_one_line(line_break: str) -> None:
    assert said("192.0.2.7", f"one{line_break}192.0.2.8:two") == "192.0.2.7:one 192.0.2.8:two"


def test_a_text_moves_no_cursor_and_may_be_indented() -> None:
    assert said("192.0.2.7", "\t茶\x1b[A\b\x9b") == "192.0.2.7:\t茶\ufffd[A\ufffd\ufffd"


@pytest.mark.parametrize("name", ["192.0.2.8:hi", "192.0.2.8：hi", "192.0.2.8:", "192.0.2.8\n:", "::2:hi"])
def test_a_name_is_never_an_address_and_something_said(name: str) -> None:
    for line in (said(name, "x"), SHOUT.render(Came(User(7, name, "f01"), 1)), SHOUT.render(Went(User(7, name, "f01"), 1))):
        words = line if isinstance(line, str) else (line or b"").decode()
        assert not words.startswith(("192.0.2.8:", "192.0.2.8：", "::2:")), words
        assert len(words.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("::1", "hello", "::1:hello"),
        ("::1", "2:hi", "::1: 2:hi"),
        ("::1", "2 Logout", "::1: 2 Logout"),
        ("fe80::1%eth0", "tea", "fe80::1%eth0:tea"),
        ("Welcome, fe80", ":1 !", "Welcome, fe80: :1 !"),
        ("Welcome, you", "all !", "Welcome, you:all !"),
        ("::1", "２:hi", "::1: ２:hi"),
        ("fe80::1%eth0", "0:hi", "fe80::1%eth0: 0:hi"),
        ("::1", "at 10:30:00", "::1:at 10:30:00"),
    ],
)
def test_a_text_does_not_go_on_with_an_address(name: str, text: str, line: str) -> None:
    assert said(name, text) == line


@pytest.mark.parametrize("begins", ["192.0.2.8", "192.0.2.8﹪", "192.0.2.8%", "fe80__1%eth0", "fe80__1٪", "Anna"])
def test_no_name_says_something_whatever_it_begins_with(begins: str) -> None:
    for colon in COLONS:
        assert said(f"{begins}{colon}I quit", "hello") == f"{begins}_I quit:hello"


@pytest.mark.parametrize("name", ["fe80::1%]:hi", "fe80::1%eth0:hi", "fe80::1﹪eth0", "FE80::1", "fe80::1 hi", "::1\n", "1:2", "::g"])
def test_only_an_address_to_the_letter_keeps_its_colons(name: str) -> None:
    assert said(name, "").count(":") == 1


@pytest.mark.parametrize("name", ["::1", "fe80::1%eth0", "2001:db8::7", "::ffff:192.0.2.7", "fe80::1%br-1.2"])
def test_an_address_is_written_as_the_network_writes_it(name: str) -> None:
    assert said(name, "tea") == f"{name}:tea"


def test_whatever_looks_like_a_colon_or_is_called_one_is_none_in_a_name() -> None:
    assert {chr(code) for code, look in table().looks.items() if ":" in look} - set(COLONS) == set()
    every = [character for character in map(chr, range(sys.maxunicode)) if unicodedata.category(character) != "Cf"]
    called = {character for character in every if "COLON" in unicodedata.name(character, "").split()}
    assert called - set(COLONS) == {"\u20a1"}, "which is money"
