"""Trying whether the database works again, when nobody else may be trying."""

from sqlalchemy import Connection, delete, insert, select

from teahouse.storage.log import Transaction
from teahouse.storage.tables import about

_KEY = "probe"
_LARGE = "-" * 65_536
"""As much as the longest message: where only less fits, the disk is still full."""


def write(tx: Transaction) -> None:
    """Change the database and change it back: unlike an empty transaction, this needs the lock and room on the disk."""
    tx.connection.execute(insert(about).values(key=_KEY, value=_LARGE))
    tx.connection.execute(delete(about).where(about.c.key == _KEY))


def read(connection: Connection) -> None:
    connection.execute(select(about)).all()
