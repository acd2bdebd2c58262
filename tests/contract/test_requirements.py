"""uvicorn is pinned to the minor version whose private parts are built upon, and the locked files keep to it."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
LOCKED = [REPOSITORY / "requirements/runtime.txt", REPOSITORY / "requirements/dev.txt"]


def pinned() -> tuple[tuple[int, int], tuple[int, int]]:
    """Return from which minor version on uvicorn is taken, and from which no more."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    [wanted] = [each for each in project["dependencies"] if re.match(r"uvicorn\b", each)]
    found = re.fullmatch(r"uvicorn>=(\d+)\.(\d+)(?:\.\d+)?,<(\d+)\.(\d+)", wanted)
    assert found, f"pyproject.toml wants {wanted!r}; expected uvicorn>=0.X,<0.Y"
    low_major, low_minor, high_major, high_minor = map(int, found.groups())
    return (low_major, low_minor), (high_major, high_minor)


def minor(number: str) -> tuple[int, int]:
    major, minor, *_ = number.split(".")
    return int(major), int(minor)


def test_uvicorn_is_held_to_one_minor_version() -> None:
    low, high = pinned()
    assert high == (low[0], low[1] + 1)


@pytest.mark.parametrize("file", LOCKED, ids=lambda file: file.stem)
def test_the_locked_uvicorn_is_of_that_version(file: Path) -> None:
    [locked] = re.findall(r"(?m)^uvicorn==(\S+)", file.read_text(encoding="utf-8"))
    assert minor(locked) == pinned()[0]


def test_the_installed_uvicorn_is_of_that_version() -> None:
    assert minor(version("uvicorn")) == pinned()[0]


@pytest.mark.parametrize("file", LOCKED, ids=lambda file: file.stem)
def test_the_locked_files_name_no_host(file: Path) -> None:
    assert "://" not in file.read_text(encoding="utf-8")
