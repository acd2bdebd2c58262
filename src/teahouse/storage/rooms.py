"""Rooms, members and read marks."""

from sys import intern
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, Row, Select, and_, bindparam, case, delete, exists, func, insert, not_, select, update

from teahouse.errors import Conflict, NotAllowed, NotFound, NotSignedIn
from teahouse.model import (
    Added,
    Created,
    Draft,
    Entry,
    Joined,
    Left,
    MemberRole,
    Read,
    RobotMode,
    RobotSet,
    Room,
    RoomKind,
    Standing,
    User,
)
from teahouse.storage import log, people, put_out, room_names
from teahouse.storage.log import Transaction
from teahouse.storage.prepared import Prepared
from teahouse.storage.rows import room_from, user_columns, user_from
from teahouse.storage.tables import REMOVED, entries, logs, members, mentions, rooms, users

_PUT_OUT_SELF = "you were put out of this room: only someone who manages it can let you in again"
_PUT_OUT = "{} was put out of this room: only someone who manages it can let them in again"

UNREAD_CAP = 1000
"""Unread messages are counted up to here; beyond, the exact number helps nobody."""

MAX_COUNTED = 10_000
"""The newest entries of a room, of every kind, among which its unread messages are counted."""


class Snapshot(NamedTuple):
    """Where a client that starts afresh begins: all of one moment. `since` is when its user first came in."""

    standings: list[Standing]
    inbox_head: int
    since: int


def create(tx: Transaction, by: User, kind: RoomKind, name: str, topic: str, *, key: str | None, client_id: str | None = None) -> int:
    """Make a room with nobody in it and return its id; Conflict when a room with this unique `key` exists."""
    if key is not None and holder(tx.connection, key) is not None:
        raise Conflict(f"there is a room named {name!r} already", code="name_taken")
    return open_in(tx, log.create_log(tx), by, Created(kind, name, topic), client_id, unique_key=key)


def direct(tx: Transaction, by: User, other: User) -> int:
    """Return the direct room of two users, made with both in it when there is none."""
    room = direct_of(tx.connection, by.id, other.id)
    if room is None:
        created, (low, high) = Created("direct", "", ""), sorted((by.id, other.id))
        room = open_in(tx, log.create_log(tx), by, created, unique_key=_pair_key(low, high), pair_low=low, pair_high=high)
        add(tx, by, by, room)
        add(tx, by, other, room)
    return room


def direct_of(connection: Connection, one: int, other: int) -> int | None:
    """Return the direct room of two users, None where there is none."""
    return holder(connection, _pair_key(*sorted((one, other))))


def _pair_key(low: int, high: int) -> str:
    return f"direct:{low}:{high}"


def open_in(tx: Transaction, room: int, by: User, created: Created, client_id: str | None = None, **columns: Any) -> int:
    """Make log `room`, which has no entries, a room with nobody in it."""
    fields = {"id": room, "kind": created.kind, "name": created.name, "topic": created.topic}
    tx.connection.execute(insert(rooms).values(**fields, made_by=by.id, **columns))
    log.append(tx, [Draft(room, by, created, client_id)])
    return room


def made_by(connection: Connection, user_id: int) -> int:
    """Return how many rooms a user has made, direct ones left out, whether or not they are in them still."""
    return int(connection.scalar(select(func.count()).where(rooms.c.made_by == user_id, rooms.c.kind != "direct")) or 0)


def entered_by(connection: Connection, user_id: int) -> int:
    """Return in how many rooms a user is by their own doing, direct ones left out."""
    theirs = (members.c.user_id == user_id) & members.c.added_by.is_(None) & (rooms.c.kind != "direct")
    counted = select(func.count()).select_from(members).join(rooms, rooms.c.id == members.c.room_id).where(theirs)
    return int(connection.scalar(counted) or 0)


def added_by(connection: Connection, user_id: int, other: int) -> tuple[int, int]:
    """Return in how many rooms a user is because `other` brought them in, and because anybody did, direct ones left out."""
    theirs = (members.c.user_id == user_id) & members.c.added_by.is_not(None) & (rooms.c.kind != "direct")
    by_other = func.count(case((members.c.added_by == other, 1)))
    row = connection.execute(select(by_other, func.count()).join_from(members, rooms, rooms.c.id == members.c.room_id).where(theirs)).one()
    return int(row[0]), int(row[1])


def holder(connection: Connection, key: str) -> int | None:
    """Return the room with a unique key, None where there is none."""
    return connection.scalar(select(rooms.c.id).where(rooms.c.unique_key == key))


def add(tx: Transaction, by: User, user: User, room: int, role: MemberRole = "member", *, pardon: bool = False) -> Entry | None:
    """Make `user` a member: their `joined` in the room's log, an `added` in their inbox. None when they were one already.

    It is the only way in, whatever road leads to it. NotAllowed for someone who was put out, unless `pardon` says that whoever
    lets them in manages the room.
    """
    people.lock(tx, user.id)  # or on another server they might leave the house, or be put out, between the look and the entry
    log.lock(tx, room)
    if member_role(tx.connection, user.id, room) is not None:
        return None
    if put_out.holds(tx.connection, user.id, room):
        if not pardon:
            raise NotAllowed(_PUT_OUT_SELF if by.id == user.id else _PUT_OUT.format(user.name), code="put_out")
        put_out.pardon(tx, user, room)
    known = tx.connection.execute(select(users.c.inbox, users.c.name_key).where(users.c.id == user.id)).one()
    if by.id == user.id and known.name_key is None:  # their sessions ended while they were on the way
        raise NotSignedIn("the session has ended: sign in again")
    joined = log.append(tx, [Draft(room, by, Joined(user, role))])[0]
    fields = {"user_id": user.id, "room_id": room, "role": role, "since": joined.seq, "read_seq": joined.seq}
    tx.connection.execute(insert(members).values(**fields, added_by=None if by.id == user.id else by.id))
    seen = get(tx.connection, user.id, room)
    log.append(tx, [Draft(known.inbox, by, Added(seen, joined.seq))])
    return joined


def take_out(tx: Transaction, by: User, user: User, room: int) -> Entry:
    """End a membership with the member's `left`, which is the last entry that they are written.

    Whoever is put out by somebody else is remembered so, in the same transaction.
    """
    log.lock(tx, room)
    gone = tx.connection.execute(delete(members).where(members.c.user_id == user.id, members.c.room_id == room))
    if gone.rowcount == 0:
        raise NotFound(f"{user.name} is not in this room")
    if by.id != user.id:
        put_out.note(tx, by, user, room)
    return log.append(tx, [Draft(room, by, Left(user))])[0]


def change(tx: Transaction, by: User, room: int, name: str, topic: str, *, key: str | None) -> Entry:
    """Give a room, whose log is locked, another name and topic; Conflict when another room holds the unique `key`."""
    if key is not None and holder(tx.connection, key) not in (None, room):
        raise Conflict(f"there is a room named {name!r} already", code="name_taken")
    return room_names.give(tx, by, room, name, topic, unique_key=key)


def set_robot(tx: Transaction, by: User, room: int, mode: RobotMode) -> Entry:
    """Choose when the robot answers in a room."""
    tx.connection.execute(update(rooms).where(rooms.c.id == room).values(robot=mode))
    return log.append(tx, [Draft(room, by, RobotSet(mode))])[0]


def mark_read(tx: Transaction, user: User, room: int, seq: int) -> Entry | None:
    """Move a read mark forward, not past the head, and tell the user's inbox. None when it stood there or further already."""
    head = head_for(tx.connection, user.id, room)
    mark = min(seq, head)
    mine = and_(members.c.user_id == user.id, members.c.room_id == room)
    moved = tx.connection.execute(update(members).where(mine, members.c.read_seq < mark).values(read_seq=mark))
    if moved.rowcount == 0:
        return None
    inbox = tx.connection.scalar(select(users.c.inbox).where(users.c.id == user.id))
    unread = _seen(tx.connection.scalar(select(_unread(room, user.id, mark))) or 0, mark, head)
    return log.append(tx, [Draft(int(inbox or 0), user, Read(room, mark, unread, head))])[0]


def head_for(connection: Connection, user_id: int, room: int) -> int:
    """Return the head of a room that `user_id` is in. Others hear not_member of a public room, and of no other that it exists."""
    inside = and_(members.c.room_id == rooms.c.id, members.c.user_id == user_id)
    query = select(logs.c.head, rooms.c.kind, members.c.user_id).join_from(rooms, logs, logs.c.id == rooms.c.id)
    row = connection.execute(query.outerjoin(members, inside).where(rooms.c.id == room)).first()
    if row is not None and row.user_id is not None:
        return int(row.head)
    if row is not None and row.kind == "public":
        raise NotAllowed("only members of a room can do that: join it first", code="not_member")
    raise NotFound(f"room {room} does not exist, or you are not in it")


def get(connection: Connection, user_id: int, room: int) -> Room:
    """Return a room as `user_id` sees it; NotFound when there is none."""
    row = connection.execute(_as_seen_by(user_id).where(rooms.c.id == room)).first()
    if row is None:
        raise NotFound(f"room {room} does not exist")
    return _room(row)


def standings(connection: Connection, user_id: int, only: int | None = None) -> list[Standing]:
    """Return every room that `user_id` is in, or the one, with their marks and unread counts, in one snapshot."""
    query, parameters = (_standings, {"me": user_id}) if only is None else (_one_standing, {"me": user_id, "only": only})
    return [_standing(row) for row in query.all(connection, parameters)]


def snapshot(connection: Connection, user_id: int, inbox: int) -> Snapshot:
    """Return a user's standings, their inbox's head and when they came."""
    return Snapshot(standings(connection, user_id), log.heads(connection, [inbox])[inbox], people.came_at(connection, user_id))


def standing(connection: Connection, user_id: int, room: int) -> Standing:
    """Return how `user_id` stands in a room; NotAllowed or NotFound for outsiders."""
    head_for(connection, user_id, room)
    return standings(connection, user_id, only=room)[0]


def created_with(connection: Connection, user_id: int, client_id: str) -> int | None:
    """Return the room that `user_id` made with this client id; Conflict when they used it for something else."""
    used = select(entries.c.log_id, entries.c.kind).where(entries.c.author_id == user_id, entries.c.client_id == client_id)
    row = connection.execute(used).first()
    if row is not None and row.kind != "created":
        raise Conflict(f"the client_id {client_id!r} was used for something else before; use another")
    return int(row.log_id) if row else None


def memberships(connection: Connection) -> list[tuple[int, User, MemberRole, int]]:
    """Return every membership as (room, user, role, since)."""
    query = select(members.c.room_id, members.c.role, members.c.since, *user_columns(users, "who")).join(
        users, users.c.id == members.c.user_id
    )
    return [(row.room_id, user_from(row, "who"), row.role, row.since) for row in connection.execute(query)]


def every(connection: Connection) -> list[Room]:
    """Return every room, direct ones without a peer."""
    return [room_from(row) for row in connection.execute(select(rooms))]


def member_role(connection: Connection, user_id: int, room: int) -> MemberRole | None:
    """Return as what a user is in a room, None where they are not."""
    role: MemberRole | None = connection.scalar(select(members.c.role).where(members.c.user_id == user_id, members.c.room_id == room))
    return role


def _unread(room: Any, user_id: Any, mark: Any) -> Any:
    """Count standing messages by others after `mark`, up to UNREAD_CAP, by entries: SQLite loads a message's text to step over it."""
    after = select(entries.c.seq, entries.c.author_id, entries.c.kind).where(entries.c.log_id == room, entries.c.seq > mark)
    after = after.order_by(entries.c.seq.desc()).limit(MAX_COUNTED)
    if not isinstance(room, int):
        after = after.correlate(rooms, members)
    said, gone = after.subquery(), entries.alias("gone")
    is_gone = exists().where(gone.c.log_id == room, gone.c.message_seq == said.c.seq, gone.c.kind == REMOVED)
    capped = select(said.c.kind).where(said.c.kind == "posted", said.c.author_id != user_id, not_(is_gone)).limit(UNREAD_CAP)
    return select(func.count()).select_from(capped.subquery()).scalar_subquery()


def _seen(unread: int, mark: int, head: int) -> int:
    """Return what is told of a count: where older entries were left out, never that nothing is unread."""
    return unread if head - mark <= MAX_COUNTED else max(unread, 1)


def _as_seen_by(user_id: Any) -> Select[Any]:
    """Select rooms with their peer, which is the other one of a direct room's pair."""
    theirs = _peer.c.id == case((rooms.c.pair_low == user_id, rooms.c.pair_high), else_=rooms.c.pair_low)
    return select(
        *(rooms.c[name] for name in ("id", "kind", "name", "topic", "robot")),
        *user_columns(_peer, "peer"),
    ).outerjoin(_peer, theirs)


_peer = users.alias("peer")
_me = bindparam("me", type_=BigInteger())
_naming = and_(mentions.c.user_id == _me, mentions.c.room_id == rooms.c.id, mentions.c.seq > members.c.read_seq)
_mentioned = select(func.max(mentions.c.seq)).where(_naming).correlate(rooms, members).scalar_subquery()


def _standings_query(_backend: str) -> Select[Any]:
    """Select what `_standing` wants of every room that `me` is in."""
    return (
        _as_seen_by(_me)
        .add_columns(members.c.role, members.c.since, members.c.read_seq, logs.c.head)
        .add_columns(_unread(rooms.c.id, _me, members.c.read_seq), _mentioned)
        .join(members, and_(members.c.room_id == rooms.c.id, members.c.user_id == _me))
        .join(logs, logs.c.id == rooms.c.id)
        .order_by(rooms.c.id)
    )


_standings = Prepared(_standings_query)
_one_standing = Prepared(lambda backend: _standings_query(backend).where(rooms.c.id == bindparam("only")))


def _standing(row: tuple[Any, ...]) -> Standing:
    room_id, kind, name, topic, robot, peer_id, peer_name, peer_face, peer_role, role, since, read, head, unread, mentioned = row
    peer = None if peer_id is None else User(peer_id, peer_name, peer_face, intern(peer_role))  # type: ignore[arg-type]
    room = Room(room_id, kind, name, topic, peer, intern(robot))  # type: ignore[arg-type]  # interned: see rows.py
    return Standing(room, role, since, head, read, _seen(unread, read, head), mentioned or 0)


def _room(row: Row[Any]) -> Room:
    return room_from(row, user_from(row, "peer") if row.peer_id is not None else None)
