"""What is wrong is said once when it begins and once when it is over, is counted, and has words for anybody."""

import asyncio
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from teahouse.chores import Chores
from teahouse.errors import Damaged, Unavailable
from teahouse.tally import SECONDS, Histogram
from teahouse.troubles import KINDS, OTHER, SAID_ONLY, Troubles
from tests.support.patience import PATIENCE_S


@pytest.fixture
def troubles() -> Troubles:
    return Troubles()


def test_a_spell_is_logged_when_it_begins_and_when_it_is_over(troubles: Troubles) -> None:
    with capture_logs() as lines:
        for _ in range(3):
            troubles.begin("locked", "/data/teahouse.db: database is locked")
        troubles.end("locked")
        troubles.end("locked")
        troubles.begin("locked", "/data/teahouse.db: database is locked")

    assert [(line["log_level"], line["event"]) for line in lines] == [
        ("error", KINDS["locked"]),
        ("warning", f"over: {KINDS['locked']}"),
        ("error", KINDS["locked"]),
    ]
    assert lines[0]["words"] == "/data/teahouse.db: database is locked"
    assert (troubles.spells["locked"], troubles.failures["locked"]) == (2, 4)


def test_what_lasts_is_told_to_anybody_without_the_databases_own_words(troubles: Troubles) -> None:
    assert troubles.unwell == ""
    troubles.begin("full", "/data/teahouse.db: disk is full")
    troubles.begin("index", "no such thing", ValueError())
    assert troubles.unwell == f"{KINDS['full']}; {KINDS['index']}"
    troubles.end("full")
    assert troubles.unwell == KINDS["index"]


def test_what_keeps_nobody_from_being_served_makes_no_house_unwell(troubles: Troubles) -> None:
    for kind in SAID_ONLY:
        troubles.begin(kind, "soon")
    assert (troubles.unwell, set(troubles.lasting)) == ("", set(SAID_ONLY))


def test_work_of_another_name_has_words_too(troubles: Troubles) -> None:
    troubles.begin("sweep", "boom")
    assert troubles.unwell == OTHER


class Work:
    """Regular work that does what it is told, then lets the test go on."""

    def __init__(self, *outcomes: Exception | None) -> None:
        self._outcomes = list(outcomes)
        self.seen: list[list[str]] = []

    async def do(self, troubles: Troubles, done: Callable[[], None]) -> None:
        self.seen.append(troubles.lasting)
        if not self._outcomes:
            return done()
        outcome = self._outcomes.pop(0)
        if outcome is not None:
            raise outcome


async def lasting(troubles: Troubles, *outcomes: Exception | None) -> list[list[str]]:
    """Do work that ends like this, time after time; return what lasted before each time and at the end."""
    work, done = Work(*outcomes), asyncio.Event()
    chores = Chores(troubles, Histogram(SECONDS))
    chores.begin("index", 0, lambda: work.do(troubles, done.set))
    async with asyncio.timeout(PATIENCE_S):
        await done.wait()
    await chores.stop()
    return work.seen


async def test_work_that_fails_is_a_trouble_until_it_is_done_again(troubles: Troubles) -> None:
    with capture_logs() as lines:
        seen = await lasting(troubles, ValueError("boom"), ValueError("boom"), None)
    assert seen == [[], ["index"], ["index"], []]
    assert [line["event"] for line in lines] == [KINDS["index"], f"over: {KINDS['index']}"]
    assert isinstance(lines[0]["exc_info"], ValueError)


@pytest.mark.parametrize("refusal", [Unavailable("not now"), Damaged("never")])
async def test_work_that_the_database_refuses_is_told_by_the_database(troubles: Troubles, refusal: Exception) -> None:
    with capture_logs() as lines:
        assert await lasting(troubles, refusal, refusal) == [[], [], []]
    assert lines == []
