"""Invites over REST: made, listed and ended by keepers, and by no token."""

from litestar import Router, delete, get, post
from litestar.params import JSONBody
from msgspec import Struct

from teahouse.gateways.http.identity import SESSION, Given, IdInPath, IdInQuery, LimitInQuery, SignedIn, signed_in
from teahouse.gateways.http.keeping import actor
from teahouse.gateways.http.parts import Parts
from teahouse.gateways.http.refusals import REFUSED
from teahouse.wire_keeping import InviteList, InviteMinutes, MadeInvite, Reason, Uses


class NewInvite(Struct, frozen=True):
    """For `minutes`, 30 days if left out; for `max_uses` people, or any number."""

    minutes: InviteMinutes = 30 * 24 * 60
    max_uses: Uses | None = None
    note: Reason = ""


@get("/", responses=REFUSED)
async def list_invites(request: SignedIn, parts: Given[Parts], before: IdInQuery = None, limit: LimitInQuery = 50) -> InviteList:
    """List the invites whose time is not up, the newest first."""
    return await parts.moderation.invites(actor(request), before, limit)


@post("/", responses=REFUSED)
async def make_invite(data: JSONBody[NewInvite], request: SignedIn, parts: Given[Parts]) -> MadeInvite:
    """Make a link that lets people in; its key is told this once."""
    return await parts.moderation.invite(actor(request), minutes=data.minutes, max_uses=data.max_uses, note=data.note)


@delete("/{invite:str}", responses=REFUSED)
async def end_invite(invite: IdInPath, request: SignedIn, parts: Given[Parts]) -> None:
    """Let nobody in by an invite any more; whoever came by it stays."""
    await parts.moderation.end_invite(actor(request), invite)


invites = Router("/invites", guards=[signed_in], security=[SESSION], route_handlers=[list_invites, make_invite, end_invite])
