"""Keeping the peace over REST: bans, people's sessions, messages and roles, newcomers, and the house log. Keepers only, and no tokens."""

from litestar import Router, delete, get, post, put
from litestar.params import JSONBody
from msgspec import Struct

from teahouse.gateways.http.identity import SESSION, Given, IdInPath, IdInQuery, LimitInQuery, SignedIn, client_address, signed_in
from teahouse.gateways.http.parts import Parts
from teahouse.gateways.http.refusals import REFUSED
from teahouse.keeping import Ban, Person
from teahouse.model import User
from teahouse.moderation import Actor
from teahouse.wire_fields import Id, Seq
from teahouse.wire_keeping import BanList, Ended, GivenRole, HouseLog, Minutes, Network, Reason


class NewBan(Struct, frozen=True):
    """Of a `user` or of a `network`; the latter takes `minutes`."""

    user: Id | None = None
    network: Network | None = None
    minutes: Minutes | None = None
    reason: Reason = ""
    remove_since: Seq | None = None
    remove_minutes: Minutes | None = None


class Why(Struct, frozen=True):
    reason: Reason = ""


class Since(Struct, frozen=True):
    """A time, or how many minutes ago."""

    since: Seq | None = None
    minutes: Minutes | None = None
    reason: Reason = ""


class NewRole(Struct, frozen=True):
    role: GivenRole


class Admission(Struct, frozen=True):
    admitted: bool
    reason: Reason = ""


def actor(request: SignedIn) -> Actor:
    return Actor(request.user, client_address(request))


@get("/bans", responses=REFUSED)
async def bans(request: SignedIn, parts: Given[Parts], before: IdInQuery = None, limit: LimitInQuery = 50) -> BanList:
    """List the bans that hold, the newest first."""
    return await parts.moderation.bans(actor(request), before, limit)


@post("/bans", responses=REFUSED)
async def ban(data: JSONBody[NewBan], request: SignedIn, parts: Given[Parts]) -> Ban:
    """Shut a person or a network out."""
    moderation, by = parts.moderation, actor(request)
    return await moderation.ban(
        by,
        user=data.user,
        network=data.network,
        minutes=data.minutes,
        reason=data.reason,
        remove_since=data.remove_since,
        remove_minutes=data.remove_minutes,
    )


@delete("/bans/{ban:str}", responses=REFUSED)
async def unban(ban: IdInPath, request: SignedIn, parts: Given[Parts]) -> None:
    """Let them in again."""
    await parts.moderation.unban(actor(request), ban)


@get("/users/{user:str}", responses=REFUSED)
async def person(user: IdInPath, request: SignedIn, parts: Given[Parts]) -> Person:
    """Tell what keepers may know of a person."""
    return await parts.moderation.person(actor(request), user)


@post("/users/{user:str}/end-sessions", responses=REFUSED)
async def end_sessions(user: IdInPath, data: JSONBody[Why], request: SignedIn, parts: Given[Parts]) -> Ended:
    """End a person's sessions and tokens, and their connections with them."""
    return await parts.moderation.end_sessions(actor(request), user, data.reason)


@post("/users/{user:str}/remove-messages", status_code=202, responses=REFUSED)
async def remove_messages(user: IdInPath, data: JSONBody[Since], request: SignedIn, parts: Given[Parts]) -> None:
    """Erase what a person said since a time, in every room; it goes on after the answer."""
    await parts.moderation.remove_messages(actor(request), user, data.since, data.reason, minutes=data.minutes)


@put("/users/{user:str}/role", responses=REFUSED)
async def set_role(user: IdInPath, data: JSONBody[NewRole], request: SignedIn, parts: Given[Parts]) -> User:
    """Give or take back the role of admin, as the house's owner."""
    return await parts.moderation.set_role(actor(request), user, data.role)


@put("/house/newcomers", status_code=204, responses=REFUSED)
async def newcomers(data: JSONBody[Admission], request: SignedIn, parts: Given[Parts]) -> None:
    """Close the house to everyone new, or open it again."""
    await parts.moderation.set_newcomers(actor(request), data.admitted, data.reason)


@get("/house/log", responses=REFUSED)
async def house_log(request: SignedIn, parts: Given[Parts], before: IdInQuery = None, limit: LimitInQuery = 50) -> HouseLog:
    """Tell who did what to whom, the newest first."""
    return await parts.moderation.house_log(actor(request), before, limit)


keeping = Router(
    "/",
    guards=[signed_in],
    security=[SESSION],
    route_handlers=[bans, ban, unban, person, end_sessions, remove_messages, set_role, newcomers, house_log],
)
