"""A house called by its public name: only pages of the public address are its own, on every road, without a trusted proxy too."""

from collections.abc import Iterator

import httpx
import pytest

from tests.faults.server import GENEROUS, Server
from tests.gateways.raw import Raw, upgrade
from tests.gateways.stranger import Session
from tests.support.ports import free_port

PUBLIC, DOWNGRADED = "https://chat.example.org", "http://chat.example.org"
HOST = "chat.example.org"


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address at which a proxy that is not trusted finds a house that is https by name, with a door."""
    port = free_port()
    settings = {**GENEROUS, "PUBLIC_URL": PUBLIC, "OPEN": "true", "DOORS": "shout,signin"}
    with Server(tmp_path_factory.mktemp("behind") / "data", settings, port=port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def session(behind: str) -> Session:
    with page(behind, PUBLIC) as guest:
        answer = guest.post("/api/v1/session", json={"name": "Guest", "face": "f01"})
        assert answer.status_code == 201
        cookie = answer.headers["set-cookie"].partition(";")[0]
        assert cookie.startswith("__Host-teahouse_session=")
        return Session(behind, cookie.partition("=")[2], answer.json()["you"])


def page(address: str, origin: str, cookie: str = "") -> httpx.Client:
    """What a page of `origin` can ask, as the proxy passes it on."""
    headers = {"Host": HOST, "Origin": origin, "Cookie": f"__Host-teahouse_session={cookie}"}
    return httpx.Client(base_url=address, headers=headers, trust_env=False)


@pytest.mark.parametrize(("origin", "lets_in"), [(PUBLIC, True), (DOWNGRADED, False), (f"{DOWNGRADED}:443", False)])
def test_changes_are_made_for_pages_of_the_public_address_alone(behind: str, session: Session, origin: str, lets_in: bool) -> None:
    with page(behind, origin, session.cookie) as client:
        room = client.post("/api/v1/rooms", json={"kind": "private", "name": "Back", "client_id": "back"})
        poll = client.post("/api/v1/polls", json={"id": 1})

    assert (room.status_code, poll.status_code) == ((201, 201) if lets_in else (403, 403))
    with page(behind, DOWNGRADED, session.cookie) as client:
        assert client.get("/api/v1/events").status_code == 403, "a stream is held open by its reader"
    if not lets_in:
        assert {room.json()["code"], poll.json()["code"]} == {"bad_origin"}


@pytest.mark.parametrize(("origin", "status"), [(PUBLIC, 101), (DOWNGRADED, 403), (f"{DOWNGRADED}:80", 403)])
async def test_sockets_open_for_pages_of_the_public_address_alone(behind: str, session: Session, origin: str, status: int) -> None:
    async with await Raw.connect(behind) as raw:
        handshake = upgrade(session, Host=HOST, Origin=origin, Cookie=f"__Host-teahouse_session={session.cookie}")

        assert await raw.request(handshake) == status


@pytest.mark.parametrize("path", [b"/doors/shout/", b"/doors/signin/chat"])
async def test_doors_open_for_pages_of_the_public_address_alone(behind: str, session: Session, path: bytes) -> None:
    async with await Raw.connect(behind) as raw:
        handshake = upgrade(session, Host=HOST, Origin=DOWNGRADED, Sec_WebSocket_Protocol=None)

        assert await raw.request(handshake.replace(b"GET /ws", b"GET " + path)) == 403


def test_past_the_proxy_the_house_is_itself(behind: str, session: Session) -> None:
    """Whoever runs it looks from its own machine."""
    with httpx.Client(base_url=behind, headers={"Origin": behind}, trust_env=False) as client:
        assert client.post("/api/v1/session", json={"name": "Keeper's friend", "face": "f01"}).status_code == 201
