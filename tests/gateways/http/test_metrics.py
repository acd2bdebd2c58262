"""/metrics as a program that watches the house reads it, and who may not read it."""

import os
from collections import Counter
from pathlib import Path
from unittest.mock import MagicMock

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from teahouse import __version__
from teahouse.backup import record
from teahouse.backup.making import make
from teahouse.gateways.http.metrics import render
from teahouse.metrics import Counts, Metrics
from teahouse.storage.tables import SCHEMA_VERSION
from teahouse.troubles import Troubles
from tests.contract.tables import name, rows
from tests.faults.server import GENEROUS, Server
from tests.gateways.house import LOBBY, Arrive, say
from tests.gateways.http.conftest import Visit

PAGE = Path(__file__).parents[3] / "docs" / "metrics.md"
HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def numbers(server: Server) -> dict[str, float]:
    """Every sample that has no label, and each labelled one as `name{value}`."""
    answer = httpx.get(f"{server.address}/metrics", trust_env=False)
    assert answer.status_code == 200, answer.text
    found = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found[sample.name + "".join(f"{{{value}}}" for value in sample.labels.values())] = sample.value
    return found


async def test_what_people_do_is_counted(server: Server, arrive: Arrive) -> None:
    before = numbers(server)
    aiko, ben = await arrive("Aiko"), await arrive("Ben")
    seq = await say(aiko, LOBBY, "hello")
    await ben.until(lambda: ben.seen[LOBBY] >= seq)
    after = numbers(server)

    assert after["teahouse_connections"] == after["teahouse_users"] == after["teahouse_sessions"] == 2
    assert after["teahouse_tcp_connections"] >= 2
    assert after["teahouse_deliveries_total"] >= before["teahouse_deliveries_total"] + 2
    assert after["teahouse_commit_seconds_count"] > before["teahouse_commit_seconds_count"]
    assert after["teahouse_commit_batch_size_sum"] > before["teahouse_commit_batch_size_sum"]
    assert after["teahouse_readers_behind"] == after["teahouse_commits_waiting"] == after["teahouse_commands_waiting"] == 0
    assert after["teahouse_readers"] >= 4
    assert after["process_resident_memory_bytes"] > 0
    assert after["process_open_fds"] > 0


def test_who_is_refused_is_counted(server: Server, visit: Visit) -> None:
    before = numbers(server)
    knocked = visit().get("/ws", headers=HANDSHAKE | {"Origin": server.address})
    assert knocked.status_code == 401
    visit().post("/api/v1/session", content=b"x" * 100_000)
    after = numbers(server)

    assert after["teahouse_connections_refused_total{401}"] == before.get("teahouse_connections_refused_total{401}", 0) + 1
    assert after["teahouse_http_refused_total{413}"] == before.get("teahouse_http_refused_total{413}", 0) + 1


def test_no_name_and_no_text_is_among_them(server: Server, visit: Visit) -> None:
    visit("Wilhelmine").post(f"/api/v1/rooms/{LOBBY}/messages", json={"text": "Geheimnis", "client_id": "a"})

    body = httpx.get(f"{server.address}/metrics", trust_env=False).text
    assert "Wilhelmine" not in body
    assert "Geheimnis" not in body


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_who_comes_through_a_proxy_of_this_machine_is_refused(server: Server, header: str) -> None:
    answer = httpx.get(f"{server.address}/metrics", headers={header: "203.0.113.7"}, trust_env=False)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize(("setting", "status"), [("off", 404), ("open", 200)])
def test_the_setting_shuts_it_and_opens_it(tmp_path: Path, setting: str, status: int) -> None:
    with Server(tmp_path / "data", GENEROUS | {"METRICS": setting}) as server:
        assert httpx.get(f"{server.address}/metrics", headers={"Via": "1.1 proxy"}, trust_env=False).status_code == status


def test_every_number_is_documented_and_no_other_is(server: Server) -> None:
    answer = httpx.get(f"{server.address}/metrics", trust_env=False)
    families = {family.name for family in text_string_to_metric_families(answer.text)}
    documented = {name(row[0]) for row in rows(PAGE.read_text(encoding="utf-8"), "# Metrics", "name")}

    assert documented == {family for family in families if family.startswith("teahouse_")}


@pytest.mark.parametrize("accept", ["", "text/plain", "text/plain;version=1.0.0", "application/openmetrics-text;version=1.0.0"])
def test_the_encoding_is_said_once(server: Server, accept: str) -> None:
    answer = httpx.get(f"{server.address}/metrics", headers={"Accept": accept}, trust_env=False)

    assert answer.headers["content-type"].count("charset=utf-8") == 1


def test_version_and_schema_are_among_them(server: Server) -> None:
    assert numbers(server)[f"teahouse_build_info{{{SCHEMA_VERSION}}}{{{__version__}}}"] == 1


def test_the_files_sizes_are_among_them(server: Server) -> None:
    found = numbers(server)

    assert found["teahouse_database_bytes"] > 0
    assert "teahouse_write_ahead_log_bytes" in found


def test_when_the_last_good_backup_was_taken_is_among_them(tmp_path: Path) -> None:
    taken, noted = "teahouse_last_backup_timestamp_seconds", tmp_path / "data/backup.json"
    with Server(tmp_path / "data", GENEROUS) as server:
        assert numbers(server)[taken] == 0, "none is known"
        make(server.data, tmp_path / "house.backup", 1_700_000_000_500)
        assert numbers(server)[taken] == 1_700_000_000.5

        words = noted.read_bytes()
        for others in (words.replace(b'"epoch":"', b'"epoch":"x'), words[:-1], words + b" " * record.MAX_BYTES):
            noted.write_bytes(others)
            assert numbers(server)[taken] == 0, "another life's, half of one, and one that is absurdly large"
        noted.unlink()
        os.mkfifo(noted)
        assert numbers(server)[taken] == 0, "nobody waits at a pipe"


async def test_searches_are_counted(server: Server, arrive: Arrive) -> None:
    before = numbers(server)
    await (await arrive("Seeker")).ask("search", query="tea")

    assert numbers(server)["teahouse_search_seconds_count"] == before["teahouse_search_seconds_count"] + 1


def test_refused_origins_refused_sign_ins_and_ended_sessions_are_counted(server: Server, visit: Visit) -> None:
    before = numbers(server)
    foreign = {"Origin": "https://elsewhere.example"}
    assert visit().post("/api/v1/session", json={"name": "F", "face": "f01"}, headers=foreign).status_code == 403
    assert visit().get("/api/v1/house", headers={"Host": "elsewhere.example"}).status_code == 403
    assert visit().get("/ws", headers=HANDSHAKE | foreign).status_code == 403
    visit("Goer").delete("/api/v1/session")
    assert visit().post("/api/v1/session", json={"name": "Key", "face": "f01", "owner_key": "no"}).status_code == 403
    found = numbers(server)

    for counter in (
        "teahouse_origins_refused_total{page}",
        "teahouse_origins_refused_total{host}",
        "teahouse_origins_refused_total{socket}",
        "teahouse_sign_ins_refused_total{bad_key}",
        "teahouse_sessions_ended_total{signed_out}",
    ):
        assert found[counter] == before.get(counter, 0) + 1, counter


def test_a_program_that_asks_for_openmetrics_gets_it() -> None:
    body, kind = render([], "application/openmetrics-text; version=1.0.0")

    assert kind.startswith("application/openmetrics-text")
    assert body.endswith(b"# EOF\n")


def test_what_was_read_does_not_change_while_it_is_rendered_in_another_thread() -> None:
    parts = MagicMock(channels={}), MagicMock(), MagicMock(refused=Counter({"401": 1})), {}
    metrics = Metrics(*parts, MagicMock(), MagicMock(), MagicMock(), Troubles(), MagicMock(free_bytes=0), Path())
    metrics.turned_away["413"] += 1
    counted = [family.values for family in metrics.families() if isinstance(family, Counts)]

    metrics.turned_away["431"] += 1

    assert {"413": 1} in counted
