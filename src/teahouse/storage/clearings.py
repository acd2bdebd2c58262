"""Erasing what somebody said since a time, in slices: how far each has come is stored with what it erased, so that none is lost."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct, structs
from sqlalchemy import Connection, delete, func, insert, select, update

from teahouse.model import Draft, Removed, User
from teahouse.storage import history, log, people
from teahouse.storage.log import Transaction
from teahouse.storage.tables import clearings, entries, messages, rooms

LOOKED_AT = 500
"""Entries of anybody that one slice looks at; they hold no texts."""
NO_SEQ = 2**53


class Clearing(Struct, frozen=True):
    """One that goes on: it goes through the rooms by their ids, and through each from its end to where `since` was."""

    id: int
    user_id: int
    by_id: int
    since: int
    upto: int
    room_id: int
    before: int


def begin(tx: Transaction, by: User, user: User, since: int, until: int) -> None:
    """Store that all is to be erased that `user` says from `since` until `until`, which may be yet to come."""
    fields = {"user_id": user.id, "by_id": by.id, "since": since, "upto": until}
    tx.connection.execute(insert(clearings).values(**fields, room_id=0, before=NO_SEQ))


def waits(connection: Connection) -> bool:
    """Say whether anything is left to erase, now or later."""
    return connection.scalar(select(clearings.c.id).limit(1)) is not None


def go_on(tx: Transaction, may_go_on: Callable[[], bool], *, at_once: bool = False) -> bool:
    """Do a slice of the oldest one, and say whether there may be more to do. One that is yet to end waits, unless `at_once`.

    What it erases, and how far it has come, are of one transaction. `may_go_on` is asked before each message but the first.
    """
    over = clearings.c.upto <= (NO_SEQ if at_once else tx.at)
    row = tx.connection.execute(select(clearings).where(over).order_by(clearings.c.id).limit(1)).first()
    if row is None:
        return False
    clearing, looked_at = Clearing(**row._mapping), 0
    while looked_at < LOOKED_AT:
        found, erased, reached = _slice(tx, clearing, LOOKED_AT - looked_at, may_go_on)
        looked_at += len(found)
        through = not found or reached == found[-1].seq
        if through and (looked_at < LOOKED_AT or found[-1].at < clearing.since):
            room_id = tx.connection.scalar(select(func.min(rooms.c.id)).where(rooms.c.id > clearing.room_id))
            if room_id is None:
                tx.connection.execute(delete(clearings).where(clearings.c.id == clearing.id))
                return True
            clearing = structs.replace(clearing, room_id=room_id, before=NO_SEQ)
        else:
            clearing = structs.replace(clearing, before=reached)
        if erased or not through:
            break
    place = {"room_id": clearing.room_id, "before": clearing.before}
    tx.connection.execute(update(clearings).where(clearings.c.id == clearing.id).values(**place))
    return True


def _slice(tx: Transaction, clearing: Clearing, most: int, may_go_on: Callable[[], bool]) -> tuple[Sequence[Any], int, int]:
    """Erase theirs among the next entries of the room; return what was looked at, how many went, and the last seq that is done."""
    log.lock(tx, clearing.room_id)
    columns = (entries.c.seq, entries.c.author_id, entries.c.at, entries.c.kind, entries.c.message_seq)
    here = select(*columns).where(entries.c.log_id == clearing.room_id, entries.c.seq < clearing.before)
    found = tx.connection.execute(here.order_by(entries.c.seq.desc()).limit(most)).all()
    standing = _standing(tx.connection, clearing, found)
    erased: list[int] = []
    reached = clearing.before
    for each in found:
        message = _message(each)
        if message in standing:
            if erased and not may_go_on():
                break
            history.erase(tx, clearing.room_id, message)
            erased.append(message)
            standing.discard(message)
        reached = each.seq
    if erased:
        by = people.get(tx.connection, clearing.by_id)
        log.append(tx, [Draft(clearing.room_id, by, Removed(seq)) for seq in erased])
    return found, len(erased), reached


def _standing(connection: Connection, clearing: Clearing, found: Sequence[Any]) -> set[int]:
    """Return the messages that stand and that they posted, or edited, in these entries: an old one may say something new."""
    theirs = [each for each in found if each.author_id == clearing.user_id and each.kind in ("posted", "edited")]
    said = {_message(each) for each in theirs if clearing.since <= each.at <= clearing.upto}
    here = select(messages.c.seq).where(messages.c.room_id == clearing.room_id, messages.c.seq.in_(said), ~messages.c.removed)
    return set(connection.scalars(here)) if said else set()


def _message(entry: Any) -> int:
    return int(entry.message_seq if entry.kind == "edited" else entry.seq)
