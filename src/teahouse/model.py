"""The words of Teahouse as frozen structs; the same words are used on the wire, in the tables and in the docs.

Nothing here does anything: no I/O, no clock, no permission. Times are Unix milliseconds, `seq` counts 1, 2, 3 … per log.
What there are very many of is kept from the garbage collector (`gc=False`): these structs hold no lists, so they cannot be part of a cycle.
"""

from typing import Literal

from msgspec import Struct

from teahouse.keeping import HouseFact
from teahouse.user import Role, User

__all__ = ["Role", "User"]

RoomKind = Literal["public", "private", "direct"]
MemberRole = Literal["owner", "member"]
RobotMode = Literal["mention", "always", "never"]
"""When the house's robot answers in a room: spoken to by name, at every message, not at all. In a direct room it always does."""

LOBBY = 1
"""The room that everyone is in; the first log of every database."""
NAMELESS = "…"
"""What a room is called whose name was erased. It is nobody's: any number of rooms may be called so."""


class Room(Struct, frozen=True, omit_defaults=True):
    """A place, which is a log: `id` is its log's id. A direct room has no name of its own but a `peer`, seen from its reader."""

    id: int
    kind: RoomKind
    name: str = ""
    topic: str = ""
    peer: User | None = None
    robot: RobotMode = "mention"


class Standing(Struct, frozen=True, omit_defaults=True):
    """A room as its member since entry `since` finds it; `mentioned` is the last unread message that names them, 0 where none does."""

    room: Room
    role: MemberRole
    since: int
    head: int
    read: int
    unread: int
    mentioned: int = 0


class Member(Struct, frozen=True):
    """One row of a room's member list; `here` says whether they have a live connection now."""

    user: User
    role: MemberRole
    here: bool


class Quote(Struct, frozen=True, gc=False, omit_defaults=True):
    """The message that another one answers, as it reads now; text is cut to 200 characters, and empty when it was removed."""

    seq: int
    by: User | None = None
    text: str = ""


class Reaction(Struct, frozen=True, omit_defaults=True):
    """One kind of reaction to a message: the first who gave it and its reader, if they did; and how many more there are."""

    emoji: str
    users: list[User]
    more: int = 0


class Message(Struct, frozen=True, omit_defaults=True):
    """What was said, as it reads now; identified by its room and the seq of its `posted` entry. `mentions` are whom the text names."""

    seq: int
    at: int
    by: User
    text: str
    reply_to: Quote | None = None
    edited: bool = False
    removed: bool = False
    reactions: list[Reaction] = []
    client_id: str | None = None
    mentions: tuple[int, ...] = ()


class Page(Struct, frozen=True, omit_defaults=True):
    """Messages in rising order of seq, read in one snapshot of the log at `head`, and the latest 200 notices that lie among them."""

    room: int
    messages: list[Message]
    head: int
    more_before: bool
    more_after: bool
    notices: list["Entry"] = []
    """Entries `created`, `joined`, `left`, `renamed` and `robot_set`."""


class Found(Struct, frozen=True):
    """A message that a search found. `marks` are the places to mark in its text: (start, end) in Unicode characters."""

    room: int
    message: Message
    marks: list[tuple[int, int]]


class FoundMessages(Struct, frozen=True, omit_defaults=True):
    """What a search found, the newest first. `more` says that it did not look at everything; in one room it goes on from `before`."""

    found: list[Found]
    before: int = 0
    more: bool = False


# Facts of a room's log.


class Created(Struct, frozen=True, tag="created"):
    """The first entry of every room."""

    kind: RoomKind
    name: str
    topic: str


class Posted(Struct, frozen=True, gc=False, tag="posted", omit_defaults=True):
    """Read later from the log, it carries the message as it reads then: edited, or removed with empty text."""

    text: str
    reply_to: Quote | None = None
    edited: bool = False
    removed: bool = False
    mentions: tuple[int, ...] = ()


class Edited(Struct, frozen=True, gc=False, tag="edited", omit_defaults=True):
    """Read later from the log, `text` is what the message reads then, and `mentions` whom it names."""

    message: int
    text: str
    mentions: tuple[int, ...] = ()


class Removed(Struct, frozen=True, gc=False, tag="removed", omit_defaults=True):
    """`author` wrote the message. Of an entry that told what the room is called, `fields` says what of it is gone."""

    message: int
    fields: tuple[str, ...] = ()
    author: int = 0


class Reacted(Struct, frozen=True, gc=False, tag="reacted"):
    message: int
    emoji: str
    on: bool


class Joined(Struct, frozen=True, gc=False, tag="joined", omit_defaults=True):
    """`user` is in the room from here on; the entry's `by` is who let them in, often themselves."""

    user: User
    role: MemberRole = "member"


class Left(Struct, frozen=True, gc=False, tag="left"):
    """`user` is out from here on, and this is the last entry that they are written."""

    user: User


class Renamed(Struct, frozen=True, tag="renamed"):
    """The room's name and topic as they are from here on."""

    name: str
    topic: str


class RobotSet(Struct, frozen=True, tag="robot_set"):
    """When the robot answers in the room, from here on."""

    mode: RobotMode


# Facts of a user's inbox.


class Added(Struct, frozen=True, tag="added"):
    """The inbox's owner became a member of `room`; the stream goes on with that room's log from entry `since`."""

    room: Room
    since: int


class Read(Struct, frozen=True, gc=False, tag="read"):
    """The inbox's owner read `room` up to `seq`; `unread` messages by others lie between there and `head`."""

    room: int
    seq: int
    unread: int
    head: int


Fact = Created | Posted | Edited | Removed | Reacted | Joined | Left | Renamed | RobotSet | Added | Read | HouseFact


class Draft(Struct, frozen=True, gc=False):
    """An entry that has no number yet. `client_id` makes it idempotent for ever: unique per author in the database."""

    log: int
    by: User
    fact: Fact
    client_id: str | None = None


class Entry(Struct, frozen=True, gc=False, tag="entry", omit_defaults=True):
    """What happened: number `seq` of log `log`."""

    log: int
    seq: int
    at: int
    by: User
    fact: Fact
    client_id: str | None = None


class Stretch(Struct, frozen=True):
    """Entries in a row as one membership may read them. `is_member` says that it still lasted when they were read.

    Of one that is over they are what came up to its own `left`, without the texts that were edited; empty when nothing of that is left.
    """

    entries: list[Entry]
    is_member: bool


# What has no number and may be lost.


class Typing(Struct, frozen=True, tag="typing"):
    """`user` was typing in `room` just now; show it for five seconds or until they post."""

    room: int
    user: User


class Here(Struct, frozen=True, tag="here", omit_defaults=True):
    """Who came to or went from `room` since the last such signal; `count` users are here now.

    In a room with many people only the count is told, and `came` and `went` are empty.
    """

    room: int
    count: int
    came: list[User] = []
    went: list[int] = []


class ReplyBegin(Struct, frozen=True, tag="reply_begin", omit_defaults=True):
    """`by` is answering user `asker`: `text` is all that was said so far, in `part` parts.

    It comes at the beginning, to whoever comes to the room meanwhile, and every few seconds. The reply is over with
    `reply_end`, with the message that carries `client_id`, or when nothing was heard of it for twenty seconds.
    """

    room: int
    by: User
    client_id: str
    asker: int
    part: int
    text: str
    reply_to: int | None = None


class ReplyDelta(Struct, frozen=True, tag="reply_delta"):
    """Part `part` of a reply, which begins where part - 1 ended; whoever lacks that one waits for the next `reply_begin`."""

    room: int
    client_id: str
    part: int
    text: str


class ReplyEnd(Struct, frozen=True, tag="reply_end"):
    """The reply is over; what was said, if anything, is the message that carries `client_id`."""

    room: int
    client_id: str


class Reset(Struct, frozen=True, tag="reset"):
    """Entries of `log` are not replayed: load that room afresh. The stream goes on after `head`, or ends where it is null."""

    log: int
    why: Literal["left", "too_far", "unknown", "trimmed"]
    head: int | None


Signal = Typing | Here | ReplyBegin | ReplyDelta | ReplyEnd | Reset
