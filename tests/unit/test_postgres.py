"""The tests' own PostgreSQL ends with the command it was started for, however that ends."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.patience import PATIENCE_S
from tests.support.postgres import LOOK_EVERY_S, NoPostgres, find_programs

REPOSITORY = Path(__file__).parents[2]
SAYS_WHERE = "import os, sys; print(os.environ['TEST_POSTGRES_URL'], flush=True); sys.stdin.read()"


def is_there() -> bool:
    try:
        find_programs()
    except NoPostgres:
        return False
    return True


pytestmark = pytest.mark.skipif(not is_there(), reason="no PostgreSQL on this machine (Debian, Ubuntu: apt-get install postgresql)")


@contextmanager
def runner() -> Iterator[tuple["subprocess.Popen[str]", Path]]:
    """The runner with a command that reads until its input ends; the folder of its PostgreSQL."""
    environment = {name: value for name, value in os.environ.items() if name != "TEST_POSTGRES_URL"}
    command = [sys.executable, "-m", "tests.support.postgres", sys.executable, "-c", SAYS_WHERE]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=REPOSITORY, env=environment, text=True, start_new_session=True, **pipes) as process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().partition("?host=")[2].strip())


def is_running(folder: Path) -> bool:
    """Whether its file says so, which it takes away when it ends; the process itself may stay as a zombie for a while."""
    return (folder / "data/postmaster.pid").exists()


def test_it_ends_and_its_folder_goes_with_the_command() -> None:
    with runner() as (process, folder):
        assert is_running(folder)
        process.communicate("", PATIENCE_S)
        assert process.returncode == 0
    assert not folder.exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["^C", "SIGTERM"])
def test_it_ends_when_the_command_is_interrupted(how: signal.Signals) -> None:
    with runner() as (process, folder):
        os.killpg(process.pid, how)
        process.communicate("", PATIENCE_S)
    assert not folder.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2)")
def test_it_ends_when_the_runner_is_killed() -> None:
    with runner() as (process, folder):
        process.kill()
        while is_running(folder):
            time.sleep(LOOK_EVERY_S)
    shutil.rmtree(folder)
