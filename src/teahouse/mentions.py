"""Where a text names somebody: `@` and a name, folded, up to where a word ends. Pure; the page has the same rule (web/mentions.js).

A name may not go on as a longer word (`@benny` is not Ben) and the `@` may not stand inside one (an e-mail address). Scripts without
spaces have no such edges: `@小明你好` names 小明. Of all names that fit the longest is meant.
"""

import re
from collections.abc import Iterator, Set
from itertools import islice
from typing import NamedTuple

from teahouse.characters import category, kinds
from teahouse.text import search_key

MAX_CALLS = 16
"""So many calls of one text are looked at for names: what calls more people than that calls nobody in particular."""
MAX_LOOKED_AT = 64
"""So many are looked at for one that is known."""
MAX_KEY_CHARS = 64
"""A name is 32 characters, and folded hardly ever more than that."""

_AHEAD = 4 * MAX_KEY_CHARS
"""As typed, a name may have accents, spaces and what does not show in it."""

_AT = re.compile("[@＠]")


class Call(NamedTuple):
    """An `@` that is inside no word: where it begins and ends, and what stands after it, as far as a name reaches on its line."""

    start: int
    end: int
    ahead: str


def names_called(text: str) -> list[list[str]]:
    """Return, for each of the first 16 `@` that may begin a mention, the folded names that would fit there, the longest first."""
    return [found for call in islice(_calls(text), MAX_CALLS) if (found := _names_in(call.ahead))]


def spans(text: str, names: Set[str]) -> Iterator[tuple[int, int]]:
    """Yield where a text names one of the folded `names`: (start, end) with the sign."""
    for start, end, ahead in islice(_calls(text), MAX_LOOKED_AT):
        name = next((each for each in _names_in(ahead) if each in names), None)
        if name is not None:
            yield start, end + next(size for size in range(1, len(ahead) + 1) if search_key(ahead[:size]) == name)


def ends_word(text: str, end: int) -> bool:
    """Say whether a name may end before the character at `end`: not before a mark, inside a word, or with a space."""
    last, following = text[end - 1], text[end : end + 1]
    if last == " " or (following and category(following)[0] == "M"):
        return False
    return not (_in_word(last) and _in_word(following))


def _calls(text: str) -> Iterator[Call]:
    for at in _AT.finditer(text):
        before, ahead = text[max(0, at.start() - 1) : at.start()], text[at.end() : at.end() + _AHEAD].partition("\n")[0]
        if not _in_word(before) and not ahead[:1].isspace():
            yield Call(at.start(), at.end(), ahead)


def _names_in(ahead: str) -> list[str]:
    """Return the beginnings of what stands after an `@` that end where a word does, folded, the longest first."""
    folded = search_key(ahead)
    return [folded[:end] for end in range(min(len(folded), MAX_KEY_CHARS), 0, -1) if ends_word(folded, end)]


def _in_word(character: str) -> bool:
    """Say whether a character, if there is one, belongs to a word of a script that is written with spaces."""
    return character == "_" or kinds(character) in ("w", "m")
