"""How often the robot answers, and that it complains but once."""

from teahouse.bots.patience import MAX_BUCKETS, Patience


def test_it_answers_a_burst_then_says_so_once_then_keeps_silent():
    patience = Patience(burst=3, every_s=2)
    assert [patience.asked("aiko", 0) for _ in range(6)] == ["answer", "answer", "answer", "say so", "silence", "silence"]


def test_each_one_has_a_patience_of_their_own():
    patience = Patience(burst=1, every_s=2)
    assert [patience.asked(by, 0) for by in ("aiko", "ben", "aiko")] == ["answer", "answer", "say so"]


def test_patience_comes_back_with_time():
    patience = Patience(burst=1, every_s=2)
    patience.asked("aiko", 0)
    assert patience.asked("aiko", 1.9) == "say so"
    assert patience.asked("aiko", 2.0) == "answer"


def test_it_complains_again_only_after_a_full_rest():
    patience = Patience(burst=2, every_s=1)
    verdicts = [patience.asked("aiko", now) for now in (0, 0, 0, 1, 1, 2, 2)]
    assert verdicts == ["answer", "answer", "say so", "answer", "silence", "answer", "silence"]
    rested = [patience.asked("aiko", 10) for _ in range(3)]
    assert rested == ["answer", "answer", "say so"]


def test_a_clock_that_jumps_back_gives_and_takes_nothing():
    patience = Patience(burst=1, every_s=2)
    patience.asked("aiko", 100)
    assert patience.asked("aiko", 0) == "say so"
    assert patience.asked("aiko", 2) == "answer"


def test_those_who_have_rested_are_forgotten_so_that_strangers_cost_no_memory():
    patience = Patience(burst=1, every_s=1)
    for stranger in range(3 * MAX_BUCKETS):
        patience.asked(stranger, stranger)
    assert len(patience._buckets) <= MAX_BUCKETS
