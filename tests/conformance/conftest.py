"""A real server for each file of tests, and what strangers' programs expect of one."""

from collections.abc import Iterator

import pytest

from tests.faults.server import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for the whole file."""
    with Server(tmp_path_factory.mktemp("house") / "data") as running:
        yield running
