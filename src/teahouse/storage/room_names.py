"""Giving a room a name and a topic, and erasing what somebody gave.

They stand in `created` and `renamed` entries, and whoever changes one of the two carries on the other. So the room and each
`renamed` say of both which entry gave it: it is read here alone, and told to nobody.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, select, update

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


def take_away(tx: Transaction, by: User, room: int, is_theirs: Callable[[Any], bool]) -> bool:
    """Let a room, whose log is locked, no longer be called as somebody called it; say whether it was. From then on nobody carries it on."""
    row = dict(tx.connection.execute(select(rooms).where(rooms.c.id == room)).one()._mapping)
    gone = {field: NEUTRAL[field] for field in _theirs(tx.connection, room, {0: row}, is_theirs).get(0, ())}
    if not gone:
        return False
    freed: dict[str, Any] = {"unique_key": None} if "name" in gone else {}
    give(tx, by, room, **{field: row[field] for field in NEUTRAL} | gone, **freed)
    return True


def theirs(connection: Connection, room: int, found: Sequence[Any], is_theirs: Callable[[Any], bool]) -> dict[int, list[str]]:
    """Return what somebody gave of what the `created` and `renamed` among these entries say, by seq: `name`, `topic` or both."""
    told = {entry.seq: msgspec.json.decode(entry.body) for entry in found if entry.kind in KINDS}
    return _theirs(connection, room, told, is_theirs)


def _theirs(
    connection: Connection, room: int, called: Mapping[int, Mapping[str, Any]], is_theirs: Callable[[Any], bool]
) -> dict[int, list[str]]:
    given = {
        (key, field): says.get(f"{field}_seq", CREATED)
        for key, says in called.items()
        for field, neutral in NEUTRAL.items()
        if says[field] not in ("", neutral)
    }
    columns = (entries.c.seq, entries.c.author_id, entries.c.at)
    givers = select(*columns).where(entries.c.log_id == room, entries.c.seq.in_(set(given.values())))
    of_them = {giver.seq for giver in connection.execute(givers) if is_theirs(giver)} if given else set()
    found: dict[int, list[str]] = {}
    for (key, field), giver in given.items():
        if giver in of_them:
            found.setdefault(key, []).append(field)
    return found


def erase(tx: Transaction, by: User, room: int, entry: Any, fields: Sequence[str]) -> Draft:
    """Erase name, topic or both from a `created` or `renamed` entry; the other stays. Return the `removed` that says so."""
    tx.erases = True
    _write(tx, room, entry.seq, msgspec.json.decode(entry.body) | {field: NEUTRAL[field] for field in fields})
    return Draft(room, by, Removed(entry.seq, tuple(fields)))


def _write(tx: Transaction, room: int, seq: int, body: dict[str, Any]) -> None:
    here = entries.c.log_id == room, entries.c.seq == seq
    tx.connection.execute(update(entries).where(*here).values(body=msgspec.json.encode(body).decode()))
