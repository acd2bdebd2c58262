"""The largest page that anybody can make, worked out from the bounds of what it is made of: no answer is too large to be carried."""

import msgspec

from teahouse import policy, wire
from teahouse.gateways.slots import MAX_HELD_BYTES, MAX_HELD_BYTES_OF_KNOWN
from teahouse.model import Entry, Message, Page, Quote, Reaction, Renamed, User
from teahouse.settings import Settings
from teahouse.storage import history, reactions
from teahouse.storage.rows import QUOTE_CHARS

WIDE = chr(0x1F375)
"""Four bytes, which is the most that a character has; what JSON writes as more than one has two."""
LARGEST_ID = 2**53 - 1
PAGES_AT_ONCE = 4
"""So many people of one house read the largest page on bad lines at once, and none of them costs another theirs."""


def limit_of(command: type[msgspec.Struct], name: str) -> int:
    [field] = [field for field in msgspec.inspect.type_info(command).fields if field.encode_name == name]  # type: ignore[attr-defined]
    return int(getattr(field.type, "le", None) or field.type.max_length)


PERSON = User(LARGEST_ID, WIDE * policy.MAX_NAME_CHARS, "f0000000", "member")
NOTICE = Entry(LARGEST_ID, LARGEST_ID, LARGEST_ID, PERSON, Renamed(WIDE * policy.MAX_NAME_CHARS, WIDE * policy.MAX_TOPIC_CHARS))


def size(value: object) -> int:
    return len(msgspec.json.encode(value))


def crowd(kinds: int) -> list[Reaction]:
    return [
        Reaction(WIDE * policy.MAX_EMOJI_CHARS, [PERSON] * (reactions.MAX_LISTED_PEOPLE + 1), policy.MAX_REACTIONS) for _ in range(kinds)
    ]


def largest_page() -> int:
    """All messages have the longest of everything that is not counted; the characters that are counted are the widest."""
    quote = Quote(LARGEST_ID, PERSON, WIDE * QUOTE_CHARS)
    bare = Message(LARGEST_ID, LARGEST_ID, PERSON, "", quote, edited=True, client_id=WIDE * limit_of(wire.Post, "client_id"))
    page = Page(LARGEST_ID, [bare] * limit_of(wire.GetPage, "limit"), LARGEST_ID, True, True, [NOTICE] * history.MAX_NOTICES)
    first_of_all = Settings().max_text_bytes * 2 + size(crowd(policy.MAX_REACTION_KINDS))
    return size(page) + 2 * max(4 * history.MAX_PAGE_CHARS, first_of_all)


def test_what_is_counted_is_no_larger_than_it_counts_for() -> None:
    empty, full = size(Reaction(WIDE * policy.MAX_EMOJI_CHARS, [], policy.MAX_REACTIONS)), size(PERSON) + 1
    assert empty + 1 <= 4 * reactions.KIND_CHARS
    assert full <= 4 * reactions.USER_CHARS


def test_the_largest_page_fits_into_what_may_be_left_unread_some_times() -> None:
    assert PAGES_AT_ONCE * largest_page() <= min(MAX_HELD_BYTES, MAX_HELD_BYTES_OF_KNOWN)
