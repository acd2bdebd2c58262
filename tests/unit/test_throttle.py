"""Rates with a burst, by the clock that they are given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse import throttle
from teahouse.errors import TooMuch
from teahouse.throttle import Throttle


def test_a_burst_passes_at_once_and_then_the_rate_holds() -> None:
    bucket = Throttle(rate_per_s=2, burst=3)
    assert [bucket.take("a", 0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert bucket.take("a", 0.5) == 0
    assert bucket.take("a", 0.5) == 0.5


def test_waiting_as_long_as_one_is_told_is_enough() -> None:
    bucket = Throttle(rate_per_s=3, burst=1)
    now = 0.0
    bucket.check("a", now, "messages")
    for _ in range(20):
        with pytest.raises(TooMuch) as refused:
            bucket.check("a", now, "messages")
        now += refused.value.retry_after_s or 0
        bucket.check("a", now, "messages")


def test_what_was_done_already_is_taken_whole_and_nobody_owes() -> None:
    bucket = Throttle(rate_per_s=2, burst=10)
    assert bucket.spend("a", 10, 0)
    assert not bucket.spend("a", 1, 0)
    assert not bucket.spend("a", 100, 0)
    assert bucket.refused == 2
    assert bucket.spend("a", 2, 1), "as much as came in a second, whatever was asked for before"
    assert not bucket.spend("a", 1, -5), "a clock that jumps back gives nothing"
    assert bucket.spend("b", 10, 1)


def test_one_key_takes_nothing_from_another() -> None:
    bucket = Throttle(rate_per_s=1, burst=1)
    assert bucket.take("a", 0) == bucket.take("b", 0) == 0


def test_asking_in_vain_does_not_make_the_wait_longer() -> None:
    bucket = Throttle(rate_per_s=1, burst=1)
    bucket.take("a", 0)
    for tenth in range(1, 10):
        assert bucket.take("a", tenth / 10) > 0
    assert bucket.take("a", 1) == 0


def test_a_clock_that_jumps_back_neither_gives_nor_takes() -> None:
    bucket = Throttle(rate_per_s=1, burst=2)
    bucket.take("a", 10_000)
    bucket.take("a", 10_000)
    assert bucket.take("a", 0) > 0
    assert bucket.take("a", 1) == 0
    assert bucket.take("a", 1) > 0


@given(st.lists(st.floats(0, 5), max_size=60), st.floats(0.5, 5), st.integers(1, 5))
def test_no_more_than_the_burst_and_the_rate_ever_pass(pauses: list[float], rate: float, burst: int) -> None:
    bucket = Throttle(rate, burst)
    now, passed = 0.0, 0
    for pause in pauses:
        now += pause
        passed += bucket.take("a", now) == 0
    assert passed <= burst + rate * now + 0.001


def test_many_keys_are_forgotten_once_they_are_as_good_as_new_and_no_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MANY", 10)
    bucket = Throttle(rate_per_s=1, burst=1)
    for second in range(1000):
        bucket.take(second, float(second))
    assert len(bucket._buckets) < 50

    bucket = Throttle(rate_per_s=0.001, burst=1)
    for key in range(100):
        bucket.take(key, 0.0)
    assert all(bucket.take(key, 1.0) > 0 for key in range(100))
