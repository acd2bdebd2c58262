"""Users, and the keys that make owners. Keys arrive hashed; only their hashes are stored."""

from sqlalchemy import BigInteger, Connection, bindparam, delete, insert, select, update

from teahouse.errors import NotFound
from teahouse.model import Role, User
from teahouse.storage import log, names, owner_link
from teahouse.storage.log import Transaction
from teahouse.storage.prepared import Prepared
from teahouse.storage.rows import user_columns, user_from
from teahouse.storage.tables import keys, users
from teahouse.text import search_key

_select = select(users.c.inbox, *user_columns(users, "user"))
_came_at = Prepared(lambda _: select(users.c.at).where(users.c.id == bindparam("user", type_=BigInteger())))


def create(tx: Transaction, name: str, name_key: str, face: str, role: Role) -> tuple[User, int]:
    """Make a user with an empty inbox; return both. Conflict while someone holds the folded name, or for one that passes for another."""
    names.check_free(tx, name, name_key)
    made = create_nameless(tx, name, face, role, name_key)
    names.note(tx, name, name_key)
    return made


def create_nameless(tx: Transaction, name: str, face: str, role: Role, name_key: str | None = None) -> tuple[User, int]:
    """Make a user who is called `name` and does not hold it: anybody may take it. `name_key` is for `create`."""
    inbox = log.create_log(tx)
    folded = {"name_key": name_key, "search_key": search_key(name)}
    fields = {"name": name, "face": face, "role": role, "inbox": inbox, "at": tx.at}
    made = tx.connection.execute(insert(users).values(**fields, **folded).returning(users.c.id))
    return User(made.scalar_one(), name, face, role), inbox


def get(connection: Connection, user_id: int) -> User:
    """Return a user, also one who has gone; NotFound when there never was one."""
    row = connection.execute(_select.where(users.c.id == user_id)).first()
    if row is None:
        raise NotFound(f"user {user_id} does not exist")
    return user_from(row, "user")


def get_present(connection: Connection, user_id: int) -> User:
    """Return a user who has not gone for good; NotFound otherwise."""
    user = get(connection, user_id)
    if has_gone(connection, user_id):
        raise NotFound(f"{user.name} has left the house")
    return user


def came_at(connection: Connection, user_id: int) -> int:
    """Return when a user was made."""
    [(at,)] = _came_at.all(connection, {"user": user_id}) or [(0,)]
    return int(at)


def lock(tx: Transaction, user_id: int) -> None:
    """Let nobody else bring a user into a room, or see them out of the house, before this transaction ends. Logs are locked after it."""
    tx.connection.execute(select(users.c.id).where(users.c.id == user_id).with_for_update(key_share=True))


def has_gone(connection: Connection, user_id: int) -> bool:
    """Say whether a user holds no name any more, or does not yet."""
    return connection.scalar(select(users.c.name_key).where(users.c.id == user_id)) is None


def find_bot(connection: Connection) -> tuple[User, int] | None:
    """Return the house's robot and its inbox, or None before the first start."""
    row = connection.execute(_select.where(users.c.role == "bot").order_by(users.c.id)).first()
    return (user_from(row, "user"), row.inbox) if row else None


def by_name(connection: Connection, name_key: str) -> User | None:
    """Return who holds a folded name."""
    row = connection.execute(_select.where(users.c.name_key == name_key)).first()
    return None if row is None else user_from(row, "user")


def free_name(tx: Transaction, user_id: int) -> None:
    """Let go of a name whose holder has gone for good, so that someone else may take it."""
    held = tx.connection.execute(select(users.c.name, users.c.name_key).where(users.c.id == user_id)).first()
    if held is not None and held.name_key is not None:
        tx.connection.execute(update(users).where(users.c.id == user_id).values(name_key=None))
        names.let_go(tx, held.name, held.name_key)


def set_face(tx: Transaction, user_id: int, face: str) -> None:
    tx.connection.execute(update(users).where(users.c.id == user_id).values(face=face))


def set_role(tx: Transaction, user_id: int, role: Role) -> None:
    tx.connection.execute(update(users).where(users.c.id == user_id).values(role=role))


def put_owner_key(tx: Transaction, token_hash: bytes, expires_at: int) -> None:
    """Store a key that makes its bearer the owner, in place of every earlier one."""
    tx.connection.execute(delete(keys))
    owner_link.forget(tx)
    tx.connection.execute(insert(keys).values(token_hash=token_hash, at=tx.at, expires_at=expires_at))


def use_owner_key(tx: Transaction, token_hash: bytes) -> bool:
    """Say whether an owner's key is good now; it is so once."""
    good = (keys.c.token_hash == token_hash) & (keys.c.expires_at > tx.at)
    return tx.connection.execute(delete(keys).where(good)).rowcount > 0
