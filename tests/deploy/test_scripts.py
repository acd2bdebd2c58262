"""bin/teahouse and bin/serve: every command from a checkout, wherever one stands. What they call is stood in for."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.doctor.another_user import another_user

BIN = Path(__file__).parents[2] / "bin"
PRINTS = """#!/bin/sh
printf '%s' "{name}:"
printf ' <%s>' "$@"
echo
exit {code}
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose bin/setup and program say how they were called."""
    root = tmp_path / "tea house"
    for name, code in (("bin/setup", 0), (".venv/bin/teahouse", 7)):
        put(root / name, name, code)
    for name in ("teahouse", "serve"):
        shutil.copy(BIN / name, root / "bin")
    return root


def put(path: Path, name: str, code: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PRINTS.format(name=name, code=code))
    path.chmod(0o755)


def run(program: Path, *arguments: str, cwd: Path, **environment: str) -> tuple[int, list[str]]:
    done = subprocess.run([program, *arguments], cwd=cwd, capture_output=True, text=True, env=os.environ | environment, check=False)
    return done.returncode, (done.stdout + done.stderr).splitlines()


@pytest.mark.parametrize(("script", "before"), [("teahouse", ""), ("serve", " <serve>")])
def test_it_sets_up_first_and_hands_on_every_word_and_the_exit_code(checkout: Path, tmp_path: Path, script: str, before: str) -> None:
    said = ["bin/setup: <>", f".venv/bin/teahouse:{before} <ban> <a name> <--for> <2h>"]
    assert run(checkout / "bin" / script, "ban", "a name", "--for", "2h", cwd=tmp_path) == (7, said)


@pytest.mark.parametrize("script", ["teahouse", "serve"])
def test_a_link_to_it_elsewhere_leads_to_the_checkout(checkout: Path, tmp_path: Path, script: str) -> None:
    (tmp_path / "tea").symlink_to(checkout / "bin" / script)

    assert run(tmp_path / "tea", "--help", cwd=tmp_path)[0] == 7


def test_where_nothing_can_be_set_up_nothing_is_run(checkout: Path, tmp_path: Path) -> None:
    put(checkout / "bin/setup", "bin/setup", 1)

    assert run(checkout / "bin" / "teahouse", "version", cwd=tmp_path) == (1, ["bin/setup: <>"])


def set_up(root: Path) -> Path:
    """Make a checkout with the real bin/setup, for which all is set up; return that."""
    files = ("pyproject.toml", "requirements/runtime.txt")
    put(root / ".venv/bin/python", "Python 3.11", 0)
    put(root / "bin/setup", "", 0)
    shutil.copy(BIN / "setup", root / "bin")
    for name in files:
        put(root / name, name, 0)
    _, version = run(root / ".venv/bin/python", "--version", cwd=root)
    stamp = "".join([f"{root}\n", *(f"{line}\n" for line in version), *((root / name).read_text() for name in files)])
    (root / ".venv/stamp-runtime").write_text(stamp)
    return root / "bin/setup"


def test_a_checkout_is_set_up_once_whatever_links_lead_to_it(tmp_path: Path) -> None:
    root = tmp_path / "tea house"
    set_up(root)
    (tmp_path / "link").symlink_to(root)

    for way in (root, tmp_path / "link", tmp_path / "link" / "bin" / ".."):
        assert run(way / "bin/setup", cwd=tmp_path, PYTHON="no-python") == (0, [])
    (root / "requirements/runtime.txt").write_text("another")
    code, said = run(root / "bin/setup", cwd=tmp_path, PYTHON="no-python")
    assert code == 1 and "no-python" in said[-1]


def test_a_folder_of_that_name_that_the_shell_is_told_of_is_not_taken_for_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "usr/bin").mkdir(parents=True)
    set_up(tmp_path / "tea house")

    assert run(Path("bin/setup"), cwd=tmp_path / "tea house", PYTHON="no-python", CDPATH=str(tmp_path / "usr")) == (0, [])


def test_a_user_who_cannot_set_it_up_hears_who_can() -> None:
    with TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        setup = set_up(Path(place).resolve() / "tea house")
        (setup.parents[1] / ".venv/stamp-runtime").unlink()
        setup.parents[1].chmod(0o555)
        with another_user():
            code, said = run(setup, cwd=Path("/"))
        setup.parents[1].chmod(0o755)

    assert (code, len(said)) == (1, 1)
    assert f"run {setup} as that user" in said[0]
