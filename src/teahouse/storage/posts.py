"""Store what people say, a batch at a time: the hot path. Its cost is measured by P2 and P3 of docs/performance.md."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import BigInteger, ClauseElement, Connection, Integer, Text, bindparam, exists, insert, not_, or_, select

from teahouse.errors import Conflict, NotAllowed, NotFound, TeahouseError
from teahouse.model import Draft, Entry, Posted, Quote
from teahouse.storage import history, log, mentions
from teahouse.storage.log import Transaction
from teahouse.storage.prepared import Prepared, as_list, listed
from teahouse.storage.rows import packed_ids
from teahouse.storage.tables import entries, members, messages


def post(tx: Transaction, drafts: Sequence[Draft]) -> list[Entry | TeahouseError]:
    """Store `posted` drafts; return for each its entry, the first entry that carried its client id, or its refusal."""
    outsiders, repeated = _exceptions(tx.connection, drafts)
    known = log.repeats(tx.connection, [drafts[place] for place in repeated]) if repeated else {}
    quotes = _quotes(tx.connection, drafts)
    fresh: dict[tuple[int, str], Draft] = {}
    refused: dict[int, TeahouseError] = {}
    for place, draft in enumerate(drafts):
        key = (draft.by.id, str(draft.client_id))
        if key in known or key in fresh:
            continue
        quoted = _quoted(draft)
        if place in outsiders:
            refused[place] = NotAllowed("only members of a room can post to it: join it first", code="not_member")
        elif quoted and (draft.log, quoted) not in quotes:
            refused[place] = NotFound(f"message {quoted} of this room, which this answers, does not exist")
        elif quoted and draft.by.role == "bot" and not quotes[draft.log, quoted].text:
            refused[place] = NotFound("what this answers was removed")  # a moment ago: the answer may repeat what it said
        else:
            fresh[key] = _complete(tx.connection, draft, quotes[draft.log, quoted] if quoted else None)
    for key, entry in zip(fresh, _insert(tx, list(fresh.values())), strict=True):
        known[key] = entry
    return [refused.get(place) or _answer(draft, known[draft.by.id, str(draft.client_id)]) for place, draft in enumerate(drafts)]


def _exceptions(connection: Connection, drafts: Sequence[Draft]) -> tuple[set[int], set[int]]:
    """Return the places of drafts whose author is not in the room, and of those whose client id was used before.

    One statement that returns next to nothing in nearly every batch: each row that comes out of SQLite is a turn of the interpreter's lock.
    """
    asked = [{"place": place, "author": draft.by.id, "log": draft.log, "client": draft.client_id} for place, draft in enumerate(drafts)]
    found = _find_exceptions.all(connection, {"asked": as_list(asked)})
    return {place for place, inside, _ in found if not inside}, {place for place, _, known in found if known}


def _exceptions_query(backend: str) -> ClauseElement:
    asked = listed(backend, "asked", {"place": Integer(), "author": BigInteger(), "log": BigInteger(), "client": Text()})
    inside = exists().where(members.c.user_id == asked.c.author, members.c.room_id == asked.c.log)
    known = exists().where(entries.c.client_id == asked.c.client, entries.c.author_id == asked.c.author)
    return select(asked.c.place, inside, known).where(or_(not_(inside), known))


_find_exceptions = Prepared(_exceptions_query)


def _insert(tx: Transaction, drafts: Sequence[Draft]) -> list[Entry]:
    if not drafts:
        return []
    appended = log.append(tx, drafts)
    _insert_messages.many(tx.connection, [_message_row(entry) for entry in appended])
    mentions.note(tx.connection, appended)
    return appended


_COLUMNS = ("room_id", "seq", "at", "author_id", "text", "reply_to", "edited", "removed", "mentions")
_insert_messages = Prepared(lambda _: insert(messages).values({name: bindparam(name) for name in _COLUMNS}).inline())


def _message_row(entry: Entry) -> dict[str, Any]:
    fact = entry.fact
    if not isinstance(fact, Posted):
        raise TypeError(f"expected a posted fact, got {fact!r}")
    return {
        "room_id": entry.log,
        "seq": entry.seq,
        "at": entry.at,
        "author_id": entry.by.id,
        "text": fact.text,
        "reply_to": fact.reply_to.seq if fact.reply_to else None,
        "edited": False,
        "removed": False,
        "mentions": packed_ids(fact.mentions),
    }


def _answer(draft: Draft, entry: Entry) -> Entry | TeahouseError:
    if entry.log != draft.log or not isinstance(entry.fact, Posted):
        return Conflict(f"the client_id {draft.client_id!r} was used for something else before; use another")
    return entry


def _quoted(draft: Draft) -> int | None:
    return draft.fact.reply_to.seq if isinstance(draft.fact, Posted) and draft.fact.reply_to else None


def _quotes(connection: Connection, drafts: Sequence[Draft]) -> dict[tuple[int, int], Quote]:
    wanted: dict[int, set[int]] = {}
    for draft in drafts:
        if (seq := _quoted(draft)) is not None:
            wanted.setdefault(draft.log, set()).add(seq)
    return {(room, quote.seq): quote for room, seqs in wanted.items() for quote in history.quotes(connection, room, seqs)}


def _complete(connection: Connection, draft: Draft, quote: Quote | None) -> Draft:
    """Return a draft with what it quotes and the ids of those whom it names."""
    fact = draft.fact
    if not isinstance(fact, Posted):
        raise TypeError(f"expected a posted fact, got {fact!r}")
    named = mentions.named(connection, draft.log, fact.text)
    if quote is None and not named:
        return draft
    return msgspec.structs.replace(draft, fact=msgspec.structs.replace(fact, reply_to=quote, mentions=named))
