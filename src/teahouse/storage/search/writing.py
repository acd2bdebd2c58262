"""Writing a batch into the index a slice at a time, so that posts get their turn between any two.

A part counts from the moment its row in `search_parts` is there, which comes last, in the same transaction as its last terms. Until then
it is announced in `search_writing`. A crash leaves such a row behind, and the next start drops what it names: a part is small, so that
little is lost, and all that was finished stays.
"""

from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from teahouse.storage import log
from teahouse.storage.log import Transaction
from teahouse.storage.search.gathering import Part, done_in
from teahouse.storage.search.index import insert_terms, note_changed
from teahouse.storage.tables import entries, search_parts, search_terms, search_writing

ROWS_A_COMMIT = 2000
"""Terms that one transaction writes or deletes: 6 ms of processor time."""
PARTS_A_COMMIT = 8

ABANDONED_AFTER_MS = 10_000
"""A writer that lives writes far more often. If it comes back after all, it finds its announcement gone, and leaves it at that."""


class Progress(Struct, frozen=True):
    """How far a batch is written: parts before `part` are done with, and so are `row` rows of it, under the number `batch`."""

    part: int = 0
    row: int = 0
    batch: int = 0


def write_slice(tx: Transaction, parts: list[Part], progress: Progress, writer: str) -> Progress:
    """Write on from `progress` and return how far it came."""
    rows_left, parts_left = ROWS_A_COMMIT, PARTS_A_COMMIT
    while progress.part < len(parts) and rows_left > 0 and parts_left > 0:
        part = parts[progress.part]
        rows = part.rows[progress.row : progress.row + rows_left]
        is_last = progress.row + len(rows) == len(part.rows)
        batch = _begin(tx, part, progress.batch, writer, is_last)
        if batch:
            insert_terms(tx, part.room, batch, rows)
            if is_last:
                _finish(tx, part, batch)
        progress = Progress(progress.part + 1) if is_last or not batch else Progress(progress.part, progress.row + len(rows), batch)
        rows_left -= len(rows)
        parts_left -= 1
    return progress


def _begin(tx: Transaction, part: Part, batch: int, writer: str, is_last: bool) -> int:
    """Return the number under which to write, 0 where another server was first or took this one for dead."""
    log.lock(tx, part.room)
    if (tx.connection.scalar(done_in(part.room)) or 0) != part.first - 1:
        return 0
    if batch:
        mine = and_(search_writing.c.batch == batch, search_writing.c.writer == writer)
        return batch if tx.connection.execute(update(search_writing).where(mine).values(at=tx.at)).rowcount else 0
    batch = 1 + max(tx.connection.scalar(select(func.max(table.c.batch))) or 0 for table in (search_parts, search_writing))
    if not is_last:
        tx.connection.execute(insert(search_writing).values(batch=batch, room_id=part.room, writer=writer, at=tx.at))
    return batch


def _finish(tx: Transaction, part: Part, batch: int) -> None:
    """Let the part count, and note what was edited or removed since it was prepared: each such change is an entry."""
    tx.connection.execute(delete(search_writing).where(search_writing.c.batch == batch))
    tx.connection.execute(insert(search_parts).values(room_id=part.room, first_seq=part.first, last_seq=part.last, batch=batch))
    later = and_(entries.c.log_id == part.room, entries.c.seq > part.head, entries.c.kind.in_(["edited", "removed"]))
    inside = entries.c.message_seq.between(part.first, part.last)
    note_changed(tx, part.room, tx.connection.scalars(select(entries.c.message_seq).distinct().where(later, inside)).all())


def abandoned(connection: Connection, writer: str, now_ms: int) -> list[tuple[int, int]]:
    """Return (batch, room) of what was left half written: by a server that is gone, or by this one, which is not writing now."""
    dead = or_(search_writing.c.writer == writer, search_writing.c.at < now_ms - ABANDONED_AFTER_MS)
    return [(batch, room) for batch, room in connection.execute(select(search_writing.c.batch, search_writing.c.room_id).where(dead))]


def drop_slice(tx: Transaction, batch: int, room: int, writer: str) -> bool:
    """Delete some of what is half written, first of all its writer's claim on it. Say whether it is all gone."""
    tx.erases = True
    announced = search_writing.c.batch == batch
    if not tx.connection.execute(update(search_writing).where(announced).values(writer=writer)).rowcount:
        return True
    mine: Any = and_(search_terms.c.batch == batch, search_terms.c.room_id == room)
    some = select(search_terms.c.term).where(mine).order_by(search_terms.c.term).limit(ROWS_A_COMMIT)
    if tx.connection.execute(delete(search_terms).where(mine, search_terms.c.term.in_(some))).rowcount == ROWS_A_COMMIT:
        return False
    tx.connection.execute(delete(search_writing).where(announced))
    return True
