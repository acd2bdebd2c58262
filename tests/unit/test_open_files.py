"""How many connections fit into a limit of open files, and that the limit is raised as far as it goes."""

import resource

import pytest
from structlog.testing import capture_logs

from teahouse import open_files, serving

ANY = resource.RLIM_INFINITY


@pytest.mark.parametrize(("limit", "fits"), [(12_512, 12_000), (1024, 512), (1000, 500), (20, 10), (1, 1)])
def test_half_of_a_small_limit_is_for_connections_and_all_but_512_of_a_large_one(limit: int, fits: int) -> None:
    assert open_files.fitting(limit) == fits


@pytest.mark.parametrize(
    ("soft", "hard", "asked_for", "room"),
    [
        (1024, 524_288, 12_000, 12_000),
        (1024, ANY, 12_000, 12_000),
        (ANY, ANY, 12_000, 12_000),
        (20_000, 20_000, 12_000, 12_000),
        (1024, 4096, 12_000, 3584),
        (256, 256, 12_000, 128),
        (256, 256, 128, 128),
    ],
)
def test_the_house_has_room_for_as_many_as_open_files_allow_and_says_when_these_are_fewer_than_asked_for(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, asked_for: int, room: int
) -> None:
    monkeypatch.setattr(open_files.resource, "getrlimit", lambda _kind: (soft, hard))
    monkeypatch.setattr(open_files.resource, "setrlimit", lambda _kind, _limits: None)
    with capture_logs() as logged:
        assert serving._room(asked_for) == room
    assert [line["fitting"] for line in logged] == ([room] if room < asked_for else [])
