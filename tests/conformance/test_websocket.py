"""The WebSocket door against the Autobahn cases, which kosoku brings and runs: RFC 6455 and RFC 7692 as strangers read them.

With AUTOBAHN=all in the environment, all cases of compression are run, which takes some minutes, and not one of three sizes.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from tests.faults.server import GENEROUS, Server
from tests.support.patience import LONG_PATIENCE_S

HERE = Path(__file__).parent
AUTOBAHN = str(Path(sys.executable).with_name("kosoku"))

PLAIN = ("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*")
"""9.* measures speed with messages of up to 16 MiB, far above this house's limit; there is no 8.* and no 11.*."""
PLAIN_CASES = 247

ALL = os.environ.get("AUTOBAHN") == "all"
SIZES = range(1, 19) if ALL else (1, 4, 11)
COMPRESSED = tuple(f"{kind}.{size}" for kind in (*(f"12.{n}" for n in range(1, 6)), *(f"13.{n}" for n in range(1, 8))) for size in SIZES)
"""A thousand messages each, of 16 bytes, of 1,024, and of 8,192 in fragments of 256: for every kind of content and of offer."""
COMPRESSED_LIMIT_S = 1500 if ALL else LONG_PATIENCE_S
LARGE = {"MAX_MESSAGE_BYTES": "262144", "MAX_FRAGMENTS": "1000", "HELLO_TIMEOUT_S": "3600"}
"""Their largest message is of 128 KiB in 512 fragments; nobody says hello to an echo."""


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
    """The verdict of every chosen case without compression, from one run of them all."""
    return run(tmp_path_factory.mktemp("autobahn"), PLAIN, {}, LONG_PATIENCE_S)


@pytest.fixture(scope="module")
def compressed_verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    return run(tmp_path_factory.mktemp("compressed"), COMPRESSED, LARGE, COMPRESSED_LIMIT_S)


def run(folder: Path, chosen: tuple[str, ...], settings: dict[str, str], limit_s: float) -> dict[str, Verdict]:
    # A process of its own: kosoku alters parts of the standard library for the sake of cases written for Python 2.
    command = [AUTOBAHN, "--parallelism", "8", "--outdir", str(folder / "report"), *(f"--include={case}" for case in chosen)]
    with EchoServer(folder / "data", GENEROUS | settings) as server:
        address = server.address.replace("http", "ws", 1) + "/ws"
        done = subprocess.run([*command, address], capture_output=True, text=True, timeout=limit_s, check=False)
        assert "Traceback" not in server.log, server.log
    report = folder / "report" / "index.json"
    assert report.exists(), done.stdout + done.stderr
    [cases] = json.loads(report.read_bytes()).values()
    return {case: Verdict(found["behavior"], found["behaviorClose"], found["remoteCloseCode"]) for case, found in cases.items()}


def test_every_case_passes_or_stands_on_the_list_with_its_reason(verdicts: dict[str, Verdict]) -> None:
    assert failures(verdicts) == accepted(verdicts)


def test_so_does_every_case_of_compression(compressed_verdicts: dict[str, Verdict]) -> None:
    assert failures(compressed_verdicts) == accepted(compressed_verdicts)


def test_all_cases_were_run(verdicts: dict[str, Verdict], compressed_verdicts: dict[str, Verdict]) -> None:
    assert (len(verdicts), len(compressed_verdicts)) == (PLAIN_CASES, len(COMPRESSED))


def test_the_list_names_only_cases_that_are_run(verdicts: dict[str, Verdict], compressed_verdicts: dict[str, Verdict]) -> None:
    run = {*verdicts, *compressed_verdicts}
    assert [entry["cases"] for entry in entries() if not any(fnmatch(case, name) for name in entry["cases"] for case in run)] == []


def failures(verdicts: dict[str, Verdict]) -> dict[str, Verdict]:
    return {case: verdict for case, verdict in verdicts.items() if not verdict.ok}


def accepted(run: Iterable[str]) -> dict[str, Verdict]:
    """Return the written verdict of each case of a run that has one; the list's names may be patterns."""
    return {
        case: Verdict(entry["verdict"], entry["closing"], entry["code"])
        for case in run
        for entry in entries()
        if any(fnmatch(case, name) for name in entry["cases"])
    }


def entries() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((HERE / "accepted.toml").read_text(encoding="utf-8"))["accepted"]
    assert all(entry["reason"].strip() for entry in found)
    return found
