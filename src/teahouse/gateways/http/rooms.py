"""Rooms and who is in them."""

from typing import Annotated, Literal

from litestar import Router, delete, get, patch, post, put
from litestar.params import JSONBody, QueryParameter
from msgspec import Struct

from teahouse import wire
from teahouse.chat import Chat
from teahouse.gateways.commands import stored
from teahouse.gateways.http.identity import SESSION, TOKEN, Given, IdInPath, LimitInQuery, SignedIn, signed_in
from teahouse.gateways.http.parts import Parts
from teahouse.gateways.http.refusals import REFUSED
from teahouse.model import RobotMode, Standing
from teahouse.policy import may_see

Wanted = Annotated[str, QueryParameter(name="query", max_length=200)]
"""A part of a name; Litestar keeps the argument name `query` for itself."""


class Rooms(Struct, frozen=True):
    rooms: list[Standing]


class NewRoom(Struct, frozen=True):
    """`client_id` makes it idempotent: sent again, the answer is the same room."""

    kind: Literal["public", "private"]
    name: str
    client_id: wire.ClientId
    topic: str = ""


class Peer(Struct, frozen=True):
    user: wire.Id


class Newcomer(Struct, frozen=True):
    """No `user` means oneself."""

    user: wire.Id | None = None


class Change(Struct, frozen=True):
    """A field left out stays as it is."""

    name: str | None = None
    topic: str | None = None


class Robot(Struct, frozen=True):
    mode: RobotMode


@get("/rooms", responses=REFUSED, action="rooms")
async def my_rooms(request: SignedIn, chat: Given[Chat]) -> Rooms:
    """List the rooms that I am in."""
    found = await chat.standings(request.user)
    return Rooms([standing for standing in found if may_see(request.auth.access, standing.room.id)])


@get("/rooms/find", responses=REFUSED, action="find_rooms")
async def find_rooms(request: SignedIn, chat: Given[Chat], wanted: Wanted = "", limit: LimitInQuery = 50) -> wire.FoundRooms:
    """Find public rooms by name."""
    return await chat.find_rooms(request.user, wanted, limit, request.auth.access)


@post("/rooms", responses=REFUSED, action="create_room")
async def create_room(data: JSONBody[NewRoom], request: SignedIn, chat: Given[Chat]) -> Standing:
    """Make a room and join it."""
    return await chat.create_room(request.user, data.kind, data.name, data.topic, data.client_id)


@post("/directs", responses=REFUSED, action="open_direct")
async def open_direct(data: JSONBody[Peer], request: SignedIn, chat: Given[Chat]) -> Standing:
    """Return the room of us two, made when there is none."""
    return await chat.open_direct(request.user, data.user)


@patch("/rooms/{room:str}", responses=REFUSED, action="change_room")
async def change_room(room: IdInPath, data: JSONBody[Change], request: SignedIn, chat: Given[Chat]) -> wire.Stored:
    """Rename a room or change its topic, as its owner or the house's."""
    return stored(room, await chat.change_room(request.user, room, data.name, data.topic))


@put("/rooms/{room:str}/robot", responses=REFUSED, action="set_robot")
async def set_robot(room: IdInPath, data: JSONBody[Robot], request: SignedIn, chat: Given[Chat]) -> wire.Stored:
    """Choose when the robot answers, as the room's owner or the house's."""
    return stored(room, await chat.set_robot(request.user, room, data.mode))


@get("/rooms/{room:str}/members", responses=REFUSED, action="members")
async def members(room: IdInPath, request: SignedIn, chat: Given[Chat], wanted: Wanted = "", limit: LimitInQuery = 200) -> wire.Members:
    """List who is in a room, those here now first."""
    return await chat.members(request.user, room, wanted, limit)


@post("/rooms/{room:str}/members", responses=REFUSED, action="add_member")
async def add_member(room: IdInPath, data: JSONBody[Newcomer], request: SignedIn, chat: Given[Chat], parts: Given[Parts]) -> wire.Stored:
    """Join a public room, or let someone else into a room that I am in."""
    if data.user is None or data.user == request.user.id:
        standing = await chat.join(request.user, room)
        return wire.Stored(room, standing.since, parts.now_ms())
    return stored(room, await chat.add_member(request.user, room, data.user))


@delete("/rooms/{room:str}/members/{user:str}", status_code=200, responses=REFUSED, action="remove_member")
async def remove_member(room: IdInPath, user: IdInPath, request: SignedIn, chat: Given[Chat]) -> wire.Stored:
    """Leave a room, or put someone out, who may have left by themselves, as its owner or the house's."""
    if user == request.user.id:
        return stored(room, await chat.leave(request.user, room))
    return stored(room, await chat.remove_member(request.user, room, user))


rooms = Router(
    "/",
    guards=[signed_in],
    security=[SESSION, TOKEN],
    route_handlers=[my_rooms, find_rooms, create_room, open_direct, change_room, set_robot, members, add_member, remove_member],
)
