"""Who talks too fast at a door writes one line a minute into the log."""

import structlog

from teahouse.gateways.doors.given_up import GivenUp


def test_one_line_a_minute_tells_how_much_was_given_up() -> None:
    given_up = GivenUp()
    with structlog.testing.capture_logs() as lines:
        for second in range(0, 121):
            given_up.note("lines", float(second))
    assert [line["times"] for line in lines] == [1, 60, 60]
