import pytest

from teahouse.gateways.dialects.shout import SHOUT
from teahouse.gateways.dialects.spoken import Came, Listing, Quit, Said, Say, Went
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
    ],
)
def test_a_text_does_not_go_on_with_an_address(name: str, text: str, line: str) -> None:
    assert said(name, text) == line
