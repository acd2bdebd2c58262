"""What texts and names come to before they are compared: one folding, in two strengths. What is a good name is policy.py's.

`caseless` says what is the same name, `fold` what is found. The page folds as `fold` does (web/folding.js), and tests/foldings.txt is
read by the tests of both.
"""

import re
from collections.abc import Iterator

from teahouse.characters import MAX_KNOWN, category, combining, is_hidden, normalize, table

MAX_MARKS_IN_A_ROW = 30
"""UAX #15, "Stream-Safe Text Format": far more than any language has, and whoever draws them pays for each."""

MOST_SHRUNK = 3
"""Composing makes a text at most this many times smaller in UTF-8: three Hangul jamo of three bytes become one syllable of three."""

_VOICED = "\uff9e\uff9f"
"""Half-width voicing marks: letters that become marks in NFKC."""
_JAMO = frozenset(map(chr, [*range(0x1160, 0x1200), *range(0xD7B0, 0xD800)]))
"""Vowels and ends of Hangul's syllables, which compose with what begins them."""
_ROW = re.compile(rf"(?<![\W{_VOICED}])[\W{_VOICED}]{{{MAX_MARKS_IN_A_ROW + 1},}}")
"""Where a row of marks may be, for no mark is a letter or digit. Looking back keeps a start within a row from being tried."""


def is_crowded(text: str) -> bool:
    """Say whether more than 30 marks stand in a row."""
    return not text.isascii() and any(map(_has_crowd, _ROW.findall(text)))


def caseless(text: str) -> str:
    """Return the form in which texts are the same in any case and width (Unicode 3.13 D146), without what does not show.

    It is what makes two names one name. Accents count: Lan and Lân are two people.
    """
    if text.isascii():
        return text.lower()
    return shown(normalize("NFKC", normalize("NFKC", text).translate(table().small)))


def shown(text: str) -> str:
    """Return `text` without what does not show, the joiners of emoji among it; what spells a flag stays."""
    if text.isascii():
        return text
    return "".join(character for character in _STRAY_TAGS.sub("", text) if not is_hidden(character) or _KEPT.match(character))


def fold(text: str) -> str:
    """Return the form in which texts are looked for: `caseless`, and without accents, points and strokes (Łódź is lodz).

    Kana and the letters of India keep their marks, which make other letters of them.
    """
    if text.isascii():
        return text.lower()
    return normalize("NFC", _STRAY_TAGS.sub("", text).translate(_folded))


def name_key(name: str) -> str:
    """Return the form in which two names are the same name: `caseless`, its spaces one each."""
    return " ".join(caseless(name).split())


def search_key(name: str) -> str:
    """Return the form in which a name is looked for, after `@` and after `from:` too: folded, its spaces one each."""
    return " ".join(fold(name).split())


def fold_lengths(text: str) -> Iterator[tuple[int, int]]:
    """Yield each part of `text` that is folded by itself as (characters, characters in `fold(text)`): most 1, some more, some nothing."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _joins(text[place]):
            part = text[start:place]
            yield place - start, 1 if part < "\x80" and len(part) == 1 else len(fold(part))
            start = place


def _joins(character: str) -> bool:
    """Say whether a character may be one with what stands before it: marks, vowels and ends of Hangul, what does not show."""
    if character < "\xad":
        return False
    return category(character)[0] == "M" or is_hidden(character) or character in _VOICED or character in _JAMO


_STRAY_TAGS = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]+")
"""What spells a flag, where no flag is before it: it does not show."""
_KEPT = re.compile("[\u203c\u2049\U000e0020-\U000e007f]")
"""Emoji that are not their compatible form, two stops; and what spells a flag."""
_DRAWN_OUT = "\u0640"
"""Arabic's tatweel, which makes a word longer on the line and no other word."""


def _is_accent(mark: str) -> bool:
    """Say whether a mark is an accent or a point, which people leave out: its class is Hebrew's or Arabic's, or says where it is."""
    kind = combining(mark)
    return kind == 1 or 10 <= kind <= 36 or kind >= 200


class _Folded(dict[int, str]):
    """Each character's folded form, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        bare = "".join(each for each in normalize("NFKD", character) if not _is_accent(each) and each != _DRAWN_OUT)
        folded = caseless(bare).translate(table().plain)
        if _KEPT.match(character):
            folded = character
        if len(self) < MAX_KNOWN:
            self[code] = folded
        return folded


_folded = _Folded()


def _has_crowd(row: str) -> bool:
    marks = 0
    for character in row:
        marks = marks + 1 if _is_mark(character) else 0
        if marks > MAX_MARKS_IN_A_ROW:
            return True
    return False


def _is_mark(character: str) -> bool:
    if character < "\u0300":
        return False
    return category(character) in ("Mn", "Me") or combining(character) > 0 or character in _VOICED
