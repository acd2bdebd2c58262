"""docs/metrics.md lists what may be wrong, each kind in the house's own words."""

from pathlib import Path

from teahouse.troubles import KINDS
from tests.contract.tables import name, rows

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"


def test_every_kind_is_documented_in_its_words() -> None:
    assert {name(row[0]): row[1] for row in rows(PAGE.read_text(encoding="utf-8"), "## What may be wrong", "kind")} == KINDS
