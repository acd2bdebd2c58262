"""One server for a file of tests that only look at it."""

from collections.abc import Iterator

import pytest

from tests.faults.server import GENEROUS, Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("house") / "data", GENEROUS) as running:
        yield running
