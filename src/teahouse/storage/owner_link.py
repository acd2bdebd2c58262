"""The owner's link opens one session. Until that one is used, the link opens it again: or when its answer is lost, nobody is the owner.

Whoever bears the link could have become the owner by it anyway. A session that was used no earlier than it was opened has been used.
"""

from sqlalchemy import Connection, delete, insert, select, update

from teahouse.storage import sessions
from teahouse.storage.log import Transaction
from teahouse.storage.sessions import Session
from teahouse.storage.tables import about
from teahouse.storage.tables import sessions as table

_KEY = "owner_link"
"""Of the one link that was used last: its hash, the session that it opened, and when it first opened one."""
UNUSED_MS = sessions.USED_EVERY_MS + 1
"""So long before its opening an unused session was used: its first use is stored like every first one after a while."""


def open_session(tx: Transaction, key_hash: bytes, user_id: int, token_hash: bytes, first_at: int | None = None) -> int:
    """Store the session of the bearer of an owner's key, as one that is yet to be used; return its id."""
    session = sessions.open_session(tx, user_id, token_hash)
    tx.connection.execute(update(table).where(table.c.id == session).values(used_at=tx.house_at - UNUSED_MS))
    forget(tx)
    tx.connection.execute(insert(about).values(key=_KEY, value=f"{key_hash.hex()} {session} {first_at or tx.at}"))
    return session


def reopen(tx: Transaction, key_hash: bytes, token_hash: bytes, opened_after: int) -> tuple[Session, int] | None:
    """End the session that this key opened, if it was never used, and open another; return both, or None where the key is used up."""
    found = unused(tx.connection, key_hash, opened_after)
    if found is None:
        return None
    opened, first_at = found
    sessions.end(tx, opened.id)
    return opened, open_session(tx, key_hash, opened.user.id, token_hash, first_at)


def unused(connection: Connection, key_hash: bytes, opened_after: int) -> tuple[Session, int] | None:
    """Return the session that this key opened, if it was never used, and when the key first opened one: its days count from there."""
    hashed, session, *first = (connection.scalar(select(about.c.value).where(about.c.key == _KEY)) or " ").split(" ")
    opened = sessions.find_by_id(connection, int(session)) if hashed == key_hash.hex() else None
    if opened is None or opened.used_at >= opened.opened_at:
        return None
    first_at = int(first[0]) if first else opened.opened_at  # an older version wrote no time
    return (opened, first_at) if first_at > opened_after else None


def forget(tx: Transaction) -> None:
    """Let the link that was used last open nothing any more."""
    tx.connection.execute(delete(about).where(about.c.key == _KEY))
