"""Coming in and going out: the session and its cookie, and who one is."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from litestar import Request, Response, delete, get, post
from litestar.params import JSONBody
from litestar.response.base import ASGIResponse
from msgspec import Meta, Struct

from teahouse.auth import Authenticator, Identity
from teahouse.gateways.address import network
from teahouse.gateways.http.identity import SESSION, TOKEN, Given, SignedIn, client_address, signed_in, speaks_https, visitor
from teahouse.gateways.http.parts import Parts
from teahouse.gateways.http.refusals import REFUSED
from teahouse.model import User

T = TypeVar("T")
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


class WithCookies(Response[T]):
    """An answer that sets cookies, given as the values of their headers."""

    def __init__(self, content: T, cookies: Sequence[str]) -> None:
        super().__init__(content)
        self._cookies = [(b"set-cookie", cookie.encode("ascii")) for cookie in cookies]

    def to_asgi_response(self, *args: Any, **more: Any) -> ASGIResponse:
        return super().to_asgi_response(*args, **more | {"encoded_headers": [*(more.get("encoded_headers") or ()), *self._cookies]})


@post("/session", responses=REFUSED)
async def sign_in(data: JSONBody[SignIn], request: Request[Any, Any, Any], parts: Given[Parts]) -> Response[You]:
    """Sign in as a guest, or as the owner with the first start's key; the answer sets the session cookie.

    Whoever is signed in already becomes the owner as they are; without a key they stay who they are under their own name, with their
    rooms, and come in anew under another. Either way their old session ends.
    """
    with parts.auth.refused.of_refusals():
        token, identity = await _enter(data, request, parts)
    return WithCookies(You(identity.user), parts.cookie.keep(token, secure=speaks_https(request, parts)))


async def _enter(data: SignIn, request: Request[Any, Any, Any], parts: Parts) -> tuple[str, Identity]:
    address = client_address(request)
    parts.sign_ins.check(network(address), parts.now_ms() / 1000, "attempts to sign in from here")
    known = await visitor(request, parts)  # whoever is banned is told so here, whatever name they would take now
    parts.auth.bans.check(known.user if known else None, None if data.owner_key else address)
    if known is not None and data.owner_key is not None:
        return await parts.auth.promote(known, data.owner_key)
    if known is not None and (again := await parts.auth.sign_in_again(known, data.name, data.face)) is not None:
        return again
    entered = await parts.auth.sign_in(data.name, data.face, invite=data.invite, owner_key=data.owner_key, address=address)
    if known is not None:
        await parts.auth.sign_out(known.session, "replaced")
    return entered


@delete("/session", guards=[signed_in], security=[SESSION], responses=REFUSED)
async def sign_out(request: SignedIn, auth: Given[Authenticator], parts: Given[Parts]) -> Response[None]:
    """End this session and its live sockets."""
    await auth.sign_out(request.auth.session)
    cookies = parts.cookie.forget(request.headers.get("cookie"), secure=speaks_https(request, parts))
    return WithCookies(None, cookies)


@get("/me", guards=[signed_in], security=[SESSION, TOKEN], responses=REFUSED, sync_to_thread=False, action="me")
def me(request: SignedIn) -> Me:
    """Tell who I am and which log is my inbox."""
    return Me(request.user, request.auth.inbox)
