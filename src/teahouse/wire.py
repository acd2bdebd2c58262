"""The native protocol, version 1, both directions: one decoder for commands, one encoder for events.

Every frame is one JSON object whose `type` names it. docs/protocol.md is written from here and a contract test
compares the two. Bounds that need settings (text size) are policy.py's; here are only shapes.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from teahouse.errors import Invalid, ShutOut
from teahouse.model import Entry, Member, RobotMode, Room, RoomKind, Signal, Standing, User
from teahouse.strict_json import Reader
from teahouse.wire_fields import ClientId, Command, Cursors, Emoji, Epoch, Id, Limit, PartOfName, RequestId, Seq
from teahouse.wire_keeping import Keep

__all__ = ["ClientId", "Command", "Cursors", "Emoji", "Epoch", "Id", "Keep", "Limit", "PartOfName", "RequestId", "Seq"]
"""Known by these names to whoever speaks the protocol, wherever they stand."""

VERSION = 1
SUBPROTOCOL = "teahouse.v1"


class Hello(Command, frozen=True, tag="hello"):
    """Must be the first command. With `epoch` and `cursors` ({log: seq seen}) it resumes; without, it starts afresh."""

    epoch: Epoch | None = None
    cursors: Cursors = msgspec.field(default_factory=dict)


class Post(Command, frozen=True, tag="post"):
    room: Id
    text: str
    client_id: ClientId
    reply_to: Id | None = None


class Edit(Command, frozen=True, tag="edit"):
    room: Id
    message: Id
    text: str


class Remove(Command, frozen=True, tag="remove"):
    room: Id
    message: Id


class React(Command, frozen=True, tag="react"):
    room: Id
    message: Id
    emoji: Emoji
    on: bool = True


class MarkRead(Command, frozen=True, tag="read"):
    room: Id
    seq: Seq


class SayTyping(Command, frozen=True, tag="typing"):
    room: Id


class CreateRoom(Command, frozen=True, tag="create_room"):
    """`client_id` makes it idempotent: sent again, the answer is the same room."""

    kind: RoomKind
    name: str
    client_id: ClientId
    topic: str = ""


class OpenDirect(Command, frozen=True, tag="open_direct"):
    user: Id


class Join(Command, frozen=True, tag="join"):
    room: Id


class Leave(Command, frozen=True, tag="leave"):
    room: Id


class AddMember(Command, frozen=True, tag="add_member"):
    room: Id
    user: Id


class RemoveMember(Command, frozen=True, tag="remove_member"):
    room: Id
    user: Id


class ChangeRoom(Command, frozen=True, tag="change_room"):
    """A field left out stays as it is."""

    room: Id
    name: str | None = None
    topic: str | None = None


class SetRobot(Command, frozen=True, tag="set_robot"):
    room: Id
    mode: RobotMode


class StopReply(Command, frozen=True, tag="stop_reply"):
    room: Id
    client_id: ClientId


class GetPage(Command, frozen=True, tag="page"):
    """At most one of `before`, `after`, `around`; none means the last page."""

    room: Id
    before: Id | None = None
    after: Seq | None = None
    around: Id | None = None
    limit: Limit = 50


class GetMembers(Command, frozen=True, tag="members"):
    room: Id
    query: PartOfName = ""
    limit: Limit = 200


class FindRooms(Command, frozen=True, tag="find_rooms"):
    query: PartOfName = ""
    limit: Limit = 50


class Search(Command, frozen=True, tag="search"):
    """`before` goes with a `room` and is what an earlier answer said."""

    query: Annotated[str, Meta(max_length=256)]
    room: Id | None = None
    before: Id | None = None
    limit: Annotated[int, Meta(ge=1, le=50)] = 20


class Ping(Command, frozen=True, tag="ping"):
    """Answered by `pong`; a browser page cannot see the WebSocket protocol's own pings."""


Talk = Post | Edit | Remove | React | MarkRead | SayTyping | StopReply
Gather = CreateRoom | OpenDirect | Join | Leave | AddMember | RemoveMember | ChangeRoom | SetRobot
Look = GetPage | GetMembers | FindRooms | Search
AnyCommand = Hello | Ping | Talk | Gather | Look | Keep


# Results: what `ok` carries.


class Stored(Struct, frozen=True):
    """Answers post, edit, remove, react, leave, change_room, set_robot, add_member, remove_member: the entry that now says so.

    `seq` is 0 where nothing had to change.
    """

    room: int
    seq: int
    at: int


class Members(Struct, frozen=True):
    room: int
    members: list[Member]
    count: int
    here: int


class FoundRoom(Struct, frozen=True):
    room: Room
    members: int
    joined: bool


class FoundRooms(Struct, frozen=True):
    rooms: list[FoundRoom]


class Limits(Struct, frozen=True):
    """Bounds a client should know before it sends."""

    max_text_bytes: int
    max_name_chars: int
    max_topic_chars: int


# Events: what a server says.


class Welcome(Struct, frozen=True, tag="welcome", omit_defaults=True):
    """Answers hello. `rooms` is everything the user is in; it comes, with `since`, only when the stream was not resumed."""

    protocol: int
    server: str
    epoch: str
    you: User
    inbox: int
    inbox_head: int
    lobby: int
    now: int
    limits: Limits
    resumed: bool
    rooms: list[Standing] | None = None
    id: int | None = None
    since: int | None = None
    other_life: bool = False


class Ok(Struct, frozen=True, tag="ok", omit_defaults=True):
    id: int
    result: Any = None


class Error(Struct, frozen=True, tag="error", omit_defaults=True):
    code: str
    words: str
    id: int | None = None
    retry: bool = False
    retry_after_s: float | None = None
    ban: ShutOut | None = None


class Pong(Struct, frozen=True, tag="pong", omit_defaults=True):
    now: int
    id: int | None = None


class Bye(Struct, frozen=True, tag="bye"):
    """The server is about to close for `why`; come back in `retry_ms`, which differs per client to spread the return."""

    why: str
    retry_ms: int


class Opened(Struct, frozen=True, tag="opened"):
    """The first event of a connection over HTTP: the name under which it takes commands."""

    connection: str


class Closed(Struct, frozen=True, tag="closed"):
    """The last event of a connection over HTTP, in place of a WebSocket's close frame."""

    code: int
    reason: str


Event = Welcome | Entry | Signal | Ok | Error | Pong | Bye | Opened | Closed

_commands = Reader[AnyCommand](AnyCommand)
_ids = Reader[Command](Command)
_encoder = msgspec.json.Encoder()


def decode(raw: bytes | str) -> AnyCommand:
    """Return the command that `raw` says; Invalid in words when it says none."""
    try:
        return _commands.read(raw)
    except msgspec.ValidationError as error:
        words = str(error)
        code = "unknown_command" if words.startswith("Invalid value") and words.endswith("`$.type`") else "invalid"
        raise Invalid(words, code=code) from None
    except msgspec.DecodeError as error:
        raise Invalid(f"expected one JSON object: {error}") from None


def decode_id(raw: bytes | str) -> int | None:
    """Return the id that a malformed command carries, if at least that much can be read."""
    try:
        return _ids.read(raw.decode(errors="replace") if isinstance(raw, bytes) else raw).id
    except msgspec.DecodeError:
        return None


def encode(event: Event) -> bytes:
    return _encoder.encode(event)
