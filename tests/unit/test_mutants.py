"""bin/break is run now and then; that its mutants still fit the code is looked at every time."""

from pathlib import Path

import pytest

from tests.mutants import MUTANTS, Mutant

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_finds_its_text_and_its_tests(mutant: Mutant) -> None:
    for edit in mutant.edits:
        assert (ROOT / "src/teahouse" / edit.file).read_text(encoding="utf-8").count(edit.old) == 1, edit.old
        assert edit.new != edit.old
    for test in mutant.tests:
        assert (ROOT / test.partition("::")[0]).exists()


def test_no_two_mutants_have_one_name() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
