"""Number and insert entries; read them after a cursor; tell heads. Numbers are given inside the commit, without holes."""

from collections.abc import Sequence
from sys import intern
from typing import Any

import msgspec
from sqlalchemy import BigInteger, ClauseElement, Connection, Row, Select, and_, bindparam, case, func, insert, select, update

from teahouse.model import (
    Added,
    Created,
    Draft,
    Edited,
    Entry,
    Fact,
    Joined,
    Left,
    Posted,
    Reacted,
    Read,
    Removed,
    Renamed,
    RobotSet,
    Room,
    Stretch,
    User,
)
from teahouse.storage import house_facts
from teahouse.storage.prepared import Prepared, as_list, listed
from teahouse.storage.rows import QUOTE_CHARS, fitting, quote_from, room_from, unpacked_ids, user_columns, user_from
from teahouse.storage.tables import entries, logs, members, messages, rooms, users

Body = dict[str, Any]

MAX_PAGE_CHARS = 64 * 1024
"""What the texts of one page of entries may hold together, its first entry apart: an edited message comes again with every edit."""


class Transaction:
    """One write transaction: its connection, its time by the calendar and by the house's clock, and the entries that it appended so far."""

    def __init__(self, connection: Connection, at: int, house_at: int) -> None:
        self.connection = connection
        self.at = at
        self.house_at = house_at
        self.entries: list[Entry] = []
        self.erases = False
        """Whether something was overwritten or deleted that must not stay readable anywhere in the files."""


def create_log(tx: Transaction) -> int:
    """Make a log with no entries and return its id."""
    return int(tx.connection.execute(insert(logs).values(head=0).returning(logs.c.id)).scalar_one())


def lock(tx: Transaction, log: int) -> int:
    """Let nobody else append to a log before this transaction ends, and return its head.

    What is read afterwards is as it will be when it does.
    """
    return tx.connection.scalar(select(logs.c.head).where(logs.c.id == log).with_for_update()) or 0


def append(tx: Transaction, drafts: Sequence[Draft]) -> list[Entry]:
    """Give each draft the next number of its log and insert it.

    The caller has seen to repeated client ids (`repeats`) and to what else the fact changes. Logs are locked in the order of
    their ids, so that one change on each of two servers cannot wait for the other. A batch of changes is one transaction, and
    two batches may: PostgreSQL breaks such a deadlock, and the committer tries each change of the broken one once more, alone.
    """
    touched = as_list([{"log": log} for log in {draft.log for draft in drafts}])
    following: dict[int, int] = dict(_lock_heads.all(tx.connection, {"touched": touched}))
    appended: list[Entry] = []
    for draft in drafts:
        following[draft.log] += 1
        appended.append(Entry(draft.log, following[draft.log], tx.at, draft.by, draft.fact, draft.client_id))
    _move_heads.many(tx.connection, [{"log": log, "now": head} for log, head in following.items()])
    _insert_entries.many(tx.connection, [_row(entry) for entry in appended])
    tx.entries += appended
    return appended


def _heads_query(backend: str) -> ClauseElement:
    touched = select(listed(backend, "touched", {"log": BigInteger()}).c.log)
    return select(logs.c.id, logs.c.head).where(logs.c.id.in_(touched)).order_by(logs.c.id).with_for_update()


def _read_heads_query(backend: str) -> ClauseElement:
    wanted = select(listed(backend, "wanted", {"log": BigInteger()}).c.log)
    return select(logs.c.id, logs.c.head).where(logs.c.id.in_(wanted))


_read_heads = Prepared(_read_heads_query)
_COLUMNS = ("log_id", "seq", "at", "author_id", "client_id", "kind", "message_seq", "subject_id", "body")
_lock_heads = Prepared(_heads_query)
_move_heads = Prepared(lambda _: update(logs).where(logs.c.id == bindparam("log")).values(head=bindparam("now")))
_insert_entries = Prepared(lambda _: insert(entries).values({name: bindparam(name) for name in _COLUMNS}).inline())


def heads(connection: Connection, wanted: Sequence[int]) -> dict[int, int]:
    """Return the highest seq of each log, 0 for one without entries."""
    return dict(_read_heads.all(connection, {"wanted": as_list([{"log": log} for log in wanted])}))


def read_after(connection: Connection, log: int, after: int, upto: int, limit: int) -> list[Entry]:
    """Return entries after+1 … upto in order, with texts, names and rooms as they are now: `limit` at most, fewer where texts are long."""
    where = and_(entries.c.log_id == log, entries.c.seq > after, entries.c.seq <= upto)
    return _read(connection, _select.where(where).order_by(entries.c.seq).limit(limit))


def read_as_member(connection: Connection, user_id: int, since: int, room: int, after: int, upto: int, limit: int) -> Stretch:
    """Return entries after+1 … upto of a room, at most `limit`, as the membership that began at `since` may read them.

    The membership is asked for after the entries were read: who is a member then was one all the while. Who is out gets what is
    left up to their own `left`, whatever `upto` says, without texts that were edited, for nobody can tell when that was.
    """
    found = read_after(connection, room, after, upto, limit)
    if _find_since.all(connection, {"user": user_id, "room": room}) == [(since,)]:
        return Stretch(found, True)
    ends = _find_own.all(connection, {"user": user_id, "room": room, "after": max(after, since)})
    if not ends or ends[0][0] != "left":  # nothing, or a later joining: this membership ended before `after`
        return Stretch([], False)
    where = and_(entries.c.log_id == room, entries.c.seq > after, entries.c.seq <= ends[0][1])
    return Stretch(_read(connection, _select.where(where).order_by(entries.c.seq).limit(limit), withhold_edited=True), False)


_find_since = Prepared(
    lambda _: select(members.c.since).where(members.c.user_id == bindparam("user"), members.c.room_id == bindparam("room"))
)
_find_own = Prepared(
    lambda _: (
        select(entries.c.kind, entries.c.seq)
        .where(entries.c.log_id == bindparam("room"), entries.c.seq > bindparam("after"), entries.c.subject_id == bindparam("user"))
        .order_by(entries.c.seq)
        .limit(1)
    )
)


def notices(connection: Connection, log: int, after: int, upto: int, limit: int) -> list[Entry]:
    """Return the latest `limit` entries after `after` up to `upto` that tell of the room itself and of coming and going."""
    where = and_(entries.c.log_id == log, entries.c.seq > after, entries.c.seq <= upto)
    kinds = entries.c.kind.in_(["created", "joined", "left", "renamed", "robot_set"])
    return _read(connection, _select.where(where, kinds).order_by(entries.c.seq.desc()).limit(limit), whole=True)[::-1]


def repeats(connection: Connection, drafts: Sequence[Draft]) -> dict[tuple[int, str], Entry]:
    """Return the entries that already carry one of the drafts' client ids, by (author, client id)."""
    wanted = {(draft.by.id, draft.client_id) for draft in drafts if draft.client_id is not None}
    with_such_ids = entries.c.client_id.in_({client_id for _, client_id in wanted})
    known = connection.execute(select(entries.c.author_id, entries.c.client_id).where(with_such_ids))
    if wanted.isdisjoint((author, client_id) for author, client_id in known):
        return {}
    found = _read(connection, _select.where(with_such_ids, entries.c.author_id.in_({author for author, _ in wanted})), whole=True)
    return {(entry.by.id, str(entry.client_id)): entry for entry in found}


def _row(entry: Entry) -> dict[str, Any]:
    kind, message, subject, body = _columns(entry.fact)
    return {
        "log_id": entry.log,
        "seq": entry.seq,
        "at": entry.at,
        "author_id": entry.by.id,
        "client_id": entry.client_id,
        "kind": kind,
        "message_seq": message,
        "subject_id": subject,
        "body": None if body is None else msgspec.json.encode(body).decode(),
    }


def _columns(fact: Fact) -> tuple[str, int | None, int | None, Body | None]:
    """Return a fact as (kind, message, subject, body). A message's text stays out: it lives in `messages` alone."""
    match fact:
        case Posted():
            return "posted", None, None, None
        case Edited(message):
            return "edited", message, None, None
        case Removed(message, fields, _):
            return "removed", message, None, {"fields": fields} if fields else None
        case Reacted(message, emoji, on):
            return "reacted", message, None, {"emoji": emoji, "on": on}
        case Joined(user, role):
            return "joined", None, user.id, {"role": role}
        case Left(user):
            return "left", None, user.id, None
        case Created(kind, name, topic):
            return "created", None, None, {"kind": kind, "name": name, "topic": topic}
        case Renamed(name, topic):
            return "renamed", None, None, {"name": name, "topic": topic}
        case RobotSet(mode):
            return "robot_set", None, None, {"mode": mode}
        case Added(room, since):
            return "added", None, None, {"room": room.id, "since": since, "peer": room.peer.id if room.peer else None}
        case Read(room_id, seq, unread, head):
            return "read", None, None, {"room": room_id, "seq": seq, "unread": unread, "head": head}
        case _:
            return house_facts.columns(fact)


_author = users.alias("author")
_subject = users.alias("subject")
_quoted = messages.alias("quoted")
_quoted_author = users.alias("quoted_author")
_select: Select[Any] = (
    select(
        *(entries.c[name] for name in ("log_id", "seq", "at", "client_id", "kind", "message_seq", "body")),
        *(messages.c[name] for name in ("text", "edited", "removed", "reply_to", "mentions")),
        messages.c.author_id.label("written_by"),
        func.substr(_quoted.c.text, 1, QUOTE_CHARS).label("quoted_text"),
        _quoted.c.edited.label("quoted_edited"),
        *user_columns(_author, "by"),
        *user_columns(_subject, "subject"),
        *user_columns(_quoted_author, "quoted_by"),
    )
    .join_from(entries, _author, _author.c.id == entries.c.author_id)
    .outerjoin(
        messages,
        and_(
            messages.c.room_id == entries.c.log_id,
            messages.c.seq == case((entries.c.kind == "posted", entries.c.seq), else_=entries.c.message_seq),
            entries.c.kind.in_(["posted", "edited", "removed"]),
        ),
    )
    .outerjoin(_subject, _subject.c.id == entries.c.subject_id)
    .outerjoin(_quoted, and_(_quoted.c.room_id == messages.c.room_id, _quoted.c.seq == messages.c.reply_to))
    .outerjoin(_quoted_author, _quoted_author.c.id == _quoted.c.author_id)
)


def _read(connection: Connection, query: Select[Any], *, withhold_edited: bool = False, whole: bool = False) -> list[Entry]:
    found = fitting(connection.execute(query), None if whole else MAX_PAGE_CHARS)[0]
    bodies = [msgspec.json.decode(row.body) if row.body else {} for row in found]
    places = _rooms(connection, [(row.log_id, body) for row, body in zip(found, bodies, strict=True) if row.kind == "added"])
    return [
        Entry(row.log_id, row.seq, row.at, user_from(row, "by"), _fact(row, body, places, withhold_edited), row.client_id)
        for row, body in zip(found, bodies, strict=True)
    ]


def _fact(row: Row[Any], body: Body, places: dict[tuple[int, int, int | None], Room], withhold_edited: bool) -> Fact:
    is_withheld = withhold_edited and row.edited
    text, named = ("", ()) if is_withheld else (row.text, unpacked_ids(row.mentions))
    match row.kind:
        case "posted":
            quote = quote_from(row)
            if quote is not None and withhold_edited and row.quoted_edited:
                quote = msgspec.structs.replace(quote, text="")
            return Posted(text, quote, row.edited, row.removed, named)
        case "edited":
            return Edited(row.message_seq, text, named)
        case "removed":
            return Removed(row.message_seq, tuple(body.get("fields", ())), row.written_by or 0)
        case "reacted":
            return Reacted(row.message_seq, body["emoji"], body["on"])
        case "joined":
            return Joined(user_from(row, "subject"), intern(body["role"]))  # type: ignore[arg-type]
        case "left":
            return Left(user_from(row, "subject"))
        case "created":
            return Created(body["kind"], body["name"], body["topic"])
        case "renamed":
            return Renamed(body["name"], body["topic"])  # who gave which is for `room_names` alone
        case "robot_set":
            return RobotSet(intern(body["mode"]))  # type: ignore[arg-type]
        case "added":
            return Added(places[row.log_id, body["room"], body["peer"]], body["since"])
        case "read":
            return Read(**body)
    if row.kind in house_facts.KINDS:
        return house_facts.fact(row.kind, body, None if row.subject_id is None else user_from(row, "subject"))
    raise ValueError(f"entry {row.seq} of log {row.log_id} is of unknown kind {row.kind!r}")


def _rooms(connection: Connection, added: list[tuple[int, Body]]) -> dict[tuple[int, int, int | None], Room]:
    """Return the rooms that `added` bodies of inboxes name, as each inbox's owner may see them now, by (inbox, room, peer).

    Of a private room that they are no longer in they learn neither what it is called now nor its topic.
    """
    if not added:
        return {}
    found = connection.execute(select(rooms).where(rooms.c.id.in_({body["room"] for _, body in added})))
    by_id = {row.id: room_from(row) for row in found}
    peers = {body["peer"] for _, body in added if body["peer"] is not None}
    people = {row.id: User(row.id, row.name, row.face, row.role) for row in connection.execute(select(users).where(users.c.id.in_(peers)))}
    query = select(users.c.inbox, members.c.room_id).join(members, members.c.user_id == users.c.id)
    mine = users.c.inbox.in_({inbox for inbox, _ in added}), members.c.room_id.in_(by_id)
    inside = {(row.inbox, row.room_id) for row in connection.execute(query.where(*mine))}
    seen: dict[tuple[int, int, int | None], Room] = {}
    for inbox, body in added:
        room, peer = by_id[body["room"]], people.get(body["peer"])
        if room.kind == "private" and (inbox, room.id) not in inside:
            room = Room(room.id, room.kind)
        seen[inbox, room.id, body["peer"]] = msgspec.structs.replace(room, peer=peer)
    return seen
