"""The exact bytes of version 1, one line for each command and each event: a change here breaks every client that exists.

A client's command may come with its fields in any order; the line is how docs/protocol.md writes it.
"""

from typing import Any, get_args

import msgspec
import pytest

from teahouse import keeping, model, wire
from teahouse import wire_keeping as keep
from teahouse.errors import ShutOut

AIKO = model.User(1, "Aiko", "f01", "owner")
BEN = model.User(2, "Ben 本", "f02")
ROOM = model.Room(7, "public", "Tea", "green")
STANDING = model.Standing(ROOM, "member", since=3, head=42, read=40, unread=2)
AT = 1_767_225_600_000

COMMANDS: list[tuple[str, wire.Command]] = [
    ('{"type":"hello","id":1}', wire.Hello(id=1)),
    ('{"type":"hello","id":1,"epoch":"e1","cursors":{"1":120,"12":3}}', wire.Hello(id=1, epoch="e1", cursors={1: 120, 12: 3})),
    ('{"type":"post","room":7,"text":"hi","client_id":"b7d1"}', wire.Post(room=7, text="hi", client_id="b7d1")),
    (
        '{"type":"post","id":2,"room":7,"text":"你好","client_id":"b7d1","reply_to":5}',
        wire.Post(id=2, room=7, text="你好", client_id="b7d1", reply_to=5),
    ),
    ('{"type":"edit","id":3,"room":7,"message":5,"text":"hi!"}', wire.Edit(id=3, room=7, message=5, text="hi!")),
    ('{"type":"remove","id":4,"room":7,"message":5}', wire.Remove(id=4, room=7, message=5)),
    ('{"type":"react","id":5,"room":7,"message":5,"emoji":"👍"}', wire.React(id=5, room=7, message=5, emoji="👍", on=True)),
    (
        '{"type":"react","id":5,"room":7,"message":5,"emoji":"👍","on":false}',
        wire.React(id=5, room=7, message=5, emoji="👍", on=False),
    ),
    ('{"type":"read","id":6,"room":7,"seq":42}', wire.MarkRead(id=6, room=7, seq=42)),
    ('{"type":"typing","room":7}', wire.SayTyping(room=7)),
    (
        '{"type":"create_room","id":7,"kind":"private","name":"Tea","client_id":"c1"}',
        wire.CreateRoom(id=7, kind="private", name="Tea", client_id="c1", topic=""),
    ),
    ('{"type":"open_direct","id":8,"user":2}', wire.OpenDirect(id=8, user=2)),
    ('{"type":"join","id":9,"room":7}', wire.Join(id=9, room=7)),
    ('{"type":"leave","id":10,"room":7}', wire.Leave(id=10, room=7)),
    ('{"type":"add_member","id":11,"room":7,"user":2}', wire.AddMember(id=11, room=7, user=2)),
    ('{"type":"remove_member","id":12,"room":7,"user":2}', wire.RemoveMember(id=12, room=7, user=2)),
    ('{"type":"change_room","id":13,"room":7,"topic":"black"}', wire.ChangeRoom(id=13, room=7, name=None, topic="black")),
    ('{"type":"set_robot","id":18,"room":7,"mode":"always"}', wire.SetRobot(id=18, room=7, mode="always")),
    ('{"type":"stop_reply","id":19,"room":7,"client_id":"re-7-41"}', wire.StopReply(id=19, room=7, client_id="re-7-41")),
    ('{"type":"page","id":14,"room":7,"before":40}', wire.GetPage(id=14, room=7, before=40, after=None, around=None, limit=50)),
    ('{"type":"members","id":15,"room":7}', wire.GetMembers(id=15, room=7, query="", limit=200)),
    ('{"type":"find_rooms","id":16,"query":"tea"}', wire.FindRooms(id=16, query="tea", limit=50)),
    ('{"type":"search","id":18,"query":"茶","room":7}', wire.Search(id=18, query="茶", room=7, before=None, limit=20)),
    ('{"type":"ping","id":17}', wire.Ping(id=17)),
    (
        '{"type":"ban","id":20,"user":2,"minutes":60,"reason":"ads","remove_since":0}',
        keep.PutBan(id=20, user=2, network=None, minutes=60, reason="ads", remove_since=0),
    ),
    (
        '{"type":"ban","id":20,"network":"203.0.113.0/24","minutes":60}',
        keep.PutBan(id=20, user=None, network="203.0.113.0/24", minutes=60, reason="", remove_since=None),
    ),
    ('{"type":"unban","id":21,"ban":3}', keep.LiftBan(id=21, ban=3)),
    ('{"type":"bans","id":22}', keep.GetBans(id=22, before=None, limit=50)),
    ('{"type":"end_sessions","id":23,"user":2}', keep.EndSessions(id=23, user=2, reason="")),
    ('{"type":"ban","id":20,"user":2,"remove_minutes":60}', keep.PutBan(id=20, user=2, remove_minutes=60)),
    ('{"type":"remove_messages","id":24,"user":2,"since":1767225600000}', keep.RemoveMessages(id=24, user=2, since=AT, reason="")),
    ('{"type":"remove_messages","id":24,"user":2,"minutes":60}', keep.RemoveMessages(id=24, user=2, minutes=60)),
    ('{"type":"set_role","id":25,"user":2,"role":"admin"}', keep.SetRole(id=25, user=2, role="admin")),
    ('{"type":"newcomers","id":26,"admitted":false}', keep.SetNewcomers(id=26, admitted=False, reason="")),
    ('{"type":"person","id":27,"user":2}', keep.GetPerson(id=27, user=2)),
    ('{"type":"house_log","id":28,"before":9}', keep.GetHouseLog(id=28, before=9, limit=50)),
    ('{"type":"invite","id":29}', keep.MakeInvite(id=29, minutes=43_200, max_uses=None, note="")),
    ('{"type":"invite","id":29,"minutes":60,"max_uses":5,"note":"chess"}', keep.MakeInvite(id=29, minutes=60, max_uses=5, note="chess")),
    ('{"type":"end_invite","id":30,"invite":3}', keep.EndInvite(id=30, invite=3)),
    ('{"type":"invites","id":31,"before":9}', keep.GetInvites(id=31, before=9, limit=50)),
]

EVENTS: list[tuple[str, Any]] = [
    (
        '{"type":"welcome","protocol":1,"server":"teahouse 0.1.0","epoch":"e1","you":{"id":1,"name":"Aiko","face":"f01","role":"owner"},'
        '"inbox":2,"inbox_head":9,"lobby":1,"now":1767225600000,'
        '"limits":{"max_text_bytes":32768,"max_name_chars":32,"max_topic_chars":200},"resumed":false,'
        '"rooms":[{"room":{"id":7,"kind":"public","name":"Tea","topic":"green"},"role":"member","since":3,"head":42,"read":40,"unread":2}],'
        '"id":1}',
        wire.Welcome(1, "teahouse 0.1.0", "e1", AIKO, 2, 9, 1, AT, wire.Limits(32768, 32, 200), False, [STANDING], 1),
    ),
    (
        '{"type":"welcome","protocol":1,"server":"teahouse 0.1.0","epoch":"e1","you":{"id":2,"name":"Ben 本","face":"f02"},'
        '"inbox":3,"inbox_head":9,"lobby":1,"now":1767225600000,'
        '"limits":{"max_text_bytes":32768,"max_name_chars":32,"max_topic_chars":200},"resumed":false,'
        '"rooms":[],"id":1,"since":1767225500000,"other_life":true}',
        wire.Welcome(1, "teahouse 0.1.0", "e1", BEN, 3, 9, 1, AT, wire.Limits(32768, 32, 200), False, [], 1, AT - 100_000, other_life=True),
    ),
    ('{"type":"reset","log":7,"why":"too_far","head":42}', model.Reset(7, "too_far", 42)),
    ('{"type":"reset","log":7,"why":"left","head":null}', model.Reset(7, "left", None)),
    ('{"type":"ok","id":2,"result":{"room":7,"seq":42,"at":1767225600000}}', wire.Ok(2, wire.Stored(7, 42, AT))),
    ('{"type":"ok","id":8}', wire.Ok(8)),
    ('{"type":"error","code":"not_found","words":"no such room","id":3}', wire.Error("not_found", "no such room", 3)),
    (
        '{"type":"error","code":"too_much","words":"slow down","retry":true,"retry_after_s":1.5}',
        wire.Error("too_much", "slow down", None, True, 1.5),
    ),
    (
        '{"type":"error","code":"banned","words":"no","ban":{"until":1767225600000,"reason":"spam","network":true}}',
        wire.Error("banned", "no", ban=ShutOut(AT, "spam", network=True)),
    ),
    ('{"type":"error","code":"banned","words":"no","ban":{}}', wire.Error("banned", "no", ban=ShutOut())),
    ('{"type":"pong","now":1767225600000,"id":17}', wire.Pong(AT, 17)),
    ('{"type":"bye","why":"restart","retry_ms":1500}', wire.Bye("restart", 1500)),
    ('{"type":"opened","connection":"c0"}', wire.Opened("c0")),
    ('{"type":"closed","code":4001,"reason":"the session has ended"}', wire.Closed(4001, "the session has ended")),
    ('{"type":"typing","room":7,"user":{"id":2,"name":"Ben 本","face":"f02"}}', model.Typing(7, BEN)),
    ('{"type":"here","room":7,"count":2,"came":[{"id":2,"name":"Ben 本","face":"f02"}],"went":[9]}', model.Here(7, 2, [BEN], [9])),
    (
        '{"type":"reply_begin","room":7,"by":{"id":2,"name":"Ben 本","face":"f02"},"client_id":"re-7-41","asker":1,"part":1,"text":"Gr",'
        '"reply_to":41}',
        model.ReplyBegin(7, BEN, "re-7-41", 1, 1, "Gr", 41),
    ),
    ('{"type":"reply_delta","room":7,"client_id":"re-7-41","part":2,"text":"een"}', model.ReplyDelta(7, "re-7-41", 2, "een")),
    ('{"type":"reply_end","room":7,"client_id":"re-7-41"}', model.ReplyEnd(7, "re-7-41")),
]

FACTS: list[tuple[str, model.Fact]] = [
    ('{"type":"created","kind":"public","name":"Tea","topic":""}', model.Created("public", "Tea", "")),
    ('{"type":"posted","text":"hi"}', model.Posted("hi")),
    (
        '{"type":"posted","text":"","reply_to":{"seq":4,"by":{"id":2,"name":"Ben 本","face":"f02"},"text":"?"},'
        '"edited":true,"removed":true}',
        model.Posted("", model.Quote(4, BEN, "?"), True, True),
    ),
    ('{"type":"edited","message":5,"text":"hi!"}', model.Edited(5, "hi!")),
    ('{"type":"removed","message":5}', model.Removed(5)),
    ('{"type":"removed","message":5,"fields":["name"]}', model.Removed(5, ("name",))),
    ('{"type":"reacted","message":5,"emoji":"👍","on":false}', model.Reacted(5, "👍", False)),
    ('{"type":"joined","user":{"id":2,"name":"Ben 本","face":"f02"}}', model.Joined(BEN)),
    ('{"type":"left","user":{"id":2,"name":"Ben 本","face":"f02"}}', model.Left(BEN)),
    ('{"type":"renamed","name":"Tea","topic":"black"}', model.Renamed("Tea", "black")),
    ('{"type":"robot_set","mode":"never"}', model.RobotSet("never")),
    (
        '{"type":"added","room":{"id":7,"kind":"direct","peer":{"id":2,"name":"Ben 本","face":"f02"}},"since":2}',
        model.Added(model.Room(7, "direct", peer=BEN), 2),
    ),
    ('{"type":"read","room":7,"seq":40,"unread":2,"head":42}', model.Read(7, 40, 2, 42)),
    (
        '{"type":"banned","ban":3,"user":{"id":2,"name":"Ben 本","face":"f02"},"until":1767225600000,"reason":"ads"}',
        keeping.Banned(3, BEN, None, AT, "ads"),
    ),
    ('{"type":"unbanned","ban":3,"network":"203.0.113.7/32","console":true}', keeping.Unbanned(3, None, "203.0.113.7/32", True)),
    ('{"type":"signed_off","user":{"id":2,"name":"Ben 本","face":"f02"}}', keeping.SignedOff(BEN)),
    ('{"type":"cleared","user":{"id":2,"name":"Ben 本","face":"f02"},"since":1767225600000}', keeping.Cleared(BEN, AT)),
    ('{"type":"role_set","user":{"id":2,"name":"Ben 本","face":"f02"},"role":"admin"}', keeping.RoleSet(BEN, "admin")),
    ('{"type":"newcomers","admitted":false}', keeping.Newcomers(False)),
    ('{"type":"invited","invite":3,"until":1767225600000,"max_uses":5,"note":"chess"}', keeping.Invited(3, AT, 5, "chess")),
    ('{"type":"uninvited","invite":3,"console":true}', keeping.Uninvited(3, console=True)),
]


@pytest.mark.parametrize(("line", "command"), COMMANDS)
def test_a_command_is_read_from_its_line(line: str, command: wire.Command) -> None:
    assert wire.decode(line.encode()) == command


@pytest.mark.parametrize(("line", "event"), EVENTS)
def test_an_event_is_written_as_its_line(line: str, event: Any) -> None:
    assert wire.encode(event).decode() == line


@pytest.mark.parametrize(("line", "fact"), FACTS)
def test_an_entry_is_written_as_its_line_with_its_fact_inside(line: str, fact: model.Fact) -> None:
    entry = model.Entry(log=7, seq=42, at=AT, by=AIKO, fact=fact, client_id="b7d1")

    start = '{"type":"entry","log":7,"seq":42,"at":1767225600000,"by":{"id":1,"name":"Aiko","face":"f01","role":"owner"},"fact":'
    assert wire.encode(entry).decode() == f'{start}{line},"client_id":"b7d1"}}'


def test_every_command_event_and_fact_has_a_line_here() -> None:
    assert {type(command) for _, command in COMMANDS} == set(get_args(wire.AnyCommand))
    assert {type(event) for _, event in EVENTS} | {model.Entry} == set(get_args(wire.Event))
    assert {type(fact) for _, fact in FACTS} == set(get_args(model.Fact))


def test_an_unknown_field_is_ignored_so_that_a_newer_client_can_talk_to_an_older_server() -> None:
    assert wire.decode(b'{"type":"ping","id":1,"mood":"calm"}') == wire.Ping(id=1)


def test_what_the_server_writes_for_an_entry_is_read_back_as_the_same_entry() -> None:
    entry = model.Entry(log=7, seq=42, at=AT, by=AIKO, fact=model.Posted("hi"))

    assert msgspec.json.decode(wire.encode(entry), type=model.Entry) == entry
