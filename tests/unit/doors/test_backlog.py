"""What a client of an old door has said and waits: bounded by what it takes in memory, whatever its frames are."""

from teahouse.gateways.dialects.spoken import Quit, Say
from teahouse.gateways.doors.backlog import MAX_BYTES, MAX_FRAMES, Backlog


def backlog() -> Backlog:
    return Backlog(lambda: None)


def test_many_short_frames_fill_it() -> None:
    waiting = backlog()
    for _ in range(MAX_FRAMES):
        assert not waiting.is_full
        waiting.add(b"hi")
    assert waiting.is_full


def test_a_few_long_frames_fill_it_and_one_of_any_length_is_taken() -> None:
    waiting = backlog()
    waiting.add(b"x" * (MAX_BYTES - 1))
    assert not waiting.is_full
    waiting.add(b"x" * 65_536)
    assert waiting.is_full
    assert (len(waiting.take()), len(waiting.take())) == (MAX_BYTES - 1, 65_536)
    assert not waiting.is_full


def test_it_has_room_again_once_half_is_done() -> None:
    waiting = backlog()
    for _ in range(4):
        waiting.add(b"x" * (MAX_BYTES // 4))
    waiting.take()
    assert waiting.is_full
    waiting.take()
    assert not waiting.is_full


def test_what_is_under_way_counts_until_it_is_done_with_what_its_characters_take() -> None:
    waiting = backlog()
    waiting.begin(Say("茶" * 20_000))
    assert waiting.is_full
    assert waiting.size >= 40_000
    waiting.done()
    assert (waiting.size, waiting.is_full) == (0, False)
    waiting.begin(Quit())
    waiting.done()
    assert waiting.size == 0


def test_what_nobody_will_do_takes_nothing() -> None:
    waiting = backlog()
    waiting.add(b"hi")
    waiting.begin(Say("hi"))
    waiting.clear()
    assert (waiting.size, len(waiting)) == (0, 0)
    waiting.done()
    assert waiting.size == 0


def test_its_owner_hears_of_every_change() -> None:
    sizes: list[int] = []
    waiting = Backlog(lambda: sizes.append(waiting.size))
    waiting.add(b"abc")
    waiting.take()
    assert sizes == [3, 0]
