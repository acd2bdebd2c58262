"""Letting the index follow long messages that were edited or removed, a slice at a time.

Which terms it holds of such a message is read from the index itself, not from a text that may be gone: so it can be begun again at any
moment, and each slice that was written is one less to write.
"""

from msgspec import Struct
from sqlalchemy import Connection, and_, select, tuple_

from teahouse.storage import log
from teahouse.storage.log import Transaction
from teahouse.storage.search.index import forget_change, is_changed, move, part_with, unpack
from teahouse.storage.search.terms import message_terms
from teahouse.storage.tables import entries, logs, messages, search_changes, search_terms

MESSAGES_AT_ONCE = 64
"""Messages of one part for which its rows are read once."""
TERMS_A_COMMIT = 1000
"""Terms of a message that one transaction changes, each a row deleted, inserted, or both: 9 ms of processor time."""

_READ_AT_ONCE = 2000


class Difference(Struct, frozen=True):
    """What the index must `drop` and `add` of a message, as it reads when its room's log is at `head`."""

    room: int
    seq: int
    head: int
    batch: int
    place: int
    drop: list[bytes]
    add: list[bytes]


def next_differences(connection: Connection, after: tuple[int, int]) -> list[Difference]:
    """Return what is to do for the first changed messages above `after`, a (room, seq): those of one part."""
    key = (search_changes.c.room_id, search_changes.c.seq)
    first = connection.execute(select(*key).where(tuple_(*key) > after).order_by(*key).limit(1)).first()
    if first is None:
        return []
    room, seq = first
    part = part_with(connection, room, seq)
    if part is None:
        raise LookupError(f"message {seq} of room {room} is noted as changed and not indexed")
    here = and_(search_changes.c.room_id == room, search_changes.c.seq.between(seq, part.last))
    seqs = list(connection.scalars(select(search_changes.c.seq).where(here).order_by(search_changes.c.seq).limit(MESSAGES_AT_ONCE)))
    held = _held(connection, room, part.batch, {each - part.first for each in seqs})
    head = connection.scalar(select(logs.c.head).where(logs.c.id == room)) or 0
    differences: list[Difference] = []
    for each in seqs:
        place, wanted = each - part.first, _wanted(connection, room, each)
        drop, add = sorted(held[place] - wanted), sorted(wanted - held[place])
        differences.append(Difference(room, each, head, part.batch, place, drop, add))
    return differences


def _held(connection: Connection, room: int, batch: int, places: set[int]) -> dict[int, set[bytes]]:
    """Return the terms under which each of these places of a part is in the index."""
    held: dict[int, set[bytes]] = {place: set() for place in places}
    last = b""
    while True:
        here = and_(search_terms.c.batch == batch, search_terms.c.room_id == room, search_terms.c.term > last)
        query = select(search_terms.c.term, search_terms.c.places).where(here).order_by(search_terms.c.term).limit(_READ_AT_ONCE)
        found = connection.execute(query).all()
        for term, packed in found:
            for place in places.intersection(unpack(packed)):
                held[place].add(bytes(term))
        if len(found) < _READ_AT_ONCE:
            return held
        last = bytes(found[-1].term)


def _wanted(connection: Connection, room: int, seq: int) -> set[bytes]:
    message = and_(messages.c.room_id == room, messages.c.seq == seq)
    now = connection.execute(select(messages.c.author_id, messages.c.text, messages.c.removed).where(message)).first()
    if now is None or now.removed:  # no message: the entry with a room's name, which goes like one
        return set()
    return message_terms(now.author_id, now.text)


def follow_slice(tx: Transaction, difference: Difference, done: int) -> int | None:
    """Change the next terms after `done`; return how many are done with, None at the end.

    A message that was changed again is left noted, and what was found out about it is forgotten.
    """
    log.lock(tx, difference.room)
    if not is_changed(tx.connection, difference.room, difference.seq) or _changed_since(tx.connection, difference):
        return None
    drop, add = difference.drop, difference.add
    end = done + TERMS_A_COMMIT
    some = set(drop[done:end]), set(add[max(done - len(drop), 0) : max(end - len(drop), 0)])
    move(tx, difference.room, difference.batch, difference.place, drop=some[0], add=some[1])
    if end < len(drop) + len(add):
        return end
    forget_change(tx, difference.room, difference.seq)
    return None


def _changed_since(connection: Connection, difference: Difference) -> bool:
    later = and_(entries.c.log_id == difference.room, entries.c.seq > difference.head, entries.c.kind.in_(["edited", "removed"]))
    return connection.execute(select(entries.c.seq).where(later, entries.c.message_seq == difference.seq).limit(1)).first() is not None
