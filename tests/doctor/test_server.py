"""`teahouse doctor URL` as people and scripts run it."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from teahouse.doctor.findings import CANNOT, FINDINGS, GREEN
from tests.faults.server import GENEROUS, Server
from tests.support.patience import PATIENCE_S
from tests.support.ports import free_port


def doctor(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "80", "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    command = [sys.executable, "-m", "teahouse", "doctor", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=PATIENCE_S)


@pytest.fixture(scope="module")
def explained(server: Server) -> str:
    done = doctor(server.address, "--explain", "--idle", "0.1")
    assert done.returncode == GREEN, done.stdout
    return done.stdout


def test_a_server_of_its_own_is_well(server: Server) -> None:
    done = doctor(server.address)

    assert done.returncode == GREEN, done.stdout
    assert "All is well." in done.stdout
    assert "mend" not in done.stdout
    assert "strangers may come in without an invite" in done.stdout


def test_what_is_explained_fits_80_columns(explained: str) -> None:
    assert [line for line in explained.splitlines() if len(line) > 80] == []


def test_the_explanation_reckons_the_accept_key_from_the_key_that_was_sent(explained: str) -> None:
    from teahouse.doctor.frames import accept_key

    sent = explained.split("> Sec-WebSocket-Key: ")[1].split()[0]
    digest, accept = accept_key(sent)

    assert f"SHA-1  {digest}" in explained
    assert f"base64 {accept}" in explained
    assert f"< Sec-WebSocket-Accept: {accept}" in explained


@pytest.mark.parametrize("word", ["Polling", "Long polling", "lasting connection", "masked", "Origin", "Upgrade", "ping"])
def test_the_explanation_speaks_of_each_lesson(explained: str, word: str) -> None:
    assert word in explained


def test_no_colour_goes_into_a_file(explained: str) -> None:
    assert "\x1b" not in explained


def test_machines_get_one_json_object(server: Server) -> None:
    report = json.loads(doctor(server.address, "--json").stdout)

    assert report["exit"] == GREEN
    assert {finding["state"] for finding in report["findings"]} == {"ok"}
    assert {"handshake", "origin-own", "buffering", "body-limit", "cookie", "clock"} <= {each["check"] for each in report["findings"]}
    assert any(line.startswith("> Sec-WebSocket-Key") for line in report["shown"]["Handshake"])


def test_where_nothing_listens_the_code_says_that_nothing_could_be_examined() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        done = doctor(f"http://127.0.0.1:{taken.getsockname()[1]}")

    assert done.returncode == CANNOT
    assert "nothing listens there" in done.stdout


@pytest.mark.parametrize("address", ["ftp://chat.example.org", "http://", "http://host:port"])
def test_what_is_no_address_is_told_in_one_sentence(address: str) -> None:
    done = doctor(address)

    assert (done.returncode, done.stdout) == (CANNOT, "")
    assert len(done.stderr.splitlines()) == 1


def test_a_house_below_a_path_is_found_there(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/chat"
    with Server(tmp_path / "data", {**GENEROUS, "PUBLIC_URL": url}, port=port):
        inside = doctor(f"{url}/")
        outside = doctor(f"http://127.0.0.1:{port}/")

    assert inside.returncode == GREEN
    assert "strangers need an invite" in inside.stdout
    assert outside.returncode == FINDINGS
    assert f'public_url = "http://127.0.0.1:{port}"' in outside.stdout


@pytest.mark.parametrize("word", ["soon", "nan", "241", "-1"])
def test_a_silence_that_is_none_is_refused_in_words(word: str) -> None:
    done = doctor("127.0.0.1:1", f"--idle={word}")

    assert done.returncode == CANNOT
    assert f"expected seconds from 0 to 240, got {word}" in done.stderr
