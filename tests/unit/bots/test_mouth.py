"""What of a model's words goes into its reply."""

import pytest

from teahouse.bots.mouth import THOUGHT, Mouth
from teahouse.model import ReplyBegin, User
from teahouse.replies import Reply

BIRDIE = User(100, "Birdie", "birdie", "bot")


def spoken(*pieces: str, max_bytes: int = 1000) -> tuple[str, bool]:
    """Return the reply after these pieces, and whether it is full."""
    reply = Reply(ReplyBegin(1, BIRDIE, "re-1-1", 1, 0, ""), lambda room, signal: None, lambda reply: None)
    mouth = Mouth(reply, max_bytes)
    for piece in pieces:
        if not mouth.say(piece):
            break
    return reply.text, mouth.is_full


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (("Green ", "tea."), "Green tea."),
        ((" \n", " Green tea."), "Green tea."),
        (("<think>Which tea?</think>\n\nGreen tea.",), "Green tea."),
        (("<think>", "Which", " tea?", "</think>", "\n", "Green", " tea."), "Green tea."),
        (tuple("\n<think>Hm, </thin or </think> Green tea."), "Green tea."),
        (("<", "b> is a tag"), "<b> is a tag"),
        (("Is <think> a tag?",), "Is <think> a tag?"),
        (("Green </think> tea",), "Green </think> tea"),
    ],
)
def test_thoughts_in_front_and_blanks_are_not_said(pieces: tuple[str, ...], text: str) -> None:
    assert spoken(*pieces) == (text, False)


@pytest.mark.parametrize("pieces", [(), ("", " "), ("<think>for ever and ever",), ("<thi",)])
def test_thoughts_alone_say_nothing(pieces: tuple[str, ...]) -> None:
    assert spoken(*pieces) == ("", False)


def test_a_long_thought_is_not_kept() -> None:
    reply = Reply(ReplyBegin(1, BIRDIE, "re-1-1", 1, 0, ""), lambda room, signal: None, lambda reply: None)
    mouth = Mouth(reply, 1000)
    mouth.say("<think>")
    for _ in range(1000):
        mouth.say("hm " * 100)
    assert len(mouth._held or "") < 100
    mouth.say(f"well{THOUGHT}Tea.")
    assert reply.text == "Tea."


@pytest.mark.parametrize(("max_bytes", "text", "full"), [(7, "茶茶", True), (6, "茶茶", False), (5, "茶", True), (0, "", True)])
def test_what_does_not_fit_is_cut_between_characters(max_bytes: int, text: str, full: bool) -> None:
    assert spoken("茶" * (3 if max_bytes == 7 else 2), max_bytes=max_bytes) == (text, full)
