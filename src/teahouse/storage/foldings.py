"""What was folded before is folded again when Unicode's data is another, so that whoever is looked for is found by today's rules."""

from collections.abc import Callable

from sqlalchemy import bindparam, delete, insert, select, update

from teahouse import characters
from teahouse.model import RoomKind
from teahouse.storage import names
from teahouse.storage.log import Transaction
from teahouse.storage.tables import about, rooms, search_changes, search_parts, search_terms, search_writing, users
from teahouse.text import search_key

_VERSION = "foldings"
"""The key of the version by which what is stored was folded."""


def refresh(tx: Transaction, name_key: Callable[[str], str], room_key: Callable[[RoomKind, str], str | None]) -> None:
    """See that all keys of names and rooms, and the terms of the search index, are of today's data: once after each change of it.

    A name that would be another's now keeps the key that it had, as does a room: nobody loses what they are called.
    """
    version = f"{characters.table().version} with {characters.UNICODE_VERSION}"
    known = tx.connection.scalar(select(about.c.value).where(about.c.key == _VERSION))
    if known != version:
        if known is None:
            tx.connection.execute(insert(about).values(key=_VERSION, value=version))
        else:
            tx.connection.execute(update(about).where(about.c.key == _VERSION).values(value=version))
        _fold_names(tx, name_key)
        _fold_rooms(tx, room_key)
        for table in (search_changes, search_writing, search_parts, search_terms):  # what is not indexed is looked through, and indexed
            tx.connection.execute(delete(table))
    names.refresh(tx, name_key, again=known != version)


def _fold_names(tx: Transaction, name_key: Callable[[str], str]) -> None:
    found = tx.connection.execute(select(users.c.id, users.c.name, users.c.name_key).order_by(users.c.id)).all()
    taken = {row.name_key for row in found}
    for row in found:
        key = row.name_key and name_key(row.name)
        if key in taken:
            key = row.name_key
        taken.add(key)
        tx.connection.execute(update(users).where(users.c.id == row.id).values(name_key=key, search_key=search_key(row.name)))


def _fold_rooms(tx: Transaction, room_key: Callable[[RoomKind, str], str | None]) -> None:
    found = tx.connection.execute(select(rooms.c.id, rooms.c.name, rooms.c.unique_key).where(rooms.c.kind == "public")).all()
    taken = {row.unique_key for row in found}
    changed = []
    for row in found:
        key = row.unique_key and room_key("public", row.name)
        if key not in taken:
            taken.add(key)
            changed.append({"room": row.id, "key": key})
    if changed:
        tx.connection.execute(update(rooms).where(rooms.c.id == bindparam("room")).values(unique_key=bindparam("key")), changed)
