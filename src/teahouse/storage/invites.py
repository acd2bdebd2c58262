"""Invites: links that let people in where strangers may not. Their keys arrive hashed; only their hashes are stored.

One lets nobody in when its time is up, when as many came by it as may, or when it was ended, which takes its row away.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, or_, select, update

from teahouse.errors import NotAllowed, NotFound
from teahouse.keeping import Invite
from teahouse.model import User
from teahouse.storage import people
from teahouse.storage.log import Transaction
from teahouse.storage.rows import user_columns, user_from
from teahouse.storage.tables import invites, users

START_INVITES_KEPT = 5
"""So many invites of the server's starts are kept, the newest; and as many by which somebody came."""

_select = select(invites, *user_columns(users, "actor")).join_from(invites, users, users.c.id == invites.c.by_id)


def put(
    tx: Transaction, by: User, token_hash: bytes, until: int, max_uses: int | None = None, note: str = "", *, at_start: bool = False
) -> Invite:
    """Store an invite."""
    fields = {"token_hash": token_hash, "by_id": by.id, "at": tx.at, "expires_at": until, "max_uses": max_uses, "used": 0}
    statement = insert(invites).values(**fields, note=note, at_start=at_start).returning(invites.c.id)
    return Invite(int(tx.connection.execute(statement).scalar_one()), by, tx.at, until, 0, max_uses, note, at_start)


def put_at_start(tx: Transaction, token_hash: bytes, until: int) -> None:
    """Store the invite that a start of the server prints, and end those of earlier starts that are too many.

    The links by which somebody came are with people, so starts in a row end what nobody has used. No clock is asked for it.
    """
    robot = people.find_bot(tx.connection)
    if robot is None:
        raise NotAllowed("this house was never opened")
    put(tx, robot[0], token_hash, until, at_start=True)
    newest = select(invites.c.id).where(invites.c.at_start).order_by(invites.c.id.desc()).limit(START_INVITES_KEPT)
    kept = {*tx.connection.scalars(newest), *tx.connection.scalars(newest.where(invites.c.used > 0))}
    tx.connection.execute(delete(invites).where(invites.c.at_start, invites.c.id.not_in(kept)))


def use(tx: Transaction, token_hash: bytes) -> bool:
    """Let one more person come by an invite; say whether it lets anybody in."""
    good = (invites.c.token_hash == token_hash) & _lets_in(tx.at)
    return tx.connection.execute(update(invites).where(good).values(used=invites.c.used + 1)).rowcount > 0


def end(tx: Transaction, invite: int) -> Invite:
    """Take an invite away and return it; NotFound when there is none."""
    row = tx.connection.execute(_select.where(invites.c.id == invite)).first()
    if row is None:
        raise NotFound(f"there is no invite {invite} any more")
    tx.connection.execute(delete(invites).where(invites.c.id == invite))
    return _invite(row)


def end_of(tx: Transaction, user_id: int) -> None:
    """Take away every invite that somebody made."""
    tx.connection.execute(delete(invites).where(invites.c.by_id == user_id))


def forget(tx: Transaction, now: int) -> None:
    """Take away the invites whose time is up. `now` is the calendar's time, once it may be believed."""
    tx.connection.execute(delete(invites).where(invites.c.expires_at <= now))


def count(connection: Connection, now: int) -> int:
    """Return how many invites let people in now, those of starts left out."""
    return int(connection.scalar(select(func.count()).where(~invites.c.at_start, _lets_in(now))) or 0)


def page(connection: Connection, now: int, before: int | None, limit: int) -> list[Invite]:
    """Return the invites whose time is not up, also those that are used up, the newest first."""
    wanted = _select.where(invites.c.expires_at > now, *([] if before is None else [invites.c.id < before]))
    return [_invite(row) for row in connection.execute(wanted.order_by(invites.c.id.desc()).limit(limit))]


def _lets_in(now: int) -> ColumnElement[bool]:
    return (invites.c.expires_at > now) & or_(invites.c.max_uses.is_(None), invites.c.used < invites.c.max_uses)


def _invite(row: Row[Any]) -> Invite:
    return Invite(row.id, user_from(row, "actor"), row.at, row.expires_at, row.used, row.max_uses, row.note, row.at_start)
