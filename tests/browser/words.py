"""The page's words, read from its own files of languages: a test says which words it means, not how they are put today."""

import re
from pathlib import Path
from typing import Literal

import teahouse

Language = Literal["en", "zh"]

LOCALES: dict[Language, str] = {"en": "en-GB", "zh": "zh-CN"}
"""What a browser of that language calls it."""

_FILES = Path(teahouse.__file__).parent / "web" / "locales"
_LINE = re.compile(r"^  '([\w.]+)': '(.*)',$", re.MULTILINE)
_WORDS = {
    language: {key: text for file in _FILES.glob(f"{language}*.js") for key, text in _LINE.findall(file.read_text())}
    for language in LOCALES
}


def words(language: Language, key: str, **values: object) -> str:
    """Return the words of `key` as the page says them: `{name}` replaced by `name`, "one | many" chosen by `n`."""
    one, *more = _WORDS[language][key].split(" | ")
    chosen = more[0] if more and values.get("n") != 1 else one
    return chosen.format(**values)
