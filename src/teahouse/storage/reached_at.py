"""Where people reached the house when it opened last: left for the command line beside it. whereabouts.py has the words."""

from typing import TypeVar

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select

from teahouse.storage.log import Transaction
from teahouse.storage.tables import about

_KEY = "reached_at"

T = TypeVar("T", bound=Struct)


def note(tx: Transaction, where: Struct) -> None:
    tx.connection.execute(delete(about).where(about.c.key == _KEY))
    tx.connection.execute(insert(about).values(key=_KEY, value=msgspec.json.encode(where).decode()))


def of(connection: Connection, kind: type[T]) -> T | None:
    """Return what was noted, as a `kind`; None in a house that was never opened, or by an older version alone."""
    noted = connection.scalar(select(about.c.value).where(about.c.key == _KEY))
    return None if noted is None else msgspec.json.decode(noted, type=kind)
