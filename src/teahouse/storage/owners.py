"""Whose house it is: owners who can act as such. Whoever is banned, or came in by an old door alone, has the role and no use of it."""

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select

from teahouse.errors import NotAllowed
from teahouse.model import User
from teahouse.storage.rows import user_columns, user_from
from teahouse.storage.tables import bans, sessions, users


def count(connection: Connection, now: int, other_than: int | None = None) -> int:
    """Return how many owners can act, one of them perhaps left out."""
    counted = select(func.count()).select_from(users).where(_can_act(now), users.c.id.is_distinct_from(other_than))
    return int(connection.scalar(counted) or 0)


def eldest(connection: Connection, now: int, other_than: int) -> User | None:
    """Return who of the owners that can act has been here longest."""
    found = select(*user_columns(users, "user")).where(_can_act(now), users.c.id != other_than).order_by(users.c.id)
    row = connection.execute(found).first()
    return None if row is None else user_from(row, "user")


def check_has_use(connection: Connection, user: User) -> None:
    """Raise NotAllowed for whom no role could be of use: they have gone, or an old door is all that they may open."""
    if connection.scalar(select(users.c.id).where(users.c.id == user.id, _is_at_home())) is None:
        raise NotAllowed(f"{user.name} is not signed in on the page, and an old door opens its own room alone: the role would be of no use")


def _can_act(now: int) -> ColumnElement[bool]:
    is_banned = exists().where(bans.c.user_id == users.c.id, or_(bans.c.until.is_(None), bans.c.until > now))
    return (users.c.role == "owner") & _is_at_home() & ~is_banned


def _is_at_home() -> ColumnElement[bool]:
    own = (sessions.c.user_id == users.c.id) & sessions.c.expires_at.is_(None) & sessions.c.scope.is_(None)
    return users.c.name_key.is_not(None) & exists().where(own)
