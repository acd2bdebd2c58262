"""The tables of foldings and of mentions, which the server's tests and the page's read."""

import re
from pathlib import Path

_TESTS = Path(__file__).parents[1]
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})|\\U([0-9a-f]{8})")


def table_of_foldings() -> list[tuple[str, str, str, str]]:
    """Return its rows: (relation, script, text, text)."""
    return [(relation, script, a, b) for relation, script, a, b in _rows("foldings.txt")]


def table_of_mentions() -> list[tuple[str, list[str], list[str]]]:
    """Return its rows: (text, names of those in the room, names of those who are meant)."""
    return [(text, _names(present), _names(meant)) for text, present, meant in _rows("mentions.txt")]


def _names(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def _rows(name: str) -> list[list[str]]:
    lines = [line for line in (_TESTS / name).read_text("utf-8").splitlines() if not line.startswith("#")]
    return [[_unescaped(cell) for cell in line.split("\t")] for line in lines]


def _unescaped(cell: str) -> str:
    return _ESCAPE.sub(lambda code: chr(int(code[1] or code[2], 16)), cell).replace("\\n", "\n")
