"""What a command says of a house that is out of its reach."""

import errno
import os
from pathlib import Path

import pytest

from teahouse import cli, console
from teahouse.backup import restoring  # noqa: F401 -- a command loads it when it is needed, from where another user may not look
from tests.doctor.another_user import another_user


def told(capsys: pytest.CaptureFixture[str], command: str, data: Path) -> str:
    """Return what a command writes to standard error before it ends with the code for what must be mended outside."""
    arguments = cli._parser().parse_args([command, "--data", str(data)])
    with pytest.raises(SystemExit) as ended:
        arguments.run(arguments)
    assert ended.value.code == cli.CANNOT
    return capsys.readouterr().err


@pytest.mark.parametrize("command", ["owner-link", "invites", "log", "new-epoch"])
def test_in_a_folder_that_one_may_not_enter_it_says_who_may(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0)
    with another_user():
        words = told(capsys, command, data)
    data.chmod(0o700)

    assert words == f"{data}/teahouse.db cannot be used: Permission denied; run this as the user to whom the house belongs.\n"


@pytest.mark.parametrize("command", ["owner-link", "new-epoch", "doctor"])
def test_a_name_that_is_too_long_for_a_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    data = tmp_path / ("long" * 100)

    assert told(capsys, command, data) == f"{data}/teahouse.db cannot be used: {os.strerror(errno.ENAMETOOLONG)}.\n"


def test_an_error_that_is_of_no_file_is_not_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> None:
        raise OSError(errno.EIO, "of nothing in particular")

    monkeypatch.setattr(console, "owner_link", fail)
    arguments = cli._parser().parse_args(["owner-link", "--data", str(tmp_path)])
    with pytest.raises(OSError, match="of nothing in particular"):
        arguments.run(arguments)
