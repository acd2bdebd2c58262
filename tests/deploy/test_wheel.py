"""A wheel that is built from the tree holds all of it, and serves from an environment and a folder of its own."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import httpx
import pytest

from teahouse import __version__
from teahouse.door_settings import Dialect
from tests.faults.server import GENEROUS, Server
from tests.gateways.stranger import Refused, sign_in

REPOSITORY = Path(__file__).parents[2]
FOR_MAKERS = {"storage/migrations/script.py.mako"}
"""What only those need who change the schema."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a wheel is built from, without what an earlier build left."""
    tree = tmp_path_factory.mktemp("tree")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, tree)
    shutil.copytree(REPOSITORY / "src", tree / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    return tree


@pytest.fixture(scope="module")
def package(tree: Path) -> dict[str, bytes]:
    """Every file of the package by its path, read before the build leaves anything beside them."""
    folder = tree / "src" / "teahouse"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def wheel(tree: Path, package: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    how = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation")
    run(sys.executable, "-m", "pip", "wheel", *how, "--wheel-dir", str(folder), str(tree))
    [made] = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it, which finds what that requires among the packages of this one."""
    place = tmp_path_factory.mktemp("opt") / "tea house"
    venv.create(place, symlinks=True)
    how = ("--quiet", "--no-deps", "--no-index")
    run(sys.executable, "-m", "pip", "--python", str(place / "bin" / "python"), "install", *how, str(wheel))
    [packages] = place.glob("lib/python*/site-packages")
    (packages / "required.pth").write_text(sysconfig.get_path("purelib"))
    return place


class Installed(Server):
    """The server of an environment, started in a folder that has nothing of the checkout."""

    def __init__(self, environment: Path, data: Path, settings: dict[str, str]) -> None:
        super().__init__(data, settings)
        self._program = environment / "bin" / "teahouse"

    def start(self) -> None:
        command = [str(self._program), "serve", "--port", "0", "--data", str(self.data), "--ready-file", str(self._ready_file)]
        outer = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        settings = {f"TEAHOUSE_{name}": value for name, value in self.settings.items()}
        with self._log_file.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.data.parent, env=outer | settings
            )
        self.ready = self._wait_for_ready(self.process)


@pytest.fixture(scope="module")
def server(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = GENEROUS | {"DOORS": ",".join(get_args(Dialect))}
    with Installed(environment, tmp_path_factory.mktemp("house") / "data", settings) as running:
        yield running


def test_the_wheel_holds_every_file_of_the_package(wheel: Path, package: dict[str, bytes]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name.removeprefix("teahouse/"): archive.read(name) for name in archive.namelist() if name.startswith("teahouse/")}

    assert set(package) - set(held) == FOR_MAKERS
    assert {name for name in held if held[name] != package.get(name)} == set()


def test_the_command_runs_from_any_folder_by_what_the_wheel_holds(environment: Path, tmp_path: Path) -> None:
    assert run(str(environment / "bin" / "teahouse"), "version", cwd=tmp_path) == f"{__version__}\n"
    place = run(str(environment / "bin" / "python"), "-c", "import teahouse; print(teahouse.__file__)", cwd=tmp_path)
    assert Path(place.strip()).is_relative_to(environment)


async def test_the_page_and_all_its_files_are_served(server: Server, package: dict[str, bytes]) -> None:
    async with httpx.AsyncClient(base_url=server.address, trust_env=False) as http:
        page = (await http.get("/")).text
        [version] = {word.partition("/static/")[2].partition("/")[0] for word in page.split('"') if "/static/" in word}
        for name in (name.removeprefix("web/") for name in package if name.startswith("web/")):
            answer = await http.get(f"/static/{version}/{name}")
            assert (answer.status_code, answer.content) == (200, package[f"web/{name}"]), name


async def test_the_pages_of_an_old_door_are_served(server: Server) -> None:
    async with httpx.AsyncClient(base_url=f"{server.address}/doors/signin/", trust_env=False) as http:
        assert "<form" in (await http.get("signin")).text
        for name in ("static/door.css", "static/room.js", "static/images/1.jpg"):
            assert (await http.get(name)).status_code == 200, name


async def test_names_that_look_alike_are_told_apart(server: Server) -> None:
    await sign_in(server.address, "Paul")
    with pytest.raises(Refused, match="name_taken"):
        await sign_in(server.address, "PauI")


def run(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
