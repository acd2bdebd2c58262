"""What the house tells a doctor without asking who that is: how the request arrived, and nothing else."""

import httpx

from tests.faults.server import Server
from tests.gateways.http.conftest import Visit

UPGRADE = {"Connection": "Upgrade", "Upgrade": "teahouse-doctor"}


def ask(server: Server, **headers: str) -> httpx.Response:
    return httpx.get(f"{server.address}/api/v1/doctor", headers=headers, trust_env=False)


def test_a_request_is_told_how_it_arrived(server: Server) -> None:
    came = ask(server, **UPGRADE, **{"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}).json()

    assert (came["upgrade"], came["connection"], came["http_version"]) == ("teahouse-doctor", "Upgrade", "1.1")
    assert (came["forwarded_for"], came["forwarded_proto"]) == (["203.0.113.7"], ["https"])
    # Nobody is trusted here, so what the headers claim is told and not believed.
    assert (came["client"], came["peer"], came["scheme"], came["trusted"]) == ("127.0.0.1", "127.0.0.1", "http", False)


def test_cookies_and_keys_of_the_request_are_not_repeated(server: Server) -> None:
    answer = ask(server, Cookie="teahouse_session=geheim", Authorization="Bearer geheim")

    assert answer.status_code == 200
    assert "geheim" not in answer.text
    assert "set-cookie" not in answer.headers


def test_nothing_of_the_people_is_told(server: Server, visit: Visit) -> None:
    visit("Wilhelmine")

    assert "Wilhelmine" not in ask(server).text


def test_a_body_is_counted_and_forgotten(server: Server) -> None:
    headers = {"Content-Type": "application/json"}
    answer = httpx.post(f"{server.address}/api/v1/doctor/body", content=b" " * 1000, headers=headers, trust_env=False)

    assert (answer.status_code, answer.json()) == (200, {"bytes": 1000})


def test_other_sites_pages_may_not_send_bodies_here(server: Server) -> None:
    headers = {"Content-Type": "application/json", "Origin": "https://evil.example"}

    assert httpx.post(f"{server.address}/api/v1/doctor/body", content=b"x", headers=headers, trust_env=False).status_code == 403


def test_events_come_and_the_stream_ends(server: Server) -> None:
    answer = httpx.get(f"{server.address}/api/v1/doctor/stream", trust_env=False)

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.startswith("data: 0\n\ndata: 1\n\ndata: 2\n\n:")


def test_whoever_asks_on_and_on_is_told_to_wait(server: Server) -> None:
    """Sooner or later: what one has for asking comes back by two questions a second, and a machine may be slow."""
    statuses: list[int] = []
    with httpx.Client(base_url=server.address, trust_env=False) as client:
        while len(statuses) < 2_000 and statuses[-1:] != [429]:
            statuses.append(client.get("/api/v1/doctor").status_code)

    assert statuses[0] == 200
    assert statuses[-1] == 429
