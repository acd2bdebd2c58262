"""A session of an old door opens the doors to its room, and whatever the door changed goes with it."""

from functools import partial

import pytest

from teahouse import policy
from teahouse.access import Access
from teahouse.auth import Proof, digest
from teahouse.door_building import _settle_robot
from teahouse.doorkeeper import Doorkeeper
from teahouse.model import LOBBY, RobotMode, User
from teahouse.moderation import Actor
from teahouse.storage import people, rooms, sessions
from tests.storage.conftest import Another
from tests.storage.house import House, refusal

BIRDS = frozenset({7})


async def public_room(house: House, name: str) -> int:
    keeper = await house.guest(f"Maker of {name}")
    return (await house.chat.create_room(keeper, "public", name, "", f"make {name}")).room.id


@pytest.fixture
async def room(house: House) -> int:
    return await public_room(house, "Birds")


@pytest.fixture
async def keeper(house: House) -> Doorkeeper:
    keeper = Doorkeeper(house.database, house.committer, house.roster, house.auth, ["f01"], ["Birdie"])
    await keeper.open()
    return keeper


async def test_a_guest_of_a_door_is_known_there_and_nowhere_else(house: House, room: int) -> None:
    token, guest = await house.auth.sign_in("Ann", "f01", door=room)
    assert await house.auth.identify_guest(token, room) == guest
    for elsewhere in (
        house.auth.identify(token),
        house.auth.identify_token(token),
        house.auth.identify_ticket(token),
        house.auth.prove(Proof("cookie", token)),
        house.auth.prove(Proof("token", token)),
        house.auth.identify_guest(token, LOBBY),
    ):
        assert await refusal(elsewhere) == "not_signed_in"
    assert list(house.chat.since(guest.user)) == [room]


async def test_it_is_so_after_a_restart_too(house: House, another: Another, room: int) -> None:
    token, guest = await house.auth.sign_in("Ann", "f01", door=room)
    later = await another()
    assert await refusal(later.auth.identify(token)) == "not_signed_in"
    assert await later.auth.identify_guest(token, room) == guest


async def test_people_and_programs_are_no_guests_of_a_door(house: House, room: int) -> None:
    token, aiko = await house.auth.sign_in("Aiko", "f01")
    await house.committer.run(
        lambda tx: sessions.open_token(tx, aiko.user.id, digest("tea"), "t", Access("write", frozenset({room})), tx.at + 10**9)
    )
    for secret in (token, "tea", "", None, "made up"):
        assert await refusal(house.auth.identify_guest(secret, room)) == "not_signed_in"


@pytest.mark.parametrize("action", sorted({*policy.TOKEN_ACTIONS, ""}))
def test_a_doors_session_may_do_nothing_by_itself(action: str) -> None:
    with pytest.raises(policy.NotAllowed):
        policy.check_access(Access("door", BIRDS), action, 7)
    assert not policy.may_see(Access("door", BIRDS), 7)


async def test_who_comes_by_a_name_is_in_the_doors_room_and_their_token_opens_nothing(house: House, room: int, keeper: Doorkeeper) -> None:
    ann = await keeper.admit("name", "Ann", room)
    again = await keeper.admit("name", "ann", room)
    assert (again.user.id, again.session) == (ann.user.id, ann.session)
    assert list(house.chat.since(ann.user)) == [room]
    token = keeper._token("name", "Ann")
    for elsewhere in (house.auth.identify(token), house.auth.identify_token(token), house.auth.identify_guest(token, room)):
        assert await refusal(elsewhere) == "not_signed_in"


async def test_a_closed_house_takes_in_nobody_whom_a_letter_awaits_and_everybody_who_came_once(
    house: House, room: int, keeper: Doorkeeper
) -> None:
    ben = await keeper.admit("name", "Ben", room)
    await keeper.expect("Ghost")
    owner = await house.guest("Olga")
    await house.committer.run(lambda tx: people.set_role(tx, owner.id, "owner"))
    await house.moderation.set_newcomers(Actor(owner), False)
    for stranger in (keeper.admit("name", "ghost", room), keeper.expect("Other"), keeper.admit("address", "192.0.2.9", room)):
        assert await refusal(stranger) == "house_closed"
    assert (await keeper.admit("name", "Ben", room)).user.id == ben.user.id
    await house.moderation.set_newcomers(Actor(owner), True)
    assert (await keeper.admit("name", "Ghost", room)).user.name == "Ghost"


async def test_sessions_end_with_the_last_door_to_their_room(house: House, room: int, keeper: Doorkeeper) -> None:
    fish = await public_room(house, "Fish")
    token, _ = await house.auth.sign_in("Ann", "f01", door=room)
    other, _ = await house.auth.sign_in("Ben", "f01", door=fish)
    person, _ = await house.auth.sign_in("Aiko", "f01")
    named = await keeper.admit("name", "Cleo", room)

    await keeper.end_elsewhere({fish})

    assert await refusal(house.auth.identify_guest(token, room)) == "not_signed_in"
    assert (await house.auth.identify_guest(other, fish)).user.name == "Ben"
    assert (await house.auth.identify(person)).user.name == "Aiko"
    assert (await keeper.admit("name", "Cleo", room)).user == named.user
    assert (await house.auth.sign_in("Ann", "f01"))[1].user.name == "Ann", "the name is free"


async def test_the_robot_is_as_before_when_the_door_is_gone_unless_people_chose(house: House, room: int) -> None:
    fish = await public_room(house, "Fish")
    robot, _ = await house.committer.run(lambda tx: people.create(tx, "Robot", "robot", "f01", "bot"))
    await choose(house, robot, room, "never")

    assert await settled(house, robot, {room, fish}) == ("always", "always")
    await choose(house, robot, fish, "never")
    assert await settled(house, robot, {room, fish}) == ("always", "never")
    assert await settled(house, robot, set()) == ("never", "never")
    assert await settled(house, robot, {room}) == ("always", "never")


async def settled(house: House, robot: User, signed_in: set[int]) -> tuple[RobotMode, ...]:
    """Return how the robot answers in the two rooms after a start with doors `signin` to these."""
    await house.committer.run(partial(_settle_robot, robot=robot, signed_in=signed_in))
    found = sorted(await house.database.read(rooms.every), key=lambda room: room.id)
    return tuple(room.robot for room in found if room.id != LOBBY)


async def choose(house: House, by: User, room: int, mode: RobotMode) -> None:
    await house.committer.run(lambda tx: rooms.set_robot(tx, by, room, mode))
