"""To whom private rooms go whose last person's session ends since it is too old: nobody else could ever read them, or let anyone in.

Only then. Who signs out leaves what they wrote to nobody, and a keeper who ends somebody's sessions gains no room by it.
"""

from sqlalchemy import Connection, exists, select

from teahouse.model import User
from teahouse.storage import owners, rooms
from teahouse.storage.log import Transaction
from teahouse.storage.tables import members, users
from teahouse.storage.tables import rooms as table

AT_ONCE = 10
"""Rooms that one transaction hands over: the one writer has others to write for."""


def hand_over(tx: Transaction, user: User) -> bool:
    """Let the house's owner into private rooms in which `user` is the only person, a few; say whether there may be more.

    A house without another owner who can act leaves them as they are.
    """
    heir = owners.eldest(tx.connection, tx.at, user.id)
    if heir is None:
        return False
    alone = _alone_in(tx.connection, user)
    for room in alone:
        rooms.add(tx, user, heir, room, "owner", pardon=True)
    return len(alone) == AT_ONCE


def _alone_in(connection: Connection, user: User) -> list[int]:
    another = members.alias("another")
    is_another = (another.c.room_id == members.c.room_id) & (another.c.user_id == users.c.id) & (users.c.id != user.id)
    someone = exists().where(is_another, users.c.role != "bot")
    private = select(members.c.room_id).join(table, table.c.id == members.c.room_id).where(table.c.kind == "private")
    theirs = private.where(members.c.user_id == user.id, ~someone).order_by(members.c.room_id)
    return list(connection.scalars(theirs.limit(AT_ONCE)))
