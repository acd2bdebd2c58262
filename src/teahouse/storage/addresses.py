"""Where people were seen last, so that keepers can shut out a network on purpose. One address a person, kept for a while."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, insert, select

from teahouse.storage.log import Transaction
from teahouse.storage.tables import addresses


def put(tx: Transaction, seen: Iterable[tuple[int, str, int]]) -> None:
    """Store (user, network, when) in place of what was known of those users."""
    rows = [{"user": user_id, "address": address, "at": at} for user_id, address, at in seen]
    tx.erases |= tx.connection.execute(delete(addresses).where(addresses.c.user_id == bindparam("user")), rows).rowcount > 0
    new = insert(addresses).values(user_id=bindparam("user"), address=bindparam("address"), at=bindparam("at"))
    tx.connection.execute(new, rows)


def of(connection: Connection, user_id: int) -> tuple[str, int] | None:
    """Return the network from which somebody was seen last, and when."""
    row = connection.execute(select(addresses.c.address, addresses.c.at).where(addresses.c.user_id == user_id)).first()
    return None if row is None else (row.address, row.at)


def forget_before(tx: Transaction, at: int) -> None:
    tx.erases |= tx.connection.execute(delete(addresses).where(addresses.c.at < at)).rowcount > 0
