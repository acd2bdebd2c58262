"""What the robot logs of an answer that it cannot give."""

import pytest
from structlog.testing import capture_logs

from teahouse.bots.voice import complain
from teahouse.errors import Damaged, NotAllowed, TooMuch, Unavailable


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (Unavailable("the disk is full"), "debug"),
        (Damaged("the database is damaged there"), "debug"),
        (TooMuch("wait"), "warning"),
        (NotAllowed("not in this room"), "warning"),
        (KeyError("a fault in the program"), "error"),
    ],
)
def test_of_a_database_that_fails_no_second_line_is_logged_at_info(error: Exception, level: str) -> None:
    with capture_logs() as logged:
        complain("robot_reply_failed", error, room=1, seq=2)

    [line] = logged
    assert (line["event"], line["log_level"], line["room"], line["seq"]) == ("robot_reply_failed", level, 1, 2)
