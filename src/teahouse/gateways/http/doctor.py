"""What `teahouse doctor URL` asks a server: how its own request arrived, a slow stream, and whether a body fits.

No session is needed, and nothing is told but what the asker sent and how the house is reached.
"""

import asyncio
from typing import Any, cast

from litestar import Request, Router, asgi, get, post
from litestar.types import Receive, Scope, Send
from msgspec import Struct

from teahouse import __version__
from teahouse.gateways.address import network
from teahouse.gateways.headers import items
from teahouse.gateways.http.identity import Given, speaks_https
from teahouse.gateways.http.parts import Parts
from teahouse.gateways.http.server_protocol import PEER

TICKS = 3
TICK_S = 0.2
LONG_BYTES = 30_000


class Arrival(Struct, frozen=True):
    """How a request arrived here, after every proxy.

    `scheme`, `host` and `client` are what the house takes them for; `peer` is who made the connection, `trusted` whether that is a
    proxy whose words count (setting `trusted_proxies`).
    """

    server: str
    now: int
    http_version: str
    scheme: str
    host: str
    client: str
    peer: str
    trusted: bool
    upgrade: str | None
    connection: str | None
    forwarded_for: list[str]
    forwarded_proto: list[str]
    forwarded_host: list[str]
    via: list[str]
    public_url: str | None
    cookie: str
    """The attributes that a session's cookie would have on this road; it holds no session."""
    ping_interval_s: float
    max_request_bytes: int


class Taken(Struct, frozen=True):
    bytes: int


async def visited(connection: Any, _handler: Any) -> None:
    """Guard: no session is asked for, so a rate per address is."""
    parts: Parts = connection.app.state.parts
    address = connection.client.host if connection.client else ""
    parts.visits.check(network(address), parts.now_ms() / 1000, "questions of a doctor")


@get("/", sync_to_thread=False)
def arrival(request: Request[Any, Any, Any], parts: Given[Parts]) -> Arrival:
    """Tell how this very request arrived."""
    headers, peer = request.headers, cast(dict[str, Any], request.scope["extensions"])[PEER]
    return Arrival(
        server=__version__,
        now=parts.now_ms(),
        http_version=request.scope["http_version"],
        scheme=request.scope["scheme"],
        host=headers["host"],
        client=request.client.host if request.client else "",
        peer=peer["address"],
        trusted=peer["trusted"],
        upgrade=headers.get("upgrade"),
        connection=headers.get("connection"),
        forwarded_for=items(headers.getall("x-forwarded-for", [])),
        forwarded_proto=items(headers.getall("x-forwarded-proto", [])),
        forwarded_host=items(headers.getall("x-forwarded-host", [])),
        via=items(headers.getall("via", [])),
        public_url=parts.public_url,
        cookie=parts.cookie.keep("", secure=speaks_https(request, parts))[0],
        ping_interval_s=parts.ping_interval_s,
        max_request_bytes=parts.max_request_bytes,
    )


@asgi("/stream", copy_scope=False)
async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    """Send a few events with a pause between them: when they arrive tells whether something on the way holds them back.

    The last one is long and leaves together with the end: a proxy that collects answers passes both on in one piece.
    """
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for number in range(TICKS):
        await send({"type": "http.response.body", "body": b"data: %d\n\n" % number, "more_body": True})
        await asyncio.sleep(TICK_S)
    await send({"type": "http.response.body", "body": b":" + b" " * LONG_BYTES + b"\n\n", "more_body": False})


@post("/body", status_code=200)
async def body(request: Request[Any, Any, Any]) -> Taken:
    """Tell how many bytes of the body arrived."""
    return Taken(len(await request.body()))


doctor = Router("/doctor", route_handlers=[arrival, stream, body], guards=[visited], include_in_schema=False)
