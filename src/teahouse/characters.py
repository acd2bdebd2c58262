"""What Unicode says of characters: the only place that asks, so that nothing that is stored depends on the Python that runs.

Categories, names and normal forms are of `unicodedata2`; the table beside this file is made by bin/unicode, from the same data and
from what only ICU has. What is not assigned yet is somebody's letter or emoji tomorrow: it is taken for what stands around it.
"""

from bisect import bisect_right
from collections.abc import Callable
from functools import cache
from importlib.resources import files

import unicodedata2  # type: ignore[import-not-found]  # a module in C, without types
from msgspec import Struct

UNICODE_VERSION: str = unicodedata2.unidata_version
category: Callable[[str], str] = unicodedata2.category
combining: Callable[[str], int] = unicodedata2.combining
decomposition: Callable[[str], str] = unicodedata2.decomposition
name: Callable[[str, str], str] = unicodedata2.name
normalize: Callable[[str, str], str] = unicodedata2.normalize

MAX_KNOWN = 32_768
"""Characters of which something is kept when they are met: more than people write, fewer than all, with which one could fill memory."""

_KINDS = {"word": "w", "mark": "m", "run": "r", "sign": "s"}


class Table(Struct, frozen=True):
    """What the data says of each character, as ranges and by code point."""

    version: str
    starts: list[int]
    """The first code point of each stretch of characters that are of one kind, rising."""
    kinds: str
    """The kind of each stretch, as `kinds` has them."""
    hidden: frozenset[str]
    """What is drawn as nothing: Default_Ignorable_Code_Point, and blanks by their names. The joiners and selectors of emoji are some."""
    small: dict[int, str]
    """Full case folding (Unicode 3.13, C and F of CaseFolding.txt)."""
    plain: dict[int, str]
    """Small Latin letters with a stroke, and ligatures, as who has only ASCII writes them (CLDR, Latin-ASCII)."""


@cache
def table() -> Table:
    """Return the table, read when the first text is looked at: it takes 4 ms."""
    version, *lines = (files("teahouse") / "characters.txt").read_text("ascii").splitlines()[1:]
    read = dict(line.split(" ", 1) for line in lines)
    stretches = sorted((first, last, _KINDS[kind]) for kind in _KINDS for first, last in _ranges(read[kind]))
    starts, kinds = [0], [" "]
    for first, last, kind in stretches:
        if starts[-1] == first:  # right after another stretch
            starts.pop()
            kinds.pop()
        starts += [first, last + 1]
        kinds += [kind, " "]
    return Table(
        version.removeprefix("version "),
        starts,
        "".join(kinds),
        hidden=frozenset(chr(code) for first, last in _ranges(read["hidden"]) for code in range(first, last + 1)),
        small={code: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)} | _letters(read["small"]),
        plain=_letters(read["plain"]),
    )


def kinds(text: str) -> str:
    """Return of what kind each character of `text` is, as one letter for each.

    `w` is a letter or digit of a script that is written with spaces, `m` a mark beside such a letter, `r` either of a script
    without spaces between words (or of Hangul, whose words take particles), `s` a symbol or emoji beyond ASCII, and a space whatever else.
    """
    return text.translate(_kinds)


def is_hidden(character: str) -> bool:
    """Say whether a character is drawn as nothing, by itself and beside others."""
    return character >= "\xad" and character in table().hidden


def is_noncharacter(character: str) -> bool:
    """Say whether a code point will never be a character (Unicode 23.7)."""
    code = ord(character)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code < 0xFDF0


class _Kinds(dict[int, str]):
    def __missing__(self, code: int) -> str:
        known = table()
        kind = known.kinds[bisect_right(known.starts, code) - 1]
        if len(self) < MAX_KNOWN:
            self[code] = kind
        return kind


_kinds = _Kinds()


def _ranges(line: str) -> list[tuple[int, int]]:
    split = (each.split("-") for each in line.split())
    return [(int(first, 16), int(last, 16)) for first, last in split]


def _letters(line: str) -> dict[int, str]:
    """Read `1E9E:73+73 …`: of each code point, the letters that stand for it."""
    split = (pair.split(":") for pair in line.split())
    return {int(code, 16): "".join(chr(int(each, 16)) for each in letters.split("+")) for code, letters in split}
