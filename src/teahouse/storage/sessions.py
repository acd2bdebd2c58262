"""Sessions of people and of their programs, and tickets. Tokens arrive hashed; only their hashes are stored.

A program's token is a session that has a name, a scope and an end: it is found, used and ended like any other. A guest of an
old door has one with the scope `door` and the rooms of that door, which lives as long as a person's. Where a token let the guest in, the
session ends with that token's: once its row is gone, the guest's is nobody's, in the same moment and whoever took it away.

When people's sessions were opened and used is told by the house's clock, which stands still while nobody could use them; of tokens, by
the calendar, which their people read.
"""

from collections.abc import Iterable

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Row, bindparam, case, delete, exists, func, insert, select, update

from teahouse.access import Access, Token
from teahouse.model import User
from teahouse.storage.log import Transaction
from teahouse.storage.rows import user_columns, user_from
from teahouse.storage.tables import sessions, tickets, users

USED_EVERY_MS = 3_600_000
"""That a session is used is stored when it was not for so long."""


class Session(Struct):
    """A stored session with its user. A person's own has no `access` limits; theirs and a door guest's have no fixed end."""

    id: int
    user: User
    inbox: int
    opened_at: int
    used_at: int
    access: Access | None = None
    expires_at: int | None = None
    opener: "Session | None" = None
    """The session by which this guest was let in at an old door, if it is of a door that wants a token."""


def open_session(tx: Transaction, user_id: int, token_hash: bytes, access: Access | None = None, opened_by: int | None = None) -> int:
    """Store a session of a person, or with `access` of a door's guest, and return its id. It ends with the session `opened_by`."""
    times = {"at": tx.house_at, "used_at": tx.house_at}
    fields = {"user_id": user_id, "token_hash": token_hash, **times, "opened_by": opened_by, **_bounds(access)}
    return int(tx.connection.execute(insert(sessions).values(**fields).returning(sessions.c.id)).scalar_one())


def open_token(tx: Transaction, user_id: int, token_hash: bytes, name: str, access: Access, expires_at: int) -> Token:
    """Store a program's token."""
    if access.scope == "door":
        raise ValueError("a door's guests have sessions, no tokens")
    rooms = None if access.rooms is None else sorted(access.rooms)
    fields = {
        "user_id": user_id,
        "token_hash": token_hash,
        "at": tx.at,
        "used_at": 0,
        "name": name,
        "expires_at": expires_at,
        **_bounds(access),
    }
    made = tx.connection.execute(insert(sessions).values(**fields).returning(sessions.c.id)).scalar_one()
    return Token(int(made), name, access.scope, tx.at, expires_at, 0, rooms)


def tokens(connection: Connection, user_id: int, now: int) -> list[Token]:
    """Return a user's tokens that have not expired, the newest first."""
    mine = (sessions.c.user_id == user_id) & (sessions.c.expires_at > now)
    found = connection.execute(select(sessions).where(mine).order_by(sessions.c.id.desc()))
    return [Token(row.id, row.name, row.scope, row.at, row.expires_at, row.used_at, _room_ids(row)) for row in found]


def find(connection: Connection, token_hash: bytes) -> Session | None:
    """Return the session whose token has this hash."""
    return _find(connection, sessions.c.token_hash == token_hash)


def find_by_id(connection: Connection, session: int) -> Session | None:
    return _find(connection, sessions.c.id == session)


def at_doors(connection: Connection) -> list[tuple[int, frozenset[int]]]:
    """Return the sessions of guests who signed in at an old door, each with the rooms of that door."""
    found = connection.execute(select(sessions.c.id, sessions.c.room_ids).where(sessions.c.scope == "door", sessions.c.room_ids != "[]"))
    return [(row.id, frozenset(msgspec.json.decode(row.room_ids, type=list[int]))) for row in found]


def touch(tx: Transaction, used: Iterable[int]) -> None:
    """Note that sessions are in use now, one or more. A token's use is its person's: their own session that was used last is in use too."""
    rows = [{"session": one} for one in used]
    # After a kill the house's clock may stand before the opening of what is used now.
    now = case((~_is_persons, tx.at), (sessions.c.at > tx.house_at, sessions.c.at), else_=tx.house_at)
    for which in (sessions.c.id == bindparam("session"), sessions.c.id == _last_used):
        tx.connection.execute(update(sessions).where(which).values(used_at=now), rows)


def end(tx: Transaction, session: int) -> int | None:
    """End a session; return its user's id, or None when it had ended."""
    user_id = tx.connection.scalar(select(sessions.c.user_id).where(sessions.c.id == session))
    if user_id is None:
        return None
    tx.connection.execute(delete(sessions).where(sessions.c.id == session))
    return int(user_id)


def own(connection: Connection, user_id: int) -> int:
    """Return how many sessions of their own a user has; their programs' tokens are left out."""
    return int(connection.scalar(select(func.count()).where(sessions.c.user_id == user_id, _is_persons)) or 0)


def last_of(connection: Connection, session: int) -> int | None:
    """Return whose last own session this is; None where they have another, and for a token."""
    user_id = select(sessions.c.user_id).where(sessions.c.id == session, _is_persons).scalar_subquery()
    own = select(func.max(sessions.c.user_id)).where(sessions.c.user_id == user_id, _is_persons).having(func.count() == 1)
    found: int | None = connection.scalar(own)
    return found


def end_all(tx: Transaction, user_id: int) -> list[int]:
    """End everything by which a user comes in; return what ended."""
    return list(tx.connection.scalars(delete(sessions).where(sessions.c.user_id == user_id).returning(sessions.c.id)))


def count(connection: Connection, user_id: int, now: int) -> int:
    """Return how many sessions and tokens of a user are there, those past their end left out."""
    lasting = sessions.c.expires_at.is_(None) | (sessions.c.expires_at > now)
    return int(connection.scalar(select(func.count()).where(sessions.c.user_id == user_id, lasting, ~_is_left_behind)) or 0)


def end_tokens(tx: Transaction, user_id: int, only: int | None = None) -> list[int]:
    """End a user's tokens, or the one; return those that ended."""
    theirs = (sessions.c.user_id == user_id) & ~_is_persons
    if only is not None:
        theirs &= sessions.c.id == only
    return list(tx.connection.scalars(delete(sessions).where(theirs).returning(sessions.c.id)))


def stale(connection: Connection, now: int, opened_before: int, used_before: int, limit: int) -> list[int]:
    """Return sessions past their absolute or their idle lifetime by the house's clock, and tokens past their end by the calendar."""
    return list(connection.scalars(select(sessions.c.id).where(_is_stale(now, opened_before, used_before)).limit(limit)))


def lasts(connection: Connection, session: int, now: int, opened_before: int, used_before: int) -> bool:
    """Say whether a session is there and not stale."""
    found = select(sessions.c.id).where(sessions.c.id == session, ~_is_stale(now, opened_before, used_before))
    return connection.scalar(found) is not None


def count_stale(connection: Connection, now: int, opened_before: int, used_before: int) -> tuple[int, int]:
    """Return how many people's sessions are stale, and how many tokens."""
    counted = select(func.count(), func.count(sessions.c.expires_at)).where(_is_stale(now, opened_before, used_before))
    every, tokens = connection.execute(counted).one()
    return every - tokens, tokens


def last_opened(connection: Connection, user_id: int) -> int:
    """Return when the newest of a user's own sessions was opened, by the house's clock."""
    return int(connection.scalar(select(func.max(sessions.c.at)).where(sessions.c.user_id == user_id, _is_persons)) or 0)


def left_behind(connection: Connection, limit: int) -> list[int]:
    """Return sessions of guests whose opener's session has ended."""
    return list(connection.scalars(select(sessions.c.id).where(_is_left_behind).limit(limit)))


def add_ticket(tx: Transaction, session: int, token_hash: bytes, expires_at: int) -> None:
    """Store a ticket for a session; the expired ones go on this occasion."""
    tx.connection.execute(delete(tickets).where(tickets.c.expires_at <= tx.at))
    tx.connection.execute(insert(tickets).values(session_id=session, token_hash=token_hash, expires_at=expires_at))


def find_ticket(connection: Connection, token_hash: bytes, now: int) -> Session | None:
    """Return the session of a ticket that is good, which it stays; None when `use_ticket` would find none."""
    session = connection.scalar(select(tickets.c.session_id).where(tickets.c.token_hash == token_hash, tickets.c.expires_at > now))
    return None if session is None else find_by_id(connection, session)


def use_ticket(tx: Transaction, token_hash: bytes) -> Session | None:
    """Take a ticket and return its session, None when it was used, has expired, never was, or that session has ended."""
    good = (tickets.c.token_hash == token_hash) & (tickets.c.expires_at > tx.at)
    session = tx.connection.scalar(delete(tickets).where(good).returning(tickets.c.session_id))
    return None if session is None else find_by_id(tx.connection, session)


_is_persons = sessions.c.expires_at.is_(None)
_own, _used = sessions.alias("own"), sessions.alias("used")
_last_used = (
    select(_own.c.id)
    .join(_used, _used.c.user_id == _own.c.user_id)
    .where(_used.c.id == bindparam("session"), _used.c.expires_at.is_not(None), _own.c.expires_at.is_(None))
    .order_by(_own.c.used_at.desc(), _own.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
"""Of a token's person the own session that was used last; null where `session` is no token."""
_openers = sessions.alias("openers")
_is_left_behind = sessions.c.opened_by.is_not(None) & ~exists().where(_openers.c.id == sessions.c.opened_by)
_select = select(
    users.c.inbox,
    *user_columns(users, "user"),
    *(sessions.c[name] for name in ("id", "at", "used_at", "scope", "room_ids", "expires_at", "opened_by")),
).join(sessions, users.c.id == sessions.c.user_id)


def _find(connection: Connection, where: ColumnElement[bool]) -> Session | None:
    row = connection.execute(_select.where(where)).first()
    if row is None:
        return None
    opener = None if row.opened_by is None else find_by_id(connection, row.opened_by)
    if row.opened_by is not None and opener is None:
        return None
    limits = _room_ids(row)
    access = None if row.scope is None else Access(row.scope, None if limits is None else frozenset(limits))
    return Session(row.id, user_from(row, "user"), row.inbox, row.at, row.used_at, access, row.expires_at, opener)


def _is_stale(now: int, opened_before: int, used_before: int) -> ColumnElement[bool]:
    is_old = (sessions.c.at < opened_before) | (sessions.c.used_at < used_before)
    return (_is_persons & is_old) | (~_is_persons & (sessions.c.expires_at <= now))


def _bounds(access: Access | None) -> dict[str, str | None]:
    if access is None:
        return {}
    rooms = None if access.rooms is None else msgspec.json.encode(sorted(access.rooms)).decode()
    return {"scope": access.scope, "room_ids": rooms}


def _room_ids(row: Row[tuple[object, ...]]) -> list[int] | None:
    return None if row.room_ids is None else msgspec.json.decode(row.room_ids, type=list[int])
