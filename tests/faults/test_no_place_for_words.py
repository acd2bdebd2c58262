"""A house that has nowhere to write its words opens, serves and ends as ever: closed streams, a full disk, a pipe nobody reads."""

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from teahouse.model import LOBBY
from tests.faults.redirected import WAYS
from tests.faults.server import GENEROUS, Server
from tests.gateways.house import say
from tests.gateways.stranger import Stranger

SCRIPT = str(Path(__file__).with_name("redirected.py"))
REQUESTS = 600
"""Each writes a line of some hundred bytes; a pipe holds 64 KiB."""


class Redirected(Server):
    """A server whose standard streams are as one of WAYS has them."""

    def __init__(self, data: Path, way: str) -> None:
        super().__init__(data, GENEROUS | {"LOG_LEVEL": "debug"})
        self.program = (SCRIPT, way)


@pytest.mark.parametrize("way", [way for way in WAYS if way != "full disk" or Path("/dev/full").exists()])
async def test_a_house_without_a_place_for_its_words_serves_and_ends_in_order(way: str, tmp_path: Path) -> None:
    with Redirected(tmp_path / "data", way) as server:
        async with httpx.AsyncClient(base_url=server.address, trust_env=False) as client:
            assert {(await client.get("/healthz")).status_code for _ in range(REQUESTS)} == {200}
            metrics = (await client.get("/metrics")).text
        guest = await Stranger.arrive(server.address, "Guest")
        seq = await say(guest, LOBBY, "hello")
        await guest.close()
        assert server.stop() == 0

        lost = float(next(line.split()[1] for line in metrics.splitlines() if line.startswith("teahouse_log_lines_lost_total ")))
        assert (lost > 0) == ("closed" not in way), "what goes to the null device is not lost: nobody wants it"
        assert seq in texts(server.data)


def texts(data: Path) -> set[int]:
    """Return the numbers of the lobby's messages, from a database that is whole."""
    with closing(sqlite3.connect(data / "teahouse.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {seq for (seq,) in database.execute("SELECT seq FROM messages WHERE room_id = ?", (LOBBY,))}


@pytest.mark.parametrize("way", ["both closed", "full disk", "nobody"])
def test_why_it_cannot_open_is_its_exit_code_where_it_cannot_be_said(way: str, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    server = Redirected(tmp_path / "data", way)

    with pytest.raises(RuntimeError, match="did not come up"):
        server.start()

    assert server.process is not None
    assert server.process.returncode == 2
