"""Text as search sees it: folded, cut into words and runs, and the index terms that these make. Pure.

A word is written with spaces around it and is found from its beginning: "gard" finds garden. A run is what scripts without
spaces write, Chinese among them, and any part of it is found. A sign, such as an emoji, stands alone.
"""

import re
from itertools import pairwise

from teahouse.characters import kinds
from teahouse.text import fold

_PIECE = re.compile("w[wm]*|r+|sm*")
"""Of the kinds of characters. Marks after a sign spell the flags of England, Scotland and Wales."""

MAX_WORD_CHARS = 24
"""More of a word is not in the index: whoever looks for a whole address finds it by its beginning and is checked on the text."""

AUTHOR = "\x01"
"""Begins the term that says who wrote a message; no text makes such a term."""

MAX_TERMS = 8192
"""Terms of one message. English texts of the longest that may be posted have some 2,000, Chinese ones 6,000."""

LOOK_THROUGH = b"\x02"
"""A term of each message that has more than its first ones in the index: where those do not have what is wanted, its text may."""


def pieces(folded: str) -> list[str]:
    """Return the words, runs and signs of a folded text, in order."""
    return [folded[start:end] for start, end in spans(folded)]


def spans(folded: str) -> list[tuple[int, int]]:
    """Return where each of `pieces(folded)` stands."""
    return [found.span() for found in _PIECE.finditer(kinds(folded))]


def terms(text: str) -> list[bytes]:
    """Return the index terms of a message's text, each once, in the order of the text. Whatever matches a text begins one of these.

    A run gives each two neighbours, and its last character alone: so every character of it begins a term.
    """
    found: dict[str, None] = {}
    for piece in pieces(fold(text)):
        if len(piece) > 1 and is_run(piece):
            found.update(dict.fromkeys(map(str.__add__, piece, piece[1:])))
            found[piece[-1]] = None
        else:
            found[piece[:MAX_WORD_CHARS]] = None
    return [term.encode() for term in found]


def is_run(piece: str) -> bool:
    """Whether a piece is of a script without spaces."""
    return kinds(piece[0]) == "r"


def message_terms(author_id: int, text: str) -> set[bytes]:
    """Return all that the index holds of a message."""
    of_text = terms(text)
    held = {author_term(author_id), *of_text[:MAX_TERMS]}
    return held if len(of_text) <= MAX_TERMS else held | {LOOK_THROUGH}


def author_term(user_id: int) -> bytes:
    return f"{AUTHOR}{user_id}{AUTHOR}".encode()


def beginnings(piece: str) -> list[bytes]:
    """Return what terms must begin with where `piece` is in a text, whole or as a word's beginning; all of them must be there."""
    if len(piece) > 1 and is_run(piece):
        return [(first + second).encode() for first, second in pairwise(piece)]
    return [piece[:MAX_WORD_CHARS].encode()]
