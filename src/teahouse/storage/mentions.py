"""Which unread messages name somebody. The page has the same rule for what comes live (web/mentions.js)."""

import re
from collections import Counter
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, Text, and_, bindparam, select

from teahouse.storage.prepared import Prepared
from teahouse.storage.tables import logs, members, messages, users

LOOK_BACK = 1000
"""How many of a room's last entries are looked through: a name called longer ago than that is history."""

MAX_TRIED = 100
"""Texts of a room that are read because they may name somebody: they may all name someone whose name only begins so."""


def last_mentions(connection: Connection, user_id: int) -> dict[int, int]:
    """Return, by room, the seq of the last unread message that names `user_id`; rooms without one are left out."""
    [(name,)] = _name.all(connection, {"me": user_id}) or [("",)]
    pattern = "%@" + _ESCAPED.sub(r"/\g<0>", name) + "%"
    mentioned: dict[int, int] = {}
    tried: Counter[int] = Counter()
    for room, seq in _called.all(connection, {"me": user_id, "pattern": pattern}):
        if room not in mentioned and tried[room] < MAX_TRIED:
            tried[room] += 1
            [(text,)] = _text.all(connection, {"room": room, "seq": seq})
            if names(text, name):
                mentioned[room] = seq
    return mentioned


def _called_query(_backend: str) -> Select[Any]:
    """Select the unread messages by others that hold `pattern`, the newest of a room first, without their texts."""
    me = bindparam("me", type_=BigInteger())
    mine = and_(members.c.room_id == messages.c.room_id, members.c.user_id == me)
    unread = and_(messages.c.seq > members.c.read_seq, messages.c.seq > logs.c.head - LOOK_BACK, messages.c.author_id != me)
    return (
        select(messages.c.room_id, messages.c.seq)
        .join_from(members, messages, mine)
        .join(logs, logs.c.id == messages.c.room_id)
        .where(unread, messages.c.text.ilike(bindparam("pattern", type_=Text()), escape="/"))
        .order_by(messages.c.room_id, messages.c.seq.desc())
    )


_ESCAPED = re.compile(r"[/%_]")
_name = Prepared(lambda _: select(users.c.name).where(users.c.id == bindparam("me", type_=BigInteger())))
_called = Prepared(_called_query)
_text = Prepared(
    lambda _: select(messages.c.text).where(
        messages.c.room_id == bindparam("room", type_=BigInteger()), messages.c.seq == bindparam("seq", type_=BigInteger())
    )
)


def names(text: str, name: str) -> bool:
    """Say whether `text` has `@` and the whole name, in any case: "@benny" is not Ben, and an e-mail address names nobody.

    Scripts without spaces have no such edges: "@小明你好" names 小明.
    """
    end = r"(?![A-Za-z0-9_])" if re.match(r"[A-Za-z0-9_]", name[-1:]) else ""
    return re.search(rf"(?<![A-Za-z0-9_])@{re.escape(name)}{end}", text, re.IGNORECASE) is not None
