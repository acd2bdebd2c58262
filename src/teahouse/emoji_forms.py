"""The one form in which an emoji is stored, however a keyboard writes it: all who react with a heart react with the same. Pure.

It is the fully-qualified form of Unicode's emoji-test.txt, as the `emoji` library has it. What that does not know is a newer emoji, or
another symbol. It is loaded with the first reaction: 12 ms, 3 MiB.
"""

import re
from functools import cache

from teahouse.characters import kinds

MAX_EMOJI_CHARS = 16
"""A kiss of two people, each with a skin tone, is ten."""

_JOINER = "\u200d"
_SELECTORS = str.maketrans("", "", "\ufe0e\ufe0f")
_NO_EMOJI_ALONE = re.compile("[\U0001f3fb-\U0001f3ff\U0001f1e6-\U0001f1ff\u20e3]")
"""Skin tones, halves of flags, the frame of a key."""
_SKIN_TONE = re.compile("(?<=.)[\U0001f3fb-\U0001f3ff]$", re.DOTALL)


def one_form(emoji: str) -> str | None:
    """Return the form of one emoji; None for what is none, or more than one."""
    bare = emoji.translate(_SELECTORS)
    if known := _qualified().get(bare):
        return known
    parts = bare.split(_JOINER)
    if not all(map(_is_sign, parts)):
        return None
    return _JOINER.join(_qualified().get(part, part) for part in parts)


@cache
def _qualified() -> dict[str, str]:
    """Return the form of each emoji that is known, by its characters without selectors."""
    from emoji import EMOJI_DATA, STATUS  # not before it is needed: see above

    whole = STATUS["fully_qualified"]
    return {emoji.translate(_SELECTORS): emoji for emoji, about in EMOJI_DATA.items() if about["status"] == whole}


def _is_sign(part: str) -> bool:
    """Say whether a part between joiners may be an emoji: one symbol, perhaps with a skin tone."""
    symbol = _SKIN_TONE.sub("", part)
    return len(symbol) == 1 and kinds(symbol) == "s" and _NO_EMOJI_ALONE.match(symbol) is None
