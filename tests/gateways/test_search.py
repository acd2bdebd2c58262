"""Search on the wire: found from the acknowledgement on, by WebSocket and REST alike, and hostile words are only words."""

import json
from typing import Any

import httpx
import pytest

from tests.faults.server import GENEROUS
from tests.gateways.house import LOBBY, Arrive, room_with, say
from tests.gateways.stranger import Refused, Stranger

SETTINGS = GENEROUS | {"SEARCH_RATE_PER_S": "1000000", "SEARCH_BURST": "1000000"}


async def rest(person: Stranger, **query: Any) -> httpx.Response:
    cookies = {"teahouse_session": person.session.cookie}
    async with httpx.AsyncClient(base_url=person.session.address, cookies=cookies, trust_env=False) as http:
        return await http.get("/api/v1/search", params=query)


async def test_what_is_said_is_found_at_once_by_both_doors(arrive: Arrive) -> None:
    aiko = await arrive("Aiko")
    seq = await say(aiko, LOBBY, "我们喝茶吧 Jasmine")
    for query in ("茶", "喝茶", "jas", "JASMINE 我们", "from:aiko 茶"):
        answer = await aiko.ask("search", query=query, room=LOBBY)
        assert [(found["room"], found["message"]["seq"]) for found in answer["found"]] == [(LOBBY, seq)]
        assert (await rest(aiko, q=query)).json() == await aiko.ask("search", query=query)
    [found] = (await aiko.ask("search", query="茶 jas"))["found"]
    assert found["marks"] == [[3, 4], [6, 9]]
    assert found["message"]["by"] == aiko.session.you


async def test_paging_goes_on_where_the_answer_stopped(arrive: Arrive) -> None:
    aiko = await arrive("Aiko pages")
    room = await room_with(aiko)
    seqs = [await say(aiko, room, f"oolong {number}") for number in range(5)]
    first = await aiko.ask("search", query="oolong", room=room, limit=3)
    assert (first["more"], first["before"]) == (True, seqs[2])
    second = (await rest(aiko, q="oolong", room=room, limit=3, before=first["before"])).json()
    assert [found["message"]["seq"] for found in first["found"] + second["found"]] == seqs[::-1]
    assert "more" not in second


async def test_the_rooms_of_others_are_not_searched(arrive: Arrive) -> None:
    aiko, snoop = await arrive("Aiko hides"), await arrive("Snoop")
    room = await room_with(aiko)
    await say(aiko, room, "hiddenword")
    assert (await snoop.ask("search", query="hiddenword"))["found"] == []
    assert (await rest(snoop, q="hiddenword")).json()["found"] == []
    for number in (room, 123_456):
        answer = await rest(snoop, q="hiddenword", room=number)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("query", ["", " ", '"', "***", "\0", "a b c d e f g h i", "x" * 257, "x" * 65_000])
async def test_what_cannot_be_searched_for_is_refused_in_words(arrive: Arrive, query: str) -> None:
    aiko = await arrive(f"Rascal {len(query)} {query[:1]!a}"[:30])
    if len(query) < 60_000:
        with pytest.raises(Refused, match="invalid"):
            await aiko.ask("search", query=query)
    assert (await rest(aiko, q=query)).status_code in (400, 414)


@pytest.mark.parametrize(
    "query",
    ['tea" OR "1"="1', "tea* NEAR(x)", "tea%_", "'; DROP TABLE messages; --", '"' * 255 + "x", "(" * 255 + "x", "🍵" * 128],
)
async def test_other_languages_are_not_obeyed(arrive: Arrive, query: str) -> None:
    aiko = await arrive(f"Poet {abs(hash(query)) % 10**9}")
    answer = await rest(aiko, q=query)
    assert answer.status_code == 200, answer.text
    json.dumps(await aiko.ask("search", query=query))


async def test_a_token_for_a_room_searches_there_alone(arrive: Arrive) -> None:
    aiko = await arrive("Aiko limits")
    room = await room_with(aiko)
    await say(aiko, room, "limitedword in the room")
    await say(aiko, LOBBY, "limitedword in the lobby")
    async with httpx.AsyncClient(base_url=aiko.session.address, trust_env=False) as http:
        json_type = {"Content-Type": "application/json"}
        cookie = {"Cookie": f"teahouse_session={aiko.session.cookie}"}
        body = {"name": "t", "scope": "read", "rooms": [LOBBY]}
        secret = (await http.post("/api/v1/tokens", json=body, headers=json_type | cookie)).json()["secret"]
        bearer = {"Authorization": f"Bearer {secret}"}
        found = (await http.get("/api/v1/search", params={"q": "limitedword"}, headers=bearer)).json()["found"]
        assert [one["room"] for one in found] == [LOBBY]
        assert (await http.get("/api/v1/search", params={"q": "limitedword", "room": room}, headers=bearer)).status_code == 404
