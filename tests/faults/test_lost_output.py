"""Commands whose output goes nowhere: what they did is done, and their exit code says that nobody could read of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import teahouse
from tests.faults.server import Server
from tests.support.patience import PATIENCE_S

SOURCE = str(Path(teahouse.__file__).parents[1])
COMMANDS = ["version", "--help", "owner-link", "doctor --json"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a house that was opened once."""
    folder = tmp_path_factory.mktemp("shut") / "data"
    with Server(folder) as server:
        assert server.stop() == 0
    return folder


def printed(command: str, data: Path, output: int) -> tuple[int, str]:
    """Return a command's exit code, and what it wrote to standard error."""
    environment = os.environ | {"PYTHONPATH": SOURCE, "TEAHOUSE_DATA_DIR": str(data)}
    words = [sys.executable, "-m", "teahouse", *command.split()]
    done = subprocess.run(words, stdout=output, stderr=subprocess.PIPE, text=True, timeout=PATIENCE_S, check=False, env=environment)
    return done.returncode, done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", COMMANDS)
def test_what_could_not_be_printed_is_told_once_and_not_to_who_reads_no_further(command: str, data: Path) -> None:
    theirs, ours = os.pipe()
    os.close(theirs)
    with open("/dev/full", "wb", buffering=0) as full, os.fdopen(ours, "wb") as unread:
        code, usual = printed(command, data, subprocess.DEVNULL)

        assert code < 2
        assert printed(command, data, full.fileno()) == (2, f"{usual}What was printed could not be written: No space left on device.\n")
        assert printed(command, data, unread.fileno()) == (2, usual)
