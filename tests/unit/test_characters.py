"""What characters are: edges of words by Unicode's properties, and what nobody has drawn yet."""

import sys

import pytest

from teahouse.characters import is_hidden, is_noncharacter, kinds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hé_1 2½", "ww w ww"),
        ("Иван Ελένη Արամ שלום محمد", "wwww wwwww wwww wwww wwww"),
        ("राम", "wmw"),
        ("你好々ー ｶﾞ さくら", "rrrr rr rrr"),
        ("ข้า བོད ខ្មែរ မာ ລາວ", "rrr rrr rrrrr rr rrr"),
        ("안녕 \u1100\u1161\u11a8", "rr rrr"),
        ("€©™→★", "sssss"),
        ("🩷🪿‼⁉⏰", "sssss"),
        ("$#+,.;!\n", " " * 8),
        ("１Ａｱ", "wwr"),
    ],
)
def test_each_character_is_of_one_kind(text: str, expected: str) -> None:
    assert kinds(text) == expected


def test_what_is_not_assigned_yet_is_like_what_stands_around_it() -> None:
    assert kinds("\U0001fadd\U0001f6d9\u0530\U0003347a\u1cfb") == "sswrw"


def test_what_is_drawn_as_nothing_is_known_by_its_meaning() -> None:
    nothing = "\u00ad\u034f\u061c\u115f\u17b4\u180e\u200b\u200d\u2060\u2065\u2800\u3164\ufe0f\ufeff\ufffc\U0001d159\U000e0001\U000e0fff"
    assert [character for character in nothing if not is_hidden(character)] == []
    assert [character for character in "aé字🩷ꣳ\u0301\u20e3\U0001fadd" if is_hidden(character)] == []


def test_noncharacters_are_the_66_that_will_never_be() -> None:
    assert sum(map(is_noncharacter, map(chr, range(sys.maxunicode + 1)))) == 66
