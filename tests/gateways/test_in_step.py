"""How a client written from docs/protocol.md alone keeps in step: pages, read marks, cuts and resets."""

import pytest

from tests.gateways.house import LOBBY, Arrive, caught_up, latest, room_with, say
from tests.gateways.stranger import Cut, Stranger


async def test_pages_reach_back_to_the_first_message_and_forth_again(arrive: Arrive) -> None:
    aiko = await arrive("Aiko pages")
    room = await room_with(aiko)
    seqs = [await say(aiko, room, f"line {number}") for number in range(10)]
    last = await aiko.ask("page", room=room, limit=4)
    assert [message["seq"] for message in last["messages"]] == seqs[-4:]
    assert (last["head"], last["more_before"], last["more_after"]) == (seqs[-1], True, False)
    before = await aiko.ask("page", room=room, before=seqs[-4], limit=200)
    assert [message["seq"] for message in before["messages"]] == seqs[:-4]
    assert not before["more_before"]
    assert [entry["fact"]["type"] for entry in before.get("notices", [])][:1] == ["created"]
    after = await aiko.ask("page", room=room, after=seqs[0], limit=3)
    assert [message["seq"] for message in after["messages"]] == seqs[1:4]
    around = await aiko.ask("page", room=room, around=seqs[5], limit=3)
    assert seqs[5] in [message["seq"] for message in around["messages"]]


async def test_unread_counts_and_read_marks_are_the_same_on_two_devices(arrive: Arrive) -> None:
    aiko, phone = await arrive("Aiko writes"), await arrive("Ben reads twice")
    room = await room_with(aiko, phone)
    seqs = [await say(aiko, room, f"line {number}") for number in range(3)]
    async with Stranger(phone.session) as laptop:
        await laptop.connect()
        standing = next(standing for standing in laptop.welcome["rooms"] if standing["room"]["id"] == room)
        assert (standing["unread"], standing["head"]) == (3, seqs[-1])
        await phone.ask("read", room=room, seq=seqs[1])
        await laptop.until(lambda: laptop.facts(laptop.welcome["inbox"], "read"))
        fact = laptop.facts(laptop.welcome["inbox"], "read")[-1]["fact"]
        assert (fact["room"], fact["seq"], fact["unread"]) == (room, seqs[1], 1)
        assert (await laptop.ask("read", room=room, seq=seqs[0]))["seq"] == 0, "a mark only moves forward"


async def test_after_a_cut_everything_missed_follows_once_and_in_order(arrive: Arrive) -> None:
    aiko, ben = await arrive("Aiko goes on"), await arrive("Ben in a tunnel")
    room = await room_with(aiko, ben)
    await caught_up(ben, room, await say(aiko, room, "before"))
    await ben.cut()
    missed = [await say(aiko, room, f"missed {number}") for number in range(120)]
    new_room = (await aiko.ask("create_room", kind="private", name="New", client_id=f"new-{aiko.id}"))["room"]["id"]
    await aiko.ask("add_member", room=new_room, user=ben.id)
    await aiko.until(lambda: new_room in aiko.seen)
    in_new_room = await say(aiko, new_room, "first words")
    assert (await ben.connect())["resumed"]
    assert "rooms" not in ben.welcome
    await caught_up(ben, room, missed[-1])
    await caught_up(ben, new_room, in_new_room)
    assert ben.texts(room) == ["before", *(f"missed {number}" for number in range(120))]
    assert (await latest(ben, new_room))["text"] == "first words"


async def test_a_command_whose_answer_was_cut_off_is_sent_again_and_appears_once(arrive: Arrive) -> None:
    aiko = await arrive("Aiko in a tunnel")
    post = {"room": LOBBY, "text": "through the tunnel", "client_id": "tunnel"}
    await aiko.send({"type": "post", "id": 999, **post})
    await aiko.cut()
    with pytest.raises(Cut):
        await aiko.ask("ping")
    await aiko.connect()
    stored = await aiko.ask("post", **post)
    await caught_up(aiko, LOBBY, stored["seq"])
    assert aiko.texts(LOBBY) == ["through the tunnel"]


async def test_cursors_of_another_epoch_are_answered_with_a_fresh_start(arrive: Arrive) -> None:
    aiko = await arrive("Aiko from before")
    await aiko.cut()
    aiko.epoch = "another life of the database"
    assert (await aiko.connect())["resumed"] is False
    assert LOBBY in [standing["room"]["id"] for standing in aiko.welcome["rooms"]]
    assert "after all" in await talk_goes_on(aiko)


@pytest.mark.parametrize("road", ["websocket", "events", "polls"])
async def test_a_cursor_above_the_head_is_of_another_life_on_every_road(arrive: Arrive, road: str) -> None:
    aiko = await arrive(f"Aiko from a copy, {road}")
    room = await room_with(aiko)
    await aiko.cut()
    aiko.road = road
    aiko.seen[room] += 1000
    welcome = await aiko.connect()
    assert (welcome["resumed"], welcome["other_life"]) == (False, True)
    assert {LOBBY, room} <= {standing["room"]["id"] for standing in welcome["rooms"]}
    assert "after all" in await talk_goes_on(aiko)


async def test_a_room_left_while_away_is_reset_without_a_head(arrive: Arrive) -> None:
    aiko, ben = await arrive("Aiko tidies"), await arrive("Ben asleep")
    room = await room_with(aiko, ben)
    await ben.cut()
    await aiko.ask("remove_member", room=room, user=ben.id)
    await say(aiko, room, "now that Ben is gone")
    await ben.connect()
    await ben.until(lambda: room not in ben.seen)
    assert {"type": "reset", "log": room, "why": "left", "head": None} in ben.others
    assert ben.texts(room) == []


async def test_a_room_without_a_cursor_is_reset_to_its_head(arrive: Arrive) -> None:
    aiko = await arrive("Aiko forgetful")
    head = await say(aiko, LOBBY, "forgotten")
    await aiko.cut()
    del aiko.seen[LOBBY]
    assert (await aiko.connect())["resumed"]
    await caught_up(aiko, LOBBY, head)
    assert [(event["log"], event["why"]) for event in aiko.others if event["type"] == "reset"] == [(LOBBY, "unknown")]
    assert "after all" in await talk_goes_on(aiko)


async def talk_goes_on(client: Stranger) -> list[str]:
    await say(client, LOBBY, "after all")
    return client.texts(LOBBY)
