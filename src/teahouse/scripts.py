"""In which scripts a name is written: the more there are, the less likely it is somebody's own name. Pure.

After the restriction levels of UTS 39 (5.2), but that languages which are written in several scripts come after those of one.
"""

from collections.abc import Set
from enum import IntEnum

from teahouse import characters

TOGETHER = (
    {"CJK", "HIRAGANA", "KATAKANA", "LATIN"},
    {"CJK", "HANGUL", "LATIN"},
    {"CJK", "BOPOMOFO", "LATIN"},
)
"""Scripts that people write one name in."""

_SAME = {"IDEOGRAPHIC": "CJK", "KATAKANA-HIRAGANA": "KATAKANA"}
"""Letters are called after their script, but for marks that repeat or lengthen what stands before them."""
_NO_SCRIPT = "MODIFIER"
"""Letters of any script: apostrophes and the like."""


class Mixture(IntEnum):
    """How mixed a name is. What looks the same and is less mixed is plainer."""

    ASCII = 0
    ONE_SCRIPT = 1
    ONE_LANGUAGE = 2
    MIXED = 3


def mixture(name_key: str) -> Mixture:
    """Return how mixed a folded name is."""
    if name_key.isascii():
        return Mixture.ASCII
    found = _scripts(name_key)
    if len(found) < 2:
        return Mixture.ONE_SCRIPT
    return Mixture.ONE_LANGUAGE if any(found <= together for together in TOGETHER) else Mixture.MIXED


def _scripts(name_key: str) -> Set[str]:
    """Return the scripts of the letters of a folded name, each by the word that its letters' names begin with."""
    first = {_first_word(letter) for letter in name_key if letter.isalpha()}
    if first >= {"HIRAGANA", "KATAKANA-HIRAGANA"}:
        first.discard("KATAKANA-HIRAGANA")
    return {_SAME.get(word, word) for word in first} - {_NO_SCRIPT}


def script(character: str) -> str:
    """Return the script of a letter, or of a mark that only its script has; what any script may have is of none that letters are of."""
    word = _first_word(character)
    return _SAME.get(word, word)


def _first_word(character: str) -> str:
    return characters.name(character, "UNKNOWN").partition(" ")[0]
