"""The page's own JavaScript fold, in a `node` that lives while the `with` lasts."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

SCRIPT = Path(__file__).parents[1] / "page/support/fold_child.js"


class PageChild:
    """Folds events into named states; see fold_child.js."""

    def __init__(self) -> None:
        node = shutil.which("node")
        assert node is not None, "the page's tests need node"
        self._process = subprocess.Popen([node, str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def apply(self, state: str, events: list[Any]) -> Any:
        """Fold `events` into `state` and return what it is now."""
        self._say({"state": state, "events": events})
        assert self._process.stdout is not None
        answer = self._process.stdout.readline()
        assert answer, "the fold threw; node printed why"
        return json.loads(answer)

    def forget(self, state: str) -> None:
        self._say({"forget": state})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:  # closes its pipes, whereupon it ends, and waits for that
            pass

    def _say(self, line: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
