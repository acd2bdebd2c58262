"""Invites of keepers: who makes, sees and ends them, whom they let in, and what becomes of them when their maker keeps nothing more."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from teahouse import moderation
from teahouse.errors import TeahouseError
from teahouse.keeping import Invited, Uninvited
from teahouse.model import User
from teahouse.moderation import CONSOLE, Actor
from teahouse.storage import invites
from tests.storage.house import House, living, peace, refusal

MINUTE_MS = 60_000
HOUR = 60


@pytest.fixture
async def house(url: str) -> AsyncIterator[House]:
    """A house that is open by invite only."""
    async with living(url, open_house=False) as house:
        yield house


async def owner(house: House, name: str = "Olga") -> Actor:
    return Actor((await house.auth.sign_in(name, "f01", owner_key=await house.auth.make_owner_key()))[1].user)


async def come(house: House, name: str, key: str) -> User:
    return (await house.auth.sign_in(name, "f01", invite=key))[1].user


async def admin(house: House, name: str = "Adam") -> Actor:
    user = await come(house, name, await house.auth.make_invite())
    return Actor(await house.moderation.set_role(CONSOLE, user.id, "admin"))


async def facts(house: House) -> list[Any]:
    return [entry.fact for entry in (await house.moderation.house_log(CONSOLE)).entries]


@pytest.mark.parametrize("by", ["owner", "admin", "console"])
async def test_an_invite_lets_a_stranger_in_and_an_ended_one_does_not(house: House, by: str) -> None:
    actor = {"owner": await owner(house), "admin": await admin(house), "console": CONSOLE}[by]
    made = await house.moderation.invite(actor, minutes=HOUR, note=" chess\nclub ")
    assert (await come(house, "Ann", made.key)).role == "guest"
    [listed] = [each for each in (await house.moderation.invites(actor)).invites if not each.at_start]
    assert (listed.id, listed.used, listed.note, listed.until) == (made.invite.id, 1, "chess club", house.clock.ms + HOUR * MINUTE_MS)
    assert listed.by.role == ("bot" if actor.user is None else actor.user.role)
    await house.moderation.end_invite(actor, made.invite.id)
    assert await refusal(come(house, "Ben", made.key)) == "bad_key"
    assert await refusal(house.moderation.end_invite(actor, made.invite.id)) == "not_found"
    assert (await facts(house))[:2] == [
        Uninvited(made.invite.id, "chess club", actor.user is None),
        Invited(made.invite.id, listed.until, None, "chess club", actor.user is None),
    ]


async def test_the_key_is_told_once(house: House) -> None:
    olga = await owner(house)
    made = await house.moderation.invite(olga, minutes=HOUR)
    assert made.key not in repr((await house.moderation.invites(olga), await facts(house)))


async def test_an_invite_for_one_lets_one_in_however_many_come_at_once(house: House) -> None:
    made = await house.moderation.invite(await owner(house), minutes=HOUR, max_uses=1)
    names = [f"Guest {number}" for number in range(5)]
    answers = await asyncio.gather(*(come(house, name, made.key) for name in names), return_exceptions=True)
    refused = [answer.code for answer in answers if isinstance(answer, TeahouseError)]
    assert refused == ["bad_key"] * 4


async def test_who_is_refused_for_their_name_uses_up_no_invite(house: House) -> None:
    made = await house.moderation.invite(await owner(house), minutes=HOUR, max_uses=1)
    assert await refusal(come(house, "Olga", made.key)) == "name_taken"
    assert (await come(house, "Oleg", made.key)).name == "Oleg"


async def test_an_invite_has_an_end(house: House) -> None:
    olga = await owner(house)
    made = await house.moderation.invite(olga, minutes=HOUR)
    house.clock.ms += HOUR * MINUTE_MS
    assert await refusal(come(house, "Late", made.key)) == "bad_key"
    assert await refusal(house.moderation.invite(olga, minutes=moderation.MAX_INVITE_MINUTES + 1)) == "invalid"


async def test_there_are_only_so_many_invites_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moderation, "MAX_INVITES", 2)
    olga = await owner(house)
    first = await house.moderation.invite(olga, minutes=HOUR, max_uses=1)
    second = await house.moderation.invite(CONSOLE, minutes=2 * HOUR)
    await house.auth.make_invite()
    for actor in (olga, CONSOLE):
        assert await refusal(house.moderation.invite(actor, minutes=HOUR)) == "not_allowed"
    await come(house, "Ann", first.key)
    await house.moderation.invite(olga, minutes=HOUR)
    assert await refusal(house.moderation.invite(olga, minutes=HOUR)) == "not_allowed"
    await house.moderation.end_invite(olga, second.invite.id)
    await house.moderation.invite(olga, minutes=HOUR)


@pytest.mark.parametrize("end", ["role", "ban", "end_sessions"])
async def test_who_keeps_the_house_no_more_leaves_no_way_in(house: House, end: str) -> None:
    olga, adam = await owner(house), await admin(house)
    assert adam.user is not None
    theirs = await house.moderation.invite(adam, minutes=HOUR)
    others = await house.moderation.invite(olga, minutes=HOUR)
    if end == "role":
        await house.moderation.set_role(olga, adam.user.id, "guest")
    elif end == "ban":
        await house.moderation.ban(olga, user=adam.user.id, minutes=1)
    else:
        await house.moderation.end_sessions(olga, adam.user.id)
    assert await refusal(come(house, "Friend of Adam", theirs.key)) == "bad_key"
    await come(house, "Friend of Olga", others.key)


@pytest.mark.parametrize(("end", "code"), [("ban", "banned"), ("end_sessions", "not_signed_in"), ("role", "not_allowed")])
async def test_who_was_put_out_a_moment_ago_makes_no_way_in(house: House, end: str, code: str) -> None:
    """Their connections end when the house log was followed; what they sent before is stored after it."""
    olga, adam = await owner(house), await admin(house)
    assert adam.user is not None
    user = adam.user.id
    acts: dict[str, Any] = {
        "ban": lambda: house.moderation.ban(olga, user=user, minutes=1),
        "end_sessions": lambda: house.moderation.end_sessions(olga, user),
        "role": lambda: house.moderation.set_role(olga, user, "guest"),
    }
    await acts[end]()
    assert await refusal(house.moderation.invite(adam, minutes=HOUR)) == code
    assert await refusal(house.moderation.end_invite(adam, 1)) == code


async def test_a_keeper_who_goes_by_themselves_leaves_their_invites_which_whoever_runs_the_house_ends_together(house: House) -> None:
    token, olga = await house.auth.sign_in("Olga", "f01", owner_key=await house.auth.make_owner_key())
    keys = [(await house.moderation.invite(Actor(olga.user), minutes=HOUR)).key for _ in range(2)]
    await house.auth.sign_out((await house.auth.identify(token)).session)
    await come(house, "Ann", keys[0])
    await house.moderation.end_sessions(CONSOLE, olga.user.id)
    assert [await refusal(come(house, "Late", key)) for key in keys] == ["bad_key", "bad_key"]


async def test_invites_are_forgotten_once_the_calendar_may_be_believed_that_says_so(house: House) -> None:
    keeping, made = peace(house), await house.moderation.invite(CONSOLE, minutes=24 * HOUR)
    house.clock.pass_days(0.5)
    await keeping.forget()
    right = house.clock.ms
    house.clock.ms += 400 * 24 * HOUR * MINUTE_MS
    await keeping.forget()
    assert await refusal(come(house, "Early", made.key)) == "bad_key"
    house.clock.ms = right
    await keeping.forget()
    await come(house, "Ann", made.key)
    house.clock.pass_days(1)
    await keeping.forget()
    assert await house.database.read(invites.page, 0, None, 100) == []


@pytest.mark.parametrize("note", ["chess \x1b[2J\u202e club\u2028", "x" * 201, "\n" * 5000])
async def test_a_note_is_one_short_line_that_steers_nothing(house: House, note: str) -> None:
    try:
        made = await house.moderation.invite(CONSOLE, minutes=HOUR, note=note)
    except TeahouseError as error:
        assert error.code == "invalid" and "the note has" in error.words
    else:
        assert made.invite.note == "chess [2J club"


async def test_an_admin_who_becomes_an_owner_has_their_invites_still(house: House) -> None:
    await owner(house)
    adam = await admin(house)
    assert adam.user is not None
    made = await house.moderation.invite(adam, minutes=HOUR)
    await house.moderation.set_role(CONSOLE, adam.user.id, "owner")
    await come(house, "Ann", made.key)


async def test_an_admin_ends_what_an_owner_made(house: House) -> None:
    made = await house.moderation.invite(await owner(house), minutes=HOUR)
    await house.moderation.end_invite(await admin(house), made.invite.id)
    assert await refusal(come(house, "Late", made.key)) == "bad_key"


async def test_an_owners_role_is_taken_back_and_what_they_did_by_it_is_refused(house: House) -> None:
    olga, otto = await owner(house), await owner(house, "Otto")
    assert olga.user is not None
    await house.moderation.set_role(CONSOLE, olga.user.id, "guest")
    for answer in (
        house.moderation.invite(olga, minutes=HOUR),
        house.moderation.set_role(olga, olga.user.id, "admin"),
        house.moderation.end_sessions(olga, olga.user.id),
    ):
        assert await refusal(answer) == "not_allowed", "what a connection remembers is no proof"
    assert ("change", olga.user.id) in house.live.told
    assert (await house.moderation.person(otto, olga.user.id)).user.role == "guest"
