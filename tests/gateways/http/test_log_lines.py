"""What a house says by itself to whoever runs it: that it opened and closed, that it refused somebody; and what it never says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from teahouse import __version__
from teahouse.storage.tables import SCHEMA_VERSION
from tests.faults.server import GENEROUS, Server
from tests.gateways.http.conftest import Visit

PATIENCE_S = 20
FOREIGN = {"Origin": "https://elsewhere.example"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "data", GENEROUS | {"SWEEP_INTERVAL_S": "0.05"}) as running:
        yield running


def lines(server: Server, words: str) -> list[dict[str, Any]]:
    """Return the log lines with these words."""
    found = [json.loads(line) for line in server.log.splitlines() if line.startswith("{")]
    return [line for line in found if words in line["event"]]


def told(server: Server, words: str) -> dict[str, Any]:
    """Wait for such a line, and return it."""
    with httpx.Client(base_url=server.address, trust_env=False, timeout=PATIENCE_S) as client:
        while not (found := lines(server, words)):
            client.get("/healthz")
    return found[0]


def test_it_says_when_it_opens_and_closes_with_version_schema_and_address(server: Server) -> None:
    assert server.stop() == 0

    stages = ["the house is open", "the house closes", "the house is closed"]
    found = [line for stage in stages for line in lines(server, stage)]
    assert [line["event"] for line in found] == stages
    for line in found:
        assert (line["version"], line["schema"], line["address"]) == (__version__, SCHEMA_VERSION, server.address)
        assert line["timestamp"]


def test_it_says_which_page_was_refused_and_how_often_in_one_line(server: Server, visit: Visit) -> None:
    for _ in range(20):
        assert visit().post("/api/v1/session", json={"name": "Foreign", "face": "f01"}, headers=FOREIGN).status_code == 403
    line = told(server, "pages of another origin")
    server.stop()

    assert line["origin"] == "https://elsewhere.example:443"
    assert line["called"] == server.address.removeprefix("http://")
    assert sum(each["page"] for each in lines(server, "pages of another origin")) == 20
    assert len(lines(server, "pages of another origin")) <= 2, "the first, and the rest of its minute"


def test_it_says_that_it_is_called_by_a_name_that_it_does_not_know(server: Server, visit: Visit) -> None:
    assert visit().get("/", headers={"Host": "chat.example.org"}).status_code == 403

    line = told(server, "pages of another origin")
    assert (line["host"], line["called"]) == (1, "chat.example.org")


def test_it_says_that_sign_ins_are_refused_and_sessions_end_and_repeats_no_word_of_theirs(server: Server, visit: Visit) -> None:
    secret = "Wilhelmine-and-her-key"
    odd = {"Origin": f"https://{secret}.example/{secret}"}
    assert visit().post("/api/v1/session", json={"name": secret, "face": "f01", "owner_key": secret}).status_code == 403
    assert visit().post("/api/v1/session", json={"name": secret, "face": "f01"}, headers=odd).status_code == 403
    guest = visit("Wilhelmine")
    assert guest.delete("/api/v1/session").status_code == 204

    assert told(server, "sign-ins are refused")["bad_key"] == 1
    assert told(server, "sessions have ended")["signed_out"] == 1
    assert told(server, "pages of another origin")["origin"] == "(none)"
    assert "Wilhelmine" not in server.log
    assert str(server.ready["owner_link"]).partition("#owner=")[2] not in server.log


def test_requests_of_strangers_write_no_lines(server: Server, visit: Visit) -> None:
    visitor = visit()
    for path in ("/", "/healthz", "/nothing", "/api/v1/me", "/api/v1/house", "/metrics"):
        visitor.get(path)
    server.stop()

    assert len([line for line in server.log.splitlines() if line.startswith("{")]) == 3, "it opened, it closes, it is closed"
