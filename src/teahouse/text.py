"""What texts and names come to before they are kept or compared: composed and folded, in work that grows with their length alone.

The only place that normalizes (a contract test insists). What is a good name or too long a text is policy.py's.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import Literal

MAX_MARKS_IN_A_ROW = 30
"""UAX #15, "Stream-Safe Text Format": far more than any language has. Normalizing sorts the marks of a row, and CPython before
3.13 does so by insertion: with no bound a text of marks costs the square of its length."""

MOST_SHRUNK = 3
"""Composing makes a text at most this many times smaller in UTF-8: three Hangul jamo of three bytes become one syllable of three."""

Form = Literal["NFC", "NFKC", "NFKD"]

_VOICED = "\uff9e\uff9f"
"""Half-width voicing marks: letters that become marks in NFKC."""
_ROW = re.compile(rf"(?<![\W{_VOICED}])[\W{_VOICED}]{{{MAX_MARKS_IN_A_ROW + 1},}}")
"""Where a row of marks may be, for no mark is a letter or digit. Looking back keeps a start within a row from being tried."""


def is_crowded(text: str) -> bool:
    """Say whether more than 30 marks stand in a row."""
    return not text.isascii() and any(len(list(islice(_pieces(row[0]), 2))) > 1 for row in _ROW.finditer(text))


def normalized(form: Form, text: str) -> str:
    """Return `text` in a normal form. Where it is crowded, which only old texts are, each 30 marks of a row are taken for themselves."""
    if text.isascii():
        return text
    if not is_crowded(text):
        return unicodedata.normalize(form, text)
    return "".join(unicodedata.normalize(form, piece) for piece in _pieces(text))


def caseless(text: str) -> str:
    """Return the form in which texts are the same in any case and width: NFKC and case folding (Unicode 3.13 D146)."""
    return normalized("NFKC", normalized("NFKC", text).casefold())


def _pieces(text: str) -> Iterator[str]:
    """Cut where a row of marks has had its 30."""
    start = marks = 0
    for place, character in enumerate(text):
        marks = marks + 1 if _is_mark(character) else 0
        if marks > MAX_MARKS_IN_A_ROW:
            yield text[start:place]
            start, marks = place, 1
    yield text[start:]


def _is_mark(character: str) -> bool:
    if character < "\u0300":
        return False
    return unicodedata.category(character) in ("Mn", "Me") or unicodedata.combining(character) > 0 or character in _VOICED
