"""Erasing what somebody called a room.

Names and topics stand in `created` and `renamed` entries, and whoever changes one of the two carries on the other.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, select, update

from teahouse.model import NAMELESS, Draft, Removed, Renamed, User
from teahouse.storage.log import Transaction
from teahouse.storage.tables import entries, rooms

KINDS = ("created", "renamed")
LOOKED_BACK = 20_000
"""Among so many entries it is looked for who gave a name; they take SQLite 7 ms. Further back it counts as given by the first found."""
STEP = 1_000


class Notice(NamedTuple):
    seq: int
    author_id: int
    at: int
    body: dict[str, Any]


def erase(tx: Transaction, by: User, room: int, seq: int, is_theirs: Callable[[Notice], bool]) -> list[Draft]:
    """Erase name and topic from a `created` or `renamed` entry if one of them is theirs; if the room is called so, it is no longer.

    What goes is said by a `removed` that names the entry. Return what is to be appended to the room's log, which is locked.
    """
    earlier = _back_from(tx.connection, room, seq)
    notice = next(earlier)
    theirs = {field for field, giver in _givers(notice, earlier).items() if is_theirs(giver)}
    if not theirs:
        return []
    tx.erases = True
    emptied = msgspec.json.encode(notice.body | {"name": NAMELESS, "topic": ""}).decode()
    tx.connection.execute(update(entries).where(entries.c.log_id == room, entries.c.seq == seq).values(body=emptied))
    return [Draft(room, by, Removed(seq)), *_rename(tx, by, room, {field: notice.body[field] for field in theirs})]


def _rename(tx: Transaction, by: User, room: int, erased: dict[str, str]) -> list[Draft]:
    row = tx.connection.execute(select(rooms.c.name, rooms.c.topic).where(rooms.c.id == room)).one()
    neutral = {"name": NAMELESS, "topic": ""}
    now = {field: neutral[field] if erased.get(field) == value else value for field, value in row._mapping.items()}
    if now == dict(row._mapping):
        return []
    freed = {"unique_key": None} if now["name"] != row.name else {}
    tx.connection.execute(update(rooms).where(rooms.c.id == room).values(**now, **freed))
    return [Draft(room, by, Renamed(**now))]


def _givers(notice: Notice, earlier: Iterator[Notice]) -> dict[str, Notice]:
    """Return by which entries name and topic were given that `notice` tells of: the first of those in a row that say the same."""
    givers = {field: notice for field in ("name", "topic") if notice.body[field] not in ("", NAMELESS)}
    open_fields = set(givers)
    for other in earlier:
        if other.body["name"] == NAMELESS:
            continue  # what it said was erased; it changes nothing
        open_fields = {field for field in open_fields if other.body[field] == notice.body[field]}
        if not open_fields:
            break
        givers |= dict.fromkeys(open_fields, other)
    return givers


def _back_from(connection: Connection, room: int, seq: int) -> Iterator[Notice]:
    """Yield the entries that name a room, from `seq` back."""
    columns = (entries.c.seq, entries.c.author_id, entries.c.at, entries.c.body)
    for last in range(seq, max(seq - LOOKED_BACK, 0), -STEP):
        here = entries.c.log_id == room, entries.c.seq.between(last - STEP + 1, last), entries.c.kind.in_(KINDS)
        for row in connection.execute(select(*columns).where(*here).order_by(entries.c.seq.desc())).all():
            yield Notice(row.seq, row.author_id, row.at, msgspec.json.decode(row.body))
