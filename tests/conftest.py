"""What every test of this repository stands on: no settings from the caller's shell, no deadlines, no browser where there is none."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.model import Model
from tests.support.databases import empty_url, postgres_databases, sqlite_schema, url  # noqa: F401 -- fixtures
from tests.support.left_open import LeftOpen
from tests.support.patience import be_patient

BROWSER_TESTS = Path(__file__).parent / "browser"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is the same engine without all that is made for windows, and takes half the processor's time."""

# A busy machine may make one example slow; no test asserts a time.
settings.register_profile("teahouse", deadline=None, print_blob=True)
settings.load_profile("teahouse")


def pytest_configure(config: pytest.Config) -> None:
    left_open = LeftOpen()
    left_open.watch()
    config.pluginmanager.register(left_open, "left_open")
    be_patient()
    for name in list(os.environ):
        if name.startswith("TEAHOUSE_") and name != "TEAHOUSE_NO_BROWSER":
            del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if find_browser() is None:
        skip = pytest.mark.skip(reason="no Chromium on this machine, or TEAHOUSE_NO_BROWSER is set")
        for item in items:
            if BROWSER_TESTS in item.path.parents:
                item.add_marker(skip)


@pytest.fixture(scope="module")
def running_model() -> Iterator[Model]:
    with Model() as model:
        yield model


@pytest.fixture
def model(running_model: Model) -> Model:
    running_model.begin_anew()
    return running_model


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the system's browser, for Playwright's `executable_path`."""
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium on this machine, or TEAHOUSE_NO_BROWSER is set")
    return path


def find_browser() -> str | None:
    if os.environ.get("TEAHOUSE_NO_BROWSER"):
        return None
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)
