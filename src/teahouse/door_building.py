"""Builds the doors of old dialects from the settings: their common parts, their rooms, the robot in them."""

from collections.abc import Callable
from functools import partial

from teahouse.auth import Authenticator
from teahouse.chat import Chat
from teahouse.delivery.hub import Hub
from teahouse.delivery.presence import Presence
from teahouse.doorkeeper import Doorkeeper
from teahouse.gateways.connections import Connections
from teahouse.gateways.doors.door import Lodge
from teahouse.gateways.doors.doors import Doors
from teahouse.gateways.doors.marks import Marks
from teahouse.model import LOBBY, User
from teahouse.policy import check_name, fold_name
from teahouse.settings import Settings, is_loopback
from teahouse.storage import rooms
from teahouse.storage.committer import Committer
from teahouse.storage.log import Transaction
from teahouse.throttle import Throttle

LETTERS_PER_S, LETTERS_AT_ONCE = 0.5, 20
"""How often one person may write to names that nobody has come by: each is kept as a user to be."""


def make_doors(
    chat: Chat,
    hub: Hub,
    keeper: Doorkeeper,
    connections: Connections,
    auth: Authenticator,
    presence: Presence,
    clock_ms: Callable[[], int],
    per_address: int,
) -> Doors:
    """Return a house's doors, of which there are none yet."""
    lodge = Lodge(
        chat=chat,
        hub=hub,
        keeper=keeper,
        connections=connections,
        identify=auth.identify,
        prove=auth.prove,
        marks=Marks(chat.read),
        letters=Throttle(LETTERS_PER_S, LETTERS_AT_ONCE),
        clock_ms=clock_ms,
        per_address=per_address,
    )
    return Doors(lodge, presence)


async def open_doors(doors: Doors, settings: Settings, committer: Committer, robot: User) -> None:
    """Add each door that the settings name, with its room."""
    await doors.lodge.keeper.open()
    for each in settings.doors:
        room = await committer.run(partial(_furnish, robot=robot, name=each.room, dialect=each.dialect))
        doors.add(
            each.dialect,
            room,
            own_port=each.address is not None,
            on_loopback=is_loopback(each.address[0] if each.address else settings.host),
            origins=each.origins,
            needs_token=each.access == "token",
            public_url=settings.public_url,
            draft76=each.draft76,
        )


def _furnish(tx: Transaction, *, robot: User, name: str, dialect: str) -> int:
    """Return the public room that a door leads to, made when there is none; at `signin` the robot answers everyone there."""
    room = LOBBY
    if name and fold_name(name) != fold_name(rooms.get(tx.connection, robot.id, LOBBY).name):
        key = f"public:{fold_name(name)}"
        room = rooms.holder(tx.connection, key) or rooms.create(tx, robot, "public", check_name(name), "", key=key)
        rooms.add(tx, robot, robot, room)
    if dialect == "signin" and rooms.get(tx.connection, robot.id, room).robot != "always":
        rooms.set_robot(tx, robot, room, "always")
    return room
