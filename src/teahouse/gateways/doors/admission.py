"""Whether an old door lets a handshake in, as pure functions of its headers."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import parse_qs

from msgspec import Struct

from teahouse.auth import Identity, Proof
from teahouse.errors import NotAllowed
from teahouse.gateways.credentials import bearer_token
from teahouse.gateways.dialects.spoken import Entrance
from teahouse.gateways.doors.door import Door
from teahouse.gateways.handshake import Asked, Refusal
from teahouse.gateways.origin import allowed_host, allowed_origin, as_told, base_path, inside, plain
from teahouse.policy import check_access

ANY = "*"


class Admitted(Struct, frozen=True):
    """Where a handshake leads, and whose token opened the door, if one did."""

    entrance: Entrance
    opener: Identity | None

    def depends_on(self, reader: Identity) -> list[int]:
        """Return whose place in the door's room a conversation depends on: the reader's, and that of whose token opened the door.

        Whoever has the cookie of `signin` showed that token when they signed in.
        """
        return [each.id for each in reader.people] + ([] if self.opener is None else [self.opener.user.id])

    def holds(self, door: Door, reader: Identity) -> bool:
        """Say whether all of these are in the door's room."""
        return door.has_inside(self.depends_on(reader))


def admission(door: Door, asked: Asked) -> Entrance | Refusal:
    """Return where a handshake leads, or why it is refused.

    A program sends no Origin, and the old ones could not know of it; a browser always sends one (RFC 6454 7.3).
    """
    if not allowed_host(asked.host, door.public_url, loopback=door.on_loopback):
        return HTTPStatus.FORBIDDEN, "this house is not known by that name"
    if not admits_page(door, asked):
        return HTTPStatus.FORBIDDEN, "this door is not open to pages of that origin"
    path = inside(asked.path.partition("?")[0], base_path(door.public_url))
    entrance = door.entrance(plain(path.removeprefix(door.prefix)))
    return entrance or (HTTPStatus.NOT_FOUND, f"the door {door.dialect} has no such path")


async def let_in(door: Door, asked: Asked) -> Admitted | Refusal:
    """Return the same once the token is looked at, where the door asks for one. Raise NotSignedIn, NotAllowed or NotFound."""
    found = admission(door, asked)
    if not isinstance(found, Entrance):
        if found[0] is HTTPStatus.FORBIDDEN:
            note_foreign(door, asked)
        return found
    return Admitted(found, None if found.way == "cookie" else await check_proof(door, asked, door.lodge.prove))


async def check_proof(door: Door, asked: Asked, prove: Callable[[Proof], Awaitable[Identity]]) -> Identity | None:
    """See that a token is brought to a door that asks for one, and that it is good for posting in the door's room: its person is inside.

    Who brings it is another matter: the person at the door is known as its dialect knows people. Return whose token it is.
    """
    if not door.needs_token:
        return None
    identity = await prove(proof(asked))
    check_access(identity.access, "post", door.room)
    if not door.has_inside([identity.user.id]):
        raise NotAllowed("whose token this is, is not in the room of this door", code="not_member")
    return identity


def admits_page(door: Door, asked: Asked) -> bool:
    """Whether a request comes from a page that may use this door, or from no page at all."""
    return all(_may_come_from(door, asked, origin) for origin in asked.origins)


def note_foreign(door: Door, asked: Asked) -> None:
    """Count a request that was refused for where it comes from or what it calls us, and tell which page's origin is not let in."""
    door.lodge.connections.foreign.add("door", **as_told(asked.origin, asked.host))
    for origin in asked.origins:
        if not _may_come_from(door, asked, origin):
            door.lodge.foreign_pages.note(door.dialect, origin)


def proof(asked: Asked) -> Proof:
    """Return what a handshake brings to a door that asks for a token: a token in its header, or a ticket in its query.

    Browsers cannot set the header, and what stands in an address may be kept by others: so tickets are good once.
    """
    token = bearer_token(", ".join(asked.authorizations))
    if token is not None:
        return Proof("token", token)
    given = parse_qs(asked.path.partition("?")[2])
    return Proof("ticket", next(iter(given.get("token", []) or given.get("ticket", [])), None))


def _may_come_from(door: Door, asked: Asked, origin: str) -> bool:
    if ANY in door.origins or origin.lower().removesuffix("/") in door.origins:
        return True
    return allowed_origin(origin, asked.host, asked.scheme, door.public_url)
