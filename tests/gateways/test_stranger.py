"""What a client written from docs/protocol.md alone can do: arrive, talk and gather. Keeping in step is test_in_step.py."""

import httpx
import pytest
import websockets

from tests.faults.server import Server
from tests.gateways.house import LOBBY, Arrive, caught_up, latest, room_with, say
from tests.gateways.stranger import Refused, sign_in

# Arriving


async def test_a_guest_is_welcomed_with_who_they_are_and_the_lobby(arrive: Arrive) -> None:
    aiko = await arrive("Aiko")
    assert aiko.welcome["protocol"] == 1
    assert aiko.welcome["you"]["name"] == "Aiko"
    assert aiko.welcome["you"] == aiko.session.you
    assert aiko.welcome["lobby"] == LOBBY
    assert LOBBY in [standing["room"]["id"] for standing in aiko.welcome["rooms"]]
    assert aiko.welcome["limits"].keys() >= {"max_text_bytes", "max_name_chars", "max_topic_chars"}


async def test_two_people_cannot_hold_the_same_name(arrive: Arrive, server: Server) -> None:
    await arrive("Twin")
    with pytest.raises(Refused, match="name_taken"):
        await sign_in(server.address, "ｔｗｉｎ")


async def test_the_handshake_needs_a_session_and_the_right_subprotocol(server: Server) -> None:
    address = server.address.replace("http", "ws", 1) + "/ws"
    session = await sign_in(server.address, "Doorman")
    signed_in = {"Cookie": f"teahouse_session={session.cookie}"}
    for headers, protocol, status in [({}, "teahouse.v1", 401), (signed_in, "other.v9", 426)]:
        with pytest.raises(websockets.InvalidStatus) as refusal:
            await websockets.connect(
                address,
                origin=websockets.Origin(server.address),
                subprotocols=[websockets.Subprotocol(protocol)],
                additional_headers=headers,
                proxy=None,
            )
        assert refusal.value.response.status_code == status


async def test_signing_out_ends_the_live_socket(arrive: Arrive, server: Server) -> None:
    leaver = await arrive("Leaver")
    cookie = {"teahouse_session": leaver.session.cookie}
    async with httpx.AsyncClient(base_url=server.address, cookies=cookie, trust_env=False) as http:
        headers = {"Origin": server.address, "Content-Type": "application/json"}
        assert (await http.delete("/api/v1/session", headers=headers)).status_code == 204
    await leaver.until(lambda: leaver.close_code)
    assert leaver.close_code == 4001
    newcomer = await arrive("Newcomer")
    assert newcomer.connected, "the end of one session is the end of that one only"


# Talking


async def test_what_one_says_is_acknowledged_and_reaches_everyone_also_oneself(arrive: Arrive) -> None:
    aiko, ben = await arrive("Aiko says"), await arrive("Ben hears")
    stored = await aiko.ask("post", room=LOBBY, text="hello", client_id="b7d1")
    for reader in (aiko, ben):
        await caught_up(reader, LOBBY, stored["seq"])
        entry = reader.facts(LOBBY, "posted")[-1]
        assert (entry["seq"], entry["at"], entry["client_id"]) == (stored["seq"], stored["at"], "b7d1")
        assert entry["by"] == aiko.session.you
        assert entry["fact"]["text"] == "hello"


async def test_a_message_sent_again_gets_the_first_answer_and_appears_once(arrive: Arrive) -> None:
    aiko = await arrive("Aiko again")
    answers = [await aiko.ask("post", room=LOBBY, text="once", client_id="same") for _ in range(3)]
    assert answers == answers[:1] * 3
    await say(aiko, LOBBY, "after")
    assert aiko.texts(LOBBY) == ["once", "after"]


async def test_a_client_id_that_was_used_in_another_room_is_a_conflict(arrive: Arrive) -> None:
    aiko = await arrive("Aiko elsewhere")
    room = await room_with(aiko)
    await aiko.ask("post", room=LOBBY, text="here", client_id="one-place")
    with pytest.raises(Refused, match="conflict"):
        await aiko.ask("post", room=room, text="there", client_id="one-place")


async def test_an_edit_is_told_and_the_page_reads_so(arrive: Arrive) -> None:
    aiko, ben = await arrive("Aiko edits"), await arrive("Ben reads")
    message = await say(aiko, LOBBY, "helo")
    edited = await aiko.ask("edit", room=LOBBY, message=message, text="hello!")
    await caught_up(ben, LOBBY, edited["seq"])
    assert ben.facts(LOBBY, "edited")[-1]["fact"] == {"type": "edited", "message": message, "text": "hello!"}
    now = await latest(ben, LOBBY)
    assert (now["seq"], now["text"], now["edited"]) == (message, "hello!", True)
    with pytest.raises(Refused, match="not_allowed"):
        await ben.ask("edit", room=LOBBY, message=message, text="mine now")


async def test_a_removal_erases_the_text_everywhere_also_in_quotes(arrive: Arrive) -> None:
    aiko, ben = await arrive("Aiko removes"), await arrive("Ben quotes")
    message = await say(aiko, LOBBY, "a slip of the tongue")
    await caught_up(ben, LOBBY, message)
    quoting = await say(ben, LOBBY, "what?", reply_to=message)
    assert ben.facts(LOBBY, "posted")[-1]["fact"]["reply_to"]["text"] == "a slip of the tongue"
    removed = await aiko.ask("remove", room=LOBBY, message=message)
    await caught_up(ben, LOBBY, removed["seq"])
    assert ben.facts(LOBBY, "removed")[-1]["fact"]["message"] == message
    quote, reply = (await ben.ask("page", room=LOBBY, around=message, limit=3))["messages"][-2:]
    assert (quote["seq"], quote["text"], quote["removed"]) == (message, "", True)
    assert (reply["seq"], reply["reply_to"].get("text", "")) == (quoting, "")


async def test_a_reaction_is_added_and_taken_back(arrive: Arrive) -> None:
    aiko, ben = await arrive("Aiko jokes"), await arrive("Ben laughs")
    message = await say(aiko, LOBBY, "a joke")
    laughed = await ben.ask("react", room=LOBBY, message=message, emoji="😂")
    await caught_up(aiko, LOBBY, laughed["seq"])
    assert aiko.facts(LOBBY, "reacted")[-1]["fact"] == {"type": "reacted", "message": message, "emoji": "😂", "on": True}
    assert (await latest(aiko, LOBBY))["reactions"] == [{"emoji": "😂", "users": [ben.session.you]}]
    assert (await ben.ask("react", room=LOBBY, message=message, emoji="😂"))["seq"] == 0
    await ben.ask("react", room=LOBBY, message=message, emoji="😂", on=False)
    assert "reactions" not in await latest(aiko, LOBBY) or (await latest(aiko, LOBBY))["reactions"] == []


async def test_typing_and_presence_reach_those_who_are_here(arrive: Arrive) -> None:
    ben, aiko = await arrive("Ben watches"), await arrive("Aiko types")
    await ben.until(lambda: any(aiko.session.you in event.get("came", []) for event in ben.others))
    await aiko.ask("typing", room=LOBBY)
    await ben.until(lambda: any(event["type"] == "typing" for event in ben.others))
    typing = next(event for event in ben.others if event["type"] == "typing")
    assert (typing["room"], typing["user"]) == (LOBBY, aiko.session.you)
    await aiko.close()
    await ben.until(lambda: any(aiko.id in event.get("went", []) for event in ben.others))


async def test_a_ping_is_answered(arrive: Arrive) -> None:
    aiko = await arrive("Aiko pings")
    assert (await aiko.ask("ping"))["type"] == "pong"


# Gathering


async def test_a_private_room_is_followed_by_those_who_are_added_from_their_joining_on(arrive: Arrive) -> None:
    aiko, ben = await arrive("Aiko hosts"), await arrive("Ben visits")
    room = await room_with(aiko, ben)
    added = ben.facts(ben.welcome["inbox"], "added")[-1]["fact"]
    assert (added["room"]["id"], added["room"]["kind"]) == (room, "private")
    seq = await say(aiko, room, "welcome in")
    await caught_up(ben, room, seq)
    assert ben.facts(room, "joined")[0]["seq"] == added["since"]
    assert ben.texts(room) == ["welcome in"]


async def test_ones_own_leaving_is_the_last_entry_one_gets(arrive: Arrive) -> None:
    aiko, ben = await arrive("Aiko stays"), await arrive("Ben goes")
    room = await room_with(aiko, ben)
    left = await ben.ask("leave", room=room)
    await ben.until(lambda: room not in ben.seen)
    await say(aiko, room, "is anyone here?")
    await ben.ask("ping")
    assert ben.entries[-1]["seq"] == left["seq"]
    assert ben.texts(room) == []
    with pytest.raises(Refused, match=r"not_member|not_found"):
        await ben.ask("page", room=room)


async def test_the_owner_puts_someone_out(arrive: Arrive) -> None:
    aiko, ben = await arrive("Aiko rules"), await arrive("Ben errs")
    room = await room_with(aiko, ben)
    with pytest.raises(Refused, match="not_allowed"):
        await ben.ask("remove_member", room=room, user=aiko.id)
    await aiko.ask("remove_member", room=room, user=ben.id)
    await ben.until(lambda: room not in ben.seen)


async def test_a_public_room_is_found_joined_and_joined_again(arrive: Arrive) -> None:
    aiko, ben = await arrive("Aiko opens"), await arrive("Ben finds")
    room = await room_with(aiko, kind="public")
    found = (await ben.ask("find_rooms", query=f"Room of {aiko.id}"))["rooms"]
    assert [(one["room"]["id"], one["joined"]) for one in found] == [(room, False)]
    assert (await ben.ask("join", room=room))["room"]["id"] == room
    await caught_up(ben, room, 2)
    await ben.ask("leave", room=room)
    await ben.until(lambda: room not in ben.seen)
    while_away = await say(aiko, room, "while away")
    await ben.ask("join", room=room)
    await caught_up(ben, room, while_away + 1)
    assert ben.texts(room) == [], "the stream begins with one's return; what was said before is on the page"


async def test_a_direct_room_is_the_same_from_both_sides(arrive: Arrive) -> None:
    aiko, ben = await arrive("Aiko calls"), await arrive("Ben answers")
    mine = await aiko.ask("open_direct", user=ben.id)
    theirs = await ben.ask("open_direct", user=aiko.id)
    assert mine["room"]["id"] == theirs["room"]["id"]
    assert (mine["room"]["kind"], mine["room"]["peer"], theirs["room"]["peer"]) == ("direct", ben.session.you, aiko.session.you)
    room = mine["room"]["id"]
    await aiko.until(lambda: room in aiko.seen)
    await caught_up(ben, room, await say(aiko, room, "just us"))
    assert ben.texts(room) == ["just us"]
    with pytest.raises(Refused, match="not_allowed"):
        await ben.ask("leave", room=room)


async def test_a_room_is_renamed(arrive: Arrive) -> None:
    aiko = await arrive("Aiko names")
    room = await room_with(aiko)
    stored = await aiko.ask("change_room", room=room, name="Kitchen", topic="tea")
    await caught_up(aiko, room, stored["seq"])
    assert aiko.facts(room, "renamed")[-1]["fact"] == {"type": "renamed", "name": "Kitchen", "topic": "tea"}


async def test_in_a_room_that_wants_it_the_robot_answers_every_message(arrive: Arrive) -> None:
    aiko = await arrive("Aiko always")
    room = (await aiko.ask("create_room", kind="public", name="Perch", client_id="perch"))["room"]["id"]
    await aiko.until(lambda: room in aiko.seen)
    stored = await aiko.ask("set_robot", room=room, mode="always")
    await caught_up(aiko, room, stored["seq"])
    assert aiko.facts(room, "robot_set")[-1]["fact"] == {"type": "robot_set", "mode": "always"}
    await say(aiko, room, "d1")
    await aiko.until(lambda: "🎲 d1 = 1" in aiko.texts(room))


async def test_the_members_of_a_room_are_told_with_who_is_here(arrive: Arrive) -> None:
    aiko, ben = await arrive("Aiko counts"), await arrive("Ben counted")
    room = await room_with(aiko, ben)
    told = await aiko.ask("members", room=room)
    assert {(member["user"]["id"], member["role"], member["here"]) for member in told["members"]} == {
        (aiko.id, "owner", True),
        (ben.id, "member", True),
    }
    assert (told["count"], told["here"]) == (2, 2)
