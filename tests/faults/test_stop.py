"""A house that is told to stop ends in order and soon, whatever other programs do to its database."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.faults.server import Server


def test_a_stop_waits_for_no_other_programs_lock(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server, closing(sqlite3.connect(server.data / "teahouse.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert server.stop() == 0
        assert "the house's clock was not stored" in server.log, "which costs it an hour at most"
