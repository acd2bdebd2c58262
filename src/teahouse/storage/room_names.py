"""Giving a room a name and a topic, and erasing what somebody gave.

They stand in `created` and `renamed` entries, and whoever changes one of the two carries on the other. So the room and each
`renamed` say of both which entry gave it: it is read here alone, and told to nobody.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import select, update

from teahouse.model import NAMELESS, Draft, Entry, Removed, Renamed, User
from teahouse.storage import log
from teahouse.storage.log import Transaction
from teahouse.storage.tables import entries, rooms

KINDS = ("created", "renamed")
CREATED = 1
"""The seq of a room's `created`, which gave both."""
NEUTRAL = {"name": NAMELESS, "topic": ""}


def give(tx: Transaction, by: User, room: int, name: str, topic: str, **columns: Any) -> Entry:
    """Give a room, whose log is locked, a name and topic. What is as it was counts as given by whichever entry gave it before."""
    row = tx.connection.execute(select(rooms).where(rooms.c.id == room)).one()
    entry = log.append(tx, [Draft(room, by, Renamed(name, topic))])[0]
    called = {
        "name": name,
        "topic": topic,
        "name_seq": row.name_seq if name == row.name else entry.seq,
        "topic_seq": row.topic_seq if topic == row.topic else entry.seq,
    }
    tx.connection.execute(update(rooms).where(rooms.c.id == room).values(**called, **columns))
    _write(tx, room, entry.seq, called)
    return entry


def erase(tx: Transaction, by: User, room: int, seq: int, is_theirs: Callable[[Any], bool]) -> list[Draft]:
    """Erase name and topic from a `created` or `renamed` entry if one of them is theirs; if the room is called so, it is no longer.

    What goes is said by a `removed` that names the entry. Return what is to be appended to the room's log, which is locked.
    """
    body = msgspec.json.decode(tx.connection.execute(select(entries.c.body).where(*_at(room, seq))).scalar_one())
    given_by = {body.get(f"{field}_seq", CREATED) for field, neutral in NEUTRAL.items() if body[field] not in ("", neutral)}
    givers = select(entries.c.seq, entries.c.author_id, entries.c.at).where(entries.c.log_id == room, entries.c.seq.in_(given_by))
    theirs = {giver.seq for giver in tx.connection.execute(givers) if is_theirs(giver)}
    if not theirs:
        return []
    tx.erases = True
    _write(tx, room, seq, body | NEUTRAL)
    _take_away(tx, by, room, theirs)
    return [Draft(room, by, Removed(seq))]


def _take_away(tx: Transaction, by: User, room: int, theirs: set[int]) -> None:
    """Let a room no longer be called as one of these entries gave it."""
    row = tx.connection.execute(select(rooms).where(rooms.c.id == room)).one()._mapping
    now = {field: neutral if row[f"{field}_seq"] in theirs else row[field] for field, neutral in NEUTRAL.items()}
    if any(now[field] != row[field] for field in now):
        freed: dict[str, Any] = {"unique_key": None} if now["name"] != row["name"] else {}
        give(tx, by, room, **now, **freed)


def _write(tx: Transaction, room: int, seq: int, body: dict[str, Any]) -> None:
    tx.connection.execute(update(entries).where(*_at(room, seq)).values(body=msgspec.json.encode(body).decode()))


def _at(room: int, seq: int) -> tuple[Any, Any]:
    return entries.c.log_id == room, entries.c.seq == seq
