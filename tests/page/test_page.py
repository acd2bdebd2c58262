"""The page's own tests, which run in node, a file at a time: what a file says is shown when one of its tests fails."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.patience import LONG_PATIENCE_S

HERE = Path(__file__).parent
NODE = shutil.which("node")


@pytest.mark.parametrize("file", sorted(HERE.glob("*.test.js")), ids=lambda file: file.name.removesuffix(".test.js"))
def test_in_node(file: Path) -> None:
    assert NODE is not None, "the page's tests need Node.js 20 or newer"
    done = subprocess.run([NODE, "--test", str(file)], capture_output=True, text=True, timeout=LONG_PATIENCE_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
