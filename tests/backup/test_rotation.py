"""Which backups stay in a folder, and when the next one is due."""

from pathlib import Path

import pytest

from teahouse.backup import rotation

DAY_MS = 24 * 3_600_000
NOW_MS = 1_780_000_000_000


def put(folder: Path, *at_ms: int) -> None:
    for each in at_ms:
        rotation.next_file(folder, each).touch()


def test_the_newest_stay_by_number_whatever_the_clock_said(tmp_path: Path) -> None:
    put(tmp_path, NOW_MS, NOW_MS + 400 * DAY_MS, NOW_MS - 400 * DAY_MS, NOW_MS)
    newest = rotation.kept(tmp_path)[-2:]
    rotation.drop_old(tmp_path, 2)
    assert rotation.kept(tmp_path) == newest


def test_the_numbers_do_not_end(tmp_path: Path) -> None:
    (tmp_path / "teahouse-999999-20260101T000000Z.backup").touch()
    put(tmp_path, NOW_MS)
    assert [file.name.split("-")[1] for file in rotation.kept(tmp_path)] == ["999999", "1000000"]


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    others = ["mine.backup", "teahouse-000001.backup", "teahouse-000001-20260101T000000Z.backup.old", ".teahouse-000002.part"]
    for name in others:
        (tmp_path / name).touch()
    put(tmp_path, NOW_MS, NOW_MS + 1)
    rotation.drop_old(tmp_path, 1)
    assert {each.name for each in tmp_path.iterdir()} - {each.name for each in rotation.kept(tmp_path)} == set(others)


@pytest.mark.parametrize(
    ("age_ms", "due"),
    [(0, False), (DAY_MS // 2, False), (DAY_MS - 60_000, True), (2 * DAY_MS, True), (-1_000, True), (-400 * DAY_MS, True)],
    ids=["just now", "half a day", "a minute before its time", "two days", "a second ahead", "of a wrong clock"],
)
def test_the_next_one_is_due_when_the_newest_is_old_or_from_the_future(tmp_path: Path, age_ms: int, due: bool) -> None:
    assert rotation.is_due(tmp_path, None, DAY_MS, NOW_MS)
    put(tmp_path, NOW_MS - age_ms)
    [newest] = rotation.kept(tmp_path)
    assert rotation.is_due(tmp_path, str(newest), DAY_MS, NOW_MS) is due


def test_another_houses_backup_is_not_taken_for_ones_own(tmp_path: Path) -> None:
    """Two houses that keep theirs in one folder would else leave one of them without any, and nobody would hear of it."""
    put(tmp_path, NOW_MS, NOW_MS)
    own, others = rotation.kept(tmp_path)
    assert rotation.is_due(tmp_path, str(own), DAY_MS, NOW_MS)
    assert not rotation.is_due(tmp_path, str(others), DAY_MS, NOW_MS)
    assert rotation.is_due(tmp_path, None, DAY_MS, NOW_MS)
