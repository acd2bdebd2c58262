"""Which unread messages name somebody. The page has the same rule for what comes live (web/mentions.js).

What a text may call somebody by is noted when it is written, so that whoever comes in reads no texts: docs/decisions/0033.
"""

import re
from itertools import islice
from typing import Any

from sqlalchemy import BigInteger, Connection, Integer, Select, and_, bindparam, case, delete, exists, insert, select

from teahouse.storage.log import Transaction
from teahouse.storage.prepared import Prepared
from teahouse.storage.tables import calls, logs, members, messages, users

LOOK_BACK = 1000
"""How many of a room's last entries are looked through: a name called longer ago than that is history."""

MAX_TRIED = 100
"""Messages of a room that are looked at because they call somebody, the newest first: they may all call others."""

MAX_TRIED_IN_ALL = 2000
"""As many in all rooms together, of which each room gets the same share."""

MAX_NAME_CHARS = 32
"""As long as `policy` lets a name be, which storage does not ask; a test compares."""

MAX_CALLS = 16
"""How many calls of one message are noted: what calls more people than that calls nobody in particular."""


def calls_in(text: str) -> str | None:
    """Return what stands after each `@` that may begin a mention, one a line, as far as a name and the edge after it reach."""
    if "@" not in text:
        return None
    return "\n".join(found[1] for found in islice(_CALL.finditer(text), MAX_CALLS)) or None


_CALL = re.compile(rf"@(?<![A-Za-z0-9_]@)(?=(\S[^\n]{{0,{MAX_NAME_CHARS}}}))")


def is_called(name: str, called: str) -> bool:
    """Say whether `calls_in` found the whole name, in any case: "@benny" is not Ben, and an e-mail address names nobody.

    Scripts without spaces have no such edges: "@小明你好" names 小明.
    """
    end = r"(?![A-Za-z0-9_])" if re.match(r"[A-Za-z0-9_]", name[-1:]) else ""
    return re.search(rf"^{re.escape(name)}{end}", called, re.IGNORECASE | re.MULTILINE) is not None


def note(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Note whom messages that are new call; `rows` are those of the table of messages."""
    noted = [_noted(row["room_id"], row["seq"], row["author_id"], found) for row in rows if (found := calls_in(row["text"]))]
    if noted:
        _insert.many(connection, noted)


def note_again(tx: Transaction, room: int, seq: int, text: str) -> None:
    """Forget whom a message called, and note whom it calls now that it reads `text`."""
    tx.connection.execute(delete(calls).where(calls.c.room_id == room, calls.c.seq == seq))
    if found := calls_in(text):
        author = tx.connection.scalar(select(messages.c.author_id).where(messages.c.room_id == room, messages.c.seq == seq))
        _insert.many(tx.connection, [_noted(room, seq, int(author or 0), found)])


def _noted(room: int, seq: int, author: int, found: str) -> dict[str, Any]:
    return {"room_id": room, "seq": seq, "author_id": author, "called": found}


_insert = Prepared(lambda _: insert(calls).values({column.name: bindparam(column.name) for column in calls.c}).inline())


def last_mentions(connection: Connection, user_id: int, only: int | None = None) -> dict[int, int]:
    """Return, by room, the seq of the last unread message that names `user_id`; rooms without one are left out."""
    [(name,)] = _name.all(connection, {"me": user_id}) or [("",)]
    where = {"me": user_id} if only is None else {"me": user_id, "only": only}
    marks = (_marks if only is None else _one_mark).all(connection, where)
    most = max(1, min(MAX_TRIED, MAX_TRIED_IN_ALL // max(1, len(marks))))
    mentioned: dict[int, int] = {}
    for room, mark in marks:
        newest = _called_after.all(connection, {"room": room, "mark": mark, "most": most})
        seq = next((seq for seq, author, called in newest if author != user_id and is_called(name, called)), None)
        if seq is not None:
            mentioned[room] = seq
    return mentioned


def _marks_query(_backend: str) -> Select[Any]:
    """Select the rooms of `me` in which somebody is called, with the seq after which that counts."""
    horizon = logs.c.head - LOOK_BACK
    mark = case((members.c.read_seq > horizon, members.c.read_seq), else_=horizon)
    return (
        select(members.c.room_id, mark)
        .join_from(members, logs, logs.c.id == members.c.room_id)
        .where(members.c.user_id == bindparam("me", type_=BigInteger()))
        .where(exists().where(calls.c.room_id == members.c.room_id, calls.c.seq > mark))
    )


def _called_after_query(_backend: str) -> Select[Any]:
    after = and_(calls.c.room_id == bindparam("room", type_=BigInteger()), calls.c.seq > bindparam("mark", type_=BigInteger()))
    newest = select(calls.c.seq, calls.c.author_id, calls.c.called).where(after).order_by(calls.c.seq.desc())
    return newest.limit(bindparam("most", type_=Integer()))


_name = Prepared(lambda _: select(users.c.name).where(users.c.id == bindparam("me", type_=BigInteger())))
_marks = Prepared(_marks_query)
_one_mark = Prepared(lambda backend: _marks_query(backend).where(members.c.room_id == bindparam("only", type_=BigInteger())))
_called_after = Prepared(_called_after_query)
