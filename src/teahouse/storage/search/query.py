"""What someone looks for: words that must all be there, "phrases" in quotes, and from:name. Pure."""

import re

from msgspec import Struct

from teahouse.errors import Invalid
from teahouse.storage.search.phrase import LaidOut, Phrase, phrase_of, places
from teahouse.storage.search.terms import beginnings, pieces
from teahouse.text import fold, fold_lengths, shown

MAX_PHRASES = 8
MAX_BEGINNINGS = 6
"""So many are looked up in the index; the text itself decides."""
MAX_MARKS = 16

_CHUNK = re.compile(
    r"""(?P<name>from:(?=\S))?(?:"(?P<quoted>(?:[^"\\]|\\.)*)(?:"|$)|(?P<plain>(?(name)\S+|[^\s"]+)))""", re.IGNORECASE | re.DOTALL
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SYNTAX = str.maketrans("“”„«»「」『』", '"""""""""') | {0xFEE0 + code: code for code in range(0x21, 0x7F)}
"""Quotation marks, and what is of full width."""


class Query(Struct, frozen=True):
    """`phrases` must all be found in a folded text; the index is asked for `beginnings`, which a match implies."""

    phrases: list[Phrase]
    beginnings: list[bytes]
    authors: list[str]
    """Beginnings of names, folded; the author's must have one of them, if there are any."""

    def matches(self, text: str) -> bool:
        folded = fold(text)
        if not all(piece in folded for phrase in self.phrases for piece in phrase.pieces):
            return False  # most texts that are looked through have none of it, and need not be cut
        laid_out = LaidOut(folded)
        return all(phrase.is_in(laid_out) for phrase in self.phrases)

    def marks(self, text: str) -> list[tuple[int, int]]:
        """Return what to mark in a text: (start, end) in characters, rising, apart from each other, the first 16 at most."""
        spans = sorted(places(fold(text), self.phrases, MAX_MARKS))
        return _in_original(text, _merged(spans)[:MAX_MARKS])


def parse(words: str) -> Query:
    """Return what `words` ask for; Invalid when there is nothing to look for, or too much."""
    phrases: list[list[str]] = []
    authors: list[str] = []
    for chunk in _CHUNK.finditer(shown(words).translate(_SYNTAX)):
        said = chunk["plain"] if chunk["quoted"] is None else _ESCAPED.sub(r"\1", chunk["quoted"])
        if chunk["name"]:
            authors.append(" ".join(fold(said).split()))
        elif found := pieces(fold(said)):
            phrases.append(found)
    authors = [author for author in authors if author]
    if not phrases and not authors:
        raise Invalid("expected a word to look for, or from: and a name")
    if len(phrases) + len(authors) > MAX_PHRASES:
        raise Invalid(f"expected at most {MAX_PHRASES} words or phrases to look for")
    wanted = sorted({each for phrase in phrases for piece in phrase for each in beginnings(piece)}, key=lambda each: (-len(each), each))
    return Query([phrase_of(phrase) for phrase in phrases], wanted[:MAX_BEGINNINGS], authors)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _in_original(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans of the folded text as spans of the text itself."""
    if text.isascii() or not spans:
        return spans
    parts: list[tuple[int, int, int]] = []
    """As far as needed: where in the folded text each part begins, where it begins in the text, and where it ends there."""
    place = begins = 0
    for size, folded_size in fold_lengths(text):
        if place > spans[-1][1]:
            break
        parts.append((place, begins, begins + size))
        place, begins = place + folded_size, begins + size
    original: list[tuple[int, int]] = []
    at = 0
    for start, end in spans:
        while at + 1 < len(parts) and parts[at + 1][0] <= start:
            at += 1
        first = last = parts[at]
        while at < len(parts) and parts[at][0] < end:
            last = parts[at]
            at += 1
        original.append((first[1], last[2]))
        at = max(at - 1, 0)
    return original
