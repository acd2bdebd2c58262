"""REST against its own description: schemathesis makes requests from openapi.json, good and bad ones, and judges the answers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.server import Server
from tests.support.patience import LONG_PATIENCE_S

SCHEMATHESIS = str(Path(sys.executable).with_name("schemathesis"))
CONFIGURATION = str(Path(__file__).with_name("schemathesis.toml"))
DESCRIPTION = "/api/v1/openapi.json"
SESSION = "/api/v1/session"
REQUESTS_PER_OPERATION = 25
LOBBY = 1
LAST_MESSAGE = 30


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """One for each test: what one examination removes is there for the next."""
    with Server(tmp_path / "data") as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """Someone who is signed in and has said as much in the lobby as schemathesis.toml builds on."""
    with httpx.Client(base_url=server.address, headers={"Content-Type": "application/json"}, trust_env=False) as client:
        client.post(SESSION, json={"name": "Stranger", "face": "f01"}).raise_for_status()
        for number in range(LAST_MESSAGE):
            client.post(f"/api/v1/rooms/{LOBBY}/messages", json={"text": "hello", "client_id": str(number)}).raise_for_status()
        yield client


@pytest.mark.parametrize("phases", ["examples,coverage", "fuzzing", "stateful"])
def test_who_is_signed_in_gets_only_answers_that_the_description_has(
    phases: str, server: Server, client: httpx.Client, tmp_path: Path
) -> None:
    # Not the session itself: these requests would end the one that all others use.
    done = examine(server, tmp_path, "--phases", phases, "--exclude-path", SESSION, session=client.cookies["teahouse_session"])

    assert done.returncode == 0, done.stdout + server.log
    assert client.get("/api/v1/me").status_code == 200, "the session lasted to the end"


def test_signing_in_and_out_gives_only_answers_that_the_description_has(server: Server, tmp_path: Path) -> None:
    done = examine(server, tmp_path, "--include-path", SESSION)

    assert done.returncode == 0, done.stdout + server.log


def test_the_description_says_what_takes_a_session(server: Server) -> None:
    with httpx.Client(base_url=server.address, trust_env=False) as stranger:
        paths = stranger.get(DESCRIPTION).json()["paths"]
    open_to_all = {f"{method} {path}" for path, methods in paths.items() for method, about in methods.items() if "security" not in about}

    assert open_to_all == {"get /api/v1/house", "get /api/v1/nickname", "post /api/v1/session", "get /healthz"}


def examine(server: Server, folder: Path, *which: str, session: str = "none") -> subprocess.CompletedProcess[str]:
    """Return how the run ended; its seed is fixed, so that a failure stays."""
    command = [SCHEMATHESIS, "--config-file", CONFIGURATION, "run", server.address + DESCRIPTION, *which]
    return subprocess.run(
        [*command, "--max-examples", str(REQUESTS_PER_OPERATION), "--seed", "1", "--no-color"],
        cwd=folder,  # it leaves its examples where it runs
        env=os.environ | {"TEAHOUSE_SESSION": session},
        capture_output=True,
        text=True,
        timeout=LONG_PATIENCE_S,
        check=False,
    )
