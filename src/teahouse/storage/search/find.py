"""Looking for messages, the newest first: through the texts that are not indexed yet, then down the index.

The index gives candidates; the text as it reads now decides. What one search may cost is bounded: it stops early and says up to
where it has looked.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, and_, or_, select

from teahouse.model import Found, FoundMessages
from teahouse.storage import history, rooms
from teahouse.storage.search.index import unpack
from teahouse.storage.search.query import Query
from teahouse.storage.search.terms import author_term
from teahouse.storage.tables import members, messages, search_parts, search_terms, users

MAX_AUTHORS = 20
MAX_TEXTS = 3000
"""Texts that one search reads at most."""
MAX_PLACES = 600_000
"""Places that it takes out of the index at most."""

_FIRST_PARTS, _MOST_PARTS = 2, 128
_FIRST_TEXTS = 64


class _Part(Struct):
    first: int
    batch: int


class _Purse:
    """What one search may still spend."""

    def __init__(self) -> None:
        self.texts = MAX_TEXTS
        self.places = MAX_PLACES

    @property
    def empty(self) -> bool:
        return self.texts <= 0 or self.places <= 0


def search(
    connection: Connection, user_id: int, query: Query, room: int | None, before: int | None, limit: int, among: frozenset[int] | None
) -> FoundMessages:
    """Return the newest messages that match, of one room that the user is in (NotAllowed or NotFound otherwise) or of all of them.

    `among` are the rooms that a token is limited to. The connection's snapshot is the search's.
    """
    if room is not None:
        rooms.head_for(connection, user_id, room)
        places = [room]
    else:
        places = list(connection.scalars(select(members.c.room_id).where(members.c.user_id == user_id)))
    finder = _Finder(connection, user_id, query)
    hits: list[tuple[int, int, int]] = []
    stopped = 0
    for place in places:
        if among is None or place in among:
            found, stopped_at = finder.in_room(place, before, limit)
            hits += found
            stopped = max(stopped, stopped_at)
    hits.sort(reverse=True)
    kept = hits[:limit]
    return FoundMessages(
        _shown(connection, query, kept),
        before=stopped if room is not None else 0,
        more=bool(stopped) or len(hits) > limit,
    )


class _Finder:
    """One search in one snapshot; what it has spent counts over all rooms."""

    def __init__(self, connection: Connection, user_id: int, query: Query) -> None:
        self._connection = connection
        self._user_id = user_id
        self._query = query
        self._purse = _Purse()
        self._authors = _authors(connection, query.authors)
        self._needs = [[beginning] for beginning in query.beginnings]
        if query.authors:
            self._needs.insert(0, [author_term(author) for author in self._authors])

    def in_room(self, room: int, before: int | None, limit: int) -> tuple[list[tuple[int, int, int]], int]:
        """Return up to `limit` hits as (at, room, seq), and the seq before which there may be more, 0 when all was looked at."""
        if self._query.authors and not self._authors:
            return [], 0
        hits: list[tuple[int, int, int]] = []
        reached = before or 0
        for seq, at, matches in self._looked_at(room, before):
            if matches:
                if len(hits) == limit:
                    return hits, hits[-1][2]
                hits.append((at, room, seq))
            reached = seq
            if self._purse.empty:
                return hits, reached
        return hits, 0

    def _looked_at(self, room: int, before: int | None) -> Iterator[tuple[int, int, bool]]:
        """Yield (seq, at, whether it matches) of messages, falling by seq; those that cannot match may be left out."""
        parts = self._parts(room)
        indexed = parts[0][1] if parts else 0
        fresh = [messages.c.seq > indexed, *([messages.c.seq < before] if before else [])]
        yield from self._read(room, and_(*fresh))
        known = [_Part(first, batch) for first, _, batch in parts if before is None or first < before]
        width, start = _FIRST_PARTS, 0
        while start < len(known):
            candidates = self._candidates(room, known[start : start + width])
            start += width
            width = min(2 * width, _MOST_PARTS)
            falling = (seq for seq in candidates if before is None or seq < before)
            size = _FIRST_TEXTS
            while seqs := list(islice(falling, size)):
                yield from self._read(room, messages.c.seq.in_(seqs))
                size = min(2 * size, 500)
            if self._purse.empty and start < len(known):
                yield known[start - 1].first, 0, False

    def _parts(self, room: int) -> list[tuple[int, int, int]]:
        mine = and_(members.c.room_id == search_parts.c.room_id, members.c.user_id == self._user_id)
        query = select(search_parts.c.first_seq, search_parts.c.last_seq, search_parts.c.batch).join(members, mine)
        found = self._connection.execute(query.where(search_parts.c.room_id == room).order_by(search_parts.c.first_seq.desc()))
        return [(first, last, batch) for first, last, batch in found]

    def _read(self, room: int, where: ColumnElement[bool]) -> Iterator[tuple[int, int, bool]]:
        mine = and_(members.c.room_id == messages.c.room_id, members.c.user_id == self._user_id)
        query = select(messages.c.seq, messages.c.at, messages.c.author_id, messages.c.text).join_from(messages, members, mine)
        falling = query.where(messages.c.room_id == room, where, messages.c.removed.is_(False)).order_by(messages.c.seq.desc())
        for seq, at, author_id, text in self._connection.execute(falling.limit(max(self._purse.texts, 1))):
            self._purse.texts -= 1
            yield seq, at, (not self._query.authors or author_id in self._authors) and self._query.matches(text)

    def _candidates(self, room: int, parts: list[_Part]) -> list[int]:
        """Return the seqs of these parts that have all that is needed, falling."""
        firsts = {part.batch: part.first for part in parts}
        kept: dict[int, set[int]] = {}
        for number, need in enumerate(self._needs):
            found = self._places(room, list(kept) if number else list(firsts), need)
            kept = {batch: places & kept[batch] if number else places for batch, places in found.items()}
            kept = {batch: places for batch, places in kept.items() if places}
            if not kept:
                return []
        return sorted((firsts[batch] + place for batch, places in kept.items() for place in places), reverse=True)

    def _places(self, room: int, batches: list[int], need: list[bytes]) -> dict[int, set[int]]:
        begins = [and_(search_terms.c.term >= each, search_terms.c.term < each + b"\xff") for each in need]  # no UTF-8 has this byte
        here = and_(search_terms.c.batch.in_(batches), search_terms.c.room_id == room, or_(*begins))
        found: dict[int, set[int]] = {}
        for batch, packed in self._connection.execute(select(search_terms.c.batch, search_terms.c.places).where(here)):
            places = unpack(packed)
            self._purse.places -= len(places)
            found.setdefault(batch, set()).update(places)
        return found


def _authors(connection: Connection, names: Iterable[str]) -> set[int]:
    """Return the users whose names begin so; those who have gone keep what they were called."""
    called = [or_(users.c.name_key.startswith(name, autoescape=True), users.c.name.istartswith(name, autoescape=True)) for name in names]
    if not called:
        return set()
    return set(connection.scalars(select(users.c.id).where(or_(*called)).order_by(users.c.id.desc()).limit(MAX_AUTHORS)))


def _shown(connection: Connection, query: Query, hits: list[tuple[int, int, int]]) -> list[Found]:
    by_room: dict[int, list[int]] = {}
    for _, room, seq in hits:
        by_room.setdefault(room, []).append(seq)
    read = {(room, message.seq): message for room, seqs in by_room.items() for message in history.messages_at(connection, room, seqs)}
    return [Found(room, read[room, seq], query.marks(read[room, seq].text)) for _, room, seq in hits]
