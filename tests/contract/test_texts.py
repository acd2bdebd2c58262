"""What is stored depends on one version of Unicode, whatever Python runs: one file asks for what a character is, and its data is whole."""

import ast
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from teahouse.characters import UNICODE_VERSION

PACKAGE = Path(__file__).parents[2] / "src" / "teahouse"
VERSION = re.compile(r"version ICU [\d.]+, Unicode [\d.]+(?: and (?P<unicode>[\d.]+))?, (?P<digest>[0-9a-f]{12})")


def test_only_characters_py_asks_unicode() -> None:
    found = {f"{path.relative_to(PACKAGE)}:{line}: {what}" for path in sorted(PACKAGE.rglob("*.py")) for line, what in asked(path)}
    outside = {each for each in found if not each.startswith(("characters.py:", "storage/migrations/"))}
    assert outside == set(), "ask teahouse.characters or teahouse.text"
    assert any(each.startswith("characters.py:") for each in found)


def asked(path: Path) -> Iterator[tuple[int, str]]:
    """Yield where a file asks Python's own tables, or the library."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [str(node.module)]
        yield from ((node.lineno, name) for name in names if name.startswith("unicodedata"))
        if isinstance(node, ast.Attribute) and node.attr == "casefold":
            yield node.lineno, node.attr


@pytest.mark.parametrize("name", ["lookalikes.txt", "characters.txt"])
def test_a_table_is_whole_and_of_the_version_that_it_names(name: str) -> None:
    _, version, text = (PACKAGE / name).read_text("ascii").split("\n", 2)
    found = VERSION.fullmatch(version)
    assert found is not None, version
    assert hashlib.sha256(text.encode()).hexdigest()[:12] == found["digest"], "run bin/unicode, which writes it"
    assert found["unicode"] in (None, UNICODE_VERSION), "the library is of another version than the table: run bin/unicode"
