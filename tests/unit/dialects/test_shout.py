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
