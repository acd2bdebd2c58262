"""Looking for messages, the newest first: through the texts that are not indexed yet, then down the index.

The index gives candidates; the text as it reads now decides. What one search may cost is bounded (`purse.py`): it stops early and says
up to where it has looked.
"""

from collections.abc import Iterable, Iterator, Set
from itertools import accumulate, chain, islice
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, and_, false, or_, select, true, union_all

from teahouse.model import Found, FoundMessages
from teahouse.storage import history, rooms
from teahouse.storage.search.index import Stretch, unpack
from teahouse.storage.search.purse import Purse
from teahouse.storage.search.query import Query
from teahouse.storage.search.terms import LOOK_THROUGH, author_term
from teahouse.storage.tables import members, messages, search_changes, search_parts, search_terms, users

MAX_AUTHORS = 20
MAX_ANSWER_CHARS = 128 * 1024
"""Characters of the texts of one answer, its first one apart: long messages make it shorter than was asked for."""
MAX_ROWS = 10_000
"""Rows that one word takes out of the index in one go. A beginning of more terms says too little to be looked up."""

_FIRST_PARTS, _MOST_PARTS = 2, 128
_FIRST_TEXTS, _MOST_TEXTS = 64, 500
_BREATH_PLACES = 5000
_READ_CHARS = 256 * 1024
"""About what is read in one go, since some drivers keep all rows of a statement in memory."""

Hit = tuple[int, int, int, int]
"""(at, room, seq, characters)"""

_Places = dict[int, set[int]]
"""By batch, which of its messages."""

Looked = tuple[int, int, int, bool]
"""(seq, at, characters, whether it matches)"""


def search(
    connection: Connection,
    user_id: int,
    query: Query,
    room: int | None,
    before: int | None,
    limit: int,
    among: frozenset[int] | None,
    purse: Purse | None = None,
) -> FoundMessages:
    """Return the newest messages that match, of one room that the user is in (NotAllowed or NotFound otherwise) or of all of them.

    `among` are the rooms that a token is limited to. The connection's snapshot is the search's.
    """
    purse = purse or Purse()
    purse.begin()
    if room is not None:
        rooms.head_for(connection, user_id, room)
        places = [room]
    else:
        mine = connection.scalars(select(members.c.room_id).where(members.c.user_id == user_id))
        places = [place for place in mine if among is None or place in among]
    finder = _Finder(connection, user_id, query, purse, goes_on=room is not None)
    hits: list[Hit] = []
    stopped = 0
    for number, place in enumerate(places):
        purse.reserve(len(places) - number - 1)
        found, stopped_at = finder.in_room(place, before, limit)
        hits += found
        stopped = max(stopped, stopped_at)
    if room is None:
        hits.sort(reverse=True)
    kept = _fitting(hits[:limit])
    if room is not None and len(kept) < len(hits):
        stopped = kept[-1][2]
    return FoundMessages(
        _shown(connection, query, kept),
        before=stopped if room is not None else 0,
        more=bool(stopped) or len(kept) < len(hits),
    )


class _Finder:
    """One search in one snapshot; what it has spent counts over all rooms."""

    def __init__(self, connection: Connection, user_id: int, query: Query, purse: Purse, *, goes_on: bool) -> None:
        self._connection = connection
        self._user_id = user_id
        self._query = query
        self._purse = purse
        self._goes_on = goes_on
        self._authors = _authors(connection, query.authors)
        self._wants: list[ColumnElement[bool]] = [_begins(beginning) for beginning in query.beginnings]
        if query.authors:
            self._wants.insert(0, search_terms.c.term.in_([author_term(author) for author in self._authors]))
        self._changed = _changed(connection, user_id)
        self._average_chars = 0.0
        self._passed_over = 0

    def in_room(self, room: int, before: int | None, limit: int) -> tuple[list[Hit], int]:
        """Return up to `limit` hits, and the seq before which there may be more, 0 when all was looked at."""
        if self._query.authors and not self._authors:
            return [], 0
        hits: list[Hit] = []
        reached = before or 0
        self._passed_over = 0
        for seq, at, size, matches in self._looked_at(room, before):
            if matches:
                if len(hits) == limit:
                    return hits, hits[-1][2]
                hits.append((at, room, seq, size))
            reached = seq
            if self._purse.is_empty:
                return hits, reached
        if self._passed_over:  # it is worth going on from there, or from the last hit if that is below: nothing is shown twice
            return hits, min([self._passed_over + 1, *(seq for _, _, seq, _ in hits[-1:])])
        return hits, 0

    def _looked_at(self, room: int, before: int | None) -> Iterator[Looked]:
        """Yield messages, falling by seq; those that cannot match may be left out."""
        parts = self._parts(room)
        yield from self._fresh(room, parts[0].last if parts else 0, before)
        known = [part for part in parts if before is None or part.first < before]
        width, start = _FIRST_PARTS, 0
        while start < len(known):
            some = known[start : start + width]
            candidates, unsure, is_common = self._candidates(room, some)
            if is_common and len(some) > 1:
                width = max(1, len(some) // 4)
                continue
            start += len(some)
            width = width if is_common else min(2 * width, _MOST_PARTS)
            yield from self._texts(room, (seq for seq in candidates if before is None or seq < before), unsure)
            if self._purse.is_empty and start < len(known):
                yield some[-1].first, 0, 0, False

    def _fresh(self, room: int, indexed: int, before: int | None) -> Iterator[Looked]:
        """Look through what is not indexed yet; unless one may go on from here, only while half is left for what is indexed."""
        at_once = count = _FIRST_TEXTS
        while count == at_once:
            at_once, count = self._at_once(_MOST_TEXTS), 0
            below = [messages.c.seq < before] if before is not None else []
            for looked in self._read(room, and_(messages.c.seq > indexed, *below), at_once):
                yield looked
                before, count = looked[0], count + 1
                if not (self._goes_on or self._purse.may_read_fresh):
                    self._passed_over = before
                    return

    def _texts(self, room: int, falling: Iterator[int], unsure: Set[int]) -> Iterator[Looked]:
        """Look through these; of the `unsure` ones, which may be many for nothing, as many as the purse has for them."""
        size = _FIRST_TEXTS
        wanted = (seq for seq in falling if seq not in unsure or self._may_read(seq))
        while seqs := list(islice(wanted, self._at_once(size))):
            yield from self._read(room, messages.c.seq.in_(seqs), len(seqs), unsure)
            size = min(2 * size, _MOST_TEXTS)

    def _may_read(self, unsure: int) -> bool:
        if not self._purse.may_read_unsure:
            self._passed_over = max(self._passed_over, unsure)
        return self._purse.may_read_unsure

    def _parts(self, room: int) -> list[Stretch]:
        mine = and_(members.c.room_id == search_parts.c.room_id, members.c.user_id == self._user_id)
        query = select(search_parts.c.batch, search_parts.c.first_seq, search_parts.c.last_seq).join(members, mine)
        found = self._connection.execute(query.where(search_parts.c.room_id == room).order_by(search_parts.c.first_seq.desc()))
        return [Stretch(batch, first, last) for batch, first, last in found]

    def _at_once(self, at_most: int) -> int:
        """How many texts to read in one go, by how long they were so far."""
        fitting = _READ_CHARS / self._average_chars if self._average_chars else _FIRST_TEXTS
        return int(max(1, min(fitting, at_most, self._purse.texts)))

    def _read(self, room: int, where: ColumnElement[bool], at_most: int, unsure: Set[int] = frozenset()) -> Iterator[Looked]:
        mine = and_(members.c.room_id == messages.c.room_id, members.c.user_id == self._user_id)
        query = select(messages.c.seq, messages.c.at, messages.c.author_id, messages.c.text).join_from(messages, members, mine)
        falling = query.where(messages.c.room_id == room, where, messages.c.removed.is_(False)).order_by(messages.c.seq.desc())
        found = self._connection.execute(falling.limit(at_most)).all()
        if found:
            self._average_chars = max(1.0, sum(len(row.text) for row in found) / len(found))
        for seq, at, author_id, text in found:
            if seq in unsure and not self._may_read(seq):
                continue
            self._purse.read(text, seq in unsure)
            yield seq, at, len(text), (not self._query.authors or author_id in self._authors) and self._query.matches(text)

    def _candidates(self, room: int, parts: list[Stretch]) -> tuple[Iterable[int], Set[int], bool]:
        """Return the seqs of these parts that may match, falling; of which of them the index does not say all; and whether a need was
        so common that it was passed over.
        """
        firsts = {part.batch: part.first for part in parts}
        kept: _Places | None = None
        sure: _Places | None = None
        long: _Places | None = None
        is_common = False
        for number, want in enumerate(self._wants):
            is_author = number == 0 and bool(self._query.authors)
            found, more = self._places(room, list(firsts if kept is None else kept), want, with_long=long is None and not is_author)
            long = more if long is None and not is_author else long
            if found is None:
                is_common = True
            else:
                sure = _both(sure, found)
                kept = _both(kept, found if is_author else _either(found, long or {}))
            if not (kept is None or kept) or self._purse.is_empty:
                break
        if kept is None:
            return chain.from_iterable(range(part.last, part.first - 1, -1) for part in parts), frozenset(), is_common
        changed = {seq for seq in self._changed.get(room, ()) if parts[-1].first <= seq <= parts[0].last}
        seqs = _seqs(kept, firsts)
        return sorted(seqs | changed, reverse=True), (seqs - _seqs(sure or {}, firsts)) | changed, is_common

    def _places(self, room: int, batches: list[int], want: ColumnElement[bool], with_long: bool) -> tuple[_Places | None, _Places]:
        """Return, by batch, which messages have what is wanted, None when that takes too many rows; and which are to be looked through."""
        here = and_(search_terms.c.batch.in_(batches), search_terms.c.room_id == room)
        query: Select[Any] | CompoundSelect[Any] = select(search_terms.c.batch, search_terms.c.places, false()).where(here, want)
        if with_long:  # first, so that they are there however many rows follow
            long = select(search_terms.c.batch, search_terms.c.places, true()).where(here, search_terms.c.term == LOOK_THROUGH)
            query = union_all(long, query)
        kinds: tuple[_Places, _Places] = ({}, {})
        rows = spent = 0
        for batch, packed, is_long in self._connection.execute(query.limit(MAX_ROWS + 1)):
            places = unpack(packed)
            kinds[bool(is_long)].setdefault(batch, set()).update(places)
            rows, spent = rows + 1, spent + 1 + len(places)
            if spent > _BREATH_PLACES:
                self._purse.take(spent)
                spent = 0
        self._purse.take(spent)
        return None if rows > MAX_ROWS else kinds[0], kinds[1]


def _both(kept: _Places | None, found: _Places) -> _Places:
    both = {batch: places if kept is None else places & kept.get(batch, set()) for batch, places in found.items()}
    return {batch: places for batch, places in both.items() if places}


def _either(found: _Places, long: _Places) -> _Places:
    return {batch: found.get(batch, set()) | long.get(batch, set()) for batch in found.keys() | long.keys()} if long else found


def _seqs(places: _Places, firsts: dict[int, int]) -> set[int]:
    return {firsts[batch] + place for batch, its in places.items() for place in its}


def _begins(beginning: bytes) -> ColumnElement[bool]:
    """One range: with more of them joined by OR, SQLite would read all terms of a part."""
    return and_(search_terms.c.term >= beginning, search_terms.c.term < beginning + b"\xff")  # no UTF-8 has this byte


def _authors(connection: Connection, names: Iterable[str]) -> set[int]:
    """Return the users whose names begin so; those who have gone keep what they were called."""
    called = [users.c.search_key.startswith(name, autoescape=True) for name in names]
    if not called:
        return set()
    return set(connection.scalars(select(users.c.id).where(or_(*called)).order_by(users.c.id.desc()).limit(MAX_AUTHORS)))


def _changed(connection: Connection, user_id: int) -> dict[int, list[int]]:
    """Return the messages, by room, which the index has yet to follow."""
    mine = and_(members.c.room_id == search_changes.c.room_id, members.c.user_id == user_id)
    changed: dict[int, list[int]] = {}
    for room, seq in connection.execute(select(search_changes.c.room_id, search_changes.c.seq).join(members, mine)):
        changed.setdefault(room, []).append(seq)
    return changed


def _fitting(hits: list[Hit]) -> list[Hit]:
    """Return the first hits, as many as one answer may carry."""
    sizes = accumulate(hit[3] for hit in hits)
    return [hit for number, (hit, chars) in enumerate(zip(hits, sizes, strict=True)) if number == 0 or chars <= MAX_ANSWER_CHARS]


def _shown(connection: Connection, query: Query, hits: list[Hit]) -> list[Found]:
    by_room: dict[int, list[int]] = {}
    for _, room, seq, _ in hits:
        by_room.setdefault(room, []).append(seq)
    read = {(room, message.seq): message for room, seqs in by_room.items() for message in history.messages_at(connection, room, seqs)}
    return [Found(room, read[room, seq], query.marks(read[room, seq].text)) for _, room, seq, _ in hits]
