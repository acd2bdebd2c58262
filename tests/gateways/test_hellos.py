"""Each road to the house counts hellos in the same way, and says how long to wait."""

import json
from typing import Any

import httpx

from tests.faults.server import GENEROUS, Server
from tests.gateways.raw import Raw, command, upgrade
from tests.gateways.stranger import Session, sign_in
from tests.support.patience import PATIENCE_S

SETTINGS = {**GENEROUS, "COMMANDS_PER_S": "0.05", "COMMAND_BURST": "15", "POLL_WAIT_S": "0.2"}
"""Three hellos at once, and the next after a thousand seconds."""


def http(session: Session) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=session.address, cookies={"teahouse_session": session.cookie}, timeout=PATIENCE_S)


async def by_socket(session: Session) -> dict[str, Any]:
    async with await Raw.connect(session.address) as raw:
        assert await raw.request(upgrade(session)) == 101
        await raw.send(command(type="hello", id=1))
        return await raw.event()


async def by_poll(session: Session) -> dict[str, Any]:
    async with http(session) as client:
        found = (await client.post("/api/v1/polls", json={"type": "hello", "id": 1})).json()
        while len(found["events"]) < 2:  # the first says the connection's name
            name = found["events"][0]["connection"]
            found["events"] += (await client.get(f"/api/v1/polls/{name}/2")).json()["events"]
        return dict(found["events"][1])


async def by_stream(session: Session) -> dict[str, Any]:
    async with http(session) as client, client.stream("GET", "/api/v1/events?id=1") as answer:
        lines = (line.removeprefix("data: ") async for line in answer.aiter_lines() if line.startswith("data: "))
        return next(event for event in [json.loads(await anext(lines)) for _ in range(2)] if event.get("id") == 1)


async def test_hellos_are_counted_together_over_all_roads(server: Server) -> None:
    session = await sign_in(server.address, "Loop")
    assert [(await come(session))["type"] for come in (by_socket, by_poll, by_stream)] == ["welcome"] * 3
    for come in (by_socket, by_poll, by_stream):
        refused = await come(session)
        assert (refused["type"], refused["code"]) == ("error", "too_much") and refused["retry_after_s"] > 500
