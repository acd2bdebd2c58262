"""A start that upgrades the database: it is said, a kill at any point of it leaves the old or the new, a full disk leaves the old."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from teahouse.storage.copying import check_database
from teahouse.storage.database import Database
from teahouse.storage.tables import SCHEMA_VERSION
from tests.faults.disk import small_disk
from tests.faults.server import GENEROUS, Server
from tests.gateways.stranger import Stranger
from tests.storage.earlier import LOBBY, REVISIONS, SAID, make_earlier

REPOSITORY = Path(__file__).parents[2]
COPY = f"teahouse-before-{SCHEMA_VERSION}.db"
STATEMENTS = ("1", "20")
"""Of those by which the first schema becomes the newest; there are more."""


Rows = dict[str, list[str]]
"""Every row of every table, the epoch apart: a copy has another one."""


def make_old_house(folder: Path, revision: str = REVISIONS[0]) -> Rows:
    folder.mkdir(exist_ok=True)
    make_earlier(f"sqlite:///{folder}/teahouse.db", revision)
    return rows_of(folder)


def rows_of(folder: Path, name: str = "teahouse.db") -> Rows:
    with closing(sqlite3.connect(folder / name)) as connection:
        tables = [table for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {table: sorted(map(repr, connection.execute(f"SELECT * FROM {table}"))) for table in tables}
    return rows | {"about": [row for row in rows["about"] if "'epoch'" not in row]}


def version_of(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "teahouse.db")) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


async def test_a_start_says_what_it_upgrades_and_people_find_what_was_said(tmp_path: Path) -> None:
    before = make_old_house(tmp_path / "data")
    with Server(tmp_path / "data") as server:
        newcomer = await Stranger.arrive(server.address, "Newcomer")
        page = await newcomer.ask("page", room=LOBBY, limit=200)
        await newcomer.close()
        assert server.stop() == 0

    assert [message["text"] for message in page["messages"]][3] == "the last of the oolong"
    assert len(page["messages"]) == SAID
    [copied, done] = [line for line in server.log.splitlines() if '"schema_was"' in line]
    assert f'"schema_was": "{REVISIONS[0]}", "schema": "{SCHEMA_VERSION}"' in copied
    assert str(tmp_path / "data" / COPY) in done
    assert rows_of(tmp_path / "data", COPY) == before
    assert {path.stat().st_mode & 0o777 for path in [tmp_path / "data" / COPY]} == {0o600}


@pytest.mark.parametrize("point", ["copying", "checking", "named", *STATEMENTS, "migrated"])
def test_a_kill_at_any_point_leaves_the_old_database_and_the_next_start_makes_the_new_one(tmp_path: Path, point: str) -> None:
    before = make_old_house(tmp_path / "data")
    command = [sys.executable, "-m", "tests.faults.upgrade_child", str(tmp_path / "data"), point]
    killed = subprocess.run(command, cwd=REPOSITORY, env={"PYTHONPATH": "src:."}, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr

    assert rows_of(tmp_path / "data") == before
    if point not in ("copying", "checking"):
        check_database(tmp_path / "data" / COPY)
        assert rows_of(tmp_path / "data", COPY) == before
    else:
        assert not (tmp_path / "data" / COPY).exists()
    database = Database.in_folder(tmp_path / "data")
    database.open()
    database.close()
    assert version_of(tmp_path / "data") == SCHEMA_VERSION
    assert rows_of(tmp_path / "data", COPY) == before
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == [COPY, "teahouse.db"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs a tmpfs")
def test_a_disk_without_room_for_the_copy_is_told_and_the_house_opens_without_one_when_told_to(tmp_path: Path) -> None:
    with small_disk(tmp_path / "data") as disk:
        if disk is None:
            pytest.skip("only root may mount a small disk")
        make_old_house(tmp_path / "data")
        with closing(sqlite3.connect(tmp_path / "data" / "teahouse.db")) as connection:
            connection.execute("CREATE TABLE ballast (bytes BLOB)")
            connection.execute("INSERT INTO ballast VALUES (zeroblob(1600000))")
            connection.commit()
        before = rows_of(tmp_path / "data")

        with pytest.raises(RuntimeError, match=r"Make room, .*TEAHOUSE_COPY_BEFORE_UPGRADE=false"):
            Server(tmp_path / "data").start()
        assert rows_of(tmp_path / "data") == before
        with Server(tmp_path / "data", GENEROUS | {"COPY_BEFORE_UPGRADE": "false"}) as server:
            assert server.stop() == 0
        assert version_of(tmp_path / "data") == SCHEMA_VERSION


def test_a_command_beside_a_house_of_an_older_schema_leaves_it_alone(tmp_path: Path) -> None:
    before = make_old_house(tmp_path / "data", REVISIONS[-1])
    for command in (["owner-link"], ["newcomers", "off"]):
        asked = [sys.executable, "-m", "teahouse", *command, "--data", str(tmp_path / "data")]
        done = subprocess.run(asked, env={"PYTHONPATH": str(REPOSITORY / "src")}, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"schema {REVISIONS[-1]}, this Teahouse wants {SCHEMA_VERSION}" in done.stderr
    assert rows_of(tmp_path / "data") == before
