"""Behind proxies: whose word about the client is taken, for throttles, origins and cookies, by both doors."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.server import GENEROUS, Server
from tests.gateways.house import knocking
from tests.gateways.raw import Raw, command, upgrade
from tests.gateways.stranger import sign_in

SETTINGS = {**GENEROUS, "SIGN_INS_PER_MINUTE_PER_ADDRESS": "4", "TRUSTED_PROXIES": "127.0.0.1", "SOCKETS_PER_ADDRESS": "2"}
HTTPS = {"X-Forwarded-Proto": "https", "Origin": "https://localhost", "X-Forwarded-Host": "localhost"}
TRIES = 60
"""More than the four that are let in, and one again every 15 s, even where each takes long."""


@pytest.fixture
def guest(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.address, headers={"Content-Type": "application/json"}, trust_env=False) as client:
        yield client


def come_in(client: httpx.Client, name: str, **headers: str) -> httpx.Response:
    return client.post("/api/v1/session", json={"name": name, "face": "f01"}, headers={k.replace("_", "-"): v for k, v in headers.items()})


def test_attempts_are_counted_by_the_clients_address_and_not_the_proxys(guest: httpx.Client) -> None:
    assert [come_in(guest, f"One{number}", X_Forwarded_For="192.0.2.1").status_code for number in range(4)] == [201] * 4
    assert any(come_in(guest, f"More{number}", X_Forwarded_For="192.0.2.1").status_code == 429 for number in range(TRIES))
    assert come_in(guest, "Another", X_Forwarded_For="192.0.2.2").status_code == 201


def test_inventing_addresses_to_the_left_does_not_help(guest: httpx.Client) -> None:
    tries = (come_in(guest, f"Liar{number}", X_Forwarded_For=f"203.0.113.{number}, 192.0.2.3") for number in range(TRIES))

    assert any(answer.status_code == 429 for answer in tries)


def test_the_cookie_is_secure_when_the_proxy_speaks_https(guest: httpx.Client) -> None:
    answer = come_in(guest, "Secret", **{**HTTPS, "X-Forwarded-For": "192.0.2.4"})

    assert answer.status_code == 201
    assert answer.headers["set-cookie"].startswith("__Host-teahouse_session=")
    assert answer.headers["set-cookie"].endswith("; Secure")


def test_the_page_may_call_the_sockets_of_the_host_that_the_browser_sees(guest: httpx.Client) -> None:
    page = guest.get("/", headers={"X-Forwarded-Host": "tea.localhost:8443"})

    assert "wss://tea.localhost:8443" in page.headers["content-security-policy"]


@pytest.mark.parametrize("host", ["evil.example", "not a host", "localhost/evil"])
def test_a_forwarded_name_is_checked_like_any_other(guest: httpx.Client, host: str) -> None:
    assert guest.get("/", headers={"X-Forwarded-Host": host}).status_code in (400, 403)


def test_a_page_of_another_name_cannot_borrow_ours_through_a_header(guest: httpx.Client) -> None:
    answer = guest.get("/", headers={"Host": "evil.example", "X-Forwarded-Host": "localhost"})

    assert (answer.status_code, answer.json()["code"]) == (403, "bad_origin")


async def test_sockets_take_the_proxys_word_for_scheme_host_and_address(server: Server) -> None:
    session = await sign_in(server.address, "Socket")
    async with await Raw.connect(server.address) as raw:
        secure = upgrade(
            session,
            Origin="https://tea.localhost",
            X_Forwarded_Host="tea.localhost",
            X_Forwarded_Proto="wss",
            Cookie=f"__Host-teahouse_session={session.cookie}",
        )

        assert await raw.request(secure) == 101


async def test_sockets_are_counted_by_the_clients_address(server: Server) -> None:
    session = await sign_in(server.address, "Many")
    async with knocking(server) as knock:

        async def opens(address: str) -> Raw:
            raw = await knock()
            assert await raw.request(upgrade(session, X_Forwarded_For=address)) == 101
            await raw.send(command(type="hello", id=1))
            return raw

        here = [await opens("192.0.2.9") for _ in range(5)]
        elsewhere = await opens("192.0.2.10")

        assert await here[4].close_code() == 1013
        assert (await elsewhere.event())["type"] == "welcome"


def test_a_house_that_trusts_nobody_takes_nobodys_word(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server, httpx.Client(base_url=server.address, trust_env=False) as client:
        answer = come_in(client, "Liar", X_Forwarded_Proto="https", X_Forwarded_For="192.0.2.1")
        page = client.get("/", headers={"X-Forwarded-Host": "evil.example"})

    assert "Secure" not in answer.headers["set-cookie"]
    assert page.status_code == 200
    assert "evil.example" not in page.headers["content-security-policy"]
