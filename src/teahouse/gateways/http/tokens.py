"""What people give their programs: tokens, which only they themselves make and revoke, and tickets."""

from typing import Annotated

from litestar import Router, delete, get, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from teahouse import wire
from teahouse.access import Scope, Token
from teahouse.gateways.http.identity import SESSION, TOKEN, Given, IdInPath, SignedIn, signed_in
from teahouse.gateways.http.parts import Parts
from teahouse.gateways.http.refusals import REFUSED
from teahouse.tokens import TICKET_S

Days = Annotated[int, Meta(ge=1, le=365)]
RoomIds = Annotated[list[wire.Id], Meta(min_length=1, max_length=100)]


class NewToken(Struct, frozen=True):
    """`scope` is `read` or `write`, which reads too; no `rooms` means every room that one is in."""

    name: str
    scope: Scope
    days: Days = 90
    rooms: RoomIds | None = None


class MadeToken(Struct, frozen=True):
    """`secret` is shown this once."""

    secret: str
    token: Token


class TokenList(Struct, frozen=True):
    tokens: list[Token]


class Ticket(Struct, frozen=True):
    ticket: str
    expires_in_s: int


@get("/", responses=REFUSED)
async def my_tokens(request: SignedIn, parts: Given[Parts]) -> TokenList:
    """List my programs' tokens, the newest first."""
    return TokenList(await parts.tokens.mine(request.user))


@post("/", responses=REFUSED)
async def make_token(data: JSONBody[NewToken], request: SignedIn, parts: Given[Parts]) -> MadeToken:
    """Make a token for a program."""
    return MadeToken(*await parts.tokens.make(request.auth, data.name, data.scope, data.days, data.rooms))


@delete("/{token:str}", responses=REFUSED)
async def revoke_token(token: IdInPath, request: SignedIn, parts: Given[Parts]) -> None:
    """Revoke a token of mine; its live connections end at once."""
    await parts.tokens.revoke(request.user, token)


@post("/tickets", guards=[signed_in], security=[SESSION, TOKEN], responses=REFUSED, action="ticket")
async def make_ticket(request: SignedIn, parts: Given[Parts]) -> Ticket:
    """Get a ticket for the WebSocket's address, good once: for clients that can send neither a cookie nor a header."""
    return Ticket(await parts.tokens.make_ticket(request.auth), TICKET_S)


tokens = Router("/tokens", guards=[signed_in], security=[SESSION], route_handlers=[my_tokens, make_token, revoke_token])
