"""Which mutants bin/break tries for a change."""

from pathlib import Path

import pytest

from tests.mutants import MUTANTS
from tests.mutants.areas import LISTED, area_of, areas_of, touched
from tests.mutants.mutant import Edit, Mutant

SOURCE = Path(__file__).parents[2] / "src/teahouse"


def mutant(name: str, file: str, test: str = "tests/unit/test_chat.py") -> Mutant:
    return Mutant(name, "a promise", (Edit(file, "old", "new"),), (test,))


@pytest.mark.parametrize(
    ("file", "area"),
    [
        ("chat.py", "core"),
        ("core/messages.py", "core"),
        ("storage/search/find.py", "storage"),
        ("gateways/websocket.py", "websocket"),
        ("gateways/websocket/protocol.py", "websocket"),
        ("gateways/http/session.py", "http"),
        ("gateways/dialects/relay.py", "doors"),
        ("gateways/dialects/native.py", "native"),
        ("bots/mind.py", "readers"),
        ("web/views/door.js", "web"),
        ("something_new.py", "app"),
    ],
)
def test_a_file_is_of_the_folder_that_it_stands_in_or_moves_to(file: str, area: str) -> None:
    assert area_of(file) == area


def test_what_is_listed_stands_where_it_is_listed() -> None:
    """A row goes when its file has moved."""
    gone = [
        path for paths in LISTED.values() for path in paths.split() if not ((SOURCE / path).is_dir() or (SOURCE / f"{path}.py").exists())
    ]
    assert gone == []


def test_every_mutant_has_an_area() -> None:
    assert all(areas_of(mutant) for mutant in MUTANTS)


def test_a_change_asks_for_new_mutants_first_then_its_files_its_tests_its_areas_and_no_more() -> None:
    near, by_test = mutant("near", "chat.py"), mutant("by-test", "bots/mind.py", "tests/unit/test_dice.py")
    beside, far, new = mutant("beside", "roster.py"), mutant("far", "storage/log.py"), mutant("new", "doctor/line.py")
    known = '"near" "by-test" "beside" "far"'
    chosen = touched([far, beside, by_test, near, new], {"src/teahouse/chat.py", "tests/unit/test_dice.py", "docs/tour.md"}, known)
    assert [each.name for each in chosen] == ["new", "near", "by-test", "beside"]


def test_a_change_of_words_alone_asks_for_none() -> None:
    assert touched([mutant("near", "chat.py")], {"docs/tour.md", "README.md"}, '"near"') == []
