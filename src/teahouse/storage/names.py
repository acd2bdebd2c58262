"""Which names are held here or have been, and by what each looks like: nobody passes for somebody who is or was here.

A name that was held and is free may be taken again as it was spelt, in any case; what only looks like it stays taken for a while.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Row, case, delete, exists, insert, literal, select, update

from teahouse.errors import Conflict
from teahouse.lookalikes import passes_for, readings, skeleton, table
from teahouse.scripts import Mixture, mixture
from teahouse.storage.log import Transaction
from teahouse.storage.tables import about, held_names, sessions, users

_VERSION = "lookalikes"
"""The key of the version by whose table the skeletons were made. Its row is the lock of whoever takes a name."""

VISIT_MS = 24 * 3_600_000
"""Whoever was here for less keeps nobody away when they have gone."""
MOST_SPELLINGS = 16
"""Of names that look the same and are free, as many are remembered; those who were here for the shortest time go first."""


def check_free(tx: Transaction, name: str, name_key: str, *, unlike: bool = True) -> None:
    """Raise Conflict while someone holds the folded name and, with `unlike`, for a look-alike of another that is or was held."""
    # Two servers could give two look-alikes at once, and no constraint knows.
    tx.connection.execute(select(about.c.value).where(about.c.key == _VERSION).with_for_update())
    if _is_held(tx, name_key):
        raise Conflict(f"{name!r} is the name of someone here; choose another", code="name_taken")
    if not unlike:
        return
    held = users.c.id.is_not(None).label("held")
    alike = select(held_names.c.name_key, held_names.c.kept_until, held).where(held_names.c.skeleton.in_(readings(name)))
    found = tx.connection.execute(alike.outerjoin(users, users.c.name_key == held_names.c.name_key)).all()
    own = max((row.kept_until for row in found if row.name_key == name_key), default=None)
    if any(_stands_against(row, name_key, own, tx.at) for row in found if row.name_key != name_key):
        raise Conflict(f"{name!r} looks like the name of someone else; choose another", code="name_taken")
    keepers = select(users.c.name).where(users.c.role.in_(("owner", "admin")), users.c.name_key.is_not(None))
    if any(passes_for(name, keeper) for keeper in tx.connection.scalars(keepers)):
        raise Conflict(f"{name!r} looks like the name of someone who keeps this house; choose another", code="name_taken")


def note(tx: Transaction, name: str, name_key: str) -> None:
    """Remember that a name is held from now on. The caller has just let somebody hold it."""
    _put(tx, name, name_key, since=tx.at)


def let_go(tx: Transaction, name: str, name_key: str) -> None:
    """Note that a name is held no longer; it keeps look-alikes away for as long again, after a visit not at all. The caller freed it."""
    look = skeleton(name)
    kept_until = case((held_names.c.kept_until > tx.at, held_names.c.kept_until), else_=tx.at) + tx.at - held_names.c.since
    theirs = (held_names.c.skeleton == look) & (held_names.c.name_key == name_key) & (held_names.c.since <= tx.at - VISIT_MS)
    tx.connection.execute(update(held_names).where(theirs).values(kept_until=kept_until))
    free = select(held_names.c.name_key).outerjoin(users, users.c.name_key == held_names.c.name_key)
    free = free.where(held_names.c.skeleton == look, users.c.id.is_(None)).order_by(held_names.c.kept_until.desc())
    excess = list(tx.connection.scalars(free.offset(MOST_SPELLINGS).limit(MOST_SPELLINGS)))
    if excess:
        tx.connection.execute(delete(held_names).where(held_names.c.skeleton == look, held_names.c.name_key.in_(excess)))


def refresh(tx: Transaction, name_key: Callable[[str], str], *, again: bool = False) -> None:
    """See that all skeletons are of today's table: at the first start with look-alikes, and when the table has changed.

    `again` says that the keys are to be made again too.
    """
    version = table().version
    known = tx.connection.scalar(select(about.c.value).where(about.c.key == _VERSION))
    if known == version and not again:
        return
    if known is None:
        tx.connection.execute(insert(about).values(key=_VERSION, value=version))
        since = users.c.at.label("since")
        found = tx.connection.execute(select(users.c.name, since, literal(0).label("kept_until")).where(_has_been_held())).all()
    else:
        tx.connection.execute(update(about).where(about.c.key == _VERSION).values(value=version))
        found = tx.connection.execute(select(held_names)).all()
    tx.connection.execute(delete(held_names))
    for row in found:
        _put(tx, row.name, name_key(row.name), since=row.since, kept_until=row.kept_until)


def _put(tx: Transaction, name: str, name_key: str, **times: int) -> None:
    fields = {"skeleton": skeleton(name), "name_key": name_key}
    known = update(held_names).where(*(held_names.c[column] == value for column, value in fields.items())).values(**times)
    if not tx.connection.execute(known).rowcount:
        tx.connection.execute(insert(held_names).values(**{"kept_until": 0} | fields | times, name=name))


def _stands_against(other: Row[Any], name_key: str, own_kept_until: int | None, now: int) -> bool:
    """Say whether another name keeps its look-alike away, which has been held too unless `own_kept_until` is None.

    It does while it is held, and for as long again: who was here longer has it. But what is less mixed is what others pass for:
    whoever came and went under a strange spelling of Anna or Кирилл does not shut them out. And a spelling that mixes scripts
    at will is hardly anybody's own name: once somebody has come by a plainer one, only who was here long is let in again by it.
    """
    if other.held:
        return True
    mine, theirs, own = mixture(name_key), mixture(other.name_key), own_kept_until or 0
    if theirs < mine is Mixture.MIXED:
        return bool(own <= max(now, other.kept_until))
    return not mine < theirs and bool(other.kept_until > max(now, own))


def _is_held(tx: Transaction, name_key: str) -> bool:
    return tx.connection.scalar(select(users.c.id).where(users.c.name_key == name_key)) is not None


def _has_been_held() -> ColumnElement[bool]:
    """Say of a user whether they hold their name or have; someone whom letters await has a session, and has never come."""
    awaited = exists().where(sessions.c.user_id == users.c.id)
    return users.c.name_key.is_not(None) | ~awaited
