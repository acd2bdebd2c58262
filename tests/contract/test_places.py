"""No file of the repository names a package registry's host or a path that exists only on one author's machine.

Hosts in a lock file would tie every install to them, mirrors or not. The patterns are put together here from pieces, so that this
file passes its own test.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

HOSTS = ("pypi", "pythonhosted", "npmjs", "yarnpkg", "debian", "ubuntu", "golang", "crates")
REGISTRY = re.compile(r"[\w.-]*\b(?:" + "|".join(HOSTS) + r")\.(?:org|com|io)\b")
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:root|work|opt/(?:pypi|wheels)|tmp/v|(?:home|Users)/(?!teahouse\b|user\b)\w+)(?:/|\b)")


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    assert [finding for path in files_of_the_repository() for finding in places(path, REPOSITORY)] == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://" + "pypi" + ".org/simple",
        '"resolved": "https://registry.' + "npmjs" + '.org/preact"',
        "deb http://deb." + "debian" + ".org/debian bookworm main",
        'PYTHON = "/' + 'root/.pyenv/shims/python3"',
        "see /" + "work/main/docs",
        "open('/" + "home/aiko/teahouse')",
    ],
)
def test_a_planted_place_is_named_with_file_and_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "page.md").write_text(f"first\n{line}\n")

    (finding,) = places(tmp_path / "page.md", tmp_path)

    assert finding.startswith("page.md:2: ")


@pytest.mark.parametrize("line", ["docs/work/plan", "https://example.org/work-shop", "/home/teahouse/data", "~/work", "a/root/b", "npm ci"])
def test_ordinary_paths_and_addresses_are_let_pass(tmp_path: Path, line: str) -> None:
    (tmp_path / "page.md").write_text(line)

    assert places(tmp_path / "page.md", tmp_path) == []


def places(path: Path, root: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []  # a picture or a font
    found = [
        (number, match) for number, line in enumerate(lines, 1) for match in (REGISTRY.search(line), MACHINE_PATH.search(line)) if match
    ]
    return [f"{path.relative_to(root)}:{number}: {match.group()}" for number, match in found]


def files_of_the_repository() -> list[Path]:
    """Return what git tracks or would track; skips where the source was unpacked without git."""
    git = shutil.which("git")
    if git is None or not (REPOSITORY / ".git").exists():
        pytest.skip("this is no git checkout")
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    return [path for name in sorted(set(listed.split("\0"))) if name and (path := REPOSITORY / name).is_file()]
