"""The conversation without a WebSocket: the same promises over Server-Sent Events and long polling."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from tests.faults.server import GENEROUS, Server
from tests.gateways.house import LOBBY, Arrive, caught_up, room_with, say
from tests.gateways.roads import Road
from tests.gateways.stranger import Refused, Session, Stranger, sign_in
from tests.support.patience import PATIENCE_S

SETTINGS = {**GENEROUS, "PING_INTERVAL_S": "0.2", "SWEEP_INTERVAL_S": "0.1", "POLL_WAIT_S": "0.5", "SOCKETS_PER_USER": "3"}
BOTH = pytest.mark.parametrize("road", ["events", "polls"])


async def take_the_road(client: Stranger, road: str) -> Stranger:
    """Come back on another road, resuming."""
    await client.cut()
    client.road = road
    await client.connect()
    return client


@BOTH
async def test_people_on_different_roads_are_in_one_conversation(arrive: Arrive, road: str) -> None:
    aiko, ben = await arrive(f"Aiko {road}"), await arrive(f"Ben {road}")
    await take_the_road(ben, road)

    heard = await say(aiko, LOBBY, "by socket")
    await caught_up(ben, LOBBY, heard)
    answered = await say(ben, LOBBY, "by plain HTTP")
    await caught_up(aiko, LOBBY, answered)

    assert ben.texts(LOBBY)[-2:] == ["by socket", "by plain HTTP"]
    assert aiko.texts(LOBBY)[-2:] == ["by socket", "by plain HTTP"]


@BOTH
async def test_a_first_visit_needs_no_socket(server: Server, road: str) -> None:
    async with Stranger(await sign_in(server.address, f"New {road}")) as client:
        client.road = road

        assert not (await client.connect())["resumed"]
        assert [standing["room"]["id"] for standing in client.welcome["rooms"]] == [LOBBY]


@BOTH
async def test_after_a_cut_everything_missed_follows_once_and_in_order(arrive: Arrive, road: str) -> None:
    aiko, ben = await arrive(f"Aiko goes on, {road}"), await arrive(f"Ben in a tunnel, {road}")
    room = await room_with(aiko, ben)
    await take_the_road(ben, road)
    await ben.cut()
    missed = [await say(aiko, room, f"missed {number}") for number in range(120)]

    assert (await ben.connect())["resumed"]
    await caught_up(ben, room, missed[-1])

    assert ben.texts(room) == [f"missed {number}" for number in range(120)]


@BOTH
async def test_a_list_of_commands_is_carried_out_in_its_order(arrive: Arrive, road: str) -> None:
    aiko = await take_the_road(await arrive(f"Hasty {road}"), road)
    posts = [{"type": "post", "room": LOBBY, "text": f"{road} {number}", "client_id": f"{road}-{number}"} for number in range(100)]

    await road_of(aiko).post(json.dumps(posts))
    await aiko.until(lambda: f"{road} 99" in aiko.texts(LOBBY))

    assert [text for text in aiko.texts(LOBBY) if text.startswith(road)] == [f"{road} {number}" for number in range(100)]


@BOTH
async def test_a_refusal_is_an_event_with_the_commands_id(arrive: Arrive, road: str) -> None:
    aiko = await take_the_road(await arrive(f"Refused {road}"), road)

    with pytest.raises(Refused) as refused:
        await aiko.ask("post", room=999_999, text="nobody there", client_id="nowhere")

    assert refused.value.code == "not_found"


@BOTH
async def test_signing_out_elsewhere_ends_the_stream_at_once_with_its_code(server: Server, arrive: Arrive, road: str) -> None:
    aiko = await take_the_road(await arrive(f"Leaver {road}"), road)

    async with requests(aiko.session) as http:
        assert (await http.delete("/api/v1/session")).status_code == 204
    await aiko.until(lambda: not aiko.connected)

    assert aiko.close_code == 4001 or road == "polls"  # a poll's next question is refused as the session's: 401


@BOTH
async def test_nothing_is_heard_after_leaving_a_room(arrive: Arrive, road: str) -> None:
    aiko, ben = await arrive(f"Owner {road}"), await arrive(f"Put out {road}")
    room = await room_with(aiko, ben)
    await take_the_road(ben, road)

    await aiko.ask("remove_member", room=room, user=ben.id)
    await say(aiko, room, "a secret")
    await caught_up(ben, LOBBY, await say(aiko, LOBBY, "for all"))

    assert ben.texts(room) == []
    assert room not in ben.seen


@BOTH
async def test_too_many_connections_of_one_user_are_refused_whatever_their_road(server: Server, road: str) -> None:
    session = await sign_in(server.address, f"Many {road}")
    async with Stranger(session) as one, Stranger(session) as two, Stranger(session) as three:
        clients = (one, two, three)
        for client, taken in zip(clients, ["websocket", "events", "polls"], strict=True):
            client.road = taken
            await client.connect()

        path = {"events": "/api/v1/events", "polls": "/api/v1/polls"}[road]
        async with requests(session) as http:
            one_more = await http.post(path, content='{"type":"hello"}')
            replacing = await http.send(
                http.build_request("POST", path, content='{"type":"hello"}', params={"instead_of": road_of(clients[1]).name}), stream=True
            )
            await replacing.aclose()

        assert (one_more.status_code, one_more.json()["code"]) == (429, "too_much")
        assert replacing.status_code in (200, 201)


async def test_an_event_stream_gives_a_sign_of_life_when_nothing_happens(server: Server) -> None:
    session = await sign_in(server.address, "Listener")

    async with requests(session) as http, http.stream("GET", "/api/v1/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-accel-buffering"] == "no"
        async with asyncio.timeout(PATIENCE_S):
            lines = [line async for line in until_line(answer, ":")]

    assert json.loads(lines[0].removeprefix("data: "))["type"] == "opened"


async def test_a_stream_may_be_asked_for_by_its_address_alone(arrive: Arrive, server: Server) -> None:
    aiko = await arrive("Curl")
    seq = await say(aiko, LOBBY, "for curl")
    query = {
        "id": 7,
        "epoch": aiko.epoch,
        "cursors": json.dumps({str(aiko.welcome["inbox"]): aiko.seen[aiko.welcome["inbox"]], "1": seq - 1}),
    }

    async with requests(aiko.session) as http, http.stream("GET", "/api/v1/events", params=query) as answer:
        lines = [line async for line in until_line(answer, f"id: {LOBBY}:{seq}")]
        bad = await http.get("/api/v1/events", params={"cursors": "[1]"})

    assert any(json.loads(line[6:]).items() >= {"type": "welcome", "id": 7}.items() for line in lines if line.startswith("data: "))
    assert (bad.status_code, bad.json()["code"]) == (400, "invalid")


async def test_a_lost_batch_is_given_again_and_any_other_number_is_refused(server: Server) -> None:
    session = await sign_in(server.address, "Loser")
    async with requests(session) as http:
        first = (await http.post("/api/v1/polls", content='{"type":"hello","id":1}')).json()
        name = first["events"][0]["connection"]
        second = (await http.get(f"/api/v1/polls/{name}/2")).json()
        again = (await http.get(f"/api/v1/polls/{name}/2")).json()
        statuses = [(await http.get(f"/api/v1/polls/{name}/{number}")).status_code for number in (1, 4)]

    assert second == again
    assert "welcome" in [event["type"] for event in second["events"]]
    assert statuses == [409, 409]


async def test_a_poll_without_news_is_answered_empty_after_a_while(server: Server) -> None:
    async with Stranger(await sign_in(server.address, "Patient")) as client:
        client.road = "polls"
        await client.connect()
        async with requests(client.session) as http:
            first = (await http.post("/api/v1/polls", content='{"type":"hello"}')).json()
            name, number, events = first["events"][0]["connection"], 1, first["events"]
            async with asyncio.timeout(PATIENCE_S):
                while events:
                    number += 1
                    events = (await http.get(f"/api/v1/polls/{name}/{number}")).json()["events"]


async def test_a_connection_belongs_to_its_session(server: Server) -> None:
    thief = await sign_in(server.address, "Thief")
    async with Stranger(await sign_in(server.address, "Owner of a poll")) as client:
        client.road = "polls"
        await client.connect()
        name = road_of(client).name

        async with requests(thief) as http:
            answers = [
                await http.get(f"/api/v1/polls/{name}/2"),
                await http.post(f"/api/v1/connections/{name}", content='[{"type":"ping"}]'),
            ]
            await http.send(http.build_request("POST", "/api/v1/polls", content='{"type":"hello"}', params={"instead_of": name}))

        assert [answer.status_code for answer in answers] == [404, 404]
        assert (await client.ask("ping"))["type"] == "pong"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Origin": "https://evil.example"}, "bad_origin"),
        ({"Sec-Fetch-Site": "cross-site"}, "bad_origin"),
        ({"Content-Type": "text/plain"}, "invalid"),
    ],
)
async def test_another_sites_page_can_neither_open_nor_speak(server: Server, session: Session, headers: dict[str, str], code: str) -> None:
    async with requests(session) as http:
        opened = await http.post("/api/v1/events", content='{"type":"hello"}', headers=headers)
        spoken = await http.post("/api/v1/connections/any", content="[]", headers=headers)
        read = await http.get("/api/v1/events", headers={"Sec-Fetch-Site": "cross-site"})

    assert [answer.json()["code"] for answer in (opened, spoken, read)] == [code, code, "bad_origin"]


@pytest.mark.parametrize("body", ["", "{}", "[1", '{"type":"ping"}', "[" + ",".join(['{"type":"ping"}'] * 101) + "]"])
async def test_commands_that_are_no_list_are_refused_in_words(server: Server, session: Session, body: str) -> None:
    async with Stranger(session) as client:
        client.road = "events"
        await client.connect()

        async with requests(session) as http:
            answer = await http.post(f"/api/v1/connections/{road_of(client).name}", content=body)

        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


async def test_rubbish_in_a_list_harms_nothing_but_its_own_command(arrive: Arrive) -> None:
    aiko = await take_the_road(await arrive("Rubbish"), "events")

    await road_of(aiko).post('[1, null, "post", {"type":"nonsense"}, {"type":"ping","id":77}]')
    await aiko.until(lambda: aiko.connected)

    assert (await aiko.ask("ping"))["type"] == "pong"


async def test_a_question_without_a_body_opens_nothing(session: Session) -> None:
    async with requests(session) as http:
        answer = await http.head("/api/v1/events")

    assert (answer.status_code, answer.content) == (200, b"")


async def test_strangers_get_no_stream(server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.address, headers={"Content-Type": "application/json"}, trust_env=False) as http:
        statuses = [
            (await http.get("/api/v1/events")).status_code,
            (await http.post("/api/v1/polls", content='{"type":"hello"}')).status_code,
            (await http.get("/api/v1/polls/any/1")).status_code,
        ]

    assert statuses == [401, 401, 401]


async def test_a_restart_says_goodbye_to_every_stream_and_does_not_wait_for_it(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        async with Stranger(await sign_in(server.address, "Guest")) as client:
            client.road = "events"
            await client.connect()

            code = await asyncio.to_thread(server.stop)
            await client.until(lambda: not client.connected)

    assert code == 0
    assert client.close_code == 1012
    assert [event["type"] for event in client.others][-1] == "bye"


def requests(session: Session) -> httpx.AsyncClient:
    headers = {"Cookie": f"teahouse_session={session.cookie}", "Content-Type": "application/json"}
    return httpx.AsyncClient(base_url=session.address, headers=headers, timeout=PATIENCE_S, trust_env=False)


def road_of(client: Stranger) -> Road:
    assert isinstance(client._socket, Road)
    return client._socket


async def until_line(answer: httpx.Response, last: str):
    """The lines of a stream up to one that begins with `last`."""
    async for line in answer.aiter_lines():
        yield line
        if line.startswith(last):
            return
