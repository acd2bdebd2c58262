"""When the next batch begins, on a clock that is moved by hand: a disk that takes 0.5 ms, a room that takes 5 ms to write."""

from teahouse.storage.pacing import MOST_S, SHARE, Pacing

COMMIT_S = 0.0005
LARGE_ROOM_S = 0.005
SMALL_ROOM_S = 0.0005
SHORTLY_S = 0.0001


def after_a_batch(size: int, telling_s: float, waiting: int) -> tuple[Pacing, float]:
    """Return the pacing and the time just after a batch was committed and told; `waiting` came meanwhile."""
    pacing = Pacing()
    pacing.committed(1.0, COMMIT_S, size)
    pacing.told(1.0 + telling_s, waiting)
    return pacing, 1.0 + telling_s


def test_the_first_batch_begins_at_once() -> None:
    assert Pacing().may_begin(1.0, 1)


def test_one_who_talks_alone_in_a_large_room_is_never_held_up() -> None:
    pacing, now = after_a_batch(1, LARGE_ROOM_S, waiting=0)
    assert pacing.may_begin(now + SHORTLY_S, 1)


def test_in_a_small_room_the_next_batch_begins_while_the_last_is_told() -> None:
    pacing, now = after_a_batch(8, SMALL_ROOM_S, waiting=8)
    pacing.committed(now, COMMIT_S, 8)
    assert pacing.may_begin(now, 8)


def test_in_a_large_room_the_next_batch_waits_for_the_telling_of_the_last() -> None:
    pacing, now = after_a_batch(8, LARGE_ROOM_S, waiting=8)
    pacing.committed(now, COMMIT_S, 8)
    assert not pacing.may_begin(now, 8)


def test_two_halves_become_one_when_those_who_were_told_answer() -> None:
    pacing, now = after_a_batch(8, LARGE_ROOM_S, waiting=8)
    assert not pacing.may_begin(now, 8)
    assert not pacing.may_begin(now + SHORTLY_S, 15)
    assert pacing.may_begin(now + SHORTLY_S, 16)


def test_the_first_of_many_answers_waits_for_the_others() -> None:
    pacing, now = after_a_batch(16, LARGE_ROOM_S, waiting=0)
    assert not pacing.may_begin(now + SHORTLY_S, 1)
    assert pacing.may_begin(now + 2 * SHORTLY_S, 16)


def test_those_who_do_not_answer_are_waited_for_no_longer_than_a_share_of_the_telling() -> None:
    pacing, now = after_a_batch(8, LARGE_ROOM_S, waiting=8)
    assert pacing.may_begin(now + 1.01 * SHARE * LARGE_ROOM_S, 8)


def test_who_comes_after_a_pause_is_not_held_up() -> None:
    pacing, now = after_a_batch(16, LARGE_ROOM_S, waiting=5)
    assert pacing.may_begin(now + 1.0, 1)


def test_a_telling_that_takes_very_long_holds_nobody_up_longer_than_the_limit() -> None:
    pacing, now = after_a_batch(8, 100 * LARGE_ROOM_S, waiting=8)
    assert pacing.may_begin(now + MOST_S, 8)
    pacing.committed(now, COMMIT_S, 8)
    assert not pacing.may_begin(now + MOST_S / 2, 8)
    assert pacing.may_begin(now + MOST_S, 8)


def test_a_slow_disk_gathers_by_itself_and_is_never_waited_for_twice() -> None:
    pacing = Pacing()
    pacing.committed(1.0, 0.02, 8)
    pacing.told(1.0 + LARGE_ROOM_S, 8)
    assert pacing.may_begin(1.0 + LARGE_ROOM_S, 8)
