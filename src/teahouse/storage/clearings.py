"""Erasing what somebody said since a time, with the names and reactions that they gave, in slices.

How far each has come is stored with what it erased, so that none is lost.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import Struct, structs
from sqlalchemy import Connection, delete, func, insert, select, update

from teahouse.answers import answer_id
from teahouse.model import Draft, Reacted, Removed, User
from teahouse.storage import history, log, people, reactions, room_names
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

    What it erases, and how far it has come, are of one transaction. `may_go_on` is asked before each thing but the first.
    """
    over = clearings.c.upto <= (NO_SEQ if at_once else tx.at)
    row = tx.connection.execute(select(clearings).where(over).order_by(clearings.c.id).limit(1)).first()
    if row is None:
        return False
    clearing, looked_at = Clearing(**row._mapping), 0
    while looked_at < LOOKED_AT:
        found, done, reached = _slice(tx, clearing, LOOKED_AT - looked_at, may_go_on)
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
        if done or not through:
            break
    place = {"room_id": clearing.room_id, "before": clearing.before}
    tx.connection.execute(update(clearings).where(clearings.c.id == clearing.id).values(**place))
    return True


def _slice(tx: Transaction, clearing: Clearing, most: int, may_go_on: Callable[[], bool]) -> tuple[Sequence[Any], int, int]:
    """Erase theirs among the next entries of the room; return what was looked at, how much was done, and the last seq that is."""
    log.lock(tx, clearing.room_id)
    columns = (entries.c.seq, entries.c.author_id, entries.c.at, entries.c.kind, entries.c.message_seq)
    here = select(*columns).where(entries.c.log_id == clearing.room_id, entries.c.seq < clearing.before)
    found = tx.connection.execute(here.order_by(entries.c.seq.desc()).limit(most)).all()
    by = people.get(tx.connection, clearing.by_id)
    standing = _standing(tx.connection, clearing, found)
    told: list[Draft] = []
    reached, done = clearing.before, 0
    for each in found:
        if _may_be_theirs(clearing, each, standing):
            if done and not may_go_on():
                break
            told += _erase(tx, clearing, by, each, standing)
            done += 1
        reached = each.seq
    if told:
        log.append(tx, told)
    return found, done, reached


def _may_be_theirs(clearing: Clearing, entry: Any, standing: dict[int, set[int]]) -> bool:
    if entry.kind in room_names.KINDS:
        return bool(clearing.since <= entry.at)  # whoever's it is, it may carry on a name that they gave
    return _is_theirs(clearing, entry) and (entry.kind == "reacted" or _message(entry) in standing)


def _erase(tx: Transaction, clearing: Clearing, by: User, entry: Any, standing: dict[int, set[int]]) -> list[Draft]:
    """Erase what one entry brought; return what is to be told of it."""
    room = clearing.room_id
    if entry.kind in room_names.KINDS:
        return room_names.erase(tx, by, room, entry.seq, lambda notice: _is_theirs(clearing, notice))
    if entry.kind == "reacted":
        return _take_back(tx, room, entry, clearing.user_id)
    gone = sorted(standing.pop(_message(entry)))
    for seq in gone:
        history.erase(tx, room, seq)
    return [Draft(room, by, Removed(seq)) for seq in gone]


def _take_back(tx: Transaction, room: int, entry: Any, user_id: int) -> list[Draft]:
    """Take back the reaction that a `reacted` entry tells of, if it stands: then it was given by that entry, or later."""
    query = select(entries.c.body).where(entries.c.log_id == room, entries.c.seq == entry.seq)
    emoji = msgspec.json.decode(tx.connection.execute(query).scalar_one())["emoji"]
    if not reactions.take_back(tx, room, entry.message_seq, user_id, emoji):
        return []
    tx.erases = True
    return [Draft(room, people.get(tx.connection, user_id), Reacted(entry.message_seq, emoji, False))]


def _standing(connection: Connection, clearing: Clearing, found: Sequence[Any]) -> dict[int, set[int]]:
    """Return the messages that they posted, or edited, in these entries, each with what stands of it: itself, and the robot's answer.

    An old one may say something new; and the answer to one that they removed themselves says what it said.
    """
    theirs = [each for each in found if each.kind in ("posted", "edited") and _is_theirs(clearing, each)]
    said = {_message(each): {_message(each)} for each in theirs}
    robot = people.find_bot(connection)
    if not said or robot is None:
        return {}
    asked = {answer_id(clearing.room_id, message): message for message in said}
    answers = select(entries.c.client_id, entries.c.seq, entries.c.log_id).where(
        entries.c.client_id.in_(asked), entries.c.author_id == robot[0].id
    )
    for row in connection.execute(answers):
        if row.log_id == clearing.room_id:
            said[asked[row.client_id]].add(row.seq)
    every = set().union(*said.values())
    here = select(messages.c.seq).where(messages.c.room_id == clearing.room_id, messages.c.seq.in_(every), ~messages.c.removed)
    standing = set(connection.scalars(here))
    return {message: seqs & standing for message, seqs in said.items() if seqs & standing}


def _is_theirs(clearing: Clearing, entry: Any) -> bool:
    return bool(entry.author_id == clearing.user_id and clearing.since <= entry.at <= clearing.upto)


def _message(entry: Any) -> int:
    return int(entry.message_seq if entry.kind == "edited" else entry.seq)
