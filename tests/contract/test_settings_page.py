"""docs/settings.md lists every setting, and no other, with its environment variable."""

from pathlib import Path
from typing import get_type_hints

from teahouse.settings import Settings
from tests.contract.tables import CODE

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_is_documented_and_no_other_is() -> None:
    assert set(documented(PAGE.read_text(encoding="utf-8"))) == set(Settings.__struct_fields__)


def test_every_setting_stands_beside_its_environment_variable() -> None:
    page = documented(PAGE.read_text(encoding="utf-8"))

    assert page == {name: f"TEAHOUSE_{name.upper()}" for name in page}


def test_every_setting_explains_itself_in_a_sentence() -> None:
    hints = get_type_hints(Settings, include_extras=True)
    sentences = {name: hint.__metadata__[-1] for name, hint in hints.items()}

    assert [name for name, sentence in sentences.items() if not str(sentence).endswith(".")] == []


def test_a_setting_too_few_or_without_its_variable_is_noticed() -> None:
    page = "| name | environment |\n| --- | --- |\n| `host` | `TEAHOUSE_HOST` |\n| `port` | 8000 |\n\n`data_dir` stands in no table."

    assert documented(page) == {"host": "TEAHOUSE_HOST", "port": None}


def documented(page: str) -> dict[str, str | None]:
    """Return the environment variable of each setting that begins a table's row; None where the row names no variable."""
    found = [CODE.findall(line) for line in page.splitlines() if line.startswith("| `")]
    return {words[0]: next((word for word in words[1:] if word.startswith("TEAHOUSE_")), None) for words in found}
