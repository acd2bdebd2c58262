"""What the index takes up next: a batch of messages, bounded by their number, their characters and their terms. Reads only.

Reading and cutting texts takes long: it is done in a reader's thread, never in the writer's.
"""

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, and_, func, select

from teahouse.storage.search.index import MAX_SPAN, pack
from teahouse.storage.search.terms import message_terms
from teahouse.storage.tables import logs, messages, rooms, search_parts

BATCH = 2048
"""Messages that are indexed together. While fewer wait in the whole house, they are left to be looked through."""

MAX_CHARS = 256 * 1024
"""Characters of text that are indexed together. When more wait, few long messages are a batch as well."""

MAX_ROWS = 32_768
"""Rows of a batch, one for each of its terms; its last message may go beyond."""

_READ_AT_ONCE = 64


class Part(Struct, frozen=True):
    """A stretch of a room about to be indexed: its terms with their packed places, rising, as they read when its log's head was `head`."""

    room: int
    first: int
    last: int
    head: int
    rows: list[tuple[bytes, bytes]]


class _Room:
    """What one batch may still take."""

    def __init__(self) -> None:
        self.messages = BATCH
        self.chars = MAX_CHARS
        self.rows = MAX_ROWS

    @property
    def is_full(self) -> bool:
        return self.messages <= 0 or self.chars <= 0 or self.rows <= 0


def prepare(connection: Connection, note: Callable[[int], None] = lambda count: None) -> list[Part]:
    """Return the next batch, rising by room; nothing while little waits. `note` hears how many entries wait, those of the batch too."""
    waiting = [(head - done, room, done, head) for room, done, head in connection.execute(_waiting)]
    seqs = sum(count for count, *_ in waiting)
    note(seqs)
    if not _is_enough(connection, [(room, done) for _, room, done, _ in waiting], seqs):
        return []
    parts: list[Part] = []
    left = _Room()
    for _, room, done, head in sorted(waiting, reverse=True):
        parts.append(_part(connection, room, done, head, left))
        if left.is_full:
            break
    return sorted(parts, key=lambda part: part.room)


def _is_enough(connection: Connection, waiting: list[tuple[int, int]], seqs: int) -> bool:
    if seqs >= BATCH:
        return True
    chars = 0
    for room, done in waiting:
        here = and_(messages.c.room_id == room, messages.c.seq > done)
        chars += connection.scalar(select(func.coalesce(func.sum(func.length(messages.c.text)), 0)).where(here)) or 0
        if chars >= MAX_CHARS:
            return True
    return False


def done_in(room: int) -> Any:
    """Select the last seq of a room that is indexed; no row where none is."""
    mine = search_parts.c.room_id == room
    return select(search_parts.c.last_seq).where(mine).order_by(search_parts.c.first_seq.desc()).limit(1)


_done = select(search_parts.c.last_seq).where(search_parts.c.room_id == rooms.c.id).order_by(search_parts.c.first_seq.desc()).limit(1)
_indexed = func.coalesce(_done.correlate(rooms).scalar_subquery(), 0)
_waiting = select(rooms.c.id, _indexed, logs.c.head).join(logs, logs.c.id == rooms.c.id).where(logs.c.head > _indexed)


def _part(connection: Connection, room: int, done: int, head: int, left: _Room) -> Part:
    """Return the part that follows after `done`, one message at least if there is one."""
    end = min(head, done + MAX_SPAN)
    places: dict[bytes, list[int]] = {}
    last = end
    for row in _messages(connection, room, done, end):
        left.messages -= 1
        left.chars -= len(row.text)
        if not row.removed:
            known = len(places)
            for term in message_terms(row.author_id, row.text):
                places.setdefault(term, []).append(row.seq - done - 1)
            left.rows -= len(places) - known
        if left.is_full:
            last = row.seq
            break
    return Part(room, done + 1, last, head, [(term, pack(each)) for term, each in sorted(places.items())])


def _messages(connection: Connection, room: int, after: int, upto: int) -> Iterator[Any]:
    """Yield the messages of a stretch, read a few at a time: some drivers keep all rows of a statement in memory."""
    query = select(messages.c.seq, messages.c.author_id, messages.c.text, messages.c.removed).order_by(messages.c.seq)
    while True:
        here = and_(messages.c.room_id == room, messages.c.seq > after, messages.c.seq <= upto)
        found = connection.execute(query.where(here).limit(_READ_AT_ONCE)).all()
        yield from found
        if len(found) < _READ_AT_ONCE:
            return
        after = found[-1].seq
