"""Who reacted with what to which message. How much there is of it on one message, policy.py bounds; what a page tells, this does."""

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from contextlib import closing
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, case, delete, func, insert, or_, select, update

from teahouse.model import Reaction, User
from teahouse.storage.log import Transaction
from teahouse.storage.rows import user_columns, user_from
from teahouse.storage.tables import reactions, users

MAX_LISTED_PEOPLE = 10
"""So many people of one kind a page names, and its reader, if they are one of the others; of the rest it tells how many they are."""
MAX_KINDS = 20
"""So many kinds a page tells of one message. No more are let in; there may be some from before there was a bound."""
KIND_CHARS = 32
USER_CHARS = 64
"""What one kind and one listed person count for where a page is measured in characters; in bytes they are four times that at most."""


class Given(NamedTuple):
    """The reactions to one message: how many in all, the kinds of all people, those of who wants to react, and how many they began."""

    total: int
    kinds: Set[str]
    mine: Set[str]
    begun: int


class Kind(NamedTuple):
    """All reactions to one message with one emoji: how many, and the place of the first."""

    emoji: str
    people: int
    place: int

    @property
    def chars(self) -> int:
        return KIND_CHARS + USER_CHARS * min(self.people, MAX_LISTED_PEOPLE + 1)


def given(connection: Connection, room: int, seq: int, user_id: int) -> Given:
    """Return what was given to a message, by all and by `user_id`. Who is first of a kind began it, whoever was before them."""
    mine = func.min(case((reactions.c.user_id == user_id, reactions.c.place))).label("mine")
    first = func.min(reactions.c.place).label("first")
    query = select(reactions.c.emoji, func.count(), mine, first).where(_of(room, seq)).group_by(reactions.c.emoji)
    found = connection.execute(query).all()
    given_by_them = {row.emoji for row in found if row.mine is not None}
    return Given(sum(row[1] for row in found), {row.emoji for row in found}, given_by_them, sum(row.mine == row.first for row in found))


def add(tx: Transaction, room: int, seq: int, user_id: int, emoji: str, place: int) -> None:
    """Add a reaction that was not there, placed by the seq of its entry."""
    tx.connection.execute(insert(reactions).values(room_id=room, message_seq=seq, user_id=user_id, emoji=emoji, place=place))


def take_back(tx: Transaction, room: int, seq: int, user_id: int, emoji: str) -> bool:
    """Take a reaction back, and say whether it stood.

    The next one of the kind gets its place, so that the kind stays where those see it among the others who were there.
    """
    of_kind = and_(_of(room, seq), reactions.c.emoji == emoji)
    place = tx.connection.scalar(delete(reactions).where(of_kind, reactions.c.user_id == user_id).returning(reactions.c.place))
    if place is None:
        return False
    first = select(func.min(reactions.c.place)).where(of_kind).scalar_subquery()
    tx.connection.execute(update(reactions).where(of_kind, reactions.c.place == first, reactions.c.place > place).values(place=place))
    return True


def erase(tx: Transaction, room: int, seq: int) -> None:
    """Take all reactions from a message."""
    tx.connection.execute(delete(reactions).where(_of(room, seq)))


def within(
    connection: Connection, room: int, rows: Sequence[Row[Any]], max_chars: int, *, newest: bool
) -> tuple[list[Row[Any]], dict[int, list[Kind]]]:
    """Return the first of the messages `rows`, as many as fit with their reactions, the first in any case; and the kinds of each.

    The messages are next to each other, falling by seq if `newest`. No reactions are looked at but those of what fits, and of the next.
    """
    found: dict[int, list[Kind]] = {}
    if not rows:
        return [], found
    first, last = sorted((rows[0].seq, rows[-1].seq))
    # In the order of the primary key, or its reverse: so the groups come one by one, and nothing is sorted.
    order = [column.desc() if newest else column for column in (reactions.c.message_seq, reactions.c.emoji)]
    query = (
        select(reactions.c.message_seq, reactions.c.emoji, func.count().label("people"), func.min(reactions.c.place).label("place"))
        .where(reactions.c.room_id == room, reactions.c.message_seq.between(first, last))
        .group_by(reactions.c.message_seq, reactions.c.emoji)
        .order_by(*order)
    )
    chars = 0
    with closing(connection.execute(query)) as result:
        messages = _by_message(result)
        seq, kinds = next(messages, (0, []))
        for n, row in enumerate(rows):
            chars += len(row.text)
            if seq == row.seq:
                chars += sum(kind.chars for kind in kinds)
            if n and chars > max_chars:
                return list(rows[:n]), found
            if seq == row.seq:
                found[seq] = kinds
                seq, kinds = next(messages, (0, []))
    return list(rows), found


def _by_message(rows: Iterator[Row[Any]]) -> Iterator[tuple[int, list[Kind]]]:
    for seq, found in groupby(rows, key=attrgetter("message_seq")):
        kinds = sorted((Kind(row.emoji, row.people, row.place) for row in found), key=attrgetter("place"))
        yield seq, kinds[:MAX_KINDS]


def told(connection: Connection, user_id: int, room: int, kinds: dict[int, list[Kind]]) -> dict[int, list[Reaction]]:
    """Return the reactions to messages next to each other as `user_id` is told of them: emoji and people in the order in which they came.

    Of a kind that more people gave than are listed, those are named who have been in the house longest.
    """
    if not kinds:
        return {}
    in_kind = func.row_number().over(partition_by=[reactions.c.message_seq, reactions.c.emoji], order_by=reactions.c.user_id)
    ranked = (
        select(reactions, in_kind.label("rank"))
        .where(reactions.c.room_id == room, reactions.c.message_seq.between(min(kinds), max(kinds)))
        .subquery()
    )
    query = (
        select(ranked.c.message_seq, ranked.c.emoji, *user_columns(users, "by"))
        .join(users, users.c.id == ranked.c.user_id)
        .where(or_(ranked.c.rank <= MAX_LISTED_PEOPLE, ranked.c.user_id == user_id))
        .order_by(ranked.c.place)
    )
    listed: dict[tuple[int, str], list[User]] = defaultdict(list)
    for row in connection.execute(query):
        listed[row.message_seq, row.emoji].append(user_from(row, "by"))

    def reaction(seq: int, kind: Kind) -> Reaction:
        by = listed[seq, kind.emoji]
        return Reaction(kind.emoji, by, kind.people - len(by))

    return {seq: [reaction(seq, kind) for kind in found] for seq, found in kinds.items()}


def _of(room: int, seq: int) -> Any:
    return and_(reactions.c.room_id == room, reactions.c.message_seq == seq)
