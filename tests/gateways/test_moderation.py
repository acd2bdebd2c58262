"""What keepers do holds at once on every road: sockets, streams, polls, REST, tokens, tickets, old doors, the command line."""

import asyncio
from typing import Any

import httpx
import pytest
import websockets

from tests.faults.server import GENEROUS, Server
from tests.gateways.doors.visitor import Visitor
from tests.gateways.house import LOBBY, Arrive, rest, say
from tests.gateways.stranger import Refused, Stranger, sign_in
from tests.support.patience import PATIENCE_S

SETTINGS = {**GENEROUS, "DOORS": "nickname@0,signin"}
REASON = "advertising in the lobby"


async def closed(client: Stranger) -> int | None:
    async with asyncio.timeout(PATIENCE_S):
        await client.until(lambda: client.close_code is not None)
    return client.close_code


async def refusal(answer: Any) -> str:
    with pytest.raises(Refused) as refused:
        await answer
    return refused.value.code


@pytest.mark.parametrize("road", ["websocket", "events", "polls"])
async def test_a_ban_ends_the_live_connection_of_every_road_and_says_why(arrive: Arrive, olga: Stranger, road: str) -> None:
    pest = await arrive(f"Pest by {road}")
    await pest.close()
    pest.road, pest.close_code = road, None
    await pest.connect()
    seq = await say(pest, LOBBY, "buy now")
    ban = await olga.ask("ban", user=pest.id, minutes=5, reason=REASON, remove_since=0)
    async with asyncio.timeout(PATIENCE_S):
        while pest.connected:
            await asyncio.wait([pest._reader])  # type: ignore[list-item]
    told = [event for event in pest.others if event["type"] == "error"]
    if pest.close_code is not None or road != "polls":  # a poll that was not under way just then is refused like any request below
        assert pest.close_code == 4004
        assert [event["code"] for event in told] == ["banned"] and REASON in told[0]["words"]
        assert told[0]["ban"] == {"until": ban["until"], "reason": REASON}
    await olga.until(lambda: any(entry["fact"] == {"type": "removed", "message": seq, "author": pest.id} for entry in olga.entries))
    async with rest(pest) as http:
        for answer in (
            await http.get("/api/v1/rooms"),
            await http.post(f"/api/v1/rooms/{LOBBY}/messages", json={"text": "again", "client_id": "c"}),
            await http.post("/api/v1/session", json={"name": "Another name", "face": "f01"}),
            await http.get("/api/v1/events"),
        ):
            assert answer.status_code == 403 and answer.json()["code"] == "banned" and REASON in answer.json()["words"]
            assert answer.json()["ban"] == {"until": ban["until"], "reason": REASON}
        house = (await http.get("/api/v1/house")).json()
        assert not house["signed_in"] and REASON in house["banned"]
        assert house["ban"] == {"until": ban["until"], "reason": REASON}
    pest.road = "websocket"
    with pytest.raises(websockets.InvalidStatus) as refused:
        await pest.connect()
    assert refused.value.response.status_code == 403
    await olga.ask("unban", ban=ban["id"])
    await pest.connect()
    assert pest.welcome["you"]["id"] == pest.id


async def test_programs_and_doors_of_somebody_who_is_banned_end_with_them(arrive: Arrive, server: Server, olga: Stranger) -> None:
    pest = await arrive("Pest with programs")
    async with rest(pest) as http:
        made = (await http.post("/api/v1/tokens", json={"name": "bot", "scope": "write"})).json()
        ticket = (await http.post("/api/v1/tickets")).json()["ticket"]
    address = server.address.replace("http", "ws", 1) + "/ws"
    bearer = {"Authorization": f"Bearer {made['secret']}"}
    async with websockets.connect(address, additional_headers=bearer, proxy=None) as program:
        await program.send('{"type":"hello","id":1}')
        await program.recv()
        await olga.ask("ban", user=pest.id, reason=REASON)
        async with asyncio.timeout(PATIENCE_S):
            await program.wait_closed()
        assert program.close_code == 4004 and REASON in str(program.close_reason)
    for opening in ({"additional_headers": bearer}, {"uri": f"{address}?ticket={ticket}"}):
        with pytest.raises(websockets.InvalidStatus) as refused:
            await websockets.connect(opening.pop("uri", address), proxy=None, **opening)  # type: ignore[arg-type]
        assert refused.value.response.status_code == 403


async def test_a_name_at_a_door_stays_banned(arrive: Arrive, server: Server, olga: Stranger) -> None:
    async with Visitor(server, "nickname", "/conn/ws/Doorpest") as pest:
        await pest.say({"message": "buy"})
        await pest.hear()
        [found] = (await olga.ask("members", room=LOBBY, query="Doorpest"))["members"]
        await olga.ask("ban", user=found["user"]["id"], reason=REASON)
        code, reason = await pest.closed()
        assert code == 4004 and REASON in str(reason)
    for name in ("Doorpest", "doorpest"):
        async with Visitor(server, "nickname", f"/conn/ws/{name}") as again:
            assert (await again.closed())[0] == 4004
    assert await refusal(sign_in(server.address, "Doorpest")) == "name_taken"


async def test_ended_sessions_and_changed_roles_reach_live_sockets(arrive: Arrive, olga: Stranger) -> None:
    gus = await arrive("Gus")
    assert await refusal(gus.ask("ban", user=olga.id)) == "not_allowed"
    assert (await olga.ask("set_role", user=gus.id, role="admin"))["role"] == "admin"
    assert await closed(gus) == 4005
    await gus.connect()
    gus.close_code = None
    assert gus.welcome["you"]["role"] == "admin"
    assert await refusal(gus.ask("ban", user=olga.id)) == "not_allowed"
    assert (await gus.ask("house_log"))["entries"][0]["fact"]["type"] == "role_set"
    await olga.ask("set_role", user=gus.id, role="guest")
    assert await closed(gus) == 4005
    await gus.connect()
    gus.close_code = None
    assert await refusal(gus.ask("house_log")) == "not_allowed"
    assert (await olga.ask("end_sessions", user=gus.id))["ended"] == 1
    assert await closed(gus) == 4001


async def test_a_closed_house_takes_in_nobody_new_at_the_page_or_at_a_door(arrive: Arrive, server: Server, olga: Stranger) -> None:
    inside = await arrive("Inside")
    async with Visitor(server, "nickname", "/conn/ws/Regular") as regular:
        await regular.say({"message": "here as always"})
        await regular.hear()
    await olga.ask("newcomers", admitted=False, reason="a wave")
    try:
        assert await refusal(sign_in(server.address, "Wave")) == "house_closed"
        async with Visitor(server, "nickname", "/conn/ws/Wave") as new:
            assert "nobody new" in str((await new.closed())[1])
        async with Visitor(server, "nickname", "/conn/ws/Regular") as regular:
            await regular.say({"message": "and again"})
            assert (await regular.hear_json())["message"] == "and again"
        async with httpx.AsyncClient(base_url=server.address, trust_env=False) as http:
            assert (await http.get("/api/v1/house")).json()["closed"] is True
            page = await http.post("/doors/signin/signin", data={"name": "Wave", "imgid": "1"}, headers={"Origin": server.address})
            assert page.status_code == 403 and "nobody new" in page.text
        await inside.close()
        await inside.connect()
    finally:
        await olga.ask("newcomers", admitted=True)
    await arrive("Late")


async def test_rest_does_the_same_as_the_socket(arrive: Arrive, olga: Stranger) -> None:
    gus = await arrive("Gus by REST")
    async with rest(olga) as http:
        made = await http.post("/api/v1/bans", json={"user": gus.id, "minutes": 60, "reason": REASON})
        assert made.status_code == 201 and await closed(gus) == 4004
        ban = made.json()
        assert (await http.get("/api/v1/bans?limit=1")).json()["bans"] == [ban]
        person = (await http.get(f"/api/v1/users/{gus.id}")).json()
        assert person["ban"] == ban and person["sessions"] == 1
        assert (await http.delete(f"/api/v1/bans/{ban['id']}")).status_code == 204
        assert (await http.delete(f"/api/v1/bans/{ban['id']}")).status_code == 404
        await gus.connect()
        assert (await http.put(f"/api/v1/users/{gus.id}/role", json={"role": "admin"})).json()["role"] == "admin"
        assert (await http.post(f"/api/v1/users/{gus.id}/remove-messages", json={"since": 0})).status_code == 202
        assert (await http.post(f"/api/v1/users/{gus.id}/remove-messages", json={"minutes": 60})).status_code == 202
        assert (await http.put("/api/v1/house/newcomers", json={"admitted": True})).status_code == 204
        assert (await http.post(f"/api/v1/users/{gus.id}/end-sessions", json={})).json() == {"ended": 1}
        log = (await http.get("/api/v1/house/log?limit=5")).json()
        assert [entry["fact"]["type"] for entry in log["entries"]] == ["signed_off", "cleared", "cleared", "role_set", "unbanned"] and log[
            "more"
        ]
        assert (await http.post("/api/v1/bans", json={"network": "127.0.0.1", "minutes": 1})).status_code == 400
        token = (await http.post("/api/v1/tokens", json={"name": "bot", "scope": "write"})).json()["secret"]
        for path in ("/api/v1/bans", f"/api/v1/users/{olga.id}", "/api/v1/house/log"):
            assert (await http.get(path, headers={"Authorization": f"Bearer {token}"})).json()["code"] == "beyond_token"
    async with rest(await arrive("Nosy")) as http:
        for path in ("/api/v1/bans", f"/api/v1/users/{olga.id}", "/api/v1/house/log"):
            assert (await http.get(path)).json()["code"] == "not_allowed"
