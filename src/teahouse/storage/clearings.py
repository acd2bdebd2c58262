"""Erasing what somebody said since a time, with the names and reactions that they gave, in slices.

How far each has come is stored with what it erased, so that none is lost.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import Struct, structs
from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from teahouse.answers import answer_id
from teahouse.model import Draft, Reacted, Removed, User
from teahouse.storage import history, log, people, reactions, room_names
from teahouse.storage.log import Transaction
from teahouse.storage.tables import clearings, entries, messages, rooms

LOOKED_AT = 10_000
"""Among so many entries of anybody one slice looks for theirs; they hold no texts."""
FOUND = 500
"""So many of theirs it takes up at most."""
FIRST = 1
"""The seq of a log's first entry."""
NO_SEQ = 2**53
NO_ROOM = 0
"""Before the first room."""


class Clearing(Struct, frozen=True):
    """One that goes on: it goes through the rooms by their ids, and through each from its end to its beginning, whatever its clock said."""

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
    tx.connection.execute(insert(clearings).values(**fields, room_id=NO_ROOM, before=NO_SEQ))


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
    clearing, left = Clearing(**row._mapping), LOOKED_AT
    by = people.get(tx.connection, clearing.by_id)
    while left > 0:
        reached, looked_at, done = _slice(tx, clearing, by, left, may_go_on)
        left -= looked_at
        if reached > FIRST:
            clearing = structs.replace(clearing, before=reached)
            break
        room_id = tx.connection.scalar(select(func.min(rooms.c.id)).where(rooms.c.id > clearing.room_id))
        if room_id is None:
            tx.connection.execute(delete(clearings).where(clearings.c.id == clearing.id))
            return True
        clearing = structs.replace(clearing, room_id=room_id, before=NO_SEQ)
        if done or not may_go_on():
            break
    place = {"room_id": clearing.room_id, "before": clearing.before}
    tx.connection.execute(update(clearings).where(clearings.c.id == clearing.id).values(**place))
    return True


def _slice(tx: Transaction, clearing: Clearing, by: User, most: int, may_go_on: Callable[[], bool]) -> tuple[int, int, bool]:
    """Erase theirs among the next entries of the room; return from which seq on all is done, how many that were, and whether any was.

    What the room is called goes first, each time: or who changes it meanwhile would carry it on into an entry behind the place.
    """
    room = clearing.room_id
    if room == NO_ROOM:
        return FIRST, 0, False
    end = min(clearing.before, log.lock(tx, room) + 1)
    done = room_names.take_away(tx, by, room, lambda notice: _is_theirs(clearing, notice))
    first = max(end - most, FIRST)
    found = _found(tx.connection, clearing, first, end)
    named = room_names.theirs(tx.connection, room, found, lambda notice: _is_theirs(clearing, notice))
    standing = _standing(tx.connection, clearing, found)
    told: list[Draft] = []
    reached = found[-1].seq if len(found) == FOUND else first
    for each in found:
        if each.seq in named or each.kind == "reacted" or _message(each) in standing:
            if done and not may_go_on():
                reached = each.seq + 1
                break
            told += _erase(tx, clearing, by, each, standing, named)
            done = True
    if told:
        log.append(tx, told)
    return reached, end - reached, done


def _found(connection: Connection, clearing: Clearing, first: int, end: int) -> Sequence[Any]:
    """Return what is theirs among the entries of the room from `first` up to `end`, the latest first, and who called it what."""
    columns = (entries.c.seq, entries.c.author_id, entries.c.at, entries.c.kind, entries.c.message_seq, entries.c.body)
    here = select(*columns).where(entries.c.log_id == clearing.room_id, entries.c.seq >= first, entries.c.seq < end)
    said = and_(entries.c.author_id == clearing.user_id, entries.c.at.between(clearing.since, clearing.upto))
    named = entries.c.kind.in_(room_names.KINDS)  # whoever's it is, it may carry on a name that they gave
    return connection.execute(here.where(or_(said, named)).order_by(entries.c.seq.desc()).limit(FOUND)).all()


def _erase(
    tx: Transaction, clearing: Clearing, by: User, entry: Any, standing: dict[int, set[int]], named: dict[int, list[str]]
) -> list[Draft]:
    """Erase what one entry brought; return what is to be told of it."""
    room = clearing.room_id
    if entry.seq in named:
        return [room_names.erase(tx, by, room, entry, named[entry.seq])]
    if entry.kind == "reacted":
        return _take_back(tx, room, entry, clearing.user_id)
    gone = history.messages_at(tx.connection, room, sorted(standing.pop(_message(entry))))
    for message in gone:
        history.erase(tx, room, message.seq)
    return [Draft(room, by, Removed(message.seq, author=message.by.id)) for message in gone]


def _take_back(tx: Transaction, room: int, entry: Any, user_id: int) -> list[Draft]:
    """Take back the reaction that a `reacted` entry tells of, if it stands: then it was given by that entry, or later."""
    emoji = msgspec.json.decode(entry.body)["emoji"]
    if not reactions.take_back(tx, room, entry.message_seq, user_id, emoji):
        return []
    tx.erases = True
    return [Draft(room, people.get(tx.connection, user_id), Reacted(entry.message_seq, emoji, False))]


def _standing(connection: Connection, clearing: Clearing, found: Sequence[Any]) -> dict[int, set[int]]:
    """Return the messages that they posted, or edited, in these entries, each with what stands of it: itself, and the robot's answer.

    An old one may say something new; and the answer to one that they removed themselves says what it said.
    """
    theirs = [each for each in found if each.kind in ("posted", "edited")]
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
