"""What the doctor says of backups: how old the last good one is, and nothing of other houses' ones."""

import os
import shutil
import time
from pathlib import Path

import pytest

from teahouse.backup.folder import aside
from teahouse.backup.making import make
from teahouse.doctor.backups import DAY_MS, backup
from teahouse.doctor.findings import Finding
from teahouse.settings import Settings
from teahouse.storage.database import Database
from tests.backup.houses import change, talk


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A house in which people have been for a month."""
    talk(tmp_path / "data", "hello")
    change(tmp_path / "data", f"UPDATE users SET at = {now_ms() - 30 * DAY_MS}")
    return tmp_path / "data"


def found(data: Path) -> Finding:
    [finding] = backup(Settings(data_dir=data)).findings
    return finding


def backed_up(data: Path, tmp_path: Path, age_ms: float) -> Path:
    make(data, tmp_path / "house.backup", now_ms() - int(age_ms))
    return tmp_path / "house.backup"


@pytest.mark.parametrize(
    ("days", "state", "words"),
    [
        (0.01, "ok", "14 minutes old"),
        (0.5, "ok", "12 hours old"),
        (3, "ok", "3 days old"),
        (30, "note", "30 days old"),
        (-0.01, "ok", "-14 minutes old"),
        (-400, "note", "-400 days old"),
    ],
)
def test_the_age_of_the_last_good_backup_is_told(data: Path, tmp_path: Path, days: float, state: str, words: str) -> None:
    file = backed_up(data, tmp_path, days * DAY_MS)
    finding = found(data)
    assert finding.state == state
    assert f"the last good one is {words}" in finding.seen and str(file) in finding.seen


def test_a_house_without_one_is_told_how_to_make_one(data: Path) -> None:
    finding = found(data)
    assert (finding.state, finding.seen) == ("note", "no backup of this house is known here")
    assert finding.mend["shell"].startswith("teahouse backup ")


@pytest.mark.parametrize(("hours", "state"), [(0, "ok"), (23, "ok"), (25, "note")])
def test_a_house_is_given_a_day_to_have_one(data: Path, hours: int, state: str) -> None:
    change(data, f"UPDATE users SET at = {now_ms() - hours * 3_600_000} WHERE role <> 'bot'")
    assert found(data).state == state


def test_where_nobody_is_nothing_is_missing(tmp_path: Path, data: Path) -> None:
    assert found(tmp_path / "none").state == "ok"
    assert not (tmp_path / "none").exists()
    database = Database.in_folder(tmp_path / "new")
    assert found(tmp_path / "new").state == "ok"
    database.open()
    database.close()
    assert found(tmp_path / "new").state == "ok"
    change(data, "UPDATE users SET role = 'bot'")
    assert found(data).state == "ok", "the robot is nobody"


@pytest.mark.parametrize("change_file", ["gone", "another"])
def test_a_backup_that_is_not_where_it_was_put_is_no_comfort(data: Path, tmp_path: Path, change_file: str) -> None:
    file = backed_up(data, tmp_path, 0)
    if change_file == "gone":
        file.unlink()
    else:
        file.write_bytes(b"something else")
    assert (found(data).state, "cannot be seen there now" in found(data).seen) == ("note", True)


def test_a_house_of_another_life_has_no_backup_yet(data: Path, tmp_path: Path) -> None:
    backed_up(data, tmp_path, 0)
    shutil.copytree(data, tmp_path / "copy")
    for life in ("UPDATE about SET value = 'another' WHERE key = 'epoch'", "DELETE FROM about WHERE key = 'epoch'"):
        change(tmp_path / "copy", life)
        assert found(tmp_path / "copy").seen == "no backup of this house is known here"


def test_whose_database_is_damaged_hears_of_the_backup_all_the_more(data: Path, tmp_path: Path) -> None:
    file = backed_up(data, tmp_path, 0)
    (data / "teahouse.db").write_bytes(b"\xff" * 100_000)
    assert (found(data).state, str(file) in found(data).seen) == ("ok", True)
    (data / "backup.json").unlink()
    assert found(data).state == "note"


@pytest.mark.parametrize("words", [b"{", b"\xff", b'{"at":99999999999999999,"file":"x","bytes":1,"epoch":"e"}'])
def test_what_was_noted_and_cannot_be_read_is_as_if_it_was_not(data: Path, words: bytes) -> None:
    with aside(data / "backup.json") as file:
        file.write(words)
    assert found(data).state == "note"


def test_a_pipe_in_place_of_what_was_noted_is_not_read(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(data / "backup.json")
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} is read, which may never end"))
    assert found(data).state == "note"
