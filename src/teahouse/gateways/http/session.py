"""Coming in and going out: the session and its cookie, and who one is."""

from typing import Annotated, Any

from litestar import Request, Response, delete, get, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from teahouse.auth import Authenticator, Identity
from teahouse.gateways.address import network
from teahouse.gateways.cookie import forget_session, keep_session
from teahouse.gateways.http.identity import SESSION, TOKEN, Given, SignedIn, client_address, signed_in, speaks_https, visitor
from teahouse.gateways.http.parts import Parts
from teahouse.gateways.http.refusals import REFUSED
from teahouse.gateways.origin import base_path
from teahouse.model import User

Key = Annotated[str, Meta(max_length=128)]


class SignIn(Struct, frozen=True):
    """`invite` and `owner_key` come from a link's `#invite=…` or `#owner=…`."""

    name: str
    face: Annotated[str, Meta(max_length=64)]
    invite: Key | None = None
    owner_key: Key | None = None


class You(Struct, frozen=True):
    you: User


class Me(Struct, frozen=True):
    you: User
    inbox: int


@post("/session", responses=REFUSED)
async def sign_in(data: JSONBody[SignIn], request: Request[Any, Any, Any], parts: Given[Parts]) -> Response[You]:
    """Sign in as a guest, or as the owner with the first start's key; the answer sets the session cookie.

    Whoever is signed in already becomes the owner as they are; without a key they come in anew and their old session ends.
    """
    with parts.auth.refused.of_refusals():
        token, identity = await _enter(data, request, parts)
    secure, base = speaks_https(request, parts), base_path(parts.public_url)
    cookie = keep_session(token, secure=secure, max_days=parts.session_max_days, base=base)
    return Response(You(identity.user), headers={"Set-Cookie": cookie})


async def _enter(data: SignIn, request: Request[Any, Any, Any], parts: Parts) -> tuple[str, Identity]:
    address = client_address(request)
    parts.sign_ins.check(network(address), parts.now_ms() / 1000, "attempts to sign in from here")
    known = await visitor(request, parts)  # whoever is banned is told so here, whatever name they would take now
    parts.auth.bans.check(known.user if known else None, None if data.owner_key else address)
    if known is not None and data.owner_key is not None:
        return await parts.auth.promote(known, data.owner_key)
    entered = await parts.auth.sign_in(data.name, data.face, invite=data.invite, owner_key=data.owner_key, address=address)
    if known is not None:
        await parts.auth.sign_out(known.session, "replaced")
    return entered


@delete("/session", guards=[signed_in], security=[SESSION], responses=REFUSED)
async def sign_out(request: SignedIn, auth: Given[Authenticator], parts: Given[Parts]) -> Response[None]:
    """End this session and its live sockets."""
    await auth.sign_out(request.auth.session)
    cookie = forget_session(secure=speaks_https(request, parts), base=base_path(parts.public_url))
    return Response(None, headers={"Set-Cookie": cookie})


@get("/me", guards=[signed_in], security=[SESSION, TOKEN], responses=REFUSED, sync_to_thread=False, action="me")
def me(request: SignedIn) -> Me:
    """Tell who I am and which log is my inbox."""
    return Me(request.user, request.auth.inbox)
