"""A machine whose clock is wrong at a start: nobody loses their session, name or room by it, and whoever runs the house is told."""

from pathlib import Path

import httpx
import pytest

from tests.faults.server import GENEROUS, Server

AHEAD = """
import sys, time
days, real = int(sys.argv.pop(1)), time.time_ns
time.time_ns = lambda: real() + days * 86_400_000_000_000
from teahouse.cli import main
main()
"""


class OffServer(Server):
    """A server on a machine whose calendar is so many days off."""

    def __init__(self, data: Path, days: int) -> None:
        super().__init__(data, GENEROUS)
        script = data.with_name("ahead.py")
        script.write_text(AHEAD)
        self.program = (str(script), str(days))


def visit(server: Server, **cookies: str) -> httpx.Client:
    return httpx.Client(base_url=server.address, headers={"Content-Type": "application/json"}, cookies=cookies, trust_env=False)


@pytest.mark.parametrize("days", [500, -500])
def test_one_start_with_a_wrong_clock_takes_nothing_from_anybody(tmp_path: Path, days: int) -> None:
    data = tmp_path / "data"
    with OffServer(data, 0) as server, visit(server) as aiko:
        aiko.post("/api/v1/session", json={"name": "Aiko", "face": "f01"}).raise_for_status()
        made = aiko.post("/api/v1/rooms", json={"kind": "private", "name": "Diary", "client_id": "d"})
        room = made.raise_for_status().json()["room"]["id"]
        cookies = dict(aiko.cookies)
        assert server.stop() == 0
    with OffServer(data, days) as server, visit(server, **cookies) as aiko:
        assert aiko.get("/api/v1/me").status_code == 200
        assert server.stop() == 0
        told = "the house was shut for more than a month" if days > 0 else "the clock stands before"
        assert server.log.count(told) == 1
    with OffServer(data, 0) as server, visit(server, **cookies) as aiko, visit(server) as mallory:
        standings = aiko.get("/api/v1/rooms").raise_for_status().json()["rooms"]
        assert room in [standing["room"]["id"] for standing in standings]
        assert mallory.post("/api/v1/session", json={"name": "Aiko", "face": "f01"}).json()["code"] == "name_taken"
        assert server.stop() == 0
