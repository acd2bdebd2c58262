"""Modules know only what the architecture page lets them know."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

import teahouse
from tests.contract.imports import FENCES, PACKAGE, imports, module_of, violations

PACKAGE_FOLDER = Path(teahouse.__file__).parent
REPOSITORY = PACKAGE_FOLDER.parents[1]
IMPORT_NAMES: dict[str, str] = {}
"""Modules that come with a requirement of another name."""


def test_no_module_imports_what_it_may_not_know() -> None:
    assert violations(PACKAGE_FOLDER) == []


@pytest.mark.parametrize(
    ("path", "line", "words"),
    [
        ("model.py", "import teahouse.errors", "model may import only user, keeping"),
        ("user.py", "import teahouse.errors", "user may import only nothing of ours"),
        ("errors.py", "import structlog", "errors stands on the standard library and msgspec alone"),
        ("policy.py", "from teahouse.storage.log import append", "policy may import only model, errors"),
        ("policy.py", "from teahouse import chat", "policy imports chat"),
        ("storage/log.py", "from teahouse.delivery import hub", "storage may import only storage, model, errors"),
        ("storage/log.py", "from ..delivery.hub import Hub", "storage.log imports delivery.hub"),
        ("storage/log.py", "from .. import chat", "storage.log imports chat"),
        ("storage/__init__.py", "from ..chat import Chat", "storage imports chat"),
        ("delivery/hub.py", "def late():\n    import teahouse.storage.log", "delivery.hub imports storage.log"),
        ("chat.py", "from teahouse.delivery.hub import Hub", "chat imports delivery.hub"),
        ("chat.py", "from teahouse.settings import Settings", "chat imports settings"),
        ("gateways/websocket.py", "from teahouse.storage import log", "gateways.websocket imports storage.log"),
        ("gateways/irc.py", "from teahouse.gateways.websocket import Door", "gateways may import only gateways.address"),
        ("gateways/http/rooms.py", "from teahouse.gateways.websocket import Door", "gateways.http may import only gateways.http"),
        ("bots/mind.py", "from teahouse.gateways.connection import Connection", "bots may import only bots, chat"),
        ("cli.py", "from teahouse.chat import Chat", "cli may import only app"),
        ("chat.py", "import sqlalchemy.exc", "sqlalchemy may be known only to storage"),
        ("delivery/broker.py", "import redis", "redis may be known only to delivery.redis_broker"),
        ("gateways/connection.py", "from websockets.server import ServerProtocol", "websockets may be known only to gateways.websocket"),
        ("app.py", "from litestar import Litestar", "litestar may be known only to gateways.http"),
        ("utils.py", "import teahouse.model", "utils has no rule yet"),
    ],
)
def test_a_forbidden_import_is_named_with_file_line_and_rule(tmp_path: Path, path: str, line: str, words: str) -> None:
    plant(tmp_path, "chat.py", "")
    plant(tmp_path, "storage/log.py", "")
    plant(tmp_path, "delivery/hub.py", "")
    plant(tmp_path, path, f"\n{line}\n")

    (found,) = violations(tmp_path)

    assert re.match(rf"{re.escape(path)}:\d+: ", found)
    assert words in found


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("storage/log.py", "from teahouse.storage import tables\nfrom .tables import rooms\nimport sqlalchemy"),
        ("chat.py", "from teahouse.delivery.presence import Presence\nfrom teahouse.storage import log"),
        ("gateways/http/rooms.py", "from litestar import get\nfrom teahouse.gateways.http import session"),
        ("serving.py", "from teahouse import __version__, app\nimport uvicorn"),
    ],
)
def test_an_import_that_the_table_allows_is_let_pass(tmp_path: Path, path: str, line: str) -> None:
    plant(tmp_path, path, line)

    assert violations(tmp_path) == []


def test_every_library_that_is_imported_is_a_requirement_of_the_package() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *(each for extra in project.get("optional-dependencies", {}).values() for each in extra)]
    declared = {re.split(r"[^\w.-]", requirement)[0] for requirement in wanted}

    assert {IMPORT_NAMES.get(library, library).replace("_", "-") for library in libraries(PACKAGE_FOLDER)} <= declared


def test_the_fences_stand_around_libraries_that_exist_here() -> None:
    """A fence around a misspelt name would hold nothing. Redis comes with the cluster."""
    assert set(FENCES) - libraries(PACKAGE_FOLDER) <= {"redis"}


def libraries(package: Path) -> set[str]:
    files = list(package.rglob("*.py"))
    modules = {module_of(path.relative_to(package)) for path in files}
    names = {found.target.partition(".")[0] for path in files for found in imports(path, package, modules)}
    return {name for name in names if name != PACKAGE and name not in sys.stdlib_module_names}


def plant(package: Path, path: str, source: str) -> None:
    file = package / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source)
