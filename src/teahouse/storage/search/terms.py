"""Text as search sees it: folded, cut into words and runs, and the index terms that these make. Pure.

A word is written with spaces around it and is found from its beginning: "gard" finds garden. A run is what scripts without
spaces write, Chinese among them, and any part of it is found. A sign, such as an emoji, stands alone.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from teahouse.text import caseless, normalized

_RUN = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Tibetan, Myanmar, Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff"  # radicals, kana, bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"  # Han, Hangul
)
_SIGN = "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_MARK = "\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0900-\u0dff"  # vowel signs, which Python's \w leaves out

LETTER = rf"[^\W_{_RUN}]"

_PIECE = re.compile(rf"[{_RUN}]+|{LETTER}+(?:[{_MARK}]+{LETTER}*)*|[{_SIGN}]")
_IS_RUN = re.compile(rf"[{_RUN}]")

_SPACE = re.compile(r"\s")
_WINDOW_CHARS = 8192
"""So much of a text is cut in one go, because the interpreter runs nothing else meanwhile."""

MAX_WORD_CHARS = 24
"""More of a word is not in the index: whoever looks for a whole address finds it by its beginning and is checked on the text."""

AUTHOR = "\x01"
"""Begins the term that says who wrote a message; no text makes such a term."""

MAX_TERMS = 8192
"""Terms of one message. English texts of the longest that may be posted have some 2,000, Chinese ones 6,000."""

LOOK_THROUGH = b"\x02"
"""A term of each message that has more than its first ones in the index: where those do not have what is wanted, its text may."""


MAX_FOLDED = 32_768
"""Characters whose folded form is kept: more than people write, fewer than the million with which one could fill memory."""


class _Folding(dict[int, str]):
    """Each character's folded form, worked out when it is first met: compatible, without case, Latin without accents."""

    def __missing__(self, code: int) -> str:
        plain = "".join(each for each in normalized("NFKD", chr(code)) if not "\u0300" <= each <= "\u036f")
        folded = caseless(plain)
        if len(self) < MAX_FOLDED:
            self[code] = folded
        return folded


_folding = _Folding()


def fold(text: str) -> str:
    """Return `text`, which is composed (NFC), character by character in the form in which it is compared."""
    return text.lower() if text.isascii() else text.translate(_folding)


def fold_lengths(text: str) -> Iterator[int]:
    """Yield how long each character of `text` is in `fold(text)`: most 1, some more, some nothing."""
    return (1 if character < "\x80" else len(_folding[ord(character)]) for character in text)


def pieces(folded: str) -> list[str]:
    """Return the words, runs and signs of a folded text, in order."""
    if len(folded) <= _WINDOW_CHARS:
        return _PIECE.findall(folded)
    return [piece for start, end in _windows(folded) for piece in _PIECE.findall(folded, start, end)]


def spans(folded: str) -> list[tuple[int, int]]:
    """Return where each of `pieces(folded)` stands."""
    return [found.span() for found in _PIECE.finditer(folded)]


def _windows(folded: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of stretches that end at a space, where no piece is cut in two."""
    start = 0
    while start < len(folded):
        space = _SPACE.search(folded, start + _WINDOW_CHARS)
        end = space.end() if space else len(folded)
        yield start, end
        start = end


def terms(text: str) -> list[bytes]:
    """Return the index terms of a message's text, each once, in the order of the text. Whatever matches a text begins one of these.

    A run gives each two neighbours, and its last character alone: so every character of it begins a term.
    """
    found: dict[str, None] = {}
    for piece in pieces(fold(text)):
        if len(piece) > 1 and _IS_RUN.match(piece):
            found.update(dict.fromkeys(map(str.__add__, piece, piece[1:])))
            found[piece[-1]] = None
        else:
            found[piece[:MAX_WORD_CHARS]] = None
    return [term.encode() for term in found]


def is_run(piece: str) -> bool:
    """Whether a piece is of a script without spaces."""
    return _IS_RUN.match(piece) is not None


def message_terms(author_id: int, text: str) -> set[bytes]:
    """Return all that the index holds of a message."""
    of_text = terms(text)
    held = {author_term(author_id), *of_text[:MAX_TERMS]}
    return held if len(of_text) <= MAX_TERMS else held | {LOOK_THROUGH}


def author_term(user_id: int) -> bytes:
    return f"{AUTHOR}{user_id}{AUTHOR}".encode()


def beginnings(piece: str) -> list[bytes]:
    """Return what terms must begin with where `piece` is in a text, whole or as a word's beginning; all of them must be there."""
    if len(piece) > 1 and _IS_RUN.match(piece):
        return [(first + second).encode() for first, second in pairwise(piece)]
    return [piece[:MAX_WORD_CHARS].encode()]
