"""A data folder and the servers that want it."""

import os
from pathlib import Path

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
