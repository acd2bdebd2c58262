"""One conversation over a real chat: hello first, commands in their order, refusals in words, an end that is the end."""

import asyncio
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest
from structlog.testing import capture_logs

from teahouse import wire
from teahouse.auth import Identity
from teahouse.errors import Unavailable
from teahouse.gateways import connection as module
from teahouse.gateways.connections import Connections
from teahouse.model import LOBBY
from teahouse.throttle import Throttle
from tests.gateways.connection.talk import Dial, Event, Talk
from tests.storage.house import House

# Hello


async def test_a_fresh_hello_is_welcomed_with_the_rooms_as_they_stand(house: House, dial: Dial, aiko: Identity) -> None:
    talk = dial(aiko)
    seq = await house.say(aiko.user, LOBBY, "before")
    welcome = await talk.hello()
    assert welcome["type"] == "welcome" and not welcome["resumed"]
    assert (welcome["you"]["name"], welcome["inbox"], welcome["epoch"]) == ("Aiko", aiko.inbox, house.database.epoch)
    assert [(one["room"]["id"], one["head"]) for one in welcome["rooms"]] == [(LOBBY, seq)]

    after = await house.say(aiko.user, LOBBY, "after")
    await talk.up_to(LOBBY, after)
    assert talk.seqs(LOBBY) == [after]


@pytest.mark.parametrize("command", [{"type": "ping", "id": 1}, {"type": "post", "room": LOBBY, "text": "x", "client_id": "c"}])
async def test_whatever_comes_before_hello_ends_the_connection(dial: Dial, aiko: Identity, command: Event) -> None:
    talk = dial(aiko)
    talk.say(**command)
    assert (talk.ear.closed, talk.ear.said) == (4002, [])


async def test_a_second_hello_ends_the_connection(dial: Dial, aiko: Identity) -> None:
    talk = dial(aiko)
    await talk.hello()
    talk.say(type="hello", id=2)
    assert talk.ear.closed == 4002


async def test_a_hello_that_could_not_be_answered_may_be_said_again(
    house: House, dial: Dial, aiko: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> Any:
        raise Unavailable("the database cannot be read now")

    talk = dial(aiko)
    with monkeypatch.context() as broken:
        broken.setattr(house.chat, "snapshot", fail)
        refused = await talk.hello()
    assert (refused["code"], refused["retry"]) == ("unavailable", True)
    assert (await talk.ask(2, type="hello"))["type"] == "welcome"


# Commands


async def test_a_post_is_answered_with_its_number_and_comes_back_as_an_entry(dial: Dial, aiko: Identity) -> None:
    talk = dial(aiko)
    await talk.hello()
    answer = await talk.ask(2, type="post", room=LOBBY, text="hello", client_id="c1")
    await talk.up_to(LOBBY, answer["result"]["seq"])
    [entry] = talk.events("entry", LOBBY)
    assert (entry["client_id"], entry["by"]["name"], entry["fact"]["text"]) == ("c1", "Aiko", "hello")


async def test_commands_are_carried_out_in_the_order_in_which_they_came(dial: Dial, aiko: Identity) -> None:
    talk = dial(aiko)
    await talk.hello()
    for n in range(0, 10, 2):
        talk.say(type="post", id=100 + n, room=LOBBY, text=f"{n}", client_id=f"c{n}")
        talk.say(type="page", id=101 + n, room=LOBBY)
    pages = [await talk.answer(101 + n) for n in range(0, 10, 2)]
    assert [[message["text"] for message in page["result"]["messages"]] for page in pages] == [
        ["0"], ["0", "2"], ["0", "2", "4"], ["0", "2", "4", "6"], ["0", "2", "4", "6", "8"],
    ]  # fmt: skip
    assert [event["id"] for event in talk.events("ok")] == list(range(100, 110))


async def test_without_an_id_only_a_refusal_is_answered(dial: Dial, aiko: Identity) -> None:
    talk = dial(aiko)
    await talk.hello()
    talk.say(type="post", room=LOBBY, text="hello", client_id="c1")
    talk.say(type="post", room=LOBBY, text=" ", client_id="c2")
    talk.say(type="join", room=999)
    await talk.ask(2, type="page", room=LOBBY)
    assert [event["code"] for event in talk.events("error")] == ["empty_text", "not_found"]
    assert [event["id"] for event in talk.events("ok")] == [2]


@pytest.mark.parametrize(
    ("raw", "code", "request_id"),
    [
        (b'{"type":"post","id":7,"room":"lobby"}', "invalid", 7),
        (b'{"type":"dance","id":7}', "unknown_command", 7),
        (b'{"type":"post","id":7,"room":1,"text":"","client_id":"c"}', "empty_text", 7),
        (b'{"type":"page","id":7,"room":999}', "not_found", 7),
        (b'{"type":"page","id":"7","room":1}', "invalid", None),
        (b"not JSON at all", "invalid", None),
    ],
)
async def test_a_refusal_carries_the_id_of_what_it_refuses(
    dial: Dial, aiko: Identity, raw: bytes, code: str, request_id: int | None
) -> None:
    talk = dial(aiko)
    await talk.hello()
    talk.connection.receive(raw)
    await talk.until(lambda: talk.events("error"))
    [error] = talk.events("error")
    assert (error["code"], error.get("id")) == (code, request_id)
    assert (await talk.ask(8, type="ping"))["type"] == "pong", "nothing else was touched"


async def test_a_fault_of_the_server_is_told_without_its_insides(
    house: House, dial: Dial, aiko: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def break_down(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("the secret of room 7")

    talk = dial(aiko)
    await talk.hello()
    monkeypatch.setattr(house.chat, "page", break_down)
    error = await talk.ask(2, type="page", room=LOBBY)
    assert error["code"] == "internal" and "secret" not in error["words"]


async def test_a_fault_while_a_command_is_read_is_told_too_and_those_after_it_are_heard(
    dial: Dial, aiko: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = dial(aiko)
    await talk.hello()
    with monkeypatch.context() as broken, capture_logs() as logs:
        broken.setattr(wire, "decode", Mock(side_effect=ValueError("a decoder with a fault")))
        talk.say(type="ping", id=2)
    talk.say(type="ping", id=3)
    assert [(event["type"], event["id"]) for event in talk.ear.said[-2:]] == [("error", 2), ("pong", 3)]
    assert talk.ear.said[-2]["code"] == "internal"
    assert [line["event"] for line in logs] == ["command failed"]


async def test_a_client_that_is_too_fast_is_told_how_long_to_wait(dial: Callable[..., Talk], aiko: Identity) -> None:
    talk = dial(aiko, Throttle(1, 3))
    await talk.hello()
    for request in (2, 3, 4):
        talk.say(type="ping", id=request)
    assert (await talk.answer(3))["type"] == "pong"
    refused = await talk.answer(4)
    assert (refused["code"], refused["retry"], refused["retry_after_s"]) == ("too_much", True, 1.0)


async def test_more_commands_than_may_wait_are_refused(dial: Dial, aiko: Identity) -> None:
    talk = dial(aiko)
    await talk.hello()
    for request in range(2, module.MAX_QUEUED + 10):
        talk.say(type="page", id=request, room=LOBBY, limit=1)
    refused = talk.events("error")
    assert refused and {event["code"] for event in refused} == {"too_much"}
    assert (await talk.answer(module.MAX_QUEUED))["type"] == "ok"


async def test_commands_that_wait_are_bounded_in_bytes_too(dial: Dial, aiko: Identity) -> None:
    talk = dial(aiko)
    await talk.hello()
    talk.ear.congested = True  # this client reads no answer, so that all it says has to wait
    long, most = "x" * 60_000, module.MAX_QUEUED_BYTES // 60_000
    for request in range(2, most + 10):
        talk.say(type="edit", id=request, room=LOBBY, message=1, text=long)
    refused = [event["id"] for event in talk.events("error")]
    assert refused == list(range(most + 2, most + 10)), "the first wait, the others are told to wait"
    assert sum(size for _, size in talk.connection._queue or ()) <= module.MAX_QUEUED_BYTES
    talk.ear.congested = False
    talk.connection.drained()
    await talk.answer(most + 1)
    talk.say(type="ping", id=99)
    assert (await talk.answer(99))["type"] == "pong", "what was carried out waits no more"
    assert talk.connection._queued_bytes == 0


async def test_between_two_commands_everybody_else_gets_a_turn(dial: Dial, aiko: Identity) -> None:
    talk = dial(aiko)
    await talk.hello()
    turns = 0

    def turn() -> None:
        nonlocal turns
        turns += 1
        asyncio.get_running_loop().call_soon(turn)

    asyncio.get_running_loop().call_soon(turn)
    for request in range(2, 52):
        talk.say(type="members", id=request, room=LOBBY)  # these read memory alone and wait for nobody
    await talk.answer(51)
    assert turns >= 49


async def test_refusal_after_refusal_ends_the_connection(dial: Dial, aiko: Identity) -> None:
    talk = dial(aiko)
    await talk.hello()
    for _ in range(module.MAX_REFUSED_IN_A_ROW + 1):
        talk.connection.receive(b"rubbish")
    assert talk.ear.closed == 4029


async def test_nothing_is_said_to_a_client_that_has_gone(house: House, dial: Dial, aiko: Identity) -> None:
    talk = dial(aiko)
    await talk.hello()
    talk.say(type="post", id=2, room=LOBBY, text="hello", client_id="c1")
    talk.say(type="page", id=3, room=LOBBY)
    heard = len(talk.ear.said)
    talk.connection.close()
    await house.committer.drain()
    for _ in range(20):
        await asyncio.sleep(0)
    assert len(talk.ear.said) == heard
    assert [message.text for message in (await house.chat.page(aiko.user, LOBBY)).messages] == ["hello"], "what was sent is stored"


# Ending


async def test_a_session_that_ends_takes_its_connections_with_it_and_no_other(house: House, dial: Dial, aiko: Identity) -> None:
    connections = Connections(max_connections=10, per_user=10, per_address=10)
    house.auth.on_end = connections.end_session
    other = await house.guest_identity("Ben")
    talks = [dial(aiko), dial(aiko), dial(other)]
    for talk in talks:
        connections.add(talk.connection, "")
        await talk.hello()

    await house.auth.sign_out(aiko.session)

    assert [talk.ear.closed for talk in talks] == [4001, 4001, None]
    seq = await house.say(other.user, LOBBY, "alone now")
    await talks[2].up_to(LOBBY, seq)
    assert seq not in talks[0].seqs(LOBBY) + talks[1].seqs(LOBBY)


async def test_a_client_that_stops_reading_gets_no_more_answers_until_it_reads_on(house: House, dial: Dial, aiko: Identity) -> None:
    talk = dial(aiko)
    await talk.hello()
    for request in range(2, 12):
        talk.say(type="page", id=request, room=LOBBY)
    talk.ear.congested = True
    so_far = list(talk.ear.said)
    await house.say(aiko.user, LOBBY, "time passes")  # long enough for all the pages, which cost a read each
    await house.say(aiko.user, LOBBY, "and passes")
    assert talk.ear.said == so_far

    talk.ear.congested = False
    talk.connection.drained()
    await talk.answer(11)
    assert [event["id"] for event in talk.events("ok")] == list(range(2, 12))
