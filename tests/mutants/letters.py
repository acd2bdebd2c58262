"""Every script: what is the same text to whom, what is newer than the interpreter, what shows nothing."""

from tests.mutants.mutant import Edit, Mutant

TEXT = "tests/unit/test_text.py"
POLICY = "tests/unit/test_policy.py"
CHARACTERS = "tests/unit/test_characters.py"
FOLDINGS = "tests/storage/test_foldings.py"
WORDS = "tests/storage/test_search_words.py"
EMOJI = "tests/unit/test_emoji_forms.py"

MUTANTS = (
    Mutant(
        "case-of-ascii-alone",
        "case makes no difference in any script",
        (Edit("text.py", ".translate(table().small))", ".lower())"),),
        (TEXT,),
    ),
    Mutant(
        "hidden-letters-count",
        "what does not show makes no other name and hides no word",
        (Edit("text.py", "    return shown(normalize(", "    return (normalize("),),
        (TEXT,),
    ),
    Mutant(
        "marks-that-compose-are-left-behind",
        "half-width kana with its mark is one letter",
        (
            Edit(
                "text.py", 'normalize("NFC", _STRAY_TAGS.sub("", text).translate(_folded))', '_STRAY_TAGS.sub("", text).translate(_folded)'
            ),
        ),
        (TEXT,),
    ),
    Mutant(
        "strokes-are-letters",
        "a letter with a stroke is found without",
        (Edit("text.py", "caseless(bare).translate(table().plain)", "caseless(bare)"),),
        (TEXT,),
    ),
    Mutant(
        "points-are-letters",
        "Hebrew and Arabic are found without points",
        (Edit("text.py", "kind == 1 or 10 <= kind <= 36 or kind >= 200", "kind == 1 or kind >= 200"),),
        (TEXT,),
    ),
    Mutant(
        "all-marks-are-accents",
        "marks that make other letters stay",
        (Edit("text.py", "kind == 1 or 10 <= kind <= 36 or kind >= 200", "kind > 0"),),
        (TEXT,),
    ),
    Mutant(
        "flags-without-tags",
        "England's flag is not Scotland's",
        (Edit("text.py", "        if _KEPT.match(character):\n", "        if False:\n"),),
        (WORDS,),
    ),
    Mutant(
        "new-is-nothing",
        "what is not assigned yet is somebody's emoji",
        (Edit("policy.py", 'or kind in ("Cn", "Co")', 'or kind == "Co"'),),
        (POLICY,),
    ),
    Mutant(
        "blank-texts",
        "what shows nothing is no text",
        (Edit("policy.py", " and not is_hidden(character) and not is_noncharacter(character)\n", " and not is_noncharacter(character)\n"),),
        (POLICY,),
    ),
    Mutant(
        "flags-cut-out-of-names",
        "a name keeps the tags of a flag and the joiners of a script",
        (Edit("policy.py", "character if _SELECTORS.match(text, place) else _neutral(character)", "_neutral(character)"),),
        (POLICY,),
    ),
    Mutant(
        "old-foldings-stay",
        "what was folded by other data is folded again",
        (Edit("storage/foldings.py", "    if known != version:\n", "    if known is None:\n"),),
        (FOLDINGS,),
    ),
    Mutant(
        "index-of-old-foldings",
        "the index begins anew with other data",
        (Edit("storage/foldings.py", "            tx.connection.execute(delete(table))\n", "            pass\n"),),
        (FOLDINGS,),
    ),
    Mutant(
        "two-become-one",
        "of two whose names become one each keeps what they are called",
        (Edit("storage/foldings.py", "        if key in taken:\n", "        if False:\n"),),
        (FOLDINGS,),
    ),
    Mutant(
        "from-by-the-letter",
        "who is looked for after from: is found however the name is written",
        (Edit("storage/search/query.py", '" ".join(fold(said).split())', '" ".join(said.lower().split())'),),
        (FOLDINGS,),
    ),
    Mutant(
        "from-in-small-letters",
        "From: means the same",
        (Edit("storage/search/query.py", "re.IGNORECASE | re.DOTALL", "re.DOTALL"),),
        (FOLDINGS,),
    ),
    Mutant(
        "half-a-flag-is-an-emoji",
        "what is no emoji alone is no reaction",
        (Edit("emoji_forms.py", " and _NO_EMOJI_ALONE.match(symbol) is None", ""),),
        (EMOJI,),
    ),
    Mutant(
        "hearts-of-two-forms",
        "all react with one form of an emoji",
        (Edit("emoji_forms.py", "        return known\n", "        return emoji\n"),),
        (EMOJI,),
    ),
    Mutant(
        "runs-have-edges",
        "scripts without spaces have no edges of words",
        (Edit("characters.py", '"run": "r"', '"run": "w"'),),
        (CHARACTERS,),
    ),
)
