"""JSON from outside is read by strict_json alone: a decoder used bare fails in ways that its caller forgets."""

import re
from pathlib import Path

import teahouse

SOURCE = Path(teahouse.__file__).parent
OWN_WORDS = ("strict_json.py", "storage/")
"""The reader itself, and the database, in which we read what we wrote."""


def test_nothing_else_decodes_json() -> None:
    files = {str(file.relative_to(SOURCE)): file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py")}
    bare = [
        name for name, text in files.items() if re.search(r"\bjson\.(decode|Decoder|loads?)\b", text) and not name.startswith(OWN_WORDS)
    ]
    assert bare == []
