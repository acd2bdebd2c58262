"""Which unread messages name somebody. The page has the same rule for what comes live (web/mentions.js)."""

import re
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, Text, and_, bindparam, select

from teahouse.storage.prepared import Prepared
from teahouse.storage.tables import logs, members, messages, users

LOOK_BACK = 1000
"""How many of a room's last entries are looked through: a name called longer ago than that is history."""


def last_mentions(connection: Connection, user_id: int) -> dict[int, int]:
    """Return, by room, the seq of the last unread message that names `user_id`; rooms without one are left out."""
    [(name,)] = _name.all(connection, {"me": user_id}) or [("",)]
    pattern = "%@" + _ESCAPED.sub(r"/\g<0>", name) + "%"
    found = _called.all(connection, {"me": user_id, "pattern": pattern})
    return {room: seq for room, seq, text in found if names(text, name)}


def _called_query(_backend: str) -> Select[Any]:
    """Select the unread messages by others that hold `pattern`, in rising order."""
    me = bindparam("me", type_=BigInteger())
    mine = and_(members.c.room_id == messages.c.room_id, members.c.user_id == me)
    unread = and_(messages.c.seq > members.c.read_seq, messages.c.seq > logs.c.head - LOOK_BACK, messages.c.author_id != me)
    return (
        select(messages.c.room_id, messages.c.seq, messages.c.text)
        .join_from(members, messages, mine)
        .join(logs, logs.c.id == messages.c.room_id)
        .where(unread, messages.c.text.ilike(bindparam("pattern", type_=Text()), escape="/"))
        .order_by(messages.c.room_id, messages.c.seq)
    )


_ESCAPED = re.compile(r"[/%_]")
_name = Prepared(lambda _: select(users.c.name).where(users.c.id == bindparam("me", type_=BigInteger())))
_called = Prepared(_called_query)


def names(text: str, name: str) -> bool:
    """Say whether `text` has `@` and the whole name, in any case: "@benny" is not Ben, and an e-mail address names nobody.

    Scripts without spaces have no such edges: "@小明你好" names 小明.
    """
    end = r"(?![A-Za-z0-9_])" if re.match(r"[A-Za-z0-9_]", name[-1:]) else ""
    return re.search(rf"(?<![A-Za-z0-9_])@{re.escape(name)}{end}", text, re.IGNORECASE) is not None
