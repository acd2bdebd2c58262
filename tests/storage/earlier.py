"""Databases as earlier versions left them: the schema of a revision, with people and talk and the rest that it had a place for."""

import json
from collections.abc import Mapping
from typing import Any

from alembic import command
from sqlalchemy import Connection, MetaData, Table, create_engine, func, insert, select

from teahouse.identity import digest
from teahouse.lookalikes import skeleton, table
from teahouse.storage import migrations

REVISIONS = sorted(migrations.versions())[:-1]
"""All but the newest."""

AT = 1_780_000_000_000
EPOCH = "0123456789abcdef"
ROBOT, AIKO, BEN, GONE = 1, 2, 3, 4
NAMES = {ROBOT: "小小鸟 Birdie", AIKO: "Aiko", BEN: "Ben", GONE: "Gone"}
LOBBY, FRIENDS, DIRECT = 1, 2, 3
INBOXES = {ROBOT: 4, AIKO: 5, BEN: 6, GONE: 7}
COOKIE, TOKEN, OWNER_KEY, INVITE, TICKET = "cookie of Aiko", "token of Ben", "an owner's key", "an invite", "a ticket"
FIRST, SAID = 6, 40
"""The first message of the lobby, and how many there are: the first was edited, the second removed, the third calls Ben."""

Row = dict[str, Any]
Dump = dict[str, list[Row]]
"""All rows of a database by table, in some steady order."""


def make_earlier(url: str, revision: str) -> Dump:
    """Make a database of `revision` that somebody has lived in, and return all that is in it."""
    engine = create_engine(url)
    with engine.begin() as connection:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        tables = _reflected(connection).tables
        for name, rows in everything(revision).items():
            for row in rows if name in tables else ():
                known = {column: value for column, value in row.items() if column in tables[name].c}
                connection.execute(insert(tables[name]).values(known))
        if connection.dialect.name == "postgresql":
            _count_on(connection, tables)
        made = dump(connection)
    engine.dispose()
    return made


def read_all(url: str) -> Dump:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = dump(connection)
    engine.dispose()
    return found


def dump(connection: Connection) -> Dump:
    tables = _reflected(connection).tables
    return {name: sorted((dict(row._mapping) for row in connection.execute(select(each))), key=repr) for name, each in tables.items()}


def everything(revision: str) -> Dump:
    """Return rows for all tables that there were or are, in an order that foreign keys allow."""
    logs = [lobby(), friends(revision), direct(), inbox(AIKO), inbox(BEN)]
    for log in logs:
        for seq, row in enumerate(log, 1):
            row["seq"] = seq
    heads = dict.fromkeys((LOBBY, FRIENDS, DIRECT, *INBOXES.values()), 0) | {log[0]["log_id"]: len(log) for log in logs}
    knows_looks = revision >= "0009"
    return {
        "about": [{"key": "epoch", "value": EPOCH}, *([{"key": "lookalikes", "value": table().version}] if knows_looks else [])],
        "logs": [{"id": log, "head": head} for log, head in heads.items()],
        "users": [person(ROBOT, "bot"), person(AIKO, "owner"), person(BEN, "guest"), person(GONE, "guest") | {"name_key": None}],
        "rooms": [
            room(LOBBY, "public", "Lobby", "public:lobby", ROBOT),
            room(FRIENDS, "private", "Old friends", None, AIKO) | {"topic": "茶", "name_seq": 4, "topic_seq": 5},
            room(DIRECT, "direct", "", f"direct:{AIKO}:{BEN}", AIKO) | {"pair_low": AIKO, "pair_high": BEN},
        ],
        "entries": [row for log in logs for row in log],
        "messages": [*said_in_the_lobby(), message(DIRECT, 4, BEN, "only you and I")],
        "members": [
            member(ROBOT, LOBBY, 2, 0),
            member(AIKO, LOBBY, 3, FIRST + 9),
            member(BEN, LOBBY, 4, FIRST + SAID),
            member(AIKO, FRIENDS, 2, 5) | {"role": "owner"},
            member(BEN, FRIENDS, 3, 5) | {"added_by": AIKO},
            member(AIKO, DIRECT, 2, 4),
            member(BEN, DIRECT, 3, 4),
        ],
        "reactions": [{"room_id": LOBBY, "message_seq": FIRST + 2, "emoji": "❤️", "user_id": BEN, "place": FIRST + SAID + 2}],
        "sessions": [
            session(1, AIKO, COOKIE),
            session(2, BEN, TOKEN) | {"name": "a program", "scope": "read", "room_ids": f"[{LOBBY}]", "expires_at": AT * 2},
        ],
        "keys": [key(OWNER_KEY, "owner"), *([] if revision >= "0015" else [key(INVITE, "invite")])],
        "invites": [invite(INVITE)],
        "tickets": [{"token_hash": digest(TICKET), "session_id": 2, "expires_at": AT * 2}],
        "put_out": [{"user_id": GONE, "room_id": FRIENDS, "by_id": AIKO, "at": AT}],
        "bans": [{"id": 1, "user_id": GONE, "network": None, "by_id": AIKO, "at": AT, "until": AT * 2, "reason": "noise"}],
        "addresses": [{"user_id": BEN, "address": "203.0.113.7", "at": AT}],
        "held_names": [held(user) for user in NAMES] if knows_looks else [],
        "mentions": [{"user_id": BEN, "room_id": LOBBY, "seq": FIRST + 2}],
        "calls": [{"room_id": LOBBY, "seq": FIRST + 2, "author_id": AIKO, "called": "Ben, is there tea?"}],
    }


def lobby() -> list[Row]:
    return [
        entry(LOBBY, ROBOT, "created", body={"kind": "public", "name": "Lobby", "topic": ""}),
        *(entry(LOBBY, user, "joined", subject=user, body={"role": "member"}) for user in NAMES),
        *(entry(LOBBY, (AIKO, BEN)[n % 2], "posted", client_id=f"say-{n}") for n in range(SAID)),
        entry(LOBBY, AIKO, "edited", message=FIRST),
        entry(LOBBY, BEN, "removed", message=FIRST + 1),
        entry(LOBBY, BEN, "reacted", message=FIRST + 2, body={"emoji": "❤️", "on": True}),
        entry(LOBBY, GONE, "left", subject=GONE),
    ]


def said_in_the_lobby() -> list[Row]:
    texts = ["Willkommen, 欢迎", "", "@Ben, is there tea?", "the last of the oolong", *(f"number {n}" for n in range(4, SAID))]
    said = [message(LOBBY, FIRST + n, (AIKO, BEN)[n % 2], text) for n, text in enumerate(texts)]
    said[0]["edited"], said[1]["removed"], said[3]["reply_to"] = True, True, FIRST + 2
    said[2]["mentions"] = f"[{BEN}]"
    return said


def friends(revision: str) -> list[Row]:
    first, second = ({"name_seq": 4, "topic_seq": seq} if revision >= "0014" else {} for seq in (1, 5))
    return [
        entry(FRIENDS, AIKO, "created", body={"kind": "private", "name": "Friends", "topic": ""}),
        entry(FRIENDS, AIKO, "joined", subject=AIKO, body={"role": "owner"}),
        entry(FRIENDS, AIKO, "joined", subject=BEN, body={"role": "member"}),
        entry(FRIENDS, BEN, "renamed", body={"name": "Old friends", "topic": ""} | first),
        entry(FRIENDS, BEN, "renamed", body={"name": "Old friends", "topic": "茶"} | second),
    ]


def direct() -> list[Row]:
    return [
        entry(DIRECT, AIKO, "created", body={"kind": "direct", "name": "", "topic": ""}),
        *(entry(DIRECT, AIKO, "joined", subject=user, body={"role": "member"}) for user in (AIKO, BEN)),
        entry(DIRECT, BEN, "posted", client_id="between us"),
    ]


def inbox(user: int) -> list[Row]:
    log = INBOXES[user]
    return [
        entry(log, AIKO, "added", body={"room": FRIENDS, "since": user, "peer": None}),
        entry(log, user, "read", body={"room": FRIENDS, "seq": 5, "unread": 0, "head": 5}),
    ]


def entry(log: int, by: int, kind: str, **more: Any) -> Row:
    body = more.get("body")
    return {
        "log_id": log,
        "at": AT,
        "author_id": by,
        "client_id": more.get("client_id"),
        "kind": kind,
        "message_seq": more.get("message"),
        "subject_id": more.get("subject"),
        "body": None if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")),
    }


def message(room: int, seq: int, by: int, text: str) -> Row:
    return {"room_id": room, "seq": seq, "at": AT, "author_id": by, "text": text, "reply_to": None, "edited": False, "removed": False}


def person(user: int, role: str) -> Row:
    name = NAMES[user]
    return {"id": user, "name": name, "name_key": name.lower(), "face": "f01", "role": role, "inbox": INBOXES[user], "at": AT}


def held(user: int) -> Row:
    name = NAMES[user]
    return {"skeleton": skeleton(name), "name_key": name.lower(), "name": name, "since": AT, "kept_until": 0}


def room(number: int, kind: str, name: str, key: str | None, made_by: int) -> Row:
    return {"id": number, "kind": kind, "name": name, "topic": "", "unique_key": key, "robot": "mention", "made_by": made_by}


def member(user: int, room: int, since: int, read: int) -> Row:
    return {"user_id": user, "room_id": room, "role": "member", "since": since, "read_seq": read}


def session(number: int, user: int, token: str) -> Row:
    return {"id": number, "token_hash": digest(token), "user_id": user, "at": AT, "used_at": AT}


def key(secret: str, kind: str) -> Row:
    return {"token_hash": digest(secret), "kind": kind, "at": AT, "expires_at": AT * 2}


def invite(secret: str) -> Row:
    fields = {"id": 1, "token_hash": digest(secret), "by_id": ROBOT, "at": AT, "expires_at": AT * 2}
    return fields | {"max_uses": None, "used": 0, "note": "", "at_start": False}


def _reflected(connection: Connection) -> MetaData:
    metadata = MetaData()
    metadata.reflect(connection)
    return metadata


def _count_on(connection: Connection, tables: Mapping[str, Table]) -> None:
    """Let PostgreSQL give no id that a row has already."""
    for name, each in tables.items():
        if "id" in each.c:
            connection.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), select(func.max(each.c.id)).scalar_subquery())))
