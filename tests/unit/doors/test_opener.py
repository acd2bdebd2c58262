"""Whom a token let in at an old door is there while that token is good and its person may be in the house."""

import asyncio
from collections.abc import Awaitable, Callable
from unittest.mock import AsyncMock

import pytest

from teahouse.auth import GUESTS_A_SWEEP, Identity, Proof, digest
from teahouse.errors import NotSignedIn, Unavailable
from teahouse.moderation import CONSOLE
from teahouse.storage import people, sessions
from teahouse.tokens import Tokens
from tests.storage.conftest import Another
from tests.storage.house import House, refusal

DAYS = 1


def desk(house: House) -> Tokens:
    return Tokens(house.database, house.committer, house.roster, house.auth, house.clock)


@pytest.fixture
async def room(house: House) -> int:
    return (await house.chat.create_room(await house.guest("Maker"), "public", "Birds", "", "make")).room.id


@pytest.fixture
async def mal(house: House) -> Identity:
    return await house.guest_identity("Mal")


@pytest.fixture
async def opener(house: House, mal: Identity) -> Identity:
    await house.auth.end_expired()  # the first has been
    secret, _ = await desk(house).make(mal, "door", "write", DAYS)
    return await house.auth.identify_token(secret)


async def in_house(house: House, user: int) -> bool:
    return not await house.database.read(people.has_gone, user)


async def revoked(house: House, opener: Identity) -> None:
    await desk(house).revoke(opener.user, opener.session)


async def ran_out(house: House, _: Identity) -> None:
    house.clock.pass_days(DAYS)


async def signed_off(house: House, opener: Identity) -> None:
    await house.moderation.end_sessions(CONSOLE, opener.user.id)


async def made_admin(house: House, opener: Identity) -> None:
    await house.moderation.set_role(CONSOLE, opener.user.id, "admin")


ENDS = (revoked, ran_out, signed_off, made_admin)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("is_known", [True, False])
async def test_a_guest_ends_with_the_token_that_let_them_in(
    house: House, room: int, opener: Identity, end: Callable[[House, Identity], Awaitable[None]], is_known: bool
) -> None:
    cookie, sock = await house.auth.sign_in("Sock", "f01", door=room, opener=opener)
    other, ann = await house.auth.sign_in("Ann", "f01", door=room)
    if is_known:
        assert (await house.auth.identify_guest(cookie, room)).opener == opener
    ended: list[int] = []
    house.auth.on_end = ended.append
    await end(house, opener)
    assert await refusal(house.auth.identify_guest(cookie, room)) == "not_signed_in"
    assert (await house.auth.identify_guest(other, room)).user == ann.user
    for _ in range(2):
        await house.auth.end_expired()
    assert sock.session in ended
    assert not await in_house(house, sock.user.id) and await in_house(house, ann.user.id)
    assert room not in house.roster.since(sock.user.id)


async def test_a_ticket_lets_one_guest_in_and_a_refusal_does_not_use_it_up(house: House, room: int, mal: Identity) -> None:
    await house.guest("Ann")
    ticket = await desk(house).make_ticket(mal)

    async def comes(name: str, face: str = "f01") -> str:
        shown = await house.auth.prove(Proof("ticket", ticket), keep_ticket=True)
        assert shown == mal
        return (await house.auth.sign_in(name, face, door=room, opener=shown, ticket=ticket))[0]

    assert await refusal(comes("Ann")) == "name_taken"
    assert await refusal(comes("Sock", "none")) == "bad_face"
    two = await asyncio.gather(comes("Sock"), comes("Socket"), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in two) == ["NotSignedIn", "str"], "good once, whoever was let in to look"
    assert await refusal(comes("Lace")) == "not_signed_in"


async def test_the_end_of_a_token_is_known_after_a_restart(house: House, another: Another, room: int, opener: Identity) -> None:
    cookie, sock = await house.auth.sign_in("Sock", "f01", door=room, opener=opener)
    later = await another()
    assert (await later.auth.identify_guest(cookie, room)).opener == opener
    ended: list[int] = []
    later.auth.on_end = ended.append
    later.clock.pass_days(DAYS)
    await later.auth.end_expired()
    assert ended == [opener.session, sock.session], "also where the guest alone has come since the start"


async def test_the_next_server_sees_to_whom_a_stopped_one_left_behind(house: House, another: Another, room: int, opener: Identity) -> None:
    _, sock = await house.auth.sign_in("Sock", "f01", door=room, opener=opener)
    await house.committer.run(lambda tx: sessions.end_tokens(tx, opener.user.id))
    later = await another()
    assert await in_house(later, sock.user.id)
    await later.auth.end_expired()
    assert not await in_house(later, sock.user.id)


async def test_however_many_a_token_let_in_go_a_few_at_a_time(house: House, room: int, opener: Identity) -> None:
    guests = [(await house.auth.sign_in(f"Sock{number}", "f01", door=room, opener=opener))[1] for number in range(GUESTS_A_SWEEP + 5)]
    await desk(house).revoke(opener.user, opener.session)
    left = []
    for _ in range(3):
        left.append(sum([await in_house(house, guest.user.id) for guest in guests]))
        await house.auth.end_expired()
    assert left == [GUESTS_A_SWEEP + 5, 5, 0]
    assert not house.auth._left_behind or (await house.auth.end_expired() is None and not house.auth._left_behind)


async def test_whom_a_sweep_could_not_see_off_the_next_one_does(
    house: House, room: int, opener: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, sock = await house.auth.sign_in("Sock", "f01", door=room, opener=opener)
    await desk(house).revoke(opener.user, opener.session)
    with monkeypatch.context() as broken:
        broken.setattr(house.database, "read", AsyncMock(side_effect=Unavailable("not now")))
        with pytest.raises(Unavailable):
            await house.auth.end_expired()
    assert await in_house(house, sock.user.id)
    await house.auth.end_expired()
    assert not await in_house(house, sock.user.id)


async def test_a_guest_sleeps_with_the_ban_of_whose_token_let_them_in(house: House, room: int, opener: Identity) -> None:
    cookie, sock = await house.auth.sign_in("Sock", "f01", door=room, opener=opener)
    await house.auth.identify_guest(cookie, room)
    ban = await house.moderation.ban(CONSOLE, user=opener.user.id)
    assert await refusal(house.auth.identify_guest(cookie, room)) == "banned"
    await house.moderation.unban(CONSOLE, ban.id)
    assert (await house.auth.identify_guest(cookie, room)).user == sock.user


async def test_who_signs_out_leaves_no_guest_behind(house: House, room: int, mal: Identity, opener: Identity) -> None:
    cookie, sock = await house.auth.sign_in("Sock", "f01", door=room, opener=opener)
    await house.auth.sign_out(mal.session)
    assert await refusal(house.auth.identify_guest(cookie, room)) == "not_signed_in"
    await house.auth.end_expired()
    assert not await in_house(house, sock.user.id)


async def test_nobody_is_let_in_by_a_token_that_ends_meanwhile(house: House, room: int, opener: Identity) -> None:
    await desk(house).revoke(opener.user, opener.session)
    assert await refusal(house.auth.sign_in("Sock", "f01", door=room, opener=opener)) == "not_signed_in"
    assert (await house.auth.sign_in("Sock", "f01", door=room))[1].user.name == "Sock", "the name is free"


async def test_a_token_that_ends_while_its_guest_is_looked_up_lets_nobody_in(house: House, room: int, opener: Identity) -> None:
    cookie, _ = await house.auth.sign_in("Sock", "f01", door=room, opener=opener)
    found = await house.database.read(sessions.find, digest(cookie))
    look_up = house.auth._database.read

    async def late(*asked: object) -> object:
        answer = found if asked[0] is sessions.find else await look_up(*asked)  # type: ignore[arg-type]
        if asked[0] is sessions.find:
            await desk(house).revoke(opener.user, opener.session)
        return answer

    house.auth._database.read = late  # type: ignore[method-assign, assignment]
    try:
        with pytest.raises(NotSignedIn):
            await house.auth.identify_guest(cookie, room)
    finally:
        house.auth._database.read = look_up  # type: ignore[method-assign]
    assert digest(cookie) not in house.auth._known._by_hash


async def test_what_is_forgotten_of_a_guest_is_forgotten_of_their_opener_too(house: House, room: int, opener: Identity) -> None:
    cookie, sock = await house.auth.sign_in("Sock", "f01", door=room, opener=opener)
    await house.auth.identify_guest(cookie, room)
    known = house.auth._known
    assert known._let_in == {opener.session: {digest(cookie)}}
    await house.auth.sign_out(sock.session)
    assert known._let_in == {}
    assert (await house.database.read(sessions.find_by_id, opener.session)) is not None, "the token is good for others"
