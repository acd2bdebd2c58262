"""Words of a search as pure functions: what a text is cut into, what a query means, what is marked."""

import gc
import re
import sys
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.errors import Invalid
from teahouse.policy import check_text
from teahouse.storage.search.phrase import LaidOut
from teahouse.storage.search.query import MAX_MARKS, parse
from teahouse.storage.search.terms import MAX_WORD_CHARS, pieces, terms
from teahouse.text import fold, fold_lengths


def found(words: str, text: str) -> bool:
    return parse(words).matches(text)


def marked(words: str, text: str) -> list[str]:
    return [text[start:end] for start, end in parse(words).marks(text)]


def test_a_text_is_cut_into_words_runs_and_signs() -> None:
    assert pieces(fold("Hello, 我在北京市 the Café don't foo_bar 🍵🍵 हिन्दी")) == [
        *("hello", "我在北京市", "the", "cafe", "don", "t", "foo", "bar", "🍵", "🍵", "हिन्दी"),
    ]


def test_a_run_gives_its_neighbours_and_its_end_and_a_word_itself() -> None:
    assert set(terms("北京市 tea")) == {"北京".encode(), "京市".encode(), "市".encode(), b"tea"}
    assert set(terms("x" * 100)) == {b"x" * MAX_WORD_CHARS}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("tea", "green TEA"),
        ("gard", "in the garden"),
        ("北", "我在北京市"),
        ("市", "我在北京市"),
        ("北京市", "我在北京市"),
        ("cafe", "Café"),
        ("CAFÉ", "cafe"),
        ("ｔｅａ　５", "tea 5"),
        ("strasse", "Straße"),
        ("tea green", "green tea"),
        ('"green tea"', "Green -- TEA"),
        ("“green tea”", "green tea"),
        ('"green te', "green tea"),
        ("http://example.org/a", "see HTTP://example.org/a?b"),
        ("3号楼", "在3号楼等"),
        ("🍵", "more🍵please"),
        ("한국", "한국어"),
        ("ไทย", "ภาษาไทย"),
        ("foo_bar", "foo bar"),
        ("x" * 60, "x" * 60),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿 3:1"),
        ("⏰", "⏰ at 5"),
        ("▶️", "▶"),
        ("‼", "now‼"),
        ("1️⃣", "1️⃣ tea"),
        ("€", "5 €"),
        ("🪿", "a🪿"),
        ("راه", "راه‌آهن"),
    ],
)
def test_what_is_found(words: str, text: str) -> None:
    assert found(words, text)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("ea", "tea"),
        ("京北", "北京"),
        ("tea green", "green"),
        ('"green tea"', "tea green"),
        ('"green tea"', "greentea"),
        ('"gree tea"', "green tea"),
        ("x" * 60, "x" * 59),
        ("か", "が"),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"),
        ("€", "$"),
    ],
)
def test_what_is_not_found(words: str, text: str) -> None:
    assert not found(words, text)


def test_what_matches_is_marked_where_it_stands() -> None:
    assert marked("caf 北京", "ﬃ CAFÉ in 北京市, cafés") == ["CAF", "北京", "caf"]
    assert marked('"green tea" tea', "Green  Tea") == ["Green  Tea"]
    assert marked("from:aiko", "hello") == []
    assert len(marked("a", "a " * 100)) == MAX_MARKS


@pytest.mark.parametrize("words", ["", '"', "***", "(((", "  ", "from:", 'from:"" ""', "\0", "a b c d e f g h i"])
def test_nothing_to_look_for_and_too_much_are_refused_in_words(words: str) -> None:
    if words == "from:":
        assert found(words, "from: Aiko"), "without a name it is a word like others"
        return
    with pytest.raises(Invalid, match="expected"):
        parse(words)


def test_names_after_from_are_no_words() -> None:
    query = parse('from:"Aiko  Mori" from:Ben tea')
    assert (query.authors, len(query.phrases), query.beginnings) == (["aiko mori", "ben"], 1, [b"tea"])


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_matches_a_text_begins_one_of_its_terms(words: str, text: str) -> None:
    """The promise on which the index stands: it may give too much, never too little."""
    try:
        query, text = parse(words), check_text(text, 1000)
    except Invalid:
        return
    if query.matches(text):
        assert all(any(term.startswith(each) for term in terms(text)) for each in query.beginnings)


@given(st.text(alphabet="ab京北 🍵ﬃé-_", max_size=30), st.integers(0, 30), st.integers(1, 6))
def test_a_part_of_a_text_that_begins_a_piece_is_found_in_it(text: str, start: int, length: int) -> None:
    for piece in pieces(fold(text))[:3]:
        part = piece[:length]
        assert found(part, text)
        for one in marked(part, text):
            assert fold(one) and (fold(one) in piece or piece.startswith(fold(one)[:1]))


@given(st.text(max_size=100))
def test_folded_characters_are_as_long_as_their_lengths_say(text: str) -> None:
    lengths = list(fold_lengths(text))
    assert [sum(each) for each in zip((0, 0), *lengths, strict=True)] == [len(text), len(fold(text))]


@pytest.mark.parametrize("text", ["a " * 16_000, "a" + " " * 32_000 + "a", "a_" * 16_000, "🍵" * 16_000, "ab " * 10_000, "京" * 16_000])
@pytest.mark.parametrize("words", ['"a b c d e f"', "🍵" * 50, '"a a a a a a a c"', "京" * 50 + "北"])
def test_no_text_takes_matching_long(text: str, words: str) -> None:
    [phrase] = parse(words).phrases
    once, twice = LaidOut(fold(text)), LaidOut(fold(text + text))
    assert phrase.is_in(once) is ("🍵" in text and "🍵" in words)
    steps = calls(lambda: phrase.is_in(once))
    assert calls(lambda: phrase.is_in(twice)) == steps, "a part of a string is looked for once, however long that is"
    assert not {name for name in steps if name in {"search", "match", "fullmatch", "finditer", "findall"}}, (
        "no pattern, which may try again"
    )


def calls(work: Callable[[], object]) -> list[str]:
    """The functions that are called in `work`, in Python and in C; a collection that began in it would be none of its own."""
    seen: list[str] = []

    def note(frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            seen.append(frame.f_code.co_name)
        elif event == "c_call":
            seen.append(getattr(argument, "__name__", ""))

    gc.disable()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
        gc.enable()
    return seen


@given(
    st.lists(st.sampled_from(["a", "b", "京", "北", "市", "🍵", " ", "-"]), max_size=14), st.lists(st.sampled_from("ab京北🍵 "), max_size=5)
)
def test_a_phrase_is_found_where_its_pieces_stand_one_after_the_other(text: list[str], words: list[str]) -> None:
    """Against the plain reading: try it at each piece."""
    said, wanted = "".join(text), pieces("".join(words))
    if wanted:
        assert found(f'"{"".join(words)}"', said) is bool(re.search(plain_pattern(wanted), said))


def plain_pattern(wanted: list[str]) -> str:
    parts = ["(?<![ab])" if wanted[0][0] in "ab" else ""]
    for before, piece in zip(["", *wanted], wanted, strict=False):
        both_words = before[:1] in ("a", "b") and piece[0] in "ab"
        parts.append(("[ -]" + ("+" if both_words else "*") if before else "") + piece)
    return "".join(parts)
