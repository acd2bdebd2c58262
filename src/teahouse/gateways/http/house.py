"""What anyone may know before they come in: the house itself, and a nickname to begin with."""

from typing import Annotated, Any, Literal

from litestar import Request, get
from litestar.params import QueryParameter
from msgspec import UNSET, Struct, UnsetType

from teahouse.errors import NotAllowed, ShutOut
from teahouse.gateways.http.identity import Given, client_address, visitor
from teahouse.gateways.http.parts import Parts
from teahouse.gateways.http.refusals import REFUSED
from teahouse.identity import Identity
from teahouse.model import User
from teahouse.wire import Limits


class House(Struct, frozen=True):
    """`open` false means that an invite is needed, `closed` that nobody new comes in; `languages` begins with the house's own."""

    name: str
    open: bool
    closed: bool
    languages: tuple[str, ...]
    faces: tuple[str, ...]
    limits: Limits
    signed_in: bool
    you: User | UnsetType = UNSET
    banned: str | UnsetType = UNSET
    """In words, why and until when whoever asks is shut out."""
    ban: ShutOut | UnsetType = UNSET


class Nickname(Struct, frozen=True):
    name: str


@get("/house", responses=REFUSED)
async def house(request: Request[Any, Any, Any], parts: Given[Parts]) -> House:
    """Tell what a visitor needs to sign in, and who they are where they are signed in already."""
    known: Identity | None = None
    banned: str | UnsetType = UNSET
    ban: ShutOut | UnsetType = UNSET
    try:
        known = await visitor(request, parts)
        parts.auth.bans.check(known.user if known else None, client_address(request))
    except NotAllowed as refusal:
        known, banned, ban = None, refusal.words, refusal.ban or UNSET
    return House(
        name=parts.name,
        open=parts.auth.open,
        closed=parts.auth.closed,
        languages=parts.languages,
        faces=parts.faces,
        limits=parts.limits,
        signed_in=known is not None,
        you=known.user if known else UNSET,
        banned=banned,
        ban=ban,
    )


@get("/nickname", responses=REFUSED, sync_to_thread=False)
def nickname(parts: Given[Parts], lang: Annotated[Literal["en", "zh"], QueryParameter()] = "en") -> Nickname:
    """Make up a nickname."""
    return Nickname(parts.nickname(lang))
