"""A data folder that belongs to somebody else: each step says what it can, and no line undoes what another says."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from teahouse.doctor.command import HERE
from teahouse.doctor.findings import Finding
from teahouse.settings import Settings
from teahouse.storage.database import Database
from tests.doctor.another_user import NUMBER, another_user


@pytest.fixture
def data() -> Iterator[Path]:
    """A house's folder below others that everybody may enter, which the tests' own may not be."""
    outer = Path(tempfile.mkdtemp(prefix="teahouse-"))
    outer.chmod(0o755)
    data = outer / "house/data"
    data.parent.mkdir(mode=0o755)
    database = Database.in_folder(data)
    database.open()
    database.close()
    yield data
    for folder in (data.parent, data):
        folder.chmod(0o700)
    shutil.rmtree(outer)


def seen(data: Path) -> list[Finding]:
    """What another user's doctor sees."""
    with another_user():
        return [finding for step in HERE for finding in step(Settings(data_dir=data, port=0)).findings]


def test_of_a_folder_that_is_shut_each_step_says_so_and_one_says_what_to_do(data: Path) -> None:
    data.chmod(0)
    found = seen(data)
    assert [each.state for each in found if each.check == "unseen"] == ["note"] * 3, "files, database and backup"
    [folder] = [each for each in found if each.check == "folder"]
    assert folder.state == "mend" and folder.mend["shell"].startswith("sudo chown -R ")
    assert {"python", "port", "clock"} <= {each.check for each in found}


def test_below_a_folder_that_is_shut_another_place_is_what_helps(data: Path) -> None:
    data.parent.chmod(0)
    found = seen(data)
    assert [each.state for each in found if each.check == "unseen"] == ["note"] * 3
    [folder] = [each for each in found if each.check == "folder"]
    assert (folder.state, folder.mend) == ("mend", {"settings": 'data_dir = "/a/folder/of/this/user"'})


@pytest.mark.skipif(os.getuid() != 0, reason="only root may give a file away")
def test_a_folder_of_another_user_with_files_of_ours_is_to_be_ours_and_no_file_to_be_theirs(data: Path) -> None:
    data.chmod(0o755)
    for path in data.iterdir():
        os.chown(path, NUMBER, NUMBER)
    lines = [line for each in seen(data) for line in each.mend.values() if "chown" in line]
    assert lines == [f"sudo chown -R {NUMBER}:{NUMBER} {data}"]


def test_where_a_file_is_in_place_of_the_folder_another_place_is_what_helps(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    [folder] = [each for step in HERE for each in step(Settings(data_dir=tmp_path / "data", port=0)).findings if each.check == "folder"]
    assert (folder.state, folder.mend) == ("mend", {"settings": 'data_dir = "/a/folder/of/this/user"'})


@pytest.mark.parametrize("target", ["data", "nowhere"])
def test_a_folder_that_is_a_link_which_leads_nowhere_is_named(target: str, tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(tmp_path / target)
    for data in (tmp_path / "data", tmp_path / "data/house"):
        [folder] = [each for step in HERE for each in step(Settings(data_dir=data, port=0)).findings if each.check == "folder"]
        assert (folder.state, folder.seen) == ("mend", f"{tmp_path}/data is a link that leads nowhere")
