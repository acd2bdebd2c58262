"""Composing and folding: honest texts of every script pass as they are, hostile ones cost no more than their length."""

import sys
import unicodedata
from collections.abc import Iterator

import pytest

from teahouse import text
from teahouse.text import MAX_MARKS_IN_A_ROW, MOST_SHRUNK, caseless, is_crowded, normalized

HONEST = [
    "Tiếng Việt, ngôn ngữ có sáu thanh",
    unicodedata.normalize("NFD", "Tiếng Việt, ngôn ngữ có sáu thanh"),
    "ที่นี่มีน้ำชาอยู่ ผู้ใหญ่",
    "བོད་སྐད་ཀྱི་ཧཱུྃ ཨོཾ་མ་ཎི་པདྨེ་ཧཱུྃ",
    "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים אֵ֥ת הַשָּׁמַ֖יִם",
    "क्षत्रिय ज्ञान र्‍क श्री हिन्दी में",
    "t͡ʃʰ ʁ̞̈ ɛ̝̃ː ˈt̪ʲɪ̞̃ə̯",
    "قُلْ هُوَ ٱللَّهُ أَحَدٌ",
    "မြန်မာဘာသာ ကျွန်တော်",
    "ខ្មែរ ស្ត្រី",
    "👩‍👩‍👧‍👦🏳️‍🌈👨🏽‍🚀1️⃣#️⃣🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "각 ᄀᆞᆨ 한국어",
    "ﾊﾟﾋﾟﾌﾟ ガイド",
    "h̷͉̓e̸̢̍ ̶̙̃c̷̱͑o̵̘͘m̶͇̾e̸̛̮s̷̖͝",
]
ALTERNATING = "\u0301\u0323"
HOSTILE = {
    "marks of two classes": ALTERNATING,
    "marks that are two when composed": "\u0f73\u0f75",
    "marks that become two": "\u0344\u0323",
    "half-width voicing marks": "\uff9e\u0301",
    "marks of music": "\U0001d165\U0001d17b",
}


def everything() -> Iterator[str]:
    return (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF)


@pytest.mark.parametrize("honest", HONEST)
def test_honest_texts_of_every_script_are_not_crowded_and_composed_as_unicode_says(honest: str) -> None:
    assert not is_crowded(honest)
    for form in ("NFC", "NFKC", "NFKD"):
        assert normalized(form, honest) == unicodedata.normalize(form, honest)


@pytest.mark.parametrize("row", HOSTILE.values(), ids=HOSTILE)
def test_thirty_marks_in_a_row_are_taken_and_one_more_is_a_crowd(row: str) -> None:
    marks = (row * MAX_MARKS_IN_A_ROW)[:MAX_MARKS_IN_A_ROW]
    for rest in ("", "a", " ", "字", "ﾊ", "👍"):
        assert not is_crowded(f"a{marks}{rest}" * 3)
        assert is_crowded(f"a{marks}{rest}a{marks}{row[0]}{rest}")
        assert is_crowded(f"{marks}{row[0]}")


def test_whatever_begins_with_a_mark_in_a_normal_form_counts_as_one() -> None:
    # Or rows could be written with it that are longer than they look, and cost their square.
    begins = {character for character in everything() if unicodedata.combining(unicodedata.normalize("NFKD", character)[0])}
    assert begins
    missed = [character for character in begins if is_crowded("a" + character * MAX_MARKS_IN_A_ROW) or not is_crowded("a" + character * 31)]
    assert missed == []


@pytest.mark.parametrize("form", ["NFC", "NFKC", "NFKD"])
@pytest.mark.parametrize("row", HOSTILE.values(), ids=HOSTILE)
def test_the_work_of_normalizing_grows_with_the_length_of_a_text_alone(monkeypatch: pytest.MonkeyPatch, row: str, form: text.Form) -> None:
    once, twice = (work(monkeypatch, form, "a" + row * times) for times in (4000, 8000))
    assert once < twice <= 2.1 * once
    assert twice <= len("a" + row * 8000) * 8 * MAX_MARKS_IN_A_ROW


def test_a_crowd_is_known_by_its_first_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []
    is_mark = text._is_mark
    monkeypatch.setattr(text, "_is_mark", lambda character: looked_at.append(character) or is_mark(character))
    assert is_crowded("a" + ALTERNATING * 8000)
    assert len(looked_at) < 100


@pytest.mark.parametrize("row", HOSTILE.values(), ids=HOSTILE)
def test_an_old_text_that_is_crowded_loses_nothing(row: str) -> None:
    crowded = "a" + row * 100
    assert sorted(unicodedata.normalize("NFKD", normalized("NFKC", crowded))) == sorted(unicodedata.normalize("NFKD", crowded))
    assert caseless(crowded.upper())


def test_composing_makes_no_text_smaller_than_a_third() -> None:
    # Or a size that is checked before composing would refuse what fits once it is composed.
    for character in everything():
        typed = unicodedata.normalize("NFD", character)
        if unicodedata.normalize("NFC", typed) == character:
            assert len(typed.encode()) <= MOST_SHRUNK * len(character.encode()), hex(ord(character))


def work(monkeypatch: pytest.MonkeyPatch, form: text.Form, hostile: str) -> int:
    """Return how many steps sorting the marks takes at worst: the square of each row that is normalized at once."""
    steps = 0

    class Counting:
        category = staticmethod(unicodedata.category)
        combining = staticmethod(unicodedata.combining)

        @staticmethod
        def normalize(form: str, piece: str) -> str:
            nonlocal steps
            row = 0
            for character in unicodedata.normalize("NFKD", piece):
                row = row + 1 if unicodedata.combining(character) else 0
                steps += row
            return unicodedata.normalize(form, piece)

    with monkeypatch.context() as patched:
        patched.setattr(text, "unicodedata", Counting)
        normalized(form, hostile)
    return steps
