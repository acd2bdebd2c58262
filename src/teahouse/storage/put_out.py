"""Who was put out of which room by somebody else, and so comes back only through somebody who manages it."""

from sqlalchemy import Connection, delete, insert, select

from teahouse.model import User
from teahouse.storage.log import Transaction
from teahouse.storage.rows import user_columns, user_from
from teahouse.storage.tables import put_out, users


def note(tx: Transaction, by: User, user: User, room: int) -> None:
    """Remember that `by` put `user` out. They are no member, or no longer since this transaction."""
    pardon(tx, user, room)
    tx.connection.execute(insert(put_out).values(user_id=user.id, room_id=room, by_id=by.id, at=tx.at))


def pardon(tx: Transaction, user: User, room: int) -> None:
    """Forget it: somebody who manages the room lets them in again."""
    tx.connection.execute(delete(put_out).where(put_out.c.user_id == user.id, put_out.c.room_id == room))


def holds(connection: Connection, user_id: int, room: int) -> bool:
    """Say whether `user_id` was put out of `room` and nobody has let them in since."""
    return connection.scalar(select(put_out.c.at).where(put_out.c.user_id == user_id, put_out.c.room_id == room)) is not None


def by(connection: Connection, user_id: int, room: int) -> User | None:
    """Return who put `user_id` out of `room`, as they are now; None where it does not hold."""
    query = select(*user_columns(users, "by")).join(put_out, put_out.c.by_id == users.c.id)
    row = connection.execute(query.where(put_out.c.user_id == user_id, put_out.c.room_id == room)).first()
    return None if row is None else user_from(row, "by")
