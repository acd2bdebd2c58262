"""Users, rooms and quotes as they come out of a joined row, and how many rows a page takes."""

from collections.abc import Iterable, Sequence
from sys import intern
from typing import Any

import msgspec
from sqlalchemy import FromClause, Label, Row

from teahouse.model import Quote, Room, User

QUOTE_CHARS = 200

_USER = ("id", "name", "face", "role")


def user_columns(table: FromClause, prefix: str) -> list[Label[Any]]:
    """Return the columns of `table`, which is users or an alias of it, that `user_from` wants under `prefix`."""
    return [table.c[name].label(f"{prefix}_{name}") for name in _USER]


def user_from(row: Row[Any], prefix: str) -> User:
    """Return the user whose columns carry `prefix` in `row`."""
    fields = row._mapping
    user_id, name, face, role = (fields[f"{prefix}_{name}"] for name in _USER)
    return User(user_id, name, face, intern(role))  # type: ignore[arg-type]  # interned, or the encoder would not see it is the default


def room_from(row: Row[Any], peer: User | None = None) -> Room:
    """Return the room in `row`, which has the columns of `rooms` under their own names."""
    return Room(row.id, row.kind, row.name, row.topic, peer, intern(row.robot))  # type: ignore[arg-type]  # interned, as above


def quote_from(row: Row[Any]) -> Quote | None:
    """Return the quote in `row`, which selects `reply_to`, `quoted_text` (the first QUOTE_CHARS) and `quoted_by_…`."""
    if row.reply_to is None:
        return None
    return Quote(row.reply_to, user_from(row, "quoted_by"), row.quoted_text)


def packed_ids(ids: Sequence[int]) -> str | None:
    """Return ids as a column holds them, null for none."""
    return msgspec.json.encode(ids).decode() if ids else None


def unpacked_ids(column: str | None) -> tuple[int, ...]:
    return msgspec.json.decode(column, type=tuple[int, ...]) if column else ()


def fitting(rows: Iterable[Row[Any]], max_chars: int | None, most: int | None = None) -> tuple[list[Row[Any]], bool]:
    """Return the first rows, `most` at most and with no more of `text` than `max_chars`, the first apart; and whether there are more.

    What does not fit is not even fetched, where the driver lets rows wait.
    """
    kept: list[Row[Any]] = []
    chars = 0
    for row in rows:
        chars += len(row.text or "")
        if len(kept) == most or (kept and max_chars is not None and chars > max_chars):
            return kept, True
        kept.append(row)
    return kept, False
