"""Composing and folding: honest texts of every script pass as they are, and what people take for the same is the same."""

import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse import characters, text
from teahouse.characters import combining, normalize
from teahouse.text import MAX_MARKS_IN_A_ROW, MOST_SHRUNK, caseless, fold, fold_lengths, is_crowded
from tests.support.foldings import table_of_foldings

HONEST = [
    "Tiếng Việt, ngôn ngữ có sáu thanh",
    normalize("NFD", "Tiếng Việt, ngôn ngữ có sáu thanh"),
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
def test_honest_texts_of_every_script_are_not_crowded(honest: str) -> None:
    assert not is_crowded(honest)


@pytest.mark.parametrize("row", HOSTILE.values(), ids=HOSTILE)
def test_thirty_marks_in_a_row_are_taken_and_one_more_is_a_crowd(row: str) -> None:
    marks = (row * MAX_MARKS_IN_A_ROW)[:MAX_MARKS_IN_A_ROW]
    for rest in ("", "a", " ", "字", "ﾊ", "👍"):
        assert not is_crowded(f"a{marks}{rest}" * 3)
        assert is_crowded(f"a{marks}{rest}a{marks}{row[0]}{rest}")
        assert is_crowded(f"{marks}{row[0]}")


def test_whatever_begins_with_a_mark_in_a_normal_form_counts_as_one() -> None:
    # Or rows could be written with it that are longer than they look, and cost their square.
    begins = {character for character in everything() if combining(normalize("NFKD", character)[0])}
    assert begins
    missed = [character for character in begins if is_crowded("a" + character * MAX_MARKS_IN_A_ROW) or not is_crowded("a" + character * 31)]
    assert missed == []


def test_a_crowd_is_known_by_its_first_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []
    is_mark = text._is_mark
    monkeypatch.setattr(text, "_is_mark", lambda character: looked_at.append(character) or is_mark(character))
    assert is_crowded("a" + ALTERNATING * 8000)
    assert len(looked_at) < 100


def test_composing_makes_no_text_smaller_than_a_third() -> None:
    # Or a size that is checked before composing would refuse what fits once it is composed.
    for character in everything():
        typed = normalize("NFD", character)
        if normalize("NFC", typed) == character:
            assert len(typed.encode()) <= MOST_SHRUNK * len(character.encode()), hex(ord(character))


# Folding


def foldings(*relations: str) -> list[tuple[str, str]]:
    return [(a, b) for relation, _, a, b in table_of_foldings() if relation in relations]


def test_the_table_of_foldings_has_two_hundred_rows_in_more_than_fifteen_scripts() -> None:
    rows = table_of_foldings()
    assert len(rows) == len({(a, b) for _, _, a, b in rows}) >= 200
    assert len({script for _, script, _, _ in rows}) > 15


@pytest.mark.parametrize(("a", "b"), foldings("same"))
def test_what_is_the_same_name_is_found_by_each_of_its_spellings(a: str, b: str) -> None:
    assert caseless(a) == caseless(b)
    assert fold(a) == fold(b)


@pytest.mark.parametrize(("a", "b"), foldings("found"))
def test_what_is_found_by_another_spelling_is_another_name(a: str, b: str) -> None:
    assert fold(a) == fold(b)
    assert caseless(a) != caseless(b)


@pytest.mark.parametrize(("a", "b"), foldings("apart"))
def test_what_is_apart_is_so_for_all(a: str, b: str) -> None:
    assert fold(a) != fold(b)
    assert caseless(a) != caseless(b)


@given(st.text(max_size=60) | st.text("aÉ\u0301\u0323\u00adｶﾞガ\u3099ßŁ한\u1161\u11a8\u200d👍🏽🏴\U000e0067\u20e3", max_size=12))
def test_what_was_folded_folds_to_itself_and_each_of_its_parts_alone(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    parts, place = [], 0
    for size, _ in fold_lengths(text):
        parts.append(fold(text[place : place + size]))
        place += size
    assert "".join(parts) == folded
    assert [len(part) for part in parts] == [folded_size for _, folded_size in fold_lengths(text)]
    assert place == len(text)


def test_texts_of_all_characters_there_are_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_folded", text._Folded())
    monkeypatch.setattr(characters, "_kinds", characters._Kinds())
    everybody = "".join(map(chr, range(0x10000, 0x10000 + 2 * characters.MAX_KNOWN)))
    assert len(characters.kinds(fold(everybody))) == len(fold(everybody))
    assert len(text._folded) == len(characters._kinds) == characters.MAX_KNOWN
