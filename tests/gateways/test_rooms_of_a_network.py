"""Throw-away guests of one network make no more rooms than its pace lets them, whichever road each takes; the proxy says who is where."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import websockets

from tests.faults.server import GENEROUS, Server
from tests.gateways.test_shut_out_networks import FAR, NEAR, guest, http, socket
from tests.support.patience import PATIENCE_S

FEW = "3"
SETTINGS = {
    **GENEROUS,
    "TRUSTED_PROXIES": "127.0.0.1",
    "PUBLIC_URL": "",
    "DOORS": "directed@0",
    "ADDRESS_DAYS": "0",
    "ROOMS_PER_HOUR_PER_ADDRESS": FEW,
    "DIRECTS_PER_HOUR_WITH_ONE_USER_PER_ADDRESS": FEW,
}


async def over_rest(server: Server, name: str, address: str, make: dict[str, Any]) -> str:
    cookie, _ = await guest(server, name, address)
    async with http(server, address, cookie) as client:
        answer = (await client.post("/api/v1/directs" if "user" in make else "/api/v1/rooms", json=make)).json()
        return str(answer.get("code", "done"))


async def over_a_socket(server: Server, name: str, address: str, make: dict[str, Any]) -> str:
    cookie, _ = await guest(server, name, address)
    async with socket(server, cookie, address) as live:
        await live.send(json.dumps({"type": "hello", "id": 1}))
        await live.send(json.dumps({"type": "open_direct" if "user" in make else "create_room", "id": 2, **make}))
        async for text in live:
            answer = json.loads(text)
            if answer.get("id") == 2:
                return str(answer.get("code", "done"))
        raise AssertionError("the socket was closed")


def room() -> dict[str, Any]:
    return {"kind": "public", "name": f"Room {uuid4().hex[:8]}", "client_id": uuid4().hex}


async def test_rooms_are_counted_by_network_on_every_road(server: Server) -> None:
    got = [await road(server, f"Guest {n}", FAR, room()) for n, road in enumerate((over_rest, over_a_socket) * 2)]
    assert got == ["done"] * 3 + ["too_much"]
    assert [await over_rest(server, "Rest", FAR, room()), await over_a_socket(server, "Near", NEAR, room())] == ["too_much", "done"]


async def test_direct_rooms_with_one_person_are_counted_by_network_at_doors_too(server: Server) -> None:
    cookie, target = await guest(server, "Target", NEAR)
    make = {"user": target["id"]}
    got = [await road(server, f"Pest {n}", FAR, make) for n, road in enumerate((over_rest, over_a_socket))]
    door = str(server.ready["doors"][0]["address"])  # type: ignore[index]

    async def write(name: str, address: str) -> None:
        async with websockets.connect(door, additional_headers={"X-Forwarded-For": address}, proxy=None) as live:
            for said in ({"user_id": name, "login": "1"}, {"to_user_id": "Target", "msg": "hi"}):
                await live.send(json.dumps(said))
            async with http(server, NEAR, cookie) as client, asyncio.timeout(PATIENCE_S):
                while len((await client.get("/api/v1/rooms")).json()["rooms"]) < 4:
                    pass

    await write("Pest 2", FAR)
    assert got == ["done"] * 2
    assert await over_rest(server, "Pest 3", FAR, make) == "too_much"
    assert await over_a_socket(server, "Neighbour", NEAR, make) == "done"
