"""Read marks are gathered and told together."""

from teahouse.bots.marks import Marks


def test_nothing_reached_is_nothing_due():
    assert Marks(5).due_in(100) is None


def test_marks_are_due_a_while_after_the_first_and_only_the_furthest_counts():
    marks = Marks(5)
    marks.reached(1, 10, 100)
    marks.reached(1, 12, 103)
    marks.reached(1, 11, 103)
    marks.reached(2, 4, 104)
    assert [marks.due_in(now) for now in (100, 104, 105, 200)] == [5, 1, 0, 0]
    assert marks.take(200) == {1: 12, 2: 4}
    assert marks.due_in(200) is None


def test_a_room_that_was_left_is_not_told():
    marks = Marks(5)
    marks.reached(1, 10, 100)
    marks.forget(1)
    assert marks.take(200) == {}


def test_what_is_held_is_not_told_until_it_is_released():
    marks = Marks(5)
    marks.hold(1, 8)
    marks.hold(1, 10)
    marks.reached(1, 12, 100)
    assert marks.take(105) == {1: 7}
    assert marks.due_in(110) == 0
    assert marks.take(110) == {}
    marks.release(1, 8)
    assert marks.take(115) == {1: 9}
    marks.release(1, 10)
    assert marks.take(120) == {1: 12}
    assert marks.due_in(125) is None
