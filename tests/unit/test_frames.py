"""Entries with their bytes: rendered once per dialect, cut into runs, and the recent tail of a log."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.delivery import frames
from teahouse.delivery.frames import Frame, Tail, joined, runs
from teahouse.model import Added, Entry, Fact, Left, Posted, Removed, Room, User

AIKO = User(1, "Aiko", "f01")


class CountingDialect:
    def __init__(self) -> None:
        self.rendered: list[int] = []

    def render(self, said: Any) -> list[int]:
        self.rendered.append(said.seq)
        return [said.seq]

    def join(self, parts: Sequence[list[int]]) -> list[int]:
        return [seq for part in parts for seq in part]


def frame(seq: int, fact: Fact | None = None) -> Frame:
    return Frame(Entry(7, seq, 0, AIKO, fact or Posted("x")))


def seqs(found: Sequence[Frame] | None) -> list[int] | None:
    return None if found is None else [one.seq for one in found]


# Frames


def test_a_frame_is_rendered_once_per_dialect() -> None:
    one, two, both = CountingDialect(), CountingDialect(), [frame(1), frame(2)]
    for dialect in (one, two, one):
        assert joined(both, dialect) == [1, 2]
    assert joined(both[:1], one) == [1]
    assert one.rendered == two.rendered == [1, 2]


def test_a_leaving_closes_for_its_subject_and_an_adding_opens_from_its_joining_on() -> None:
    assert frame(9, Left(AIKO)).closes_for == AIKO.id
    assert frame(9, Added(Room(12, "private"), since=5)).opens == (12, 5)
    assert (frame(9).closes_for, frame(9).opens) == (None, None)


# Runs


def kinds(*facts: str) -> list[Frame]:
    known: dict[str, Fact] = {"p": Posted("x"), "l": Left(AIKO), "a": Added(Room(12, "private"), 5), "P": Posted("x" * 5000)}
    return [frame(seq, known[fact]) for seq, fact in enumerate(facts, 1)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ("", []),
        ("ppp", [[1, 2, 3]]),
        ("plp", [[1, 2], [3]]),
        ("pla", [[1, 2], [3]]),
        ("app", [[1], [2, 3]]),
        ("ll", [[1], [2]]),
        ("PpP", [[1], [2, 3]]),
    ],
)
def test_a_run_ends_at_a_leaving_at_an_opening_and_when_it_is_heavy(facts: str, expected: list[list[int]]) -> None:
    assert [seqs(run) for run in runs(kinds(*facts), max_weight=5000)] == expected


@given(st.text("plaP", max_size=40), st.integers(1, 20_000))
def test_runs_together_are_all_frames_in_their_order(facts: str, max_weight: int) -> None:
    cut = runs(kinds(*facts), max_weight)
    assert [one.seq for run in cut for one in run] == list(range(1, len(facts) + 1))
    assert all(run for run in cut)
    for run in cut:
        assert all(one.closes_for is None and one.opens is None for one in run[:-1])
        assert sum(one.weight for one in run[:-1]) < max_weight


# The tail


def test_a_tail_gives_what_lies_between_and_none_for_what_it_does_not_reach() -> None:
    tail = Tail()
    assert tail.between(0, 1) is None
    for seq in range(5, 10):
        tail.push(frame(seq))
    assert seqs(tail.between(6, 8)) == [7, 8]
    assert seqs(tail.between(4, 9)) == [5, 6, 7, 8, 9]
    assert tail.between(3, 9) is None
    assert tail.between(6, 10) is None


def test_a_tail_with_a_gap_begins_anew() -> None:
    tail = Tail()
    for seq in (1, 2, 3, 7, 8):
        tail.push(frame(seq))
    assert tail.between(2, 8) is None
    assert seqs(tail.between(6, 8)) == [7, 8]


def test_a_tail_keeps_nothing_from_before_a_removal() -> None:
    tail = Tail()
    for seq, fact in enumerate([Posted("a secret"), Posted("b"), Removed(1), Posted("c")], 1):
        tail.push(frame(seq, fact))
    assert tail.between(1, 4) is None
    assert seqs(tail.between(2, 4)) == [3, 4]


def test_a_tail_never_tells_again_what_a_room_was_called() -> None:
    tail = Tail()
    for seq, fact in enumerate([Posted("a"), Added(Room(7, "private", "Abuse"), 1), Posted("c"), Posted("d")], 1):
        tail.push(frame(seq, fact))
    assert tail.between(1, 4) is None
    assert seqs(tail.between(2, 4)) == [3, 4]


def test_a_text_weighs_as_much_as_it_takes_on_a_wire() -> None:
    assert frame(1, Posted("茶" * 1000)).weight - frame(1, Posted("a" * 1000)).weight == 2000


@pytest.mark.parametrize(("entries", "weight"), [(8, 1 << 20), (10_000, 8 * 257)])
def test_a_tail_is_bounded_in_number_and_in_weight(entries: int, weight: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "TAIL_ENTRIES", entries)
    monkeypatch.setattr(frames, "TAIL_WEIGHT", weight)
    tail = Tail()
    for seq in range(1, 101):
        tail.push(frame(seq))
        kept = max(n for n in range(seq + 1) if tail.between(seq - n, seq) is not None)
        assert min(seq, 4) <= kept <= 8
