"""A house that is shut, in which something was said."""

from pathlib import Path

import pytest

from tests.backup.houses import talk


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    talk(folder, *(f"line {number}" for number in range(30)))
    return folder
