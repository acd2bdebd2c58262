"""Nobody passes for a keeper or the robot by signs, marks and strokes that make no other name."""

from tests.mutants.mutant import Edit, Mutant

FILE = "lookalikes.py"
LOOKS = ("tests/unit/test_lookalikes.py",)

MUTANTS = (
    Mutant(
        "signs-are-letters",
        "a sign that looks like letters may be an adornment",
        (Edit(FILE, " else further | met\n", " else further\n"),),
        LOOKS,
    ),
    Mutant(
        "signs-are-no-letters",
        "or stand for the letters",
        (Edit(FILE, " else further | met\n", " else met\n"),),
        LOOKS,
    ),
    Mutant(
        "marks-of-no-language",
        "a mark that the keeper's script does not need makes no other name",
        (Edit(FILE, "script(character) in own - _NEED_NO_MARKS and", "True and"),),
        LOOKS,
    ),
    Mutant(
        "marks-that-no-name-needs",
        "nor does one that no name needs",
        (Edit(FILE, "own - _NEED_NO_MARKS and not _ADORNS.search(name)", "own - _NEED_NO_MARKS"),),
        LOOKS,
    ),
    Mutant(
        "points-tell-apart",
        "nor do the points of vowels",
        (Edit(FILE, "in own - _NEED_NO_MARKS", "in own"),),
        LOOKS,
    ),
    Mutant(
        "all-marks-are-adornments",
        "names of scripts that need their marks are told apart by them",
        (Edit(FILE, "return script(character) in own - _NEED_NO_MARKS and not", "return False and not"),),
        LOOKS,
    ),
    Mutant(
        "lengthened-in-no-script-of-japan",
        "names of Japan are told apart by what lengthens a vowel",
        (Edit(FILE, "own = scripts | _KANA if scripts & _KANA else scripts", "own = scripts"),),
        LOOKS,
    ),
    Mutant(
        "circles-and-raised-letters",
        "circles around letters and raised letters make no other name",
        (
            Edit(
                FILE,
                'if kind == "Me" or character in _ORNAMENTS or characters.decomposition(character).startswith(("<super>", "<sub>"))',
                "if character in _ORNAMENTS",
            ),
        ),
        LOOKS,
    ),
    Mutant(
        "ornaments-are-letters",
        "strokes that are put around names are in none",
        (Edit(FILE, " or character in _ORNAMENTS", ""),),
        LOOKS,
    ),
    Mutant(
        "bars-of-other-scripts",
        "a letter of another script that is drawn as a bar makes no other name",
        (Edit(FILE, "and _seen(character) in _STROKES and", "and False and"),),
        LOOKS,
    ),
    Mutant(
        "bars-of-ones-own-script",
        "in its own script it is a letter",
        (
            Edit(
                FILE,
                'not (kind == "Lo" and _seen(character) in _STROKES and script(character) not in own - {"LATIN"})',
                'not (kind == "Lo" and _seen(character) in _STROKES)',
            ),
        ),
        LOOKS,
    ),
    Mutant(
        "yod-is-an-apostrophe",
        "a letter that looks like a sign is a letter beside its own script",
        (Edit(FILE, "(is_own or part.isalnum())", "part.isalnum()"),),
        LOOKS,
    ),
    Mutant(
        "marks-twice",
        "a mark that repeats another is not seen",
        (Edit(FILE, "sorted(set(row)) if are_marks", "sorted(row) if are_marks"),),
        LOOKS,
    ),
    Mutant(
        "uncomposed-marks",
        "marks are looked at when they are composed",
        (Edit(FILE, 'characters.normalize("NFC", name[:MAX_CHARS]))\n    rows', "name[:MAX_CHARS])\n    rows"),),
        LOOKS,
    ),
    Mutant(
        "pointed-keepers",
        "a keeper's own points of vowels tell nobody apart",
        (Edit(FILE, " if is_sure or not _is_mark(part)", ""),),
        LOOKS,
    ),
    Mutant(
        "letters-with-tails",
        "letters with hooks, tails and strokes are as letters with accents",
        (Edit(FILE, " or (bare and not name.isascii() and _spells(_plain(name[:MAX_CHARS]), theirs, own, bare))", ""),),
        LOOKS,
    ),
    Mutant(
        "the-robot-adorned",
        "the robot's name is not adorned either",
        (Edit(FILE, " or any(passes_for(name, spelling) for spelling in self._spellings)", ""),),
        LOOKS,
    ),
)
