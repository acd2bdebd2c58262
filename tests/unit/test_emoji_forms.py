"""One form of each emoji, whoever's keyboard wrote it; and what is none."""

import pytest
from emoji import EMOJI_DATA, STATUS

from teahouse.emoji_forms import one_form


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("❤", "❤️"),
        ("❤️", "❤️"),
        ("❤︎", "❤️"),
        ("1⃣", "1️⃣"),
        ("🏳‍🌈", "🏳️‍🌈"),
        ("👁‍🗨", "👁️‍🗨️"),
        ("☝🏽", "☝🏽"),
        ("©", "©️"),
        ("👩‍🚀", "👩‍🚀"),
        ("🇯🇵", "🇯🇵"),
        ("★", "★"),
        ("€", "€"),
    ],
)
def test_an_emoji_has_one_form(typed: str, form: str) -> None:
    assert one_form(typed) == form


@pytest.mark.parametrize("newer", ["\U0001fadd", "\U0001fadd\U0001f3fd", "👩\u200d\U0001fadd", "🐧\u200d🔥"])
def test_what_is_newer_than_the_data_is_taken_when_it_is_built_like_an_emoji(newer: str) -> None:
    assert one_form(newer) == newer


def test_a_newer_one_of_known_parts_has_the_form_that_it_will_have() -> None:
    assert one_form("🙃\u200d↔") == one_form("🙃\u200d↔\ufe0f") == "🙃\u200d↔\ufe0f"


@pytest.mark.parametrize(
    "other", ["", "1", "a", "茶", "🏽", "🇯", "⃣", "👍👍", "👍 ", "\u200d", "👍\u200d", "\ufe0f", "\ue000", "\ufdd0", "!?", "👍\u0301"]
)
def test_what_is_no_emoji_or_more_than_one_has_none(other: str) -> None:
    assert one_form(other) is None


def test_every_emoji_that_there_is_has_its_fully_qualified_form() -> None:
    statuses = {emoji: about["status"] for emoji, about in EMOJI_DATA.items()}
    forms = {one_form(emoji) for emoji, status in statuses.items() if status != STATUS["component"]}
    assert forms == {emoji for emoji, status in statuses.items() if status == STATUS["fully_qualified"]}
    assert len(forms) > 3900
