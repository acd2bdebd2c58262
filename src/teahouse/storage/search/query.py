"""What someone looks for: words that must all be there, "phrases" in quotes, and from:name. Pure."""

import re

from msgspec import Struct

from teahouse.errors import Invalid
from teahouse.storage.search.phrase import LaidOut, Phrase, phrase_of, places
from teahouse.storage.search.terms import beginnings, fold, fold_lengths, pieces
from teahouse.text import caseless, normalized

MAX_PHRASES = 8
MAX_BEGINNINGS = 6
"""So many are looked up in the index; the text itself decides."""
MAX_MARKS = 16

_CHUNK = re.compile(r'(?P<name>from:)?(?:"(?P<quoted>[^"]*)(?:"|$)|(?P<plain>[^\s"]+))')
_QUOTES = str.maketrans("“”„«»「」『』", '"""""""""')


class Query(Struct, frozen=True):
    """`phrases` must all be found in a folded text; the index is asked for `beginnings`, which a match implies."""

    phrases: list[Phrase]
    beginnings: list[bytes]
    authors: list[str]
    """Beginnings of names, folded as names are; the author's must have one of them, if there are any."""

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
    composed = normalized("NFKC", words).translate(_QUOTES)
    phrases: list[list[str]] = []
    authors: list[str] = []
    for chunk in _CHUNK.finditer(composed):
        said = chunk["quoted"] if chunk["quoted"] is not None else chunk["plain"]
        if chunk["name"]:
            authors.append(" ".join(caseless(said).split()))
        elif found := pieces(fold(normalized("NFC", said))):
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
    starts: list[int] = []
    """Where in the folded text each character begins, as far as needed."""
    place = 0
    for length in fold_lengths(text):
        if place > spans[-1][1]:
            break
        starts.append(place)
        place += length
    original: list[tuple[int, int]] = []
    at = 0
    for start, end in spans:
        while at + 1 < len(starts) and starts[at + 1] <= start:
            at += 1
        first = at
        while at < len(starts) and starts[at] < end:
            at += 1
        original.append((first, at))
        at = max(at - 1, 0)
    return original
