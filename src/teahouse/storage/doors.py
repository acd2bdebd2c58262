"""What doors of old dialects keep: a secret that only this house has, names that people claim there, how a room's robot was before."""

import secrets

from sqlalchemy import Connection, delete, insert, select, update

from teahouse.model import RobotMode, User
from teahouse.storage import names
from teahouse.storage.log import Transaction
from teahouse.storage.rows import user_columns, user_from
from teahouse.storage.tables import about, sessions, users
from teahouse.text import search_key

_KEY = "door_secret"
_ROBOT = "door_robot:"
"""Before a room's id: the key under which it is kept when the robot answered there before a door `signin` led to it."""


def secret(tx: Transaction) -> str:
    """Return the secret, made at the first call and then always the same."""
    known = tx.connection.scalar(select(about.c.value).where(about.c.key == _KEY))
    if known is None:
        known = secrets.token_hex(32)
        tx.connection.execute(insert(about).values(key=_KEY, value=known))
    return str(known)


def bearer(connection: Connection, token_hash: bytes) -> User | None:
    """Return whose session a token is, None where it is nobody's."""
    query = select(*user_columns(users, "user")).join(sessions, users.c.id == sessions.c.user_id)
    row = connection.execute(query.where(sessions.c.token_hash == token_hash)).first()
    return user_from(row, "user") if row else None


def holder(connection: Connection, name_key: str) -> User | None:
    """Return who holds a folded name, None where it is free."""
    row = connection.execute(select(*user_columns(users, "user")).where(users.c.name_key == name_key)).first()
    return user_from(row, "user") if row else None


def known(connection: Connection, name_key: str, token_hash: bytes) -> User | None:
    """Return who holds a name, or else whose session a token is."""
    return holder(connection, name_key) or bearer(connection, token_hash)


def take_name(tx: Transaction, user: User, name: str, name_key: str, *, unlike: bool) -> User:
    """Let `user` hold `name`, spelt so unless they hold it already; Conflict while someone else does.

    With `unlike` also where it looks like another name that is or was held.
    """
    holding = holder(tx.connection, name_key)
    if holding is not None and holding.id == user.id:
        return holding
    names.check_free(tx, name, name_key, unlike=unlike)
    tx.connection.execute(update(users).where(users.c.id == user.id).values(name=name, name_key=name_key, search_key=search_key(name)))
    names.note(tx, name, name_key)
    return User(user.id, name, user.face, user.role)


def robot_modes(connection: Connection) -> dict[int, RobotMode]:
    """Return the rooms whose robot a door has changed, each with its mode from before."""
    found = connection.execute(select(about).where(about.c.key.startswith(_ROBOT, autoescape=True)))
    return {int(row.key.removeprefix(_ROBOT)): row.value for row in found}


def keep_robot_mode(tx: Transaction, room: int, mode: RobotMode) -> None:
    tx.connection.execute(insert(about).values(key=f"{_ROBOT}{room}", value=mode))


def forget_robot_mode(tx: Transaction, room: int) -> None:
    tx.connection.execute(delete(about).where(about.c.key == f"{_ROBOT}{room}"))
