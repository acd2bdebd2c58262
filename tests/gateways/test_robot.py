"""The robot with a language model in a real house: the reply grows before everyone's eyes, and in the end there is one message."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.faults.server import GENEROUS, Server
from tests.gateways.house import LOBBY, Arrive, room_with, say
from tests.gateways.stranger import Event, Refused, Stranger
from tests.model import Manner, Model, answers, breaks_off_after, chunk, falls_silent_after, never_stops, says
from tests.support.patience import PATIENCE_S

KEY = "sk-the-owners-secret"


@pytest.fixture(scope="module")
def server(running_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A house with a model, and with every line of log that there is."""
    settings = {
        "ROBOT_BASE_URL": running_model.base_url,
        "ROBOT_MODEL": "bird-1",
        "ROBOT_API_KEY": KEY,
        "ROBOT_MAX_REPLY_BYTES": "2000",
        "ROBOT_SILENCE_TIMEOUT_S": "20",
        "LOG_LEVEL": "debug",
    }
    with Server(tmp_path_factory.mktemp("house") / "data", GENEROUS | settings) as running:
        yield running
        assert KEY not in running.log


async def direct_room(client: Stranger) -> int:
    """The room of this person and the robot."""
    robot = next(row["user"]["id"] for row in (await client.ask("members", room=LOBBY))["members"] if row["user"].get("role") == "bot")
    room = (await client.ask("open_direct", user=robot))["room"]["id"]
    await client.until(lambda: room in client.seen)
    return int(room)


def told(client: Stranger, kind: str, room: int) -> list[Event]:
    return [event for event in client.others if event["type"] == kind and event["room"] == room]


def grown(client: Stranger, room: int) -> str:
    """The reply as a client that keeps the rule puts it together from the parts."""
    part, text = -1, ""
    for event in client.others:
        if event.get("room") != room:
            continue
        if event["type"] == "reply_begin":
            part, text = event["part"], event["text"]
        elif event["type"] == "reply_delta" and event["part"] == part + 1:
            part, text = event["part"], text + event["text"]
    return text


def by_robot(client: Stranger, room: int) -> list[str]:
    posted = [entry for entry in client.entries if entry["log"] == room and entry["fact"]["type"] == "posted"]
    return [entry["fact"]["text"] for entry in posted if entry["by"].get("role") == "bot"]


async def test_a_reply_grows_for_all_and_who_comes_in_the_middle_sees_it_whole(arrive: Arrive, model: Model) -> None:
    aiko, ben = await arrive("Aiko grows"), await arrive("Ben grows")
    asked = await say(aiko, LOBBY, "@Birdie which tea?")
    model.say("Green ")
    await ben.until(lambda: grown(ben, LOBBY) == "Green ")
    begin = told(ben, "reply_begin", LOBBY)[0]
    assert (begin["asker"], begin["reply_to"], begin["by"]["role"]) == (aiko.id, asked, "bot")

    carl = await arrive("Carl late")
    await carl.until(lambda: grown(carl, LOBBY) == "Green ")
    await ben.cut()
    model.say("tea, ")
    await aiko.until(lambda: grown(aiko, LOBBY) == "Green tea, ")
    await ben.connect()
    await ben.until(lambda: grown(ben, LOBBY) == "Green tea, ")
    model.say("of course.")
    model.finish()

    for client in (aiko, ben, carl):
        await client.until(lambda client=client: told(client, "reply_end", LOBBY))
        await client.until(lambda client=client: by_robot(client, LOBBY) == ["Green tea, of course."])
        assert grown(client, LOBBY) == "Green tea, of course."
    [message] = [entry for entry in aiko.entries if entry.get("client_id") == begin["client_id"]]
    assert message["fact"]["reply_to"]["seq"] == asked


async def test_the_model_is_sent_the_room_and_the_key_and_nothing_of_other_rooms(arrive: Arrive, model: Model) -> None:
    aiko = await arrive("Aiko private")
    await say(aiko, LOBBY, "something in the lobby")
    room = await direct_room(aiko)
    model.manner = says("Chirp.")
    await say(aiko, room, "tell me something")
    await aiko.until(lambda: by_robot(aiko, room) == ["Chirp."])
    [request] = model.requests
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body["model"] == "bird-1"
    assert [turn["role"] for turn in request.body["messages"]] == ["system", "user"]
    assert request.body["messages"][1]["content"] == "<Aiko private> tell me something"


async def test_who_asked_stops_it_and_others_may_not(arrive: Arrive, model: Model) -> None:
    aiko, ben = await arrive("Aiko stops"), await arrive("Ben stops")
    room = await room_of_three(aiko, ben)
    await say(aiko, room, "@Birdie a long story, please")
    model.say("Once upon a time")
    await aiko.until(lambda: grown(aiko, room))
    client_id = told(aiko, "reply_begin", room)[0]["client_id"]
    with pytest.raises(Refused, match="not_allowed"):
        await ben.ask("stop_reply", room=room, client_id=client_id)
    assert await aiko.ask("stop_reply", room=room, client_id=client_id) is None
    for client in (aiko, ben):
        await client.until(lambda client=client: by_robot(client, room) == ["Once upon a time\n\n(Stopped.)"])
    with pytest.raises(Refused, match="not_found"):
        await aiko.ask("stop_reply", room=room, client_id=client_id)
    model.finish()


async def test_the_rooms_owner_stops_what_another_asked_for(arrive: Arrive, model: Model) -> None:
    owner, ben = await arrive("Owner stops"), await arrive("Ben asks")
    room = await room_of_three(owner, ben)
    model.manner = falls_silent_after("Well")
    await say(ben, room, "@小小鸟 讲个故事吧")
    await owner.until(lambda: grown(owner, room))
    await owner.ask("stop_reply", room=room, client_id=told(owner, "reply_begin", room)[0]["client_id"])
    await ben.until(lambda: by_robot(ben, room) == ["Well\n\n（已停止。）"])
    assert await asyncio.to_thread(model.gone.wait, PATIENCE_S), "the model goes on for nobody"


@pytest.mark.parametrize("road", ["events", "polls"])
async def test_without_a_websocket_a_reply_grows_is_resumed_and_is_stopped_as_well(arrive: Arrive, model: Model, road: str) -> None:
    aiko = await arrive(f"Aiko by {road}")
    room = await direct_room(aiko)
    await say(aiko, room, "a story, please")
    model.say("Once ")
    await aiko.until(lambda: grown(aiko, room) == "Once ")
    await aiko.cut()
    aiko.others.clear()
    aiko.road = road
    await aiko.connect()
    await aiko.until(lambda: grown(aiko, room) == "Once ")
    model.say("upon a time")
    await aiko.until(lambda: grown(aiko, room) == "Once upon a time")
    await aiko.ask("stop_reply", room=room, client_id=told(aiko, "reply_begin", room)[0]["client_id"])
    await aiko.until(lambda: by_robot(aiko, room) == ["Once upon a time\n\n(Stopped.)"])
    model.finish()


FAILURES: dict[str, tuple[Manner, str]] = {
    "a wrong key": (answers(401, b'{"error":{"message":"Incorrect API key provided: sk-the-owners-secret"}}'), "does not let me in"),
    "too many": (answers(429), "too busy"),
    "a fault": (answers(503), "has a fault"),
    "a page": (answers(200, b"<html>nginx</html>", Content_Type="text/html"), "cannot read"),
    "no JSON": (answers(200, b"data: tea\n\n"), "cannot read"),
    "a redirect": (answers(307, Location="http://169.254.169.254/latest/meta-data"), "has a fault"),
    "cut off": (breaks_off_after("So"), "So\n\n(My language model broke off here.)"),
    "far too long": (never_stops(chunk("tea " * 50)), "Cut here"),
}


@pytest.mark.parametrize(("manner", "words"), FAILURES.values(), ids=list(FAILURES))
async def test_whatever_the_model_does_there_is_one_answer_in_words(arrive: Arrive, model: Model, manner: Manner, words: str) -> None:
    aiko = await arrive(f"Aiko {uuid4().hex[:8]}")
    room = await direct_room(aiko)
    model.manner = manner
    await say(aiko, room, "what do you think of tea in general?")
    await aiko.until(lambda: by_robot(aiko, room))
    [text] = by_robot(aiko, room)
    assert words in text and KEY not in text
    assert len(text.encode()) <= 2000


async def test_killed_in_the_middle_nothing_half_stays_and_the_answer_comes_after_the_restart(
    arrive: Arrive, model: Model, server: Server
) -> None:
    aiko = await arrive("Aiko survives")
    room = await direct_room(aiko)
    await say(aiko, room, "what is the meaning of tea?")
    model.say("It is")
    await aiko.until(lambda: grown(aiko, room) == "It is")

    server.kill()
    model.finish()
    await asyncio.to_thread(server.start)
    model.manner = says("Leaves.")
    await aiko.connect()
    await aiko.until(lambda: by_robot(aiko, room) == ["Leaves."])
    page: dict[str, Any] = await aiko.ask("page", room=room)
    assert [message["text"] for message in page["messages"]] == ["what is the meaning of tea?", "Leaves."]


async def room_of_three(owner: Stranger, other: Stranger) -> int:
    """A public room, for the robot is in those."""
    return await room_with(owner, other, kind="public")
