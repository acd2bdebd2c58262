"""Statements compiled once say the same as SQLAlchemy would, on both databases, and fail in the same words."""

import pytest
from sqlalchemy import BigInteger, Integer, Text, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from teahouse.model import LOBBY
from teahouse.storage.prepared import Prepared, as_list, listed
from teahouse.storage.tables import logs
from tests.storage.house import House

ODD_TEXTS = ["", "12", "1e9", "null", "it's", '"', "\\", "茶", "🍵", "\x01", "a\nb", "%s", ":name", "true", None]

_given = Prepared(lambda backend: select(listed(backend, "given", {"place": Integer(), "text": Text(), "long": BigInteger()})))
_insert_log = Prepared(lambda _: insert(logs).values(id=bindparam("id"), head=bindparam("head")).inline())


async def test_a_list_arrives_as_it_was_given(house: House) -> None:
    rows = [{"place": place, "text": text, "long": (1 << 62) + place} for place, text in enumerate(ODD_TEXTS)]
    found = await house.database.read(_given.all, {"given": as_list(rows)})
    assert sorted(found) == [(row["place"], row["text"], row["long"]) for row in rows]


async def test_an_empty_list_is_no_rows(house: House) -> None:
    assert await house.database.read(_given.all, {"given": as_list([])}) == []


async def test_what_the_driver_raises_is_raised_as_sqlalchemy_would_without_the_parameters(house: House) -> None:
    connection = house.database.write_connection
    with pytest.raises(IntegrityError) as raised, connection.begin():
        _insert_log.many(connection, [{"id": LOBBY, "head": 0}])
    assert raised.value.params is None
