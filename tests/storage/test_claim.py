"""A data folder and the servers that want it."""

import errno
import fcntl
import os
import stat
from pathlib import Path
from unittest.mock import Mock

import pytest

from teahouse.storage.claim import Claim
from teahouse.storage.database import UnusableDatabase


def test_a_second_server_on_one_folder_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    first, second = Claim(tmp_path), Claim(tmp_path)
    first.take()
    with pytest.raises(UnusableDatabase, match=rf"process {os.getpid()}\) serves .* --data"):
        second.take()
    first.release()
    second.take()
    second.release()


def test_what_a_dead_server_left_behind_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "teahouse.lock").write_text("4711\n")
    claim = Claim(tmp_path)
    claim.take()
    assert (tmp_path / "teahouse.lock").read_text() == f"{os.getpid()}\n"
    claim.release()


def test_who_takes_the_lock_file_away_opens_the_folder_to_nobody(tmp_path: Path) -> None:
    first, second = Claim(tmp_path), Claim(tmp_path)
    first.take()
    for _ in range(2):
        (tmp_path / "teahouse.lock").unlink()
        with pytest.raises(UnusableDatabase, match="another Teahouse"):
            second.take()
    first.release()
    second.take()
    second.release()


def test_a_folder_that_was_moved_is_still_held(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    first = Claim(tmp_path / "data")
    first.take()
    (tmp_path / "data").rename(tmp_path / "elsewhere")
    with pytest.raises(UnusableDatabase, match=f"process {os.getpid()}"):
        Claim(tmp_path / "elsewhere").take()
    first.release()


def test_a_server_of_an_older_version_which_knows_only_the_file_is_kept_out_and_keeps_out(tmp_path: Path) -> None:
    claim, older = Claim(tmp_path), os.open(tmp_path / "teahouse.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(older, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with pytest.raises(UnusableDatabase, match="another Teahouse"):
        claim.take()
    fcntl.flock(older, fcntl.LOCK_UN)
    claim.take()
    with pytest.raises(BlockingIOError):
        fcntl.flock(older, fcntl.LOCK_EX | fcntl.LOCK_NB)
    claim.release()
    os.close(older)


def test_a_lock_that_cannot_be_opened_is_a_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "teahouse.lock").mkdir()
    with pytest.raises(UnusableDatabase, match=r"cannot open .*teahouse\.lock: Is a directory\. Run teahouse doctor"):
        Claim(tmp_path).take()


def test_a_link_in_the_place_of_the_lock_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("dear")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "teahouse.lock").symlink_to(tmp_path / "other")
    with pytest.raises(UnusableDatabase, match=r"teahouse\.lock is a link, which is not followed: remove it"):
        Claim(tmp_path / "data").take()
    assert (tmp_path / "other").read_text() == "dear"


def test_the_lock_file_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        claim = Claim(tmp_path)
        claim.take()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "teahouse.lock").stat().st_mode) == 0o600
    claim.release()


def test_a_full_disk_keeps_no_house_from_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "pwrite", Mock(side_effect=OSError(errno.ENOSPC, "No space left on device")))
    claim = Claim(tmp_path)
    claim.take()
    with pytest.raises(UnusableDatabase, match="process unknown"):
        Claim(tmp_path).take()
    claim.release()


def test_whether_a_server_holds_the_folder_is_told_and_nothing_is_changed_by_asking(tmp_path: Path) -> None:
    asker, server = Claim(tmp_path), Claim(tmp_path)
    assert not asker.is_held() and not (tmp_path / "teahouse.lock").exists()
    server.take()
    assert asker.is_held()
    server.release()
    assert not asker.is_held()
    server.take()
    server.release()


@pytest.mark.parametrize("held", ["", "teahouse.lock"], ids=["folder", "file"])
def test_who_only_asks_in_that_very_moment_keeps_no_server_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: str) -> None:
    (tmp_path / "teahouse.lock").touch()
    asker = os.open(tmp_path / held, os.O_RDONLY)
    fcntl.flock(asker, fcntl.LOCK_SH)
    monkeypatch.setattr("teahouse.storage.claim.time.sleep", lambda _s: fcntl.flock(asker, fcntl.LOCK_UN))
    server = Claim(tmp_path)
    server.take()
    server.release()
    os.close(asker)


def test_a_folder_that_cannot_be_locked_is_held_by_who_holds_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = fcntl.flock

    def lock_no_folder(file: int, how: int) -> None:
        if stat.S_ISDIR(os.fstat(file).st_mode):
            raise OSError(errno.ENOLCK, "No locks available")
        lock(file, how)

    monkeypatch.setattr("teahouse.storage.claim.fcntl.flock", lock_no_folder)
    server = Claim(tmp_path)
    assert not server.is_held()
    server.take()
    assert Claim(tmp_path).is_held()
    server.release()
    assert not server.is_held()
