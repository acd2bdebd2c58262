"""How long anything may take before a test gives up: a bound against hanging, never a measure.

A machine that does other work as well may take any time for anything. Whoever waits waits this long; where a library would give up
by itself it is told the same.
"""

import os

import websockets
import websockets.sync.client
from httpx._config import DEFAULT_TIMEOUT_CONFIG

PATIENCE_S = float(os.environ.get("TEST_PATIENCE_S", "90"))
LONG_PATIENCE_S = 2 * PATIENCE_S
"""For what is many waits, such as a storm. Less than `faulthandler_timeout` in pyproject.toml, which ends a run without a word of why."""


def be_patient() -> None:
    """Let every client of httpx and websockets wait as long, unless it is told otherwise. By themselves they give up after 5 and 10 s."""
    DEFAULT_TIMEOUT_CONFIG.__init__(PATIENCE_S)  # type: ignore[misc]  # the one object that all of httpx takes it from
    for connect in (websockets.connect.__init__, websockets.sync.client.connect):
        defaults = connect.__kwdefaults__
        assert defaults is not None
        defaults.update(open_timeout=PATIENCE_S, ping_timeout=PATIENCE_S, close_timeout=PATIENCE_S)
