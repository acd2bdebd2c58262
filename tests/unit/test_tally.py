"""A histogram counts each value once, under the lowest bound that is not below it."""

from teahouse.tally import Histogram


def test_a_value_counts_for_its_own_bound_and_all_above() -> None:
    histogram = Histogram((1, 10))
    for value in (1, 2, 11):
        histogram.add(value)

    assert list(histogram.buckets()) == [(1, 1), (10, 2), (float("inf"), 3)]
    assert histogram.total == 14
