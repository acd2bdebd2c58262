"""A room that one is not in: no command reads or changes it, or tells whether it exists (safety.md, "Who may what")."""

import re
from typing import Any

import pytest

from tests.gateways.house import Arrive, room_with, say
from tests.gateways.stranger import Refused, Stranger

ABSENT = 123_456_789
"""The id of no room at all."""

COMMANDS: list[dict[str, Any]] = [
    {"command": "post", "text": "let me in", "client_id": "c"},
    {"command": "post", "text": "let me in", "client_id": "c", "reply_to": 3},
    {"command": "edit", "message": 3, "text": "changed"},
    {"command": "edit", "message": 999, "text": "changed"},
    {"command": "remove", "message": 3},
    {"command": "react", "message": 3, "emoji": "👀"},
    {"command": "read", "seq": 1},
    {"command": "typing"},
    {"command": "join"},
    {"command": "leave"},
    {"command": "add_member", "user": "oneself"},
    {"command": "remove_member", "user": "owner"},
    {"command": "change_room", "name": "Mine"},
    {"command": "set_robot", "mode": "always"},
    {"command": "stop_reply", "client_id": "re-1-1"},
    {"command": "page"},
    {"command": "page", "around": 3},
    {"command": "members"},
    {"command": "search", "query": "secret"},
]


async def refusal(client: Stranger, room: int, fields: dict[str, Any]) -> tuple[str, str]:
    """The code and the words, without the numbers in them."""
    with pytest.raises(Refused) as refused:
        await client.ask(**fields, room=room)
    return refused.value.code, re.sub(r"\d+", "N", str(refused.value))


async def test_a_foreign_room_answers_like_a_room_that_does_not_exist(arrive: Arrive) -> None:
    owner, member, snoop = await arrive("Owner"), await arrive("Member"), await arrive("Snoop")
    private = await room_with(owner, member)
    direct = (await owner.ask("open_direct", user=member.id))["room"]["id"]
    await owner.until(lambda: direct in owner.seen)
    secret = await say(owner, private, "a secret")
    await say(owner, direct, "another secret")
    people = {"oneself": snoop.id, "owner": owner.id}
    for fields in COMMANDS:
        filled = fields | ({"user": people[fields["user"]]} if "user" in fields else {})
        absent = await refusal(snoop, ABSENT, filled)
        assert absent[0] in ("not_member", "not_found")
        for room in (private, direct):
            assert await refusal(snoop, room, filled) == absent, f"{filled} tells that room {room} exists"
    await owner.ask("ping")
    assert owner.seen[private] == secret, "someone who is not in the room changed it"


async def test_a_foreign_room_is_not_found_and_its_entries_and_signals_go_nowhere_else(arrive: Arrive) -> None:
    owner, snoop = await arrive("Keeper"), await arrive("Peeper")
    private = await room_with(owner)
    await say(owner, private, "a secret")
    await owner.ask("typing", room=private)
    assert (await snoop.ask("find_rooms", query="Room"))["rooms"] == []
    await snoop.ask("ping")
    assert private not in {entry["log"] for entry in snoop.entries}
    assert private not in {event.get("room") for event in snoop.others}


async def test_cursors_of_foreign_logs_open_nothing_on_resume(arrive: Arrive) -> None:
    owner, snoop = await arrive("Resident"), await arrive("Burglar")
    private = await room_with(owner)
    await say(owner, private, "a secret")
    await snoop.cut()
    snoop.seen |= {private: 0, owner.welcome["inbox"]: 0, ABSENT: 0}
    assert (await snoop.connect())["resumed"]
    await say(owner, private, "another secret")
    await snoop.until(lambda: not snoop.seen.keys() & {private, owner.welcome["inbox"], ABSENT})
    await snoop.ask("ping")
    resets = {event["log"]: (event["why"], event["head"]) for event in snoop.others if event["type"] == "reset"}
    assert resets == dict.fromkeys([private, owner.welcome["inbox"], ABSENT], resets[ABSENT]), "the answers tell which log exists"
    assert {entry["log"] for entry in snoop.entries} <= {snoop.welcome["lobby"], snoop.welcome["inbox"]}
