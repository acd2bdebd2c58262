"""What flows: a stream is held back when it is so twice, for whoever looks may have been kept from looking in time."""

from typing import cast

from teahouse.doctor.findings import Finding
from teahouse.doctor.flow import stream
from teahouse.doctor.line import Answer
from teahouse.doctor.target import target
from teahouse.doctor.visit import Visit


class Stub:
    """Stands for a visit: in each answer, this long lies between the first event and the last."""

    server = ""
    target = target("http://127.0.0.1:1")

    def __init__(self, *spreads_s: float) -> None:
        self._spreads_s = list(spreads_s)

    def ask(self, *_: object) -> Answer:
        return Answer(200, "OK", "1.1", [], arrivals=[0.1, 0.1 + self._spreads_s.pop(0)], pieces=[9, 9])


def found(*spreads_s: float) -> Finding:
    [finding] = stream(cast(Visit, Stub(*spreads_s))).findings
    return finding


def test_events_that_come_apart_are_looked_at_once() -> None:
    assert found(0.4).state == "ok"


def test_events_that_come_apart_the_second_time_are_not_held_back() -> None:
    assert found(0.0, 0.4).state == "ok"


def test_events_that_come_at_once_twice_are_held_back() -> None:
    finding = found(0.0, 0.1)
    assert (finding.check, finding.state) == ("buffering", "mend")
