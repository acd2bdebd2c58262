"""`kill -9` before any step of a backup or a restore leaves the old or the new, never half, and the next one goes on."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.backup.houses import backup, said, talk

ROOT = Path(__file__).parents[2]


def kills(what: str, data: Path, file: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.backup.killed", what, str(data), str(file)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(results) > 20, "hardly a step was tried"
    assert [each["died"] for each in results] == [True] * (len(results) - 1) + [False]
    return results


def test_a_backup_that_is_killed_at_any_step_leaves_the_old_one_or_the_new_one(data: Path, tmp_path: Path) -> None:
    file = backup(data, tmp_path / "house.backup")
    talk(data, "one more")
    results = kills("backup", data, file)
    assert {each["messages"] for each in results[:-1]} == {30, 31}
    assert results[-1]["messages"] == 31
    assert results[-1]["left"] == [], "what the killed ones left was not taken away"
    assert [each["left_in_house"] for each in results] == [[]] * len(results)


@pytest.mark.parametrize("state", ["shut", "killed"])
def test_a_restore_that_is_killed_at_any_step_leaves_the_old_house_or_the_new_one(data: Path, tmp_path: Path, state: str) -> None:
    file = backup(data, tmp_path / "house.backup")
    new = said(data)
    talk(data, "after the backup")
    old = said(data)
    if state == "killed":
        old = killed_while_writing(data)
    for each in kills("restore", data, file):
        assert each["found"] in (old, new)
        assert each["after"] == new
        assert old in each["kept"], "the house as it was is gone"
        assert each["left"] == []
        assert each["started"] == each["found"]
        assert old in [each["started"], *each["kept_at_start"]], "the house as it was is gone"


def killed_while_writing(data: Path) -> list[str]:
    """Let the last words of the house stand in its write-ahead log alone; return all of them."""
    with closing(sqlite3.connect(data / "teahouse.db", isolation_level=None)) as house:
        house.execute("PRAGMA wal_autocheckpoint = 0")
        house.execute("UPDATE messages SET text = 'in the log' WHERE seq = (SELECT max(seq) FROM messages)")
        shutil.copytree(data, data.with_name("as it was"))
    shutil.rmtree(data)
    data.with_name("as it was").rename(data)
    assert (data / "teahouse.db-wal").stat().st_size > 0
    with_log = data.with_name("looked at")
    shutil.copytree(data, with_log)
    return said(with_log)
