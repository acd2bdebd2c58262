"""The index's rows, and what happens to them when an indexed message is edited or removed.

A room's index is a row of parts from seq 1 on without gaps, each under a batch number of its own. What is after the last part is not
indexed yet, and a search looks through its texts, so that a message is found from the moment it is acknowledged.
"""

import struct
from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, and_, bindparam, delete, insert, select

from teahouse.storage import log
from teahouse.storage.log import Transaction
from teahouse.storage.prepared import Prepared
from teahouse.storage.search.terms import message_terms
from teahouse.storage.tables import messages, search_changes, search_parts, search_terms

MAX_SPAN = 65_536
"""Seqs that one part spans at most, since places have two bytes."""

MAX_CHARS_AT_ONCE = 1000
"""Characters of the old and the new text together, up to which a change is made in its own transaction; longer ones are followed behind."""

_ASKED_AT_ONCE = 400

Places = tuple[int, ...]


class Stretch(Struct, frozen=True):
    """A part as `search_parts` has it."""

    batch: int
    first: int
    last: int


def pack(places: Iterable[int]) -> bytes:
    places = tuple(places)
    return struct.pack(f"<{len(places)}H", *places)


def unpack(packed: bytes) -> Places:
    return struct.unpack(f"<{len(packed) // 2}H", packed)


def replace(tx: Transaction, room: int, seq: int, text: str | None) -> None:
    """Let the index know that a message is about to read `text`, or None: about to be removed. Call it before the message is changed.

    What is not indexed yet needs nothing: a part that is being written asks for edits and removals when it is finished.
    """
    log.lock(tx, room)
    part = part_with(tx.connection, room, seq)
    if part is None:
        return
    message = and_(messages.c.room_id == room, messages.c.seq == seq)
    old = tx.connection.execute(select(messages.c.author_id, messages.c.text).where(message)).one()
    if len(old.text) + len(text or "") > MAX_CHARS_AT_ONCE or is_changed(tx.connection, room, seq):
        note_changed(tx, room, [seq])
        return
    before = message_terms(old.author_id, old.text)
    after = set() if text is None else message_terms(old.author_id, text)
    move(tx, room, part.batch, seq - part.first, drop=before - after, add=after - before)


def move(tx: Transaction, room: int, batch: int, place: int, *, drop: set[bytes], add: set[bytes]) -> None:
    """Take a message's place out of the terms `drop` of a part, and put it into `add`. Done again, it changes nothing."""
    tx.erases = True
    known = _places(tx.connection, batch, room, drop | add)
    changed = {term: tuple(each for each in known[term] if each != place) for term in drop if place in known.get(term, ())}
    changed |= {term: tuple(sorted({*known.get(term, ()), place})) for term in add if place not in known.get(term, ())}
    # A term without places goes: nothing of a removed text stays in the file.
    if gone := [{"batch": batch, "room": room, "term": term} for term in changed if term in known]:
        _delete_terms.many(tx.connection, gone)
    insert_terms(tx, room, batch, [(term, pack(places)) for term, places in sorted(changed.items()) if places])


def insert_terms(tx: Transaction, room: int, batch: int, rows: list[tuple[bytes, bytes]]) -> None:
    """Store (term, packed places), rising by term as the table has them."""
    if rows:
        _insert_terms.many(tx.connection, [{"batch": batch, "room": room, "term": term, "places": places} for term, places in rows])


def part_with(connection: Connection, room: int, seq: int) -> Stretch | None:
    """Return the part of a room in which a message is, None when it is not indexed."""
    within = and_(search_parts.c.room_id == room, search_parts.c.first_seq <= seq, search_parts.c.last_seq >= seq)
    row = connection.execute(select(search_parts).where(within)).first()
    return None if row is None else Stretch(row.batch, row.first_seq, row.last_seq)


def is_changed(connection: Connection, room: int, seq: int) -> bool:
    """Whether the index has yet to follow an earlier change of a message."""
    return connection.execute(select(search_changes.c.seq).where(_change(room, seq))).first() is not None


def note_changed(tx: Transaction, room: int, seqs: Iterable[int]) -> None:
    """Have these indexed messages looked through by every search, until the index has followed them."""
    for seq in seqs:
        if not is_changed(tx.connection, room, seq):
            tx.connection.execute(insert(search_changes).values(room_id=room, seq=seq))


def forget_change(tx: Transaction, room: int, seq: int) -> None:
    """The index says of a message what it reads now."""
    tx.connection.execute(delete(search_changes).where(_change(room, seq)))


def _change(room: int, seq: int) -> Any:
    return and_(search_changes.c.room_id == room, search_changes.c.seq == seq)


_delete_terms = Prepared(
    lambda _: delete(search_terms).where(
        search_terms.c.batch == bindparam("batch"), search_terms.c.room_id == bindparam("room"), search_terms.c.term == bindparam("term")
    )
)
_insert_terms = Prepared(
    lambda _: (
        insert(search_terms)
        .values(batch=bindparam("batch"), room_id=bindparam("room"), term=bindparam("term"), places=bindparam("places"))
        .inline()
    )
)


def _places(connection: Connection, batch: int, room: int, wanted: set[bytes]) -> dict[bytes, Places]:
    found: dict[bytes, Places] = {}
    asked = sorted(wanted)
    here = and_(search_terms.c.batch == batch, search_terms.c.room_id == room)
    for start in range(0, len(asked), _ASKED_AT_ONCE):
        some = search_terms.c.term.in_(asked[start : start + _ASKED_AT_ONCE])
        for term, places in connection.execute(select(search_terms.c.term, search_terms.c.places).where(here, some)):
            found[bytes(term)] = unpack(places)
    return found
