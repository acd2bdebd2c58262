"""A public room by its name in place of its number."""

from urllib.parse import quote

import httpx
import pytest

from tests.faults.server import Server
from tests.gateways.http.conftest import Visit


@pytest.mark.parametrize("name", ["Lobby", "lobby", "LOBBY", "ｌｏｂｂｙ", "lob\u200bby", " lobby "])
def test_a_public_room_is_found_by_its_name_as_people_write_it(guest: httpx.Client, name: str) -> None:
    assert guest.get(f"/api/v1/rooms/{quote(name)}/messages").json()["room"] == 1


def test_digits_are_a_number_though_a_room_is_called_so(guest: httpx.Client) -> None:
    made = guest.post("/api/v1/rooms", json={"kind": "public", "name": "1", "client_id": "called-1"}).json()["room"]["id"]

    assert made != 1
    assert guest.get("/api/v1/rooms/1/messages").json()["room"] == 1


def test_a_private_room_is_never_found_by_its_name(guest: httpx.Client) -> None:
    guest.post("/api/v1/rooms", json={"kind": "private", "name": "Cellar", "client_id": "cellar"}).raise_for_status()
    mine, nobodys = (guest.get(f"/api/v1/rooms/{name}/members") for name in ("cellar", "nobodys"))

    assert (mine.status_code, mine.json()) == (404, nobodys.json())


def test_the_rooms_of_a_token_bound_names_as_well(guest: httpx.Client, server: Server) -> None:
    room = guest.post("/api/v1/rooms", json={"kind": "public", "name": "Terrace", "client_id": "terrace"}).json()["room"]["id"]
    token = guest.post("/api/v1/tokens", json={"name": "one", "scope": "read", "rooms": [room]}).json()["secret"]
    with httpx.Client(base_url=server.address, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as program:
        seen, other, nobodys = (program.get(f"/api/v1/rooms/{name}/messages") for name in ("terrace", "lobby", "nobodys"))

    assert seen.json()["room"] == room
    assert (other.status_code, other.json()) == (404, nobodys.json())


def test_a_stranger_learns_no_names(visit: Visit) -> None:
    assert [visit().get(f"/api/v1/rooms/{name}/messages").status_code for name in ("lobby", "nobodys")] == [401, 401]
