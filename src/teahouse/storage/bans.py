"""Bans of people and of networks: one per person or network. Whose time is up is as if it were not there."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, or_, select

from teahouse.errors import NotFound
from teahouse.keeping import Ban
from teahouse.model import User
from teahouse.storage.log import Transaction
from teahouse.storage.rows import user_columns, user_from
from teahouse.storage.tables import bans, users


def put(tx: Transaction, by: User, *, user: User | None, network: str | None, until: int | None, reason: str) -> Ban:
    """Store a ban in place of an earlier one of the same person or network."""
    tx.connection.execute(delete(bans).where(_same(None if user is None else user.id, network)))
    fields = {"by_id": by.id, "at": tx.at, "user_id": None if user is None else user.id, "network": network}
    made = tx.connection.execute(insert(bans).values(**fields, until=until, reason=reason).returning(bans.c.id)).scalar_one()
    return Ban(int(made), by, tx.at, user, network, until, reason)


def lift(tx: Transaction, ban: int) -> Ban:
    """Take a ban away and return it; NotFound where it does not hold any more."""
    found = _read(tx.connection, tx.at, bans.c.id == ban, limit=1)
    if not found:
        raise NotFound(f"there is no ban {ban} that holds")
    tx.connection.execute(delete(bans).where(bans.c.id == ban))
    return found[0]


def any_ended(connection: Connection, now: int) -> bool:
    """Say whether the time of some ban is up."""
    return connection.scalar(select(bans.c.id).where(bans.c.until <= now).limit(1)) is not None


def take_ended(tx: Transaction, limit: int) -> list[int | None]:
    """Take away bans whose time is up; return whom each was of, None for a network. See departures.py for what follows."""
    ended = tx.connection.execute(select(bans.c.id, bans.c.user_id).where(bans.c.until <= tx.at).limit(limit)).all()
    tx.connection.execute(delete(bans).where(bans.c.id.in_([row.id for row in ended])))
    return [row.user_id for row in ended]


def same(connection: Connection, now: int, user_id: int | None, network: str | None) -> Ban | None:
    """Return the ban of this person or network that holds now."""
    found = _read(connection, now, _same(user_id, network), limit=1)
    return found[0] if found else None


def of_user(connection: Connection, user_id: int, now: int) -> Ban | None:
    """Return the ban of a person that holds now."""
    return same(connection, now, user_id, None)


def page(connection: Connection, now: int, before: int | None, limit: int) -> list[Ban]:
    """Return the bans that hold now, the newest first."""
    return _read(connection, now, *([] if before is None else [bans.c.id < before]), limit=limit)


def every(connection: Connection) -> list[Ban]:
    """Return all that were not taken away, over or not: by a calendar that is wrong now they may seem over, and hold when it is right."""
    return [_ban(row) for row in connection.execute(_select)]


def _same(user_id: int | None, network: str | None) -> ColumnElement[bool]:
    return bans.c.network == network if user_id is None else bans.c.user_id == user_id


_by, _user = users.alias("by"), users.alias("user")
_select = (
    select(bans, *user_columns(_by, "actor"), *user_columns(_user, "whom"))
    .join_from(bans, _by, _by.c.id == bans.c.by_id)
    .outerjoin(_user, _user.c.id == bans.c.user_id)
    .order_by(bans.c.id.desc())
)


def _read(connection: Connection, now: int, *where: ColumnElement[bool], limit: int) -> list[Ban]:
    holds = or_(bans.c.until.is_(None), bans.c.until > now)
    return [_ban(row) for row in connection.execute(_select.where(holds, *where).limit(limit))]


def _ban(row: Row[Any]) -> Ban:
    user = None if row.whom_id is None else user_from(row, "whom")
    return Ban(row.id, user_from(row, "actor"), row.at, user, row.network, row.until, row.reason)
