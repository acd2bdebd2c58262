"""The table of foldings that the server's tests and the page's read."""

import re
from pathlib import Path

FILE = Path(__file__).parents[1] / "foldings.txt"
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})|\\U([0-9a-f]{8})")


def table_of_foldings() -> list[tuple[str, str, str, str]]:
    """Return its rows: (relation, script, text, text)."""
    lines = [line for line in FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = [_ESCAPE.sub(lambda code: chr(int(code[1] or code[2], 16)), line).split("\t") for line in lines]
    return [(relation, script, a, b) for relation, script, a, b in rows]
