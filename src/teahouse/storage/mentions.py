"""Whom messages name: found when a message is written, among those who are in its room then, and noted beside it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ClauseElement, Connection, Text, and_, bindparam, delete, insert, select

from teahouse.mentions import names_called
from teahouse.model import Entry, Posted
from teahouse.storage.log import Transaction
from teahouse.storage.prepared import Prepared, as_list, listed
from teahouse.storage.rows import unpacked_ids
from teahouse.storage.tables import members, mentions, messages, users
from teahouse.text import name_key


def named(connection: Connection, room: int, text: str) -> tuple[int, ...]:
    """Return the ids of the members of a room whom a text names, each once, in the order of the text.

    Of names that are one when they are folded (Lan and Lân) that one is meant which is spelt so, or else all.
    """
    if "@" not in text and "＠" not in text:
        return ()
    called = names_called(text)
    wanted = {name for names in called for name in names}
    found: dict[str, list[tuple[int, str]]] = {}
    for key, user, own in _find.all(connection, {"room": room, "wanted": as_list([{"key": key} for key in sorted(wanted)])}):
        found.setdefault(key, []).append((user, own or ""))
    spelt = name_key(text)
    meant: dict[int, None] = {}
    for names in called:
        fitting = next((found[name] for name in names if name in found), [])
        exact = [user for user, own in fitting if len(fitting) == 1 or f"@{own}" in spelt]
        meant.update(dict.fromkeys(exact or [user for user, _ in fitting]))
    return tuple(meant)


def note(connection: Connection, entries: Sequence[Entry]) -> None:
    """Note whom new messages name."""
    posted = [(entry, entry.fact) for entry in entries if isinstance(entry.fact, Posted)]
    rows = [row for entry, fact in posted for row in _rows(entry.log, entry.seq, entry.by.id, fact.mentions)]
    if rows:
        _insert.many(connection, rows)


def note_again(tx: Transaction, room: int, seq: int, now: Sequence[int]) -> None:
    """Note whom a message names now instead of those whom it named before, as its row still says."""
    message = and_(messages.c.room_id == room, messages.c.seq == seq)
    was = tx.connection.execute(select(messages.c.author_id, messages.c.mentions).where(message)).one()
    if before := unpacked_ids(was.mentions):
        noted = and_(mentions.c.user_id.in_(before), mentions.c.room_id == room, mentions.c.seq == seq)
        tx.connection.execute(delete(mentions).where(noted))
    if rows := _rows(room, seq, was.author_id, now):
        _insert.many(tx.connection, rows)


def _rows(room: int, seq: int, author: int, named: Sequence[int]) -> list[dict[str, Any]]:
    """Return what is noted: whom somebody else names, for nobody is told of their own words."""
    return [{"user_id": user, "room_id": room, "seq": seq} for user in named if user != author]


def _find_query(backend: str) -> ClauseElement:
    wanted = listed(backend, "wanted", {"key": Text()})
    inside = and_(members.c.user_id == users.c.id, members.c.room_id == bindparam("room", type_=BigInteger()))
    return (
        select(users.c.search_key, users.c.id, users.c.name_key)
        .join_from(wanted, users, users.c.search_key == wanted.c.key)
        .join(members, inside)
        .order_by(users.c.id)
    )


_find = Prepared(_find_query)
_insert = Prepared(lambda _: insert(mentions).values({column.name: bindparam(column.name) for column in mentions.c}).inline())
