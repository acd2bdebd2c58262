"""Which backups stay in a folder, and when the next one is due."""

from pathlib import Path

import pytest

from teahouse.backup.rotation import Rotation

DAY_MS = 24 * 3_600_000
NOW_MS = 1_780_000_000_000


@pytest.fixture
def rotation(tmp_path: Path) -> Rotation:
    return Rotation(tmp_path, "0123456789abcdef")


def put(rotation: Rotation, *at_ms: int) -> None:
    for each in at_ms:
        rotation.next_file(each).touch()


def test_the_newest_stay_by_number_whatever_the_clock_said(rotation: Rotation) -> None:
    put(rotation, NOW_MS, NOW_MS + 400 * DAY_MS, NOW_MS - 400 * DAY_MS, NOW_MS)
    newest = rotation.own()[-2:]
    rotation.drop_old(2)
    assert rotation.own() == newest


def test_the_numbers_do_not_end(rotation: Rotation, tmp_path: Path) -> None:
    put(rotation, NOW_MS)
    [first] = rotation.own()
    first.rename(tmp_path / first.name.replace("000001", "999999"))
    put(rotation, NOW_MS)
    assert [file.name.split("-")[1] for file in rotation.own()] == ["999999", "1000000"]


def test_other_files_are_left_alone(rotation: Rotation, tmp_path: Path) -> None:
    others = ["mine.backup", "teahouse-000001.backup", "teahouse-000001-20260101T000000Z.backup.old", ".teahouse-000002.part"]
    for name in others:
        (tmp_path / name).touch()
    put(rotation, NOW_MS)
    (tmp_path / rotation.own()[0].name.replace("000001", "000002")).mkdir()
    put(rotation, NOW_MS + 1)
    rotation.drop_old(1)
    assert [each.name[:15] for each in rotation.own()] == ["teahouse-000003"]
    assert rotation.others() == []
    assert {each.name for each in tmp_path.iterdir() if each.is_file()} == {*others, rotation.own()[0].name}


@pytest.mark.parametrize(
    ("age_ms", "due"),
    [(0, False), (DAY_MS // 2, False), (DAY_MS - 60_000, True), (2 * DAY_MS, True), (-1_000, True), (-400 * DAY_MS, True)],
    ids=["just now", "half a day", "a minute before its time", "two days", "a second ahead", "of a wrong clock"],
)
def test_the_next_one_is_due_when_the_newest_is_old_or_from_the_future(rotation: Rotation, age_ms: int, due: bool) -> None:
    assert rotation.is_due(DAY_MS, NOW_MS)
    put(rotation, NOW_MS - age_ms)
    assert rotation.is_due(DAY_MS, NOW_MS) is due


def test_each_life_has_its_own_and_no_other_removes_them(rotation: Rotation, tmp_path: Path) -> None:
    """Two houses in one folder, or one that was restored, or an empty one that came in its place."""
    first = tmp_path / "teahouse-000001-20260101T000000Z.backup"
    first.touch()
    other = Rotation(tmp_path, "fedcba9876543210")
    put(rotation, NOW_MS - 2 * DAY_MS, NOW_MS)
    put(other, NOW_MS - 2 * DAY_MS)
    assert other.is_due(DAY_MS, NOW_MS) and not rotation.is_due(DAY_MS, NOW_MS)
    put(other, NOW_MS)
    theirs, ours = other.own(), rotation.own()
    rotation.drop_old(1)
    assert rotation.own() == ours[-1:]
    assert other.own() == theirs
    assert rotation.others() == [first, *theirs]
