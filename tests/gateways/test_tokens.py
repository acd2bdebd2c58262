"""Tokens and tickets on the WebSocket: no cookie, no Origin, the limits of the token on everything that comes out."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.faults.server import GENEROUS, Server
from tests.gateways.house import LOBBY, Arrive, Knock, knocking, room_with, say
from tests.gateways.raw import Raw, command, upgrade
from tests.gateways.stranger import PATIENCE_S, Stranger

SETTINGS = GENEROUS | {"LOG_LEVEL": "debug", "SWEEP_INTERVAL_S": "0.5"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def knock(server: Server) -> AsyncIterator[Knock]:
    """In the test's own loop, as `arrive` does."""
    async with knocking(server) as knock:
        yield knock


async def ask_house(person: Stranger, method: str, path: str, **body: Any) -> httpx.Response:
    cookies = {"teahouse_session": person.session.cookie}
    async with httpx.AsyncClient(base_url=person.session.address, cookies=cookies, headers=JSON, trust_env=False) as http:
        return await http.request(method, f"/api/v1/{path}", content=json.dumps(body))


async def token(person: Stranger, scope: str = "write", **more: Any) -> tuple[str, int]:
    made = (await ask_house(person, "POST", "tokens", name="feeder", scope=scope, **more)).json()
    return made["secret"], made["token"]["id"]


async def ticket(person: Stranger) -> str:
    return str((await ask_house(person, "POST", "tickets")).json()["ticket"])


def bearing(person: Stranger, secret: str, **changes: str | None) -> bytes:
    """A handshake with a token, without cookie and Origin."""
    return upgrade(person.session, **{"Cookie": None, "Origin": None, "Authorization": f"Bearer {secret}", **changes})


def with_ticket(person: Stranger, secret: str, **changes: str | None) -> bytes:
    request = upgrade(person.session, **{"Cookie": None, "Origin": None, **changes})
    return request.replace(b"GET /ws ", f"GET /ws?ticket={secret} ".encode())


async def greeted(raw: Raw, request: bytes) -> dict[str, Any]:
    assert await raw.request(request) == 101
    return await answer(raw, type="hello")


async def answer(raw: Raw, **fields: Any) -> dict[str, Any]:
    await raw.send(command(id=1, **fields))
    return await raw.event("welcome", "ok", "error", "pong")


async def test_a_token_opens_a_socket_without_cookie_and_origin(arrive: Arrive, knock: Knock) -> None:
    aiko = await arrive("Aiko")
    secret, _ = await token(aiko)
    raw = await knock()
    assert (await greeted(raw, bearing(aiko, secret)))["you"] == aiko.session.you
    assert (await answer(raw, type="post", room=LOBBY, text="hello", client_id="c1"))["type"] == "ok"
    assert await (await knock()).request(bearing(aiko, secret, Origin="null")) == 101, "a page from disk, say"


async def test_a_wrong_token_is_refused_though_the_cookie_would_do(arrive: Arrive, knock: Knock) -> None:
    aiko = await arrive("Aiko forgets")
    secret, number = await token(aiko)
    assert (await ask_house(aiko, "DELETE", f"tokens/{number}")).status_code == 204
    cookie = {"Cookie": f"teahouse_session={aiko.session.cookie}", "Origin": aiko.session.address}
    for wrong in (secret, "tea_made-up", "", aiko.session.cookie):
        assert await (await knock()).request(bearing(aiko, wrong, **cookie)) == 401
    request = upgrade(aiko.session, Cookie=None).replace(b"GET /ws ", f"GET /ws?token={secret} ".encode())
    assert await (await knock()).request(request) == 401


async def test_revoking_ends_the_live_connection_at_once(arrive: Arrive, knock: Knock) -> None:
    aiko = await arrive("Aiko revokes")
    secret, number = await token(aiko)
    raw, by_ticket = await knock(), await knock()
    await greeted(raw, bearing(aiko, secret))
    async with httpx.AsyncClient(
        base_url=aiko.session.address, headers=JSON | {"Authorization": f"Bearer {secret}"}, trust_env=False
    ) as http:
        its_ticket = (await http.post("/api/v1/tickets")).json()["ticket"]
    await greeted(by_ticket, with_ticket(aiko, its_ticket))
    await ask_house(aiko, "DELETE", f"tokens/{number}")
    assert await raw.close_code() == 4001
    assert await by_ticket.close_code() == 4001
    await say(aiko, LOBBY, "and I am still here")


async def test_a_reader_reads_and_changes_nothing(arrive: Arrive, knock: Knock) -> None:
    aiko = await arrive("Aiko reads")
    secret, _ = await token(aiko, "read")
    raw = await knock()
    await greeted(raw, bearing(aiko, secret))
    before = aiko.seen[LOBBY]
    for refused in (
        {"type": "post", "room": LOBBY, "text": "hi", "client_id": "c"},
        {"type": "read", "room": LOBBY, "seq": before},
        {"type": "typing", "room": LOBBY},
        {"type": "create_room", "kind": "public", "name": "n", "client_id": "n"},
        {"type": "open_direct", "user": 1},
        {"type": "leave", "room": LOBBY},
    ):
        assert (await answer(raw, **refused)).get("code") == "beyond_token", refused
    assert (await answer(raw, type="page", room=LOBBY))["type"] == "ok"
    seq = await say(aiko, LOBBY, "can you hear me?")
    assert seq == before + 1
    while (await raw.event("entry"))["seq"] < seq:
        pass


async def test_a_token_for_a_room_hears_of_no_other(arrive: Arrive, knock: Knock) -> None:
    aiko, ben = await arrive("Aiko hides"), await arrive("Ben helps")
    hidden = await room_with(aiko, ben, kind="public")
    secret, _ = await token(aiko, rooms=[LOBBY])
    raw = await knock()
    welcome = await greeted(raw, bearing(aiko, secret))
    assert [standing["room"]["id"] for standing in welcome["rooms"]] == [LOBBY]
    for asked in ({"type": "page"}, {"type": "post", "text": "x", "client_id": "x"}, {"type": "join"}, {"type": "members"}):
        assert (await answer(raw, room=hidden, **asked))["code"] == "not_found"
    assert (await answer(raw, type="find_rooms", query="Room of"))["result"]["rooms"] == []
    assert (await answer(raw, type="create_room", kind="public", name="n", client_id="n"))["code"] == "beyond_token"
    await say(ben, hidden, "secret")
    await aiko.ask("open_direct", user=ben.id)
    await aiko.ask("read", room=hidden, seq=aiko.seen[hidden])
    seq = await say(ben, LOBBY, "public")
    heard = []
    while not heard or heard[-1]["seq"] < seq:
        heard.append(await raw.event("entry"))
    assert {entry["log"] for entry in heard} == {LOBBY}


async def test_a_token_for_a_room_resumes_there_alone(arrive: Arrive, knock: Knock) -> None:
    aiko = await arrive("Aiko resumes")
    hidden = await room_with(aiko)
    secret, _ = await token(aiko, "read", rooms=[LOBBY])
    welcome = await greeted(await knock(), bearing(aiko, secret))
    inbox, cursor = welcome["inbox"], aiko.seen[LOBBY]
    seq = await say(aiko, LOBBY, "while away")
    await say(aiko, hidden, "secret")
    raw = await knock()
    assert await raw.request(bearing(aiko, secret)) == 101
    cursors = {str(inbox): 0, str(LOBBY): cursor, str(hidden): 0}
    assert (await answer(raw, type="hello", epoch=welcome["epoch"], cursors=cursors))["resumed"]
    assert await raw.event("reset") == {"type": "reset", "log": hidden, "why": "left", "head": None}
    entry = await raw.event("entry")
    assert (entry["log"], entry["seq"]) == (LOBBY, seq)


async def test_a_ticket_opens_one_socket_once_from_any_page(arrive: Arrive, knock: Knock) -> None:
    aiko = await arrive("Aiko travels")
    one = await ticket(aiko)
    raw = await knock()
    assert (await greeted(raw, with_ticket(aiko, one, Origin="null")))["you"] == aiko.session.you
    assert await (await knock()).request(with_ticket(aiko, one)) == 401
    assert await (await knock()).request(with_ticket(aiko, f"{await ticket(aiko)}&ticket=x")) == 401


async def test_no_secret_of_a_handshake_reaches_the_log(server: Server, arrive: Arrive, knock: Knock) -> None:
    aiko = await arrive("Aiko whispers")
    (secret, _), one = await token(aiko), await ticket(aiko)
    await greeted(await knock(), bearing(aiko, secret))
    await greeted(await knock(), with_ticket(aiko, one))
    await (await knock()).request(with_ticket(aiko, one))
    assert secret not in server.log and one not in server.log


@pytest.mark.parametrize("path", ["/ws?ticket=%00", "/ws?ticket=" + "x" * 4000, "/ws?ticket=&ticket=", "/ws?&&=;%zz"])
async def test_rubbish_for_a_ticket_is_refused(arrive: Arrive, knock: Knock, path: str) -> None:
    aiko = await arrive(f"Rascal {len(path)} {path[-2:]}")
    request = upgrade(aiko.session, Cookie=None).replace(b"GET /ws ", f"GET {path} ".encode())
    assert await (await knock()).request(request) == 401


async def test_a_token_follows_an_event_stream_within_its_bounds_and_is_cut_off_when_revoked(arrive: Arrive) -> None:
    aiko = await arrive("Aiko streams")
    secret, number = await token(aiko, "read")
    headers = {**JSON, "Authorization": f"Bearer {secret}"}
    async with (
        httpx.AsyncClient(base_url=aiko.session.address, headers=headers, trust_env=False, timeout=None) as http,
        http.stream("POST", "/api/v1/events", content='{"type":"hello"}') as stream,
    ):
        events = (json.loads(line[6:]) async for line in stream.aiter_lines() if line.startswith("data: "))
        name = (await anext(events))["connection"]
        assert (await anext(events))["type"] == "welcome"
        post = {"type": "post", "id": 7, "room": LOBBY, "text": "may I?", "client_id": "c-1"}
        assert (await http.post(f"/api/v1/connections/{name}", content=json.dumps([post]))).status_code == 204
        refused = await next_of(events, "error")
        assert (refused["id"], refused["code"]) == (7, "beyond_token")

        await ask_house(aiko, "DELETE", f"tokens/{number}")

        assert (await next_of(events, "closed"))["code"] == 4001
        assert [event async for event in events] == []


async def next_of(events: AsyncIterator[dict[str, Any]], kind: str) -> dict[str, Any]:
    async for event in events:
        if event["type"] == kind:
            return event
    raise AssertionError(f"the stream ended without {kind}")


async def test_a_handshake_is_told_that_its_token_ends_in_its_last_week(arrive: Arrive, knock: Knock) -> None:
    aiko = await arrive("Aiko renews")
    for days, is_told in ((8, False), (6, True)):
        secret, _ = await token(aiko, days=days)
        raw = await knock()
        await raw.send(bearing(aiko, secret))
        head = await asyncio.wait_for(raw.reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
        assert head.startswith(b"HTTP/1.1 101 ") and (b"\r\nTeahouse-Token-Expires: " in head) == is_told
