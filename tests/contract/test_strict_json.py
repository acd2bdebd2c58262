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


def test_nobody_reads_more_of_what_strangers_send_than_is_asked_for() -> None:
    # Without a shape every number is worked out, and those near the ends of what a float can hold take 30 µs each.
    for name in (
        "wire.py",
        *(str(file.relative_to(SOURCE)) for folder in ("gateways", "bots") for file in (SOURCE / folder).rglob("*.py")),
    ):
        text = (SOURCE / name).read_text(encoding="utf-8")
        assert not re.search(r"Reader\[Any\]\(Any\)", text), name
