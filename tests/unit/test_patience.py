"""What clients of the tests wait for: as long as a test does, where their library would give up sooner by itself."""

import tomllib
from inspect import signature
from pathlib import Path

import httpx
import websockets
import websockets.sync.client

from tests.support.patience import LONG_PATIENCE_S, PATIENCE_S

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_clients_of_httpx_wait_as_long_as_a_test() -> None:
    with httpx.Client(trust_env=False) as client, httpx.Client(trust_env=False, timeout=5) as hasty:
        assert (client.timeout, hasty.timeout) == (httpx.Timeout(PATIENCE_S), httpx.Timeout(5))
    assert signature(httpx.get).parameters["timeout"].default == httpx.Timeout(PATIENCE_S)


def test_clients_of_websockets_wait_as_long_as_a_test() -> None:
    for connect in (websockets.connect, websockets.sync.client.connect):
        waits = [signature(connect).parameters[f"{what}_timeout"].default for what in ("open", "ping", "close")]
        assert waits == [PATIENCE_S] * 3


def test_a_test_gives_up_before_the_run_is_ended_for_it() -> None:
    ends_after_s = float(tomllib.loads(PROJECT.read_text())["tool"]["pytest"]["faulthandler_timeout"])
    assert PATIENCE_S < LONG_PATIENCE_S < ends_after_s
