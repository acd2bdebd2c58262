"""What the robot hears and what it answers, and how it knows that it is meant. Pure; the skills beside this file build on it."""

import re
from typing import Literal, TypeVar

from msgspec import Struct

from teahouse.mentions import ends_word, spans

Language = Literal["en", "zh"]
T = TypeVar("T")

ATTENTION = 2000
"""Characters of a message that the robot looks at: nobody asks more of it, and so a text of any size costs the same."""

_NAMES = frozenset({"小小鸟", "birdie", "小小鸟 birdie", "小小鸟birdie", "birdie 小小鸟", "birdie小小鸟"})
"""What it is called after an `@`, folded: its name, each half of it, and both the other way round."""
_NAME = r"(?:小小鸟(?: ?birdie)?|birdie(?: ?小小鸟)?)"
_CALL = re.compile(rf"{_NAME}(?!')", re.IGNORECASE)
_PARTING = re.compile(rf"[, ]{_NAME}[ .!?~]*$", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")
_EDGES = " \n,.:;!~、。"
_HALF_WIDTH = {0xFEE0 + code: code for code in range(0x21, 0x7F)} | {0x3000: 0x20, 0x2019: 0x27}
"""Full-width forms, their space and the curly apostrophe, so that `２ｄ６＋１` and `：` read like their plain twins."""


class Heard(Struct, frozen=True):
    """A message to the robot, without the robot's name, its spaces and punctuation plain; `lang` is the language to answer in."""

    text: str
    author: str
    lang: Language

    def say(self, en: T, zh: T) -> T:
        """Return the one of the two that is in the language of the question."""
        return zh if self.lang == "zh" else en


class Answer(Struct, frozen=True):
    """What the robot says, and the emoji it puts under its own words for others to tap."""

    text: str
    reactions: tuple[str, ...] = ()


def hear(text: str, author: str, *, always: bool) -> Heard | None:
    """Return what was said to the robot, or None when it is not meant: unless `always`, it waits for a mention or its name in front."""
    plain = _SPACES.sub(" ", _around_mention(text).translate(_HALF_WIDTH)).strip()
    called = _CALL.match(plain)
    if called is not None and not ends_word(plain, called.end()):
        called = None
    bare = _without_mentions(plain[called.end() :] if called else plain)
    if not always and called is None and bare == plain:
        return None
    bare = _PARTING.sub("", _SPACES.sub(" ", bare)).strip(_EDGES)
    return Heard(bare, author, _language(bare) or _language(plain) or "en")


def _around_mention(text: str) -> str:
    """Return as much of `text` as the robot looks at: the beginning, or from the mention on when that stands further back."""
    mention = next(spans(text, _NAMES), (0, 0))[0]
    start = mention if mention >= ATTENTION else 0
    return text[start : start + ATTENTION]


def _without_mentions(plain: str) -> str:
    """Return a text with a space for each mention of the robot."""
    kept, done = [], 0
    for start, end in spans(plain, _NAMES):
        kept.append(plain[done:start])
        done = end
    return " ".join([*kept, plain[done:]])


def _language(text: str) -> Language | None:
    """Guess by letters; None where there are none, as in `2d6` or a lone emoji."""
    # A Han character says about as much as two letters, so "choose 茶 or 咖啡" is English and "poll: 午饭吃什么" Chinese.
    han = sum("\u4e00" <= character <= "\u9fff" for character in text)
    latin = sum(character.isascii() and character.isalpha() for character in text)
    if han == 0 and latin <= 1:
        return None
    return "zh" if han * 2 >= latin else "en"
