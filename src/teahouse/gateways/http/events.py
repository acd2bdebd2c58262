"""The stream over plain HTTP, for networks that break WebSockets: events as Server-Sent Events or polled, commands by POST."""

import asyncio
from typing import Annotated

import msgspec
from litestar import Response, Router, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Send

from teahouse import wire
from teahouse.errors import Invalid
from teahouse.gateways.http.identity import EpochInQuery, Given, SignedIn, prove, signed_in, slot_of
from teahouse.gateways.http.parts import Parts
from teahouse.gateways.http.same_origin import own_site
from teahouse.gateways.stream.stream import EventStream, Poll, Stream
from teahouse.gateways.stream.streams import Kind
from teahouse.strict_json import Reader, items_of

MAX_COMMANDS = 100

Name = Annotated[str, PathParameter(max_length=64)]
NameInQuery = Annotated[str, QueryParameter(max_length=64)]
CursorsInQuery = Annotated[str | None, QueryParameter(max_length=16_384)]
RequestInQuery = Annotated[int | None, QueryParameter(ge=0, le=2**53 - 1)]

_cursors = Reader[dict[int, int]](wire.Cursors)


class EventsAnswer(ASGIResponse):
    """Sends a stream's blocks as they come. The connection's transport sets the pace: while it is full, `send` waits."""

    _should_set_content_length = False

    def __init__(self, stream: EventStream | None) -> None:
        # nginx then does not buffer this answer, whatever its configuration says.
        super().__init__(media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}, is_head_response=stream is None)
        self._stream = stream

    async def send_body(self, send: Send, receive: Receive) -> None:
        stream = self._stream
        if stream is None:
            return
        watch = asyncio.create_task(_leave_when_gone(stream, receive))
        try:
            while blocks := await stream.next():
                await send({"type": "http.response.body", "body": blocks, "more_body": True})
                del blocks  # it is in the transport's buffer, and once is enough
                await send({"type": "http.response.body", "body": b"", "more_body": True})  # waits until the transport has room again
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            watch.cancel()
            stream.leave()


async def _leave_when_gone(stream: Stream, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.leave()


@get("/events", guards=[own_site], action="hello")
async def events(
    request: SignedIn,
    parts: Given[Parts],
    epoch: EpochInQuery = None,
    cursors: CursorsInQuery = None,
    id: RequestInQuery = None,
    instead_of: NameInQuery = "",
) -> ASGIResponse:
    """Open a stream of events: the hello's fields stand in the query. Proxies carry the answer to a GET more surely."""
    if "head" in request.scope:
        return EventsAnswer(None)
    hello = wire.Hello(id=id, epoch=epoch, cursors=_read_cursors(cursors))
    return EventsAnswer(await _open(EventStream, request, parts, hello, instead_of))


@post("/events", status_code=200, action="hello")
async def events_after(data: JSONBody[wire.Hello], request: SignedIn, parts: Given[Parts], instead_of: NameInQuery = "") -> ASGIResponse:
    """Open a stream of events with a hello of any length as the body."""
    return EventsAnswer(await _open(EventStream, request, parts, data, instead_of))


@post("/polls", action="hello")
async def open_poll(data: JSONBody[wire.Hello], request: SignedIn, parts: Given[Parts], instead_of: NameInQuery = "") -> Response[bytes]:
    """Open a connection that is polled; the answer is its first batch."""
    return await _batch(request, await _open(Poll, request, parts, data, instead_of), 1)


@get("/polls/{name:str}/{batch:str}", action="hello")
async def poll(name: Name, batch: Annotated[int, PathParameter(ge=1)], request: SignedIn, parts: Given[Parts]) -> Response[bytes]:
    """Return the next batch once there is news, or an empty one after a while; or the last batch again."""
    stream = parts.streams.find(Poll, name, request.auth)
    slot_of(request).live()
    return await _batch(request, stream, batch)


@post("/connections/{name:str}", status_code=204, action="hello")
async def commands(name: Name, request: SignedIn, parts: Given[Parts]) -> None:
    """Say something on a connection: a list of commands, carried out in their order. The answers are events.

    What a token may not do is refused for each command by itself, as on a WebSocket.
    """
    said = _read_commands(await request.body())
    if len(said) > MAX_COMMANDS:
        raise Invalid(f"expected at most {MAX_COMMANDS} commands at once, got {len(said)}")
    parts.streams.find(Stream, name, request.auth).hear(said)


async def _open(kind: type[Kind], request: SignedIn, parts: Parts, hello: wire.Hello, instead_of: str) -> Kind:
    # Once more, in the turn in which it opens: a session that ended a moment ago had no stream that could be ended with it.
    identity = await prove(request, parts)
    address = request.client.host if request.client else ""
    now_s = asyncio.get_running_loop().time()
    stream = parts.streams.open(kind, identity, address, msgspec.json.encode(hello), now_s=now_s, instead_of=instead_of)
    slot_of(request).live()
    if isinstance(stream, EventStream):
        stream.on_cut = slot_of(request).give_way
    return stream


async def _batch(request: SignedIn, stream: Poll, number: int) -> Response[bytes]:
    body = await stream.batch(number)
    slot_of(request).know()  # it is an answer like any other now: who does not read it gives way
    return Response(body, media_type="application/json")


def _read_commands(body: bytes) -> list[bytes]:
    """Take the list apart and no more: what each command says is the connection's to judge."""
    try:
        return items_of(body)
    except msgspec.DecodeError as error:
        raise Invalid(f"expected a list of commands: {error}") from None


def _read_cursors(cursors: str | None) -> dict[int, int]:
    try:
        return {} if cursors is None else _cursors.read(cursors)
    except msgspec.DecodeError as error:
        raise Invalid(f'cursors: expected an object such as {{"1":42}}: {error}') from None


# Not in OpenAPI, which has no words for an answer that never ends; docs/protocol.md tells all.
streams = Router("/", guards=[signed_in], route_handlers=[events, events_after, open_poll, poll, commands], include_in_schema=False)
