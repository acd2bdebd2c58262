"""Writing the search index: new messages in batches behind the posts, edits and removals at once, in their own transaction.

A room's index is a row of parts from seq 1 on without gaps. What is after the last part is not indexed yet, and a search looks
through its texts, so that a message is found from the moment it is acknowledged.
"""

import struct
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select

from teahouse.storage.log import Transaction
from teahouse.storage.search.terms import author_term, terms
from teahouse.storage.tables import entries, logs, messages, rooms, search_parts, search_terms

BATCH = 2048
"""Messages that are indexed together. While fewer wait in the whole house, they are left to be looked through."""

MAX_SPAN = 65_536
"""Seqs that one part spans at most, since places have two bytes."""

_AT_ONCE = 400


class Part(Struct):
    """A stretch of a room about to be indexed: its messages' terms, as they read when its log's head was `head`."""

    room: int
    first: int
    last: int
    head: int
    places: dict[bytes, list[int]]


def pack(places: list[int]) -> bytes:
    return struct.pack(f"<{len(places)}H", *places)


def unpack(packed: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(packed) // 2}H", packed)


def prepare(connection: Connection) -> list[Part]:
    """Return the next batch, nothing while fewer messages wait. Reading and cutting texts takes long: not for the writer's thread."""
    waiting = [(head - done, room, done, head) for room, done, head in connection.execute(_waiting)]
    if sum(count for count, *_ in waiting) < BATCH:
        return []
    parts: list[Part] = []
    room_left = BATCH
    for _, room, done, head in sorted(waiting, reverse=True):
        part, count = _part(connection, room, done, head, room_left)
        parts.append(part)
        room_left -= count
        if room_left <= 0:
            break
    return sorted(parts, key=lambda part: part.room)


def store(tx: Transaction, parts: list[Part]) -> None:
    """Store a batch. A part that another server indexed first is left out; one that was changed meanwhile is read again."""
    batch = 1 + (tx.connection.scalar(select(func.max(search_parts.c.batch))) or 0)
    for part in parts:  # rising by room, as everywhere where logs are locked
        _lock(tx, part.room)
        if (tx.connection.scalar(_done_in(part.room)) or 0) != part.first - 1:
            continue
        if _changed_since(tx.connection, part):
            part, _ = _part(tx.connection, part.room, part.first - 1, part.last, BATCH)
        tx.connection.execute(
            insert(search_parts).values(room_id=part.room, first_seq=part.first, last_seq=part.last, batch=batch),
        )
        if part.places:
            rows = [
                {"batch": batch, "room_id": part.room, "term": term, "places": pack(places)} for term, places in sorted(part.places.items())
            ]
            tx.connection.execute(insert(search_terms), rows)


def replace(tx: Transaction, room: int, seq: int, text: str | None) -> None:
    """Let the index know that a message is about to read `text`, or None: about to be removed. Call it before the message is changed."""
    _lock(tx, room)
    within = and_(search_parts.c.room_id == room, search_parts.c.first_seq <= seq, search_parts.c.last_seq >= seq)
    part = tx.connection.execute(select(search_parts).where(within)).first()
    if part is None:
        return
    message = and_(messages.c.room_id == room, messages.c.seq == seq)
    old = tx.connection.execute(select(messages.c.author_id, messages.c.text).where(message)).one()
    before = terms(old.text) | {author_term(old.author_id)}
    after = set() if text is None else terms(text) | {author_term(old.author_id)}
    place = seq - part.first_seq
    known = _places(tx.connection, part.batch, room, before ^ after)
    for term in before - after:
        known[term] = tuple(each for each in known.get(term, ()) if each != place)
    for term in after - before:
        known[term] = tuple(sorted({*known.get(term, ()), place}))
    _rewrite(tx, part.batch, room, known)


_done = select(search_parts.c.last_seq).where(search_parts.c.room_id == rooms.c.id).order_by(search_parts.c.first_seq.desc()).limit(1)
_indexed = func.coalesce(_done.correlate(rooms).scalar_subquery(), 0)
_waiting = select(rooms.c.id, _indexed, logs.c.head).join(logs, logs.c.id == rooms.c.id).where(logs.c.head > _indexed)


def _done_in(room: int) -> Any:
    mine = search_parts.c.room_id == room
    return select(search_parts.c.last_seq).where(mine).order_by(search_parts.c.first_seq.desc()).limit(1)


def _part(connection: Connection, room: int, done: int, head: int, at_most: int) -> tuple[Part, int]:
    """Return the part that follows after `done`, and how many messages are in it."""
    end = min(head, done + MAX_SPAN)
    here = and_(messages.c.room_id == room, messages.c.seq > done, messages.c.seq <= end)
    query = select(messages.c.seq, messages.c.author_id, messages.c.text, messages.c.removed).where(here).order_by(messages.c.seq)
    found = connection.execute(query.limit(at_most)).all()
    last = found[-1].seq if len(found) == at_most else end
    places: dict[bytes, list[int]] = {}
    for seq, author_id, text, removed in found:
        if not removed:
            for term in terms(text) | {author_term(author_id)}:
                places.setdefault(term, []).append(seq - done - 1)
    return Part(room, done + 1, last, head, places), len(found)


def _lock(tx: Transaction, room: int) -> None:
    """Let nobody else index or change this room's messages until the transaction ends. (SQLite has one writer anyway.)"""
    tx.connection.execute(select(logs.c.head).where(logs.c.id == room).with_for_update())


def _changed_since(connection: Connection, part: Part) -> bool:
    """Say whether a message of the room was edited or removed since the part was prepared: each such change is an entry."""
    later = and_(entries.c.log_id == part.room, entries.c.seq > part.head, entries.c.kind.in_(["edited", "removed"]))
    return connection.execute(select(entries.c.seq).where(later).limit(1)).first() is not None


def _places(connection: Connection, batch: int, room: int, wanted: set[bytes]) -> dict[bytes, tuple[int, ...]]:
    found: dict[bytes, tuple[int, ...]] = {}
    asked = sorted(wanted)
    here = and_(search_terms.c.batch == batch, search_terms.c.room_id == room)
    for start in range(0, len(asked), _AT_ONCE):
        some = search_terms.c.term.in_(asked[start : start + _AT_ONCE])
        for term, places in connection.execute(select(search_terms.c.term, search_terms.c.places).where(here, some)):
            found[bytes(term)] = unpack(places)
    return found


def _rewrite(tx: Transaction, batch: int, room: int, known: dict[bytes, tuple[int, ...]]) -> None:
    """Write the places of these terms anew. A term without places goes: nothing of a removed text stays in the file."""
    if not known:
        return
    rows = [{"b_batch": batch, "b_room": room, "b_term": term} for term in known]
    here = and_(
        search_terms.c.batch == bindparam("b_batch"),
        search_terms.c.room_id == bindparam("b_room"),
        search_terms.c.term == bindparam("b_term"),
    )
    tx.connection.execute(delete(search_terms).where(here), rows)
    kept = [{"batch": batch, "room_id": room, "term": term, "places": pack(list(places))} for term, places in known.items() if places]
    if kept:
        tx.connection.execute(insert(search_terms), kept)
