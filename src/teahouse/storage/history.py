"""Messages as they read now: edit, erase, react; pages of them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, insert, select, update

from teahouse.errors import NotFound
from teahouse.model import Message, Page, Quote, Reaction
from teahouse.storage import log, mentions, rooms
from teahouse.storage.log import Transaction
from teahouse.storage.rows import QUOTE_CHARS, fitting, quote_from, user_columns, user_from
from teahouse.storage.search import index
from teahouse.storage.tables import entries, messages, reactions, users

MAX_NOTICES = 200
MAX_PAGE_CHARS = 128 * 1024
"""What the texts of one slice of a page may hold together; a page has two slices at most. Its first message is always in it."""


def quotes(connection: Connection, room: int, seqs: Collection[int]) -> list[Quote]:
    """Return the messages `seqs` of a room, those that exist, as an answer to them shows them."""
    found = connection.execute(_page_select.where(messages.c.room_id == room, messages.c.seq.in_(seqs)))
    return [Quote(row.seq, user_from(row, "by"), row.text[:QUOTE_CHARS]) for row in found]


def message(connection: Connection, room: int, seq: int) -> Message:
    """Return a message as it reads now, without its reactions; NotFound when there is none."""
    row = connection.execute(_page_select.where(messages.c.room_id == room, messages.c.seq == seq)).first()
    if row is None:
        raise NotFound(f"message {seq} does not exist in this room")
    return _message(row, [])


def messages_at(connection: Connection, room: int, seqs: Collection[int]) -> list[Message]:
    """Return those messages of a room, without their reactions. The caller has seen to it that they may be read."""
    return [_message(row, []) for row in connection.execute(_page_select.where(messages.c.room_id == room, messages.c.seq.in_(seqs)))]


def rewrite(tx: Transaction, room: int, seq: int, text: str) -> None:
    """Let a message read `text` from here on."""
    tx.erases = True
    index.replace(tx, room, seq, text)
    mentions.note_again(tx, room, seq, text)
    tx.connection.execute(update(messages).where(messages.c.room_id == room, messages.c.seq == seq).values(text=text, edited=True))


def erase(tx: Transaction, room: int, seq: int) -> None:
    """Remove a message's text and reactions for good; its number stays, with nothing in it."""
    tx.erases = True
    index.replace(tx, room, seq, None)
    mentions.note_again(tx, room, seq, "")
    where = and_(messages.c.room_id == room, messages.c.seq == seq)
    tx.connection.execute(update(messages).where(where).values(text="", removed=True, edited=False, reply_to=None))
    tx.connection.execute(delete(reactions).where(reactions.c.room_id == room, reactions.c.message_seq == seq))


def reactions_of(connection: Connection, room: int, seq: int, user_id: int) -> set[str]:
    """Return the emoji with which `user_id` reacted to a message."""
    found = select(reactions.c.emoji).where(reactions.c.room_id == room, reactions.c.message_seq == seq, reactions.c.user_id == user_id)
    return set(connection.scalars(found))


def set_reaction(tx: Transaction, room: int, seq: int, user_id: int, emoji: str, place: int | None) -> None:
    """Add a reaction that was not there, placed by the seq of its entry, or take back one that was (`place` None)."""
    key = {"room_id": room, "message_seq": seq, "user_id": user_id, "emoji": emoji}
    if place is not None:
        tx.connection.execute(insert(reactions).values(**key, place=place))
    else:
        tx.connection.execute(delete(reactions).where(*(reactions.c[name] == value for name, value in key.items())))


def take_back_reaction(tx: Transaction, room: int, seq: int, user_id: int, place: int) -> list[str]:
    """Take back the reaction that the entry `place` added, if it stands; return its emoji."""
    where = reactions.c.room_id == room, reactions.c.message_seq == seq, reactions.c.user_id == user_id, reactions.c.place == place
    gone = list(tx.connection.scalars(delete(reactions).where(*where).returning(reactions.c.emoji)))
    tx.erases |= bool(gone)
    return gone


def page(
    connection: Connection,
    user_id: int,
    room: int,
    *,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    limit: int,
) -> Page:
    """Return up to `limit` messages of a room that `user_id` is in, rising by seq; without a place, the last ones.

    The connection's snapshot is the page's: `head` and the messages belong together. NotAllowed or NotFound for outsiders.
    """
    head = rooms.head_for(connection, user_id, room)
    here = _page_select.where(messages.c.room_id == room)
    if around is not None:
        older, more_before = _slice(connection, here, messages.c.seq < around, limit // 2, newest=True)
        newer, more_after = _slice(connection, here, messages.c.seq >= around, limit - limit // 2, newest=False)
        rows = older + newer
    elif after is not None:
        rows, more_after = _slice(connection, here, messages.c.seq > after, limit, newest=False)
        more_before = bool(_slice(connection, here, messages.c.seq <= after, 1, newest=True)[0])
    else:
        place = messages.c.seq < before if before is not None else messages.c.seq <= head
        rows, more_before = _slice(connection, here, place, limit, newest=True)
        more_after = before is not None and bool(_slice(connection, here, messages.c.seq >= before, 1, newest=False)[0])
    found = _reactions(connection, room, rows)
    # The notices of a page reach to its neighbours' messages, so that pages put together miss none between them.
    first = after if after is not None else rows[0].seq if rows and more_before else 0
    last = before - 1 if before is not None else rows[-1].seq if rows and more_after else head
    return Page(
        room=room,
        messages=[_message(row, found.get(row.seq, [])) for row in rows],
        head=head,
        more_before=more_before,
        more_after=more_after,
        notices=log.notices(connection, room, first, last, MAX_NOTICES),
    )


def _slice(
    connection: Connection, query: Select[Any], where: ColumnElement[bool], limit: int, *, newest: bool
) -> tuple[list[Row[Any]], bool]:
    """Return rows next to one end of `where`, rising by seq, and whether there are more beyond them.

    There are `limit` at most, and fewer when they are long: the rest is asked for by the next page.
    """
    order = messages.c.seq.desc() if newest else messages.c.seq
    kept, more = fitting(connection.execute(query.where(where).order_by(order).limit(limit + 1)), MAX_PAGE_CHARS, limit)
    return (kept[::-1] if newest else kept), more


def _reactions(connection: Connection, room: int, rows: Sequence[Row[Any]]) -> dict[int, list[Reaction]]:
    """Return each message's reactions, emoji and users in the order in which they were added."""
    if not rows:
        return {}
    query = (
        select(
            reactions.c.message_seq,
            reactions.c.emoji,
            *user_columns(_reactor, "by"),
        )
        .join(_reactor, _reactor.c.id == reactions.c.user_id)
        .where(reactions.c.room_id == room, reactions.c.message_seq.between(rows[0].seq, rows[-1].seq))
        .order_by(reactions.c.place)
    )
    gathered: dict[int, dict[str, list[Any]]] = {}
    for row in connection.execute(query):
        gathered.setdefault(row.message_seq, {}).setdefault(row.emoji, []).append(user_from(row, "by"))
    return {seq: [Reaction(emoji, by) for emoji, by in found.items()] for seq, found in gathered.items()}


_reactor = users.alias("reactor")
_author = users.alias("author")
_quoted_message = messages.alias("quoted")
_quoted_author = users.alias("quoted_author")
_page_select: Select[Any] = (
    select(
        messages,
        entries.c.client_id,
        func.substr(_quoted_message.c.text, 1, QUOTE_CHARS).label("quoted_text"),
        *user_columns(_author, "by"),
        *user_columns(_quoted_author, "quoted_by"),
    )
    .join_from(messages, entries, and_(entries.c.log_id == messages.c.room_id, entries.c.seq == messages.c.seq))
    .join(_author, _author.c.id == messages.c.author_id)
    .outerjoin(_quoted_message, and_(_quoted_message.c.room_id == messages.c.room_id, _quoted_message.c.seq == messages.c.reply_to))
    .outerjoin(_quoted_author, _quoted_author.c.id == _quoted_message.c.author_id)
)


def _message(row: Row[Any], found: list[Reaction]) -> Message:
    return Message(
        seq=row.seq,
        at=row.at,
        by=user_from(row, "by"),
        text=row.text,
        reply_to=quote_from(row),
        edited=row.edited,
        removed=row.removed,
        reactions=found,
        client_id=row.client_id,
    )
