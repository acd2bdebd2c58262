"""Messages as they read now: edit, erase, react; pages of them."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, select, update

from teahouse.errors import NotFound
from teahouse.model import Message, Page, Quote, Reaction
from teahouse.storage import log, mentions, reactions, rooms
from teahouse.storage.log import Transaction
from teahouse.storage.rows import QUOTE_CHARS, fitting, packed_ids, quote_from, unpacked_ids, user_columns, user_from
from teahouse.storage.search import index
from teahouse.storage.tables import entries, messages, users

MAX_NOTICES = 200
MAX_PAGE_CHARS = 128 * 1024
"""What texts and reactions of one slice of a page may hold together; a page has two at most. The first message is always in it."""


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


def rewrite(tx: Transaction, room: int, seq: int, text: str) -> tuple[int, ...]:
    """Let a message read `text` from here on, and return whom it names now."""
    tx.erases = True
    index.replace(tx, room, seq, text)
    where = and_(messages.c.room_id == room, messages.c.seq == seq)
    named = mentions.named(tx.connection, room, text)
    mentions.note_again(tx, room, seq, named)
    tx.connection.execute(update(messages).where(where).values(text=text, edited=True, mentions=packed_ids(named)))
    return named


def erase(tx: Transaction, room: int, seq: int) -> None:
    """Remove a message's text and reactions for good; its number stays, with nothing in it."""
    tx.erases = True
    index.replace(tx, room, seq, None)
    mentions.note_again(tx, room, seq, ())
    where = and_(messages.c.room_id == room, messages.c.seq == seq)
    tx.connection.execute(update(messages).where(where).values(text="", removed=True, edited=False, reply_to=None, mentions=None))
    reactions.erase(tx, room, seq)


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
    if around is not None:
        older, older_kinds, more_before = _slice(connection, room, messages.c.seq < around, limit // 2, newest=True)
        newer, newer_kinds, more_after = _slice(connection, room, messages.c.seq >= around, limit - limit // 2, newest=False)
        rows, kinds = older + newer, older_kinds | newer_kinds
    elif after is not None:
        rows, kinds, more_after = _slice(connection, room, messages.c.seq > after, limit, newest=False)
        more_before = _exists(connection, room, messages.c.seq <= after)
    else:
        place = messages.c.seq < before if before is not None else messages.c.seq <= head
        rows, kinds, more_before = _slice(connection, room, place, limit, newest=True)
        more_after = before is not None and _exists(connection, room, messages.c.seq >= before)
    found = reactions.told(connection, user_id, room, kinds)
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
    connection: Connection, room: int, where: ColumnElement[bool], limit: int, *, newest: bool
) -> tuple[list[Row[Any]], dict[int, list[reactions.Kind]], bool]:
    """Return rows next to one end of `where`, rising by seq, the kinds of their reactions, and whether there are more beyond them.

    There are `limit` at most, and fewer when they are long: the rest is asked for by the next page.
    """
    query = _page_select.where(messages.c.room_id == room, where)
    order = messages.c.seq.desc() if newest else messages.c.seq
    read, more = fitting(connection.execute(query.order_by(order).limit(limit + 1)), MAX_PAGE_CHARS, limit)
    kept, kinds = reactions.within(connection, room, read, MAX_PAGE_CHARS, newest=newest)
    return (kept[::-1] if newest else kept), kinds, more or len(kept) < len(read)


def _exists(connection: Connection, room: int, where: ColumnElement[bool]) -> bool:
    return connection.scalar(select(messages.c.seq).where(messages.c.room_id == room, where).limit(1)) is not None


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
        mentions=unpacked_ids(row.mentions),
    )
