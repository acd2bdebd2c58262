"""The WebSocket door against the Autobahn cases, which kosoku brings and runs: RFC 6455 as strangers read it."""

import json
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.server import Server

HERE = Path(__file__).parent
AUTOBAHN = str(Path(sys.executable).with_name("kosoku"))
LIMIT_S = 120

CHOSEN = ("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*", "12.1.1", "13.1.1")
"""9.* measures speed with messages of up to 16 MiB, far above this house's limit; there is no 8.* and no 11.*."""
CASES = 249


class EchoServer(Server):
    program = (str(HERE / "echo.py"),)


@dataclass(frozen=True)
class Verdict:
    """How a case ended: as to the messages, as to the closing handshake, and the close code that the server sent."""

    messages: str
    closing: str
    code: int | None

    @property
    def ok(self) -> bool:
        return (self.messages, self.closing) == ("OK", "OK")


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    """The verdict of every chosen case, from one run of them all."""
    folder = tmp_path_factory.mktemp("autobahn")
    # A process of its own: kosoku alters parts of the standard library for the sake of cases written for Python 2.
    command = [AUTOBAHN, "--parallelism", "8", "--outdir", str(folder / "report"), *(f"--include={case}" for case in CHOSEN)]
    with EchoServer(folder / "data") as server:
        address = server.address.replace("http", "ws", 1) + "/ws"
        done = subprocess.run([*command, address], capture_output=True, text=True, timeout=LIMIT_S, check=False)
        assert "Traceback" not in server.log, server.log
    report = folder / "report" / "index.json"
    assert report.exists(), done.stdout + done.stderr
    [cases] = json.loads(report.read_bytes()).values()
    return {case: Verdict(found["behavior"], found["behaviorClose"], found["remoteCloseCode"]) for case, found in cases.items()}


def test_every_case_passes_or_stands_on_the_list_with_its_reason(verdicts: dict[str, Verdict]) -> None:
    assert {case: verdict for case, verdict in verdicts.items() if not verdict.ok} == accepted()


def test_all_cases_were_run(verdicts: dict[str, Verdict]) -> None:
    assert len(verdicts) == CASES


def accepted() -> dict[str, Verdict]:
    entries = tomllib.loads((HERE / "accepted.toml").read_text(encoding="utf-8"))["accepted"]
    assert all(entry["reason"].strip() for entry in entries)
    return {case: Verdict(entry["verdict"], entry["closing"], entry["code"]) for entry in entries for case in entry["cases"]}
