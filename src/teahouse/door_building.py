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
from teahouse.storage import doors as kept
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
        identify=auth.identify_guest,
        prove=auth.prove,
        marks=Marks(chat.read),
        letters=Throttle(LETTERS_PER_S, LETTERS_AT_ONCE),
        clock_ms=clock_ms,
        per_address=per_address,
    )
    return Doors(lodge, presence)


async def open_doors(doors: Doors, settings: Settings, committer: Committer, robot: User, house: str) -> None:
    """Add each door that the settings name, with its room, and undo what is left of doors that they no longer name."""
    await doors.lodge.keeper.open()
    for each in settings.doors:
        room = await committer.run(partial(_furnish, robot=robot, name=each.room))
        doors.add(
            each.dialect,
            room,
            house=house,
            own_port=each.address is not None,
            on_loopback=is_loopback(each.address[0] if each.address else settings.host),
            origins=each.origins,
            needs_token=each.access == "token",
            public_url=settings.public_url,
            draft76=each.draft76,
        )
    signed_in = {door.room for door in doors.all if door.dialect == "signin"}
    await doors.lodge.keeper.end_elsewhere(signed_in)
    await committer.run(partial(_settle_robot, robot=robot, signed_in=signed_in))


def _furnish(tx: Transaction, *, robot: User, name: str) -> int:
    """Return the public room that a door leads to, made when there is none."""
    room = LOBBY
    if name and fold_name(name) != fold_name(rooms.get(tx.connection, robot.id, LOBBY).name):
        key = f"public:{fold_name(name)}"
        room = rooms.holder(tx.connection, key) or rooms.create(tx, robot, "public", check_name(name), "", key=key)
        rooms.add(tx, robot, robot, room)
    return room


def _settle_robot(tx: Transaction, *, robot: User, signed_in: set[int]) -> None:
    """Let the robot answer everyone where a door `signin` has begun to lead, and answer as before where none does any more.

    What people chose in the meantime stays: a room's mode is changed once when its door comes, and back only if it still is
    as the door set it.
    """
    before = kept.robot_modes(tx.connection)
    for room in sorted(signed_in - before.keys()):
        mode = rooms.get(tx.connection, robot.id, room).robot
        kept.keep_robot_mode(tx, room, mode)
        if mode != "always":
            rooms.set_robot(tx, robot, room, "always")
    for room in sorted(before.keys() - signed_in):
        kept.forget_robot_mode(tx, room)
        if rooms.get(tx.connection, robot.id, room).robot == "always" and before[room] != "always":
            rooms.set_robot(tx, robot, room, before[room])
