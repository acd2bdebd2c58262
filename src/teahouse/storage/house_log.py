"""The house log: which log it is, its latest entries, and the state that only it changes: whether newcomers are let in."""

from sqlalchemy import Connection, insert, select

from teahouse.errors import NotAllowed, Unavailable
from teahouse.keeping import Ban
from teahouse.model import Entry
from teahouse.storage import bans, log
from teahouse.storage.log import Transaction
from teahouse.storage.tables import about

_KEY, _NEWCOMERS = "house_log", "newcomers"


def furnish(tx: Transaction) -> int:
    """Return the house log, made at the first call. A new house has its lobby before."""
    known = of(tx.connection)
    if known is None:
        known = log.create_log(tx)
        tx.connection.execute(insert(about).values(key=_KEY, value=str(known)))
    return known


def of(connection: Connection) -> int | None:
    """Return the house log, None in a house that was never opened."""
    known = connection.scalar(select(about.c.value).where(about.c.key == _KEY))
    return None if known is None else int(known)


def require(tx: Transaction) -> int:
    """Return the house log; Unavailable in a house that was never opened."""
    known = of(tx.connection)
    if known is None:
        raise Unavailable("this house was never opened: run teahouse serve first")
    return known


def page(connection: Connection, before: int | None, limit: int) -> list[Entry]:
    """Return the last entries, or those just before `before`, the newest first."""
    house = of(connection)
    if house is None:
        return []
    last = log.heads(connection, [house])[house] if before is None else before - 1
    return log.read_after(connection, house, max(0, last - limit), last, limit)[::-1]


def state(connection: Connection, house: int) -> tuple[list[Ban], bool, int]:
    """Return what the log has led to, and its head: the bans, and whether newcomers are let in."""
    return bans.every(connection), admits_newcomers(connection), log.heads(connection, [house])[house]


def admits_newcomers(connection: Connection) -> bool:
    """Say whether anybody new may come in."""
    return connection.scalar(select(about.c.value).where(about.c.key == _NEWCOMERS)) != "closed"


def check_newcomers(tx: Transaction) -> None:
    """Let nobody new in while the house is closed to them."""
    if not admits_newcomers(tx.connection):
        raise NotAllowed("this house takes in nobody new at the moment", code="house_closed")


def set_newcomers(connection: Connection, admitted: bool) -> None:
    connection.execute(about.delete().where(about.c.key == _NEWCOMERS))
    connection.execute(insert(about).values(key=_NEWCOMERS, value="open" if admitted else "closed"))
