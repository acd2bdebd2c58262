"""Pages that a door refuses are told of once each, and a stranger who makes origins up fills no log."""

import pytest
from structlog.testing import capture_logs

from teahouse.gateways.doors.foreign_pages import MAX_ORIGINS, ForeignPages


def test_each_origin_is_told_once_at_each_door_with_what_would_let_it_in() -> None:
    pages = ForeignPages()
    with capture_logs() as lines:
        for _ in range(3):
            pages.note("relay", "null")
            pages.note("lines", "null")
            pages.note("relay", "https://old.example:8443")

    assert [(line["door"], line["origin"]) for line in lines] == [
        ("relay", "null"),
        ("lines", "null"),
        ("relay", "https://old.example:8443"),
    ]
    assert "from disk" in lines[0]["event"]
    assert lines[2]["to_let_it_in"].startswith("--door relay[@PORT]+https://old.example:8443, ")
    assert 'origins = ["https://old.example:8443"]' in lines[2]["to_let_it_in"]


def test_origins_that_a_stranger_makes_up_come_to_an_end() -> None:
    pages = ForeignPages()
    with capture_logs() as lines:
        for number in range(10 * MAX_ORIGINS):
            pages.note("relay", f"http://{number}.example")

    assert len(lines) == MAX_ORIGINS + 1
    assert "no more" in lines[-1]["event"]


@pytest.mark.parametrize("origin", ["", "old.example", "http://a\nb", "http://a b", "http://é", "http://a/b", "http://" + "a" * 300, '"'])
def test_what_is_no_origin_is_not_repeated(origin: str) -> None:
    with capture_logs() as lines:
        ForeignPages().note("relay", origin)

    assert lines == []
