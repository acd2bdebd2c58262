"""Messages of a room: reading pages, posting, editing, removing, reacting, and the mark of what was read."""

from typing import Annotated
from uuid import uuid4

from litestar import Response, Router, delete, get, patch, post, put
from litestar.datastructures import ResponseHeader
from litestar.params import HeaderParameter, JSONBody, PathParameter, QueryParameter
from msgspec import UNSET, Struct, UnsetType

from teahouse import wire
from teahouse.chat import Chat
from teahouse.errors import Conflict
from teahouse.gateways.commands import stored
from teahouse.gateways.http.identity import (
    SESSION,
    TOKEN,
    EpochInQuery,
    Given,
    IdInPath,
    IdInQuery,
    LimitInQuery,
    SeqInQuery,
    SignedIn,
    look_again,
    signed_in,
)
from teahouse.gateways.http.parts import Parts
from teahouse.gateways.http.posting import IDEMPOTENCY_KEY, NewMessage, PostingOperation, client_id_of, read_post
from teahouse.gateways.http.refusals import REFUSED
from teahouse.gateways.http.waiting import while_asked
from teahouse.model import FoundMessages, Page
from teahouse.policy import check_access

EPOCH = "Teahouse-Epoch"
IN_EPOCH = "The name of this database's life, to be sent back as `epoch` by whoever reads on."
OTHER_LIFE = "this house was put back to a backup since: the numbers that you know mean nothing here, read anew from the last messages on"

KeyInHeader = Annotated[str | None, HeaderParameter(name=IDEMPOTENCY_KEY, max_length=66)]
EmojiInPath = Annotated[str, PathParameter(min_length=1, max_length=32)]


class Posted(wire.Stored, frozen=True):
    """`client_id` is told where the house made it up: sent again with it, the answer is the first one."""

    client_id: str | UnsetType = UNSET


class NewText(Struct, frozen=True):
    text: str


class ReadUpTo(Struct, frozen=True):
    seq: wire.Seq


@get("/", responses=REFUSED, action="page", response_headers=[ResponseHeader(name=EPOCH, description=IN_EPOCH, documentation_only=True)])
async def page(
    room: IdInPath,
    request: SignedIn,
    chat: Given[Chat],
    parts: Given[Parts],
    before: IdInQuery = None,
    after: SeqInQuery = None,
    around: IdInQuery = None,
    epoch: EpochInQuery = None,
    limit: LimitInQuery = 50,
) -> Response[Page]:
    """Read messages as they are now: before, after or around a seq, or the last ones.

    The answer's header names the database's life. Who says from which `epoch` they know a seq, or reads on `after` one that is above the
    head, is told when the house was put back to a backup since.
    """
    if epoch is not None and epoch != parts.epoch:
        raise Conflict(OTHER_LIFE, code="other_life")
    found = await chat.page(request.user, room, before=before, after=after, around=around, limit=limit)
    if after is not None and after > found.head:
        raise Conflict(OTHER_LIFE, code="other_life")
    return Response(found, headers={EPOCH: parts.epoch})


@post("/", responses=REFUSED, action="post", body=NewMessage, operation_class=PostingOperation)
async def say(room: IdInPath, request: SignedIn, chat: Given[Chat], key: KeyInHeader = None) -> Posted:
    """Say something. A program's token may send a form with the field `text`, or the bare text, in place of JSON."""
    message = read_post(await request.body(), request.headers.get("content-type", ""))
    given = client_id_of(message, key)
    await look_again(request)
    client_id = given or uuid4().hex
    entry = await chat.post(request.user, room, message.text, client_id, message.reply_to)
    return Posted(room, entry.seq, entry.at, UNSET if given else client_id)


@patch("/{message:str}", responses=REFUSED, action="edit")
async def edit(room: IdInPath, message: IdInPath, data: JSONBody[NewText], request: SignedIn, chat: Given[Chat]) -> wire.Stored:
    """Change what my message says."""
    return stored(room, await chat.edit(request.user, room, message, data.text))


@delete("/{message:str}", status_code=200, responses=REFUSED, action="remove")
async def remove(room: IdInPath, message: IdInPath, request: SignedIn, chat: Given[Chat]) -> wire.Stored:
    """Erase a message: mine, or any as the room's or the house's owner."""
    return stored(room, await chat.remove(request.user, room, message))


@put("/{message:str}/reactions/{emoji:str}", responses=REFUSED, action="react")
async def react(room: IdInPath, message: IdInPath, emoji: EmojiInPath, request: SignedIn, chat: Given[Chat]) -> wire.Stored:
    """Add my reaction."""
    return stored(room, await chat.react(request.user, room, message, emoji))


@delete("/{message:str}/reactions/{emoji:str}", status_code=200, responses=REFUSED, action="react")
async def take_back(room: IdInPath, message: IdInPath, emoji: EmojiInPath, request: SignedIn, chat: Given[Chat]) -> wire.Stored:
    """Take my reaction back."""
    return stored(room, await chat.react(request.user, room, message, emoji, on=False))


@put("/rooms/{room:str}/read", responses=REFUSED, action="read")
async def mark_read(room: IdInPath, data: JSONBody[ReadUpTo], request: SignedIn, chat: Given[Chat]) -> wire.Stored:
    """Say up to which number I have read; the mark only ever moves forward."""
    return stored(room, await chat.read(request.user, room, data.seq))


@get("/search", responses=REFUSED, action="search")
async def search(
    request: SignedIn,
    chat: Given[Chat],
    q: Annotated[str, QueryParameter(max_length=256)],
    room: IdInQuery = None,
    before: IdInQuery = None,
    limit: Annotated[int, QueryParameter(ge=1, le=50)] = 20,
) -> FoundMessages:
    """Find messages by their words, the newest first, in one room or in all that I am in."""
    if room is not None:
        check_access(request.auth.access, "search", room)
    return await while_asked(request, chat.search(request.user, q, room, before, limit, request.auth.access))


messages = Router(
    "/",
    guards=[signed_in],
    security=[SESSION, TOKEN],
    route_handlers=[Router("/rooms/{room:str}/messages", route_handlers=[page, say, edit, remove, react, take_back]), mark_read, search],
)
