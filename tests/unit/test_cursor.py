"""The rule of delivery: only the very next number is admitted."""

from hypothesis import given
from hypothesis import strategies as st

from teahouse.delivery.cursor import Cursor


def test_only_the_very_next_number_is_admitted() -> None:
    cursor = Cursor(4)
    assert [seq for seq in range(10) if cursor.admits(seq)] == [5]


def test_what_was_written_is_not_fresh_any_more() -> None:
    cursor = Cursor(4, fresh=True)
    cursor.advance(5)
    assert (cursor.seen, cursor.fresh) == (5, False)


@given(st.lists(st.integers(1, 12), max_size=60))
def test_however_numbers_arrive_they_are_taken_once_and_in_order(arrivals: list[int]) -> None:
    cursor, taken = Cursor(0), []
    for seq in arrivals:
        if cursor.admits(seq):
            cursor.advance(seq)
            taken.append(seq)
    assert taken == list(range(1, len(taken) + 1))
