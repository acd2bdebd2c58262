"""What is told in the log of what strangers cause: that it happens and how often, a line a minute at most."""

import math

import pytest

from teahouse.errors import NotAllowed
from teahouse.occurrences import TELL_EVERY_S, Occurrences


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> "Told":
    return Told(capsys)


class Told:
    """What the log was told since it was looked at last."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    @property
    def lines(self) -> list[str]:
        return self._capsys.readouterr().out.splitlines()


def test_nothing_is_told_of_nothing(told: Told) -> None:
    Occurrences("doors were slammed").tell(math.inf)

    assert told.lines == []


def test_the_first_is_told_at_once_and_all_others_of_its_minute_in_one_line(told: Told) -> None:
    slammed = Occurrences("doors were slammed")
    slammed.add("front")
    slammed.tell(0)
    [first] = told.lines
    assert "doors were slammed" in first and "front=1" in first

    for second in range(int(TELL_EVERY_S)):
        slammed.add("front")
        slammed.add("back")
        slammed.tell(second)
    assert told.lines == []

    slammed.tell(TELL_EVERY_S)
    [second_line] = told.lines
    assert f"front={int(TELL_EVERY_S)}" in second_line and f"back={int(TELL_EVERY_S)}" in second_line
    slammed.tell(3 * TELL_EVERY_S)
    assert told.lines == []


def test_at_the_end_the_rest_is_told(told: Told) -> None:
    slammed = Occurrences("doors were slammed")
    slammed.add("front")
    slammed.tell(0)
    slammed.add("back")

    slammed.tell(math.inf)

    assert ["back=1" in line for line in told.lines] == [False, True]


def test_of_details_the_latest_are_told_once(told: Told) -> None:
    slammed = Occurrences("doors were slammed")
    slammed.add("front", by="the wind")
    slammed.add("front", by="a guest")
    slammed.tell(0)
    [line] = told.lines
    assert "by='a guest'" in line or "by=a guest" in line

    slammed.add("front")
    slammed.tell(TELL_EVERY_S)
    assert "guest" not in told.lines[0]


def test_a_refusal_is_counted_by_its_code_and_goes_on() -> None:
    refused = Occurrences("sign-ins are refused")

    with pytest.raises(NotAllowed), refused.of_refusals():
        raise NotAllowed("not today", code="bad_key")
    with refused.of_refusals():
        pass

    assert refused.counts == {"bad_key": 1}
