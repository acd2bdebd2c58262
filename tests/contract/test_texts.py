"""Strangers' texts are normalized in one place, which bounds the work; anywhere else it would cost the square of their length."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "src" / "teahouse"
BY_LENGTH_ALONE = {"category", "name", "lookup", "combining", "east_asian_width", "bidirectional", "unidata_version"}


def test_only_text_py_normalizes_and_folds() -> None:
    found = {f"{path.relative_to(PACKAGE)}:{line}: {what}" for path in sorted(PACKAGE.rglob("*.py")) for line, what in costly(path)}
    assert {each for each in found if not each.startswith("text.py:")} == set(), "ask teahouse.text"
    assert any(each.startswith("text.py:") for each in found)


def costly(path: Path) -> Iterator[tuple[int, str]]:
    """Yield where a file normalizes or folds, by whatever name it imports that."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "unicodedata":
            yield from ((node.lineno, each.name) for each in node.names if each.name not in BY_LENGTH_ALONE)
        elif isinstance(node, ast.Attribute) and node.attr in ("casefold", "normalize", "is_normalized"):
            yield node.lineno, node.attr
