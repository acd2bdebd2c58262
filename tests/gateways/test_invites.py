"""A closed house that runs: its keepers invite on every road and on the command line beside it, and owners are made and unmade."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from typing import Any

import pytest
import websockets

from tests.faults.server import GENEROUS, Server
from tests.gateways.house import rest
from tests.gateways.stranger import PATIENCE_S, Refused, Stranger, sign_in
from tests.gateways.test_console import teahouse

SETTINGS = {**GENEROUS, "OPEN": "false"}

Come = Callable[[str, str], Awaitable[Stranger]]
"""Signs someone in under a name by an invite's key, and connects them."""


@pytest.fixture
async def come(server: Server) -> AsyncIterator[Come]:
    clients: list[Stranger] = []

    async def come(name: str, key: str) -> Stranger:
        clients.append(Stranger(await sign_in(server.address, name, invite=key)))
        await clients[-1].connect()
        return clients[-1]

    yield come
    for client in clients:
        await client.close()


async def refusal(answer: Awaitable[Any]) -> str:
    with pytest.raises(Refused) as refused:
        await answer
    return refused.value.code


async def closed(client: Stranger) -> int | None:
    async with asyncio.timeout(PATIENCE_S):
        await client.until(lambda: client.close_code is not None)
    code, client.close_code = client.close_code, None
    return code


def key_in(printed: str) -> str:
    return printed.splitlines()[0].partition("#invite=")[2]


async def test_a_keeper_on_the_socket_invites_lists_and_ends(server: Server, olga: Stranger, come: Come) -> None:
    made = await olga.ask("invite", minutes=60, max_uses=1, note="chess")
    assert made["reached_at"] == [server.address]
    await come("Ann", made["key"])
    assert await refusal(sign_in(server.address, "Ben", invite=made["key"])) == "bad_key"
    assert (await olga.ask("invites", limit=1))["invites"] == [made["invite"] | {"used": 1}]
    another = await olga.ask("invite")
    await come("Carl", another["key"])
    await olga.ask("end_invite", invite=another["invite"]["id"])
    assert await refusal(sign_in(server.address, "Dora", invite=another["key"])) == "bad_key"
    assert [entry["fact"]["type"] for entry in (await olga.ask("house_log", limit=3))["entries"]] == ["uninvited", "invited", "invited"]


async def test_a_keeper_invites_over_rest_and_nobody_else_does(server: Server, olga: Stranger, come: Come) -> None:
    async with rest(olga) as http:
        answer = await http.post("/api/v1/invites", json={"minutes": 60, "max_uses": 2, "note": "go"})
        made = answer.json()
        assert answer.status_code == 201 and made["invite"]["note"] == "go"
        guest = await come("Gus", made["key"])
        [listed] = (await http.get("/api/v1/invites?limit=1")).json()["invites"]
        assert listed == made["invite"] | {"used": 1}
        path = f"/api/v1/invites/{listed['id']}"
        token = (await http.post("/api/v1/tokens", json={"name": "bot", "scope": "write"})).json()["secret"]
        async with rest(guest) as theirs:
            for how, headers in ((theirs, {}), (http, {"Authorization": f"Bearer {token}"})):
                for method, where, body in (("GET", "/api/v1/invites", None), ("POST", "/api/v1/invites", {}), ("DELETE", path, None)):
                    refused = await how.request(method, where, json=body, headers=headers)
                    assert refused.json()["code"] == ("beyond_token" if headers else "not_allowed")
        assert (await http.delete(path)).status_code == 204
        assert (await http.delete(path)).status_code == 404
        for odd in ({"minutes": 0}, {"minutes": 366 * 24 * 60 + 1}, {"max_uses": 0}, {"note": "x" * 201}):
            assert (await http.post("/api/v1/invites", json=odd)).status_code == 400
    assert await refusal(sign_in(server.address, "Late", invite=made["key"])) == "bad_key"


async def test_a_house_that_has_run_for_months_still_invites_from_the_command_line(server: Server, come: Come) -> None:
    printed = str(server.ready["invite_link"]).partition("#invite=")[2]
    with closing(sqlite3.connect(server.data / "teahouse.db", timeout=PATIENCE_S)) as database, database:
        database.execute("UPDATE invites SET expires_at = at WHERE at_start")
    assert await refusal(sign_in(server.address, "Old", invite=printed)) == "bad_key"
    told = await teahouse(server, "invite", "--for", "7d", "--uses", "5", "--note", "the club")
    assert told.startswith(f"{server.address}/#invite=") and "5 at most may come by it" in told
    await come("Club", key_in(told))
    [row] = [line for line in (await teahouse(server, "invites")).splitlines() if "the club" in line]
    assert "by the command line" in row and "1 of 5 came" in row and key_in(told) not in row
    assert "lets nobody in" in await teahouse(server, "end-invite", row.split()[0])
    assert await refusal(sign_in(server.address, "Late", invite=key_in(told))) == "bad_key"
    assert "no invite" in await teahouse(server, "end-invite", row.split()[0], code=2)
    listed = await teahouse(server, "log")
    assert listed.count(f"invite={row.split()[0]}") == 2 and "the club" in listed


async def test_what_an_invite_cannot_be_is_said_in_a_sentence(server: Server) -> None:
    assert "a year at most" in await teahouse(server, "invite", "--for", "400d", code=2)
    assert "expected a number" in await teahouse(server, "invite", "--uses", "0", code=2)
    assert "expected a number" in await teahouse(server, "end-invite", "#1", code=2)
    assert "no invite" in await teahouse(server, "end-invite", "999999999999999", code=2)


async def test_an_owner_is_unmade_on_live_sockets_and_with_their_tokens(server: Server, olga: Stranger, come: Come) -> None:
    otto = await come("Otto", (await olga.ask("invite"))["key"])
    assert "Otto" in await teahouse(server, "role", "Otto", "owner")
    assert await closed(otto) == 4005
    await otto.connect()
    assert otto.welcome["you"]["role"] == "owner"
    theirs = await otto.ask("invite")
    async with rest(otto) as http:
        token = (await http.post("/api/v1/tokens", json={"name": "bot", "scope": "write"})).json()["secret"]
        bearer = {"Authorization": f"Bearer {token}"}
        async with websockets.connect(server.address.replace("http", "ws", 1) + "/ws", additional_headers=bearer, proxy=None) as program:
            await program.send('{"type":"hello","id":1}')
            await program.recv()
            await teahouse(server, "role", "Otto", "guest")
            assert await closed(otto) == 4005
            async with asyncio.timeout(PATIENCE_S):
                await program.wait_closed()
        assert (await http.get("/api/v1/me", headers=bearer)).status_code == 401
        assert (await http.get("/api/v1/invites")).json()["code"] == "not_allowed"
    await otto.connect()
    assert "role" not in otto.welcome["you"] and await refusal(otto.ask("bans")) == "not_allowed"
    assert await refusal(sign_in(server.address, "Friend", invite=theirs["key"])) == "bad_key"


async def test_the_last_owner_stays_one_and_the_words_say_how_to_make_another(server: Server, olga: Stranger) -> None:
    told = await teahouse(server, "role", "Olga", "guest", code=2)
    assert "last owner" in told and "role NAME owner" in told and "owner-link" in told
    assert (await olga.ask("invites"))["invites"]
