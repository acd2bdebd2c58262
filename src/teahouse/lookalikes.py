"""What a name looks like, so that nobody passes for somebody else: the skeleton of UTS 39 without case, and names kept for the robot.

Pure. The table is made by bin/unicode from one version of Unicode, so what is stored does not depend on the Python that
runs. A name that is the same name for policy.fold_name is not a look-alike but taken; that is asked elsewhere.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from ipaddress import ip_address
from itertools import chain, groupby

from msgspec import Struct

from teahouse import characters
from teahouse.errors import Conflict
from teahouse.scripts import script

MAX_CHARS = 64
"""As much of a name as is looked at: more than a name may have, or an address."""
MAX_KNOWN = 4096
"""Characters of which it is kept what they spell: to look one up takes some 10 µs."""
ROBOTS = ("机器人", "機器人", "机械人", "機械人", "robot")
"""What the robot is, in words: nobody else is called that alone."""
TITLES = (
    "聊天",
    "官方",
    "智能",
    "助手",
    "助理",
    "bot",
    "ai",
    "assistant",
    "official",
    "real",
    "the",
    "mr",
    "dr",
)
"""What people put before or after the robot's name; with it, it is the robot's name still."""
MIN_BARE_LETTERS = 5
"""Of a keeper's name, for which accents do not tell others apart: short names are told apart by them (Lan and Lân)."""

_KANA = {"HIRAGANA", "KATAKANA"}
"""Scripts that have their marks together. Beside Chinese what lengthens a vowel is a dash."""
_NEED_NO_MARKS = {"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "ARABIC", "HEBREW", "SYRIAC", "HANGUL"}
"""Scripts whose names are told apart by letters, those with an accent included. Points of vowels tell how to read them."""
_ADORNS = re.compile("LAJANYALAN|STRESS SIGN|ACCENT|COMBINING|MUSICAL|TIBETAN (?:MARK|SYMBOL)|IDEOGRAPHIC .* TONE|MINNAN")
"""What other scripts have of marks that are no part of a name."""
_LETTERS = {"Lu", "Ll", "Lt", "Lo"}
_SPELLS = _LETTERS | {"Nd", "Nl", "No", "Mn", "Mc"}
_STROKES = {"l", "ll", "\u30fc", "\u4e28"}
"""What bars and dashes look like: letters of other scripts that look so (一, ا, ו) are drawn as those."""
_ORNAMENTS = "丶丨丿灬彡"
"""Strokes and radicals that are put around names, and are in none."""
_DOTTED = re.compile("[iI]\u0307")
"""A capital I with a dot (Turkish), or a small one with two."""
_HANGUL, _HANGUL_END, _LEADS, _VOWELS, _TAILS = 0xAC00, 0xD7A4, 0x1100, 0x1161, 0x11A7


class Table(Struct, frozen=True):
    """`looks` has each character that looks like something else, `marks` those that stand on the letter before them."""

    version: str
    looks: dict[int, str]
    marks: frozenset[str]


@cache
def table() -> Table:
    """Return the table, read when the first name is looked at: it takes some 2 MiB and 15 ms."""
    version, marks, looks = "", frozenset[str](), {}
    for line in (files("teahouse") / "lookalikes.txt").read_text("ascii").splitlines():
        key, _, rest = line.partition(" ")
        if key == "version":
            version = rest
        elif key == "marks":
            marks = frozenset(chain.from_iterable(map(_characters, rest.split())))
        elif key != "#":
            looks[int(key, 16)] = "".join(chr(int(code, 16)) for code in rest.split())
    return Table(version, looks, marks)


def skeleton(name: str) -> str:
    """Return what is equal for names that look alike, in any case."""
    return _small(_seen(name))


def readings(name: str) -> set[str]:
    """Return the skeletons that a newcomer's name may be taken for.

    A capital I looks like a small L, and whether it is one tells only who reads it: `PauI` passes for Paul, and `lan` for Ian.
    The first letter of a word is more likely the capital that it is, so that Ian and Lan are two people.
    """
    seen = _seen(name)
    words = seen.split(" ")
    as_small_l = " ".join(word[:1] + word[1:].replace("I", "l") for word in words)
    as_capital_i = " ".join("i" + word[1:] if word.startswith("l") else word for word in words)
    return {_small(seen), _small(as_small_l), _small(as_capital_i)}


def is_address(name: str) -> bool:
    """Say whether a name looks like a network address, as only people at old doors are called, each by their own.

    It is folded before anything is looked for in it, the sign before a scope too. Digits of every script count.
    """
    return any(map(_is_folded_address, {name, "".join(map(_as_digit, name[:MAX_CHARS]))}))


def _is_folded_address(name: str) -> bool:
    seen = skeleton(name.translate(_STOPS)).partition(_PERCENT)[0].translate(_DIGITS)
    seen = _EDGES.sub("", seen)
    try:
        return _FOUR_NUMBERS.fullmatch(seen) is not None or bool(ip_address(seen))
    except ValueError:
        return False


def _as_digit(character: str) -> str:
    return str(int(character)) if character.isdecimal() else character


_PERCENT = "o/o"
"""What a percent sign looks like to the table."""
_STOPS = str.maketrans("\u3002\uff61", "..")
"""Full stops of East Asia, which stand for dots in addresses (UTS 46)."""
_DIGITS = str.maketrans("lo", "10")
_EDGES = re.compile(r"^[^\w:]+|[^\w:]+$")
_FOUR_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+){3}")
"""Also `192.000.2.7`, which Python takes for none."""


def passes_for(name: str, keeper: str) -> bool:
    """Say whether a name passes for that of somebody who keeps the house, however it is spaced, dressed up or adorned with signs.

    A sign that looks like letters may stand for them or be an adornment: both are tried, so `Ⓚeeper™` is found.
    """
    scripts = frozenset(script(letter) for letter in keeper if characters.category(letter) in _LETTERS)
    own = scripts | _KANA if scripts & _KANA else scripts
    theirs = _small("".join(part for part, is_sure in _spelt(keeper, own) if is_sure or not _is_mark(part)))
    if theirs == "":
        return False
    bare = theirs.isascii() and len(theirs) >= MIN_BARE_LETTERS
    return _spells(name, theirs, own, bare) or (bare and not name.isascii() and _spells(_plain(name[:MAX_CHARS]), theirs, own, bare))


def _spells(name: str, theirs: str, own: frozenset[str], bare: bool) -> bool:
    """Say whether a name may be read as the letters `theirs`, and without its accents if `bare`."""
    met = {0}
    for part, is_sure in _spelt(name, own):
        further = {place + 1 for place in met if _may_be(part, theirs[place : place + 1], first=place == 0)}
        met = further if is_sure and not (bare and _is_mark(part)) else further | met
    return len(theirs) in met


class Reserved:
    """Names that nobody takes: the robot's, whatever they are written with, and addresses."""

    def __init__(self, names: Iterable[str]) -> None:
        self._spellings = (*names, *ROBOTS)
        self._names = set(map(_letters, self._spellings))
        self._words = sorted({*self._names, *map(_letters, TITLES)}, key=len, reverse=True)

    def check(self, name: str) -> None:
        """Raise Conflict for a name that nobody takes."""
        if self._means_robot(name):
            raise Conflict(f"{name!r} is what the robot is called; choose another", code="name_taken")
        if is_address(name):
            raise Conflict(f"{name!r} is what someone at that address is called; choose another", code="name_taken")

    def _means_robot(self, name: str) -> bool:
        """Say whether a name is made of the robot's names, titles and digits alone, one of the names at least, or adorns one."""
        letters = (_letters(name), _letters(name.translate(_AS_LETTERS)))
        return any(map(self._are_robots, letters)) or any(passes_for(name, spelling) for spelling in self._spellings)

    def _are_robots(self, letters: str) -> bool:
        left = letters
        for word in self._words:
            left = left.replace(word, "")
        return not left.strip(_LIKE_DIGITS) and any(known in letters for known in self._names)


def _letters(name: str) -> str:
    """Return the letters and digits of a name, without spaces, signs and accents; `Blrdje` is near enough to Birdie here."""
    seen = _plain(skeleton(_plain(_undressed(name))))
    return "".join(character for character in seen if character.isalnum()).translate(_NEAR)


def _spelt(name: str, own: frozenset[str]) -> list[tuple[str, bool]]:
    """Return what a name is spelt with, beside a keeper's of the scripts `own`: each letter as it looks, and whether it is surely one.

    A mark that repeats another on its letter does not count (UTS 39 5.4).
    """
    spelt = chain.from_iterable(_letters_of(each, own) for each in characters.normalize("NFC", name[:MAX_CHARS]))
    rows = groupby(spelt, lambda each: each[0] in table().marks)
    return list(chain.from_iterable(sorted(set(row)) if are_marks else list(row) for are_marks, row in rows))


@lru_cache(MAX_KNOWN)
def _letters_of(character: str, own: frozenset[str]) -> tuple[tuple[str, bool], ...]:
    """Return the letters, digits and marks that a character looks like. A letter that looks like a sign is one beside its own script."""
    is_sure = _is_sure(character, own)
    is_own = script(character) in own - {"LATIN"}
    parts = _seen(_undressed(character))
    return tuple((part, is_sure) for part in parts if characters.category(part) in _SPELLS or (is_sure and (is_own or part.isalnum())))


def _is_sure(character: str, own: frozenset[str]) -> bool:
    """Say whether a character makes another name: letters and digits do, marks and the like in the scripts that need them."""
    kind, name = characters.category(character), characters.name(character, "")
    if kind == "Me" or character in _ORNAMENTS or characters.decomposition(character).startswith(("<super>", "<sub>")):
        return False
    if kind in ("Mn", "Mc", "Lm"):
        return script(character) in own - _NEED_NO_MARKS and not _ADORNS.search(name)
    return kind[0] in "LN" and not (kind == "Lo" and _seen(character) in _STROKES and script(character) not in own - {"LATIN"})


def _may_be(part: str, letter: str, *, first: bool) -> bool:
    """Say whether a part is read as a small letter: as `readings` does."""
    return letter != "" and (_small(part) == letter or (part + letter == "Il" and not first) or (part + letter == "li" and first))


def _is_mark(part: str) -> bool:
    return characters.category(part)[0] == "M"


def _undressed(name: str) -> str:
    """Return a name with letters for small capitals, letters in signs and halves of flags: signs of their own to the table."""
    return name[:MAX_CHARS] if name.isascii() else "".join(_letter_in(_DRESSED, character) for character in name[:MAX_CHARS])


def _plain(name: str) -> str:
    """Return a name with the letters of which others of Latin are made: turned, open, with a stroke …"""
    return "".join(_letter_in(_VARIANT, character) for character in name)


def _letter_in(pattern: re.Pattern[str], character: str) -> str:
    letter = pattern.fullmatch(characters.name(character, ""))
    return letter[1].lower() if letter else character


_NEAR = str.maketrans("lj乌烏", "ii鸟鳥")
"""What is not the same to the table, but near enough to the robot's names."""
_AS_LETTERS = str.maketrans("!83ß€", "ibebe")
"""What people write for letters."""
_LIKE_DIGITS = "io23456789"
"""What digits are to `_letters`."""
_DRESSED = re.compile(
    "(?:LATIN LETTER SMALL CAPITAL|(?:NEGATIVE (?:CIRCLED|SQUARED)|PARENTHESIZED) LATIN (?:CAPITAL|SMALL) LETTER"
    "|REGIONAL INDICATOR SYMBOL LETTER) ([A-Z])"
)
_VARIANT = re.compile("LATIN (?:SMALL|CAPITAL|LETTER SMALL CAPITAL)(?: LETTER)?(?: [A-Z]{2,})? ([A-Z])(?: WITH .*)?")


def _seen(name: str) -> str:
    """Return the small letters that a name looks like, but `I` and `L` for capitals that look so."""
    looks = table().looks
    seen = "".join(looks.get(ord(part), part) for character in name[:MAX_CHARS] for part in _parts(character))
    return _DOTTED.sub("i", " ".join(_in_order(seen).split()))


def _small(seen: str) -> str:
    return seen.replace("I", "i").replace("L", "l")


def _parts(character: str) -> str:
    """Take a Hangul syllable apart (Unicode 3.12); every other character is in the table as a whole."""
    code = ord(character)
    if not _HANGUL <= code < _HANGUL_END:
        return character
    lead, rest = divmod(code - _HANGUL, 21 * 28)
    vowel, tail = divmod(rest, 28)
    return chr(_LEADS + lead) + chr(_VOWELS + vowel) + (chr(_TAILS + tail) if tail else "")


def _in_order(seen: str) -> str:
    """Sort the marks of each letter: in which order they were typed does not show."""
    marks = table().marks
    rows = groupby(seen, marks.__contains__)
    return "".join("".join(sorted(row)) if are_marks else "".join(row) for are_marks, row in rows)


def _characters(codes: str) -> Iterator[str]:
    first, _, last = codes.partition("-")
    return map(chr, range(int(first, 16), int(last, 16) + 1))
