"""No file of the source is longer than 300 lines: past that, a noun wants to move out (style page)."""

from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"
MAX_LINES = 300
KINDS = {".py", ".js", ".css", ".html"}


def test_no_source_file_is_longer_than_300_lines() -> None:
    assert too_long(SOURCE) == []


def test_a_file_of_301_lines_is_named_and_a_vendored_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "vendor").mkdir()
    for path, lines in {"chat.py": 301, "store.js": 300, "faces.svg": 999, "vendor/preact.js": 999}.items():
        (tmp_path / path).write_text("#\n" * lines)

    assert too_long(tmp_path) == ["chat.py has 301 lines"]


def too_long(source: Path) -> list[str]:
    own = sorted(path for path in source.rglob("*") if path.suffix in KINDS and "vendor" not in path.parts)
    sizes = {path.relative_to(source): len(path.read_text(encoding="utf-8").splitlines()) for path in own}
    return [f"{path} has {lines} lines" for path, lines in sizes.items() if lines > MAX_LINES]
