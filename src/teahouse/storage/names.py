"""Which names are held here or have been, and by what each looks like: nobody passes for somebody who is or was here.

A name that was held and is free may be taken again as it was spelt, in any case; what only looks like it stays taken.
"""

from collections.abc import Callable

from sqlalchemy import ColumnElement, delete, exists, insert, select, update

from teahouse.errors import Conflict
from teahouse.lookalikes import readings, skeleton, table
from teahouse.scripts import mixture
from teahouse.storage.log import Transaction
from teahouse.storage.tables import about, held_names, sessions, users

_VERSION = "lookalikes"
"""The key of the version by whose table the skeletons were made. Its row is the lock of whoever takes a name."""


def check_free(tx: Transaction, name: str, name_key: str, *, unlike: bool = True) -> None:
    """Raise Conflict while someone holds the folded name and, with `unlike`, for a look-alike of another that is or was held."""
    # Two servers could give two look-alikes at once, and no constraint knows.
    tx.connection.execute(select(about.c.value).where(about.c.key == _VERSION).with_for_update())
    if _is_held(tx, name_key):
        raise Conflict(f"{name!r} is the name of someone here; choose another", code="name_taken")
    if not unlike:
        return
    alike = list(tx.connection.scalars(select(held_names.c.name_key).where(held_names.c.skeleton.in_(readings(name))).distinct()))
    if any(_stands_against(tx, other, name_key, back=name_key in alike) for other in alike):
        raise Conflict(f"{name!r} looks like the name of someone else; choose another", code="name_taken")


def note(tx: Transaction, name: str, name_key: str) -> None:
    """Remember that a name is held from now on. The caller has just let somebody hold it."""
    fields = {"skeleton": skeleton(name), "name_key": name_key}
    if not tx.connection.scalar(select(exists().where(*(held_names.c[column] == value for column, value in fields.items())))):
        tx.connection.execute(insert(held_names).values(**fields, name=name))


def refresh(tx: Transaction, fold: Callable[[str], str]) -> None:
    """See that all skeletons are of today's table: at the first start with look-alikes, and when the table has changed.

    `fold` makes the key of a name whose holder has gone.
    """
    version = table().version
    known = tx.connection.scalar(select(about.c.value).where(about.c.key == _VERSION))
    if known == version:
        return
    if known is None:
        tx.connection.execute(insert(about).values(key=_VERSION, value=version))
        found = tx.connection.execute(select(users.c.name, users.c.name_key).where(_has_been_held())).all()
    else:
        tx.connection.execute(update(about).where(about.c.key == _VERSION).values(value=version))
        found = tx.connection.execute(select(held_names.c.name, held_names.c.name_key)).all()
    tx.connection.execute(delete(held_names))
    for row in found:
        note(tx, row.name, row.name_key or fold(row.name))


def _stands_against(tx: Transaction, other: str, name_key: str, *, back: bool) -> bool:
    """Say whether another name keeps its look-alike away; `back` where that one has been held as well.

    It does while it is held, and afterwards too. But what is less mixed is what others pass for: whoever comes and goes under
    a strange spelling of Anna or Кирилл does not shut them out, and does not keep them from coming back.
    """
    plainer = mixture(name_key) < mixture(other)
    return not (plainer and back) if _is_held(tx, other) else not (plainer or back)


def _is_held(tx: Transaction, name_key: str) -> bool:
    return tx.connection.scalar(select(users.c.id).where(users.c.name_key == name_key)) is not None


def _has_been_held() -> ColumnElement[bool]:
    """Say of a user whether they hold their name or have; someone whom letters await has a session, and has never come."""
    awaited = exists().where(sessions.c.user_id == users.c.id)
    return users.c.name_key.is_not(None) | ~awaited
