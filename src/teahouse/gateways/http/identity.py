"""Who sends a request, by cookie or by token, and the parts that handlers are given."""

from typing import Annotated, Any, TypeAlias, TypeVar, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import PathParameter, QueryParameter, SkipValidation

from teahouse.errors import NotSignedIn
from teahouse.gateways.credentials import bearer_token
from teahouse.gateways.http.numbers import ROOM
from teahouse.gateways.http.parts import Parts
from teahouse.gateways.http.server_protocol import SLOT
from teahouse.gateways.origin import is_secure
from teahouse.gateways.slots import Slot
from teahouse.identity import Identity, Proof, by_cookie
from teahouse.model import User
from teahouse.policy import check_access

T = TypeVar("T")

Given: TypeAlias = NamedDependency[SkipValidation[T]]
"""A part that api.py hands to a handler by the parameter's name."""

SignedIn: TypeAlias = Request[User, Identity, Any]
"""A request that passed the guard `signed_in`: `user` is who sends it, `auth` their Identity."""

SESSION: dict[str, list[str]] = {"session": []}
TOKEN: dict[str, list[str]] = {"token": []}
"""What the OpenAPI page says of whatever `signed_in` guards; api.py describes the cookie and the token."""

IdInPath: TypeAlias = Annotated[int, PathParameter(ge=1, le=2**53 - 1)]
IdInQuery: TypeAlias = Annotated[int | None, QueryParameter(ge=1, le=2**53 - 1)]
SeqInQuery: TypeAlias = Annotated[int | None, QueryParameter(ge=0, le=2**53 - 1)]
EpochInQuery: TypeAlias = Annotated[str | None, QueryParameter(max_length=64)]
LimitInQuery: TypeAlias = Annotated[int, QueryParameter(ge=1, le=200)]

Connection = ASGIConnection[Any, Any, Any, Any]


async def signed_in(connection: Connection, handler: BaseRouteHandler) -> None:
    """Guard: let only people with a session pass, and tokens that reach to the handler's `action`; as often as on the WebSocket.

    Raise NotSignedIn, TooMuch, or what policy.check_access does.
    """
    parts: Parts = connection.app.state.parts
    identity = await _look(connection, handler, parts)
    parts.auth.on_seen(identity.user.id, client_address(connection))
    parts.commands.check(identity.payer, parts.now_ms() / 1000, "requests")
    if isinstance(called := connection.path_params.get(ROOM), str):
        connection.path_params[ROOM] = await parts.chat.room_called(called, identity.access)


async def look_again(request: Request[Any, Any, Any]) -> None:
    """Ask once more, when the body is there, what the guard asked before it: whoever keeps back its end may be shut out by then."""
    if request.scope.get("auth") is not None:
        await _look(request, request.route_handler, request.app.state.parts)


async def _look(connection: Connection, handler: BaseRouteHandler, parts: Parts) -> Identity:
    """See who sends a request and that they may, and let the handler know."""
    identity = await prove(connection, parts)
    parts.auth.bans.check(identity.user, client_address(connection))
    room = connection.path_params.get(ROOM)
    check_access(identity.access, handler.opt.get("action", ""), room if isinstance(room, int) else None)
    connection.scope["state"]["token_ends_at"] = parts.tokens.ends_soon(identity)  # front.py tells it
    connection.scope["auth"] = identity
    connection.scope["user"] = identity.user
    return identity


async def prove(connection: Connection, parts: Parts) -> Identity:
    """Return whose session or token a request brings; NotSignedIn where it is nobody's, or no longer."""
    token = bearer_token(connection.headers.get("authorization", ""))
    identity = await parts.auth.prove(_cookie(connection, parts) if token is None else Proof("token", token))
    slot_of(connection).know(identity.payer)
    return identity


def slot_of(connection: Connection) -> Slot:
    """Return the place of the connection that a request came on."""
    return cast(dict[str, Slot], connection.scope["extensions"])[SLOT]  # server_protocol.py puts it there


async def visitor(connection: Connection, parts: Parts) -> Identity | None:
    """Return who sends a request that needs no session, None for a stranger."""
    try:
        return await parts.auth.prove(_cookie(connection, parts))
    except NotSignedIn:
        return None


def client_address(connection: Connection) -> str:
    """Return where a request comes from, as its socket or our proxies say."""
    return connection.client.host if connection.client else ""


def speaks_https(connection: Connection, parts: Parts) -> bool:
    """Whether the browser reached us over https, directly or through the proxy of `public_url`."""
    return is_secure(connection.headers["host"], connection.scope["scheme"], parts.public_url)


def _cookie(connection: Connection, parts: Parts) -> Proof:
    return by_cookie(parts.cookie.tokens(connection.headers.get("cookie"), secure=speaks_https(connection, parts)))
