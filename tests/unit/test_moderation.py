"""Keeping the peace: who may do what to whom, what holds afterwards, and that each act stands in the house log."""

from typing import Any, get_args

import pytest

from teahouse import keepers, wire
from teahouse.answers import answer_id
from teahouse.auth import Identity
from teahouse.clearing import clear
from teahouse.errors import TeahouseError
from teahouse.keeping import Banned, Cleared, Newcomers, RoleSet, SignedOff, Unbanned
from teahouse.last_seen import LastSeen
from teahouse.model import LOBBY, NAMELESS, Created, Draft, Entry, Reacted, Removed, Renamed, RobotSet, User
from teahouse.moderation import CONSOLE, TAKES_EFFECT_MS, Actor
from teahouse.storage import addresses, bans, clearings, departures, log, people
from teahouse.storage.log import Transaction
from tests.storage.conftest import Another
from tests.storage.house import House, peace, refusal

MINUTE_MS = 60_000
HOUR = 60


async def owner(house: House, name: str = "Olga") -> Actor:
    identity = (await house.auth.sign_in(name, "f01", owner_key=await house.auth.make_owner_key()))[1]
    return Actor(identity.user, "192.0.2.1")


async def admin(house: House, by: Actor, name: str = "Adam") -> Actor:
    user = await house.guest(name)
    return Actor(await house.moderation.set_role(by, user.id, "admin"), "192.0.2.2")


async def signed_in(house: House, name: str) -> tuple[str, Identity]:
    return await house.auth.sign_in(name, "f01")


async def facts(house: House, actor: Actor) -> list[Any]:
    return [entry.fact for entry in (await house.moderation.house_log(actor)).entries]


# Who may

ACTS: dict[str, Any] = {
    "ban": lambda house, actor, other: house.moderation.ban(actor, user=other.id),
    "unban": lambda house, actor, other: house.moderation.unban(actor, 999),
    "bans": lambda house, actor, other: house.moderation.bans(actor),
    "end_sessions": lambda house, actor, other: house.moderation.end_sessions(actor, other.id),
    "remove_messages": lambda house, actor, other: house.moderation.remove_messages(actor, other.id, 0),
    "set_role": lambda house, actor, other: house.moderation.set_role(actor, other.id, "admin"),
    "newcomers": lambda house, actor, other: house.moderation.set_newcomers(actor, False),
    "person": lambda house, actor, other: house.moderation.person(actor, other.id),
    "house_log": lambda house, actor, other: house.moderation.house_log(actor),
    "invite": lambda house, actor, other: house.moderation.invite(actor, minutes=60),
    "end_invite": lambda house, actor, other: house.moderation.end_invite(actor, 999),
    "invites": lambda house, actor, other: house.moderation.invites(actor),
}
OF_NOBODY = {"bans", "person", "house_log", "newcomers", "unban", "invite", "end_invite", "invites"}
"""What is a look, or is done to nobody: no rank is in its way."""


def test_every_way_of_keeping_the_peace_has_its_row_in_the_table() -> None:
    assert ACTS.keys() == keepers.KEEPING.keys() == {str(command.__struct_config__.tag) for command in get_args(wire.Keep)}


async def outcome(answer: Any) -> str:
    try:
        await answer
    except TeahouseError as error:
        return error.code
    return "done"


@pytest.mark.parametrize("action", sorted(ACTS))
@pytest.mark.parametrize("role", ["owner", "admin", "member", "guest", "bot"])
async def test_only_the_roles_of_the_table_keep_the_peace_and_only_over_those_below_them(house: House, action: str, role: Any) -> None:
    olga = await owner(house)
    someone = await house.guest("Someone")
    await house.committer.run(lambda tx: people.set_role(tx, someone.id, role))
    actor = Actor(User(someone.id, someone.name, someone.face, role), "192.0.2.3")
    others = {"guest": await house.guest("Gus"), "admin": (await admin(house, olga)).user, "owner": olga.user, "self": actor.user}
    for rank, (name, other) in zip((0, 1, 2, keepers.RANKS.get(role, 0)), others.items(), strict=True):
        allowed = role in keepers.KEEPING[action]
        reaches = action in OF_NOBODY or keepers.RANKS.get(role, 0) > rank
        wanted = "not_allowed" if not (allowed and reaches) else "not_found" if action in ("unban", "end_invite") else "done"
        assert await outcome(ACTS[action](house, actor, other)) == wanted, f"{role} {action} {name}"


async def test_a_role_that_was_taken_back_is_asked_for_when_it_counts(house: House) -> None:
    olga, gus = await owner(house), await house.guest("Gus")
    adam = await admin(house, olga)
    await house.moderation.set_role(olga, adam.user.id, "guest")  # type: ignore[union-attr]
    assert await refusal(house.moderation.ban(adam, user=gus.id)) == "not_allowed", "what a connection remembers is no proof"


async def test_the_robot_and_the_last_owner_stay_even_for_the_console(house: House) -> None:
    olga = await owner(house)
    robot = await house.database.read(people.find_bot)
    assert robot is not None and olga.user is not None
    for who in (robot[0].id, olga.user.id):
        assert await refusal(house.moderation.ban(CONSOLE, user=who)) == "not_allowed"
        assert await refusal(house.moderation.set_role(CONSOLE, who, "guest")) == "not_allowed"
    await owner(house, "Otto")
    assert (await house.moderation.set_role(CONSOLE, olga.user.id, "guest")).role == "guest"


async def test_an_owner_who_is_banned_or_has_gone_is_nobody_beside_the_last_one(house: House) -> None:
    olga, otto = await owner(house), await owner(house, "Otto")
    assert olga.user is not None and otto.user is not None
    ban = await house.moderation.ban(CONSOLE, user=olga.user.id)
    for act in (house.moderation.ban, house.moderation.end_sessions):
        assert await refusal(act(CONSOLE, user=otto.user.id)) == "not_allowed"
    assert await refusal(house.moderation.set_role(CONSOLE, otto.user.id, "guest")) == "not_allowed"
    await house.moderation.unban(CONSOLE, ban.id)
    await house.moderation.end_sessions(CONSOLE, olga.user.id)
    assert await refusal(house.moderation.ban(CONSOLE, user=otto.user.id)) == "not_allowed"
    assert await house.auth.has_owner()


async def test_nobody_is_made_a_keeper_who_could_not_keep_anything(house: House) -> None:
    """A guest of an old door opens its room alone; whoever has gone is nobody any more."""
    _, olga = await house.auth.sign_in("Olga", "f01", owner_key=await house.auth.make_owner_key())
    _, at_door = await house.auth.sign_in("Dora", "f01", door=LOBBY)
    _, gone = await signed_in(house, "Gus")
    await house.auth.sign_out(gone.session)
    for user in (at_door.user, gone.user):
        for role in ("owner", "admin"):
            assert await refusal(house.moderation.set_role(CONSOLE, user.id, role)) == "not_allowed"
    await house.committer.run(lambda tx: people.set_role(tx, at_door.user.id, "owner"))  # as an older version did
    assert await refusal(house.moderation.set_role(CONSOLE, olga.user.id, "guest")) == "not_allowed"
    await house.auth.sign_out(olga.session)
    assert not await house.auth.has_owner(), "the next start makes a link"


async def test_an_admin_undoes_nothing_that_an_owner_did(house: House) -> None:
    olga, gus = await owner(house), await house.guest("Gus")
    adam = await admin(house, olga)
    ban = await house.moderation.ban(olga, user=gus.id)
    assert await refusal(house.moderation.unban(adam, ban.id)) == "not_allowed"
    assert await refusal(house.moderation.ban(adam, user=gus.id, minutes=1)) == "not_allowed", "a shorter ban in its place"
    net = await house.moderation.ban(olga, network="203.0.113.7", minutes=60)
    assert await refusal(house.moderation.ban(adam, network="203.0.113.7", minutes=1)) == "not_allowed"
    await house.moderation.unban(olga, net.id)


# A ban of a person


async def test_whoever_is_banned_is_told_why_by_all_that_they_show_and_comes_back_as_themselves(house: House) -> None:
    olga, (cookie, gus) = await owner(house), await signed_in(house, "Gus")
    ban = await house.moderation.ban(olga, user=gus.user.id, minutes=HOUR, reason="advertising")
    with pytest.raises(TeahouseError) as refused:
        await house.auth.identify(cookie)
    assert refused.value.code == "banned" and refused.value.status == 403
    assert "advertising" in refused.value.words and "UTC" in refused.value.words and refused.value.retry_after_s == HOUR * 60
    assert ("shut out", None) in house.live.told
    await house.moderation.unban(olga, ban.id)
    assert (await house.auth.identify(cookie)).user == gus.user


async def test_a_ban_ends_by_itself(house: House) -> None:
    olga, (cookie, gus) = await owner(house), await signed_in(house, "Gus")
    await house.moderation.ban(olga, user=gus.user.id, minutes=HOUR)
    house.clock.ms += HOUR * MINUTE_MS - 1
    assert await refusal(house.auth.identify(cookie)) == "banned"
    house.clock.ms += 1
    assert (await house.auth.identify(cookie)).user == gus.user
    assert (await house.moderation.bans(olga)).bans == []


async def test_nobody_gets_the_name_of_somebody_who_is_banned_also_when_their_sessions_are_old(house: House) -> None:
    olga, (_, gus) = await owner(house), await signed_in(house, "Gus")
    ban = await house.moderation.ban(olga, user=gus.user.id)
    assert await refusal(house.auth.sign_in("Gus", "f01")) == "name_taken"
    house.clock.pass_days(40)
    await house.auth.end_stale()
    assert await refusal(house.auth.sign_in("gus", "f01")) == "name_taken"
    olga = await owner(house, "Olga again")
    await house.moderation.unban(olga, ban.id)
    assert (await house.auth.sign_in("Gus", "f01"))[1].user.id != gus.user.id, "free, where nobody can come back to it"


@pytest.mark.parametrize("left_by", ["end_sessions", "sign_out", "old age"])
@pytest.mark.parametrize("ended_by", ["time", "unban"])
async def test_who_has_no_session_and_no_ban_that_holds_has_gone(house: House, left_by: str, ended_by: str) -> None:
    olga, (_, gus) = await owner(house), await signed_in(house, "Gus")
    room = await house.room(await house.guest("Ben"), gus.user)
    ban = await house.moderation.ban(olga, user=gus.user.id, minutes=50 * 24 * HOUR)
    if left_by == "old age":
        house.clock.pass_days(40)
        await house.auth.end_stale()
        olga = await owner(house, "Olga again")
    else:
        await (house.moderation.end_sessions(olga, gus.user.id) if left_by == "end_sessions" else house.auth.sign_out(gus.session))
    await house.moderation.end_bans()
    assert await refusal(house.auth.sign_in("Gus", "f01")) == "name_taken", "while the ban holds"
    assert house.roster.seat(gus.user.id, room) is not None
    if ended_by == "time":
        house.clock.pass_days(50)
        await peace(house).keep()
    else:
        await house.moderation.unban(olga, ban.id)
    assert house.roster.seat(gus.user.id, room) is None and house.roster.seat(gus.user.id, LOBBY) is None
    assert (await house.auth.sign_in("Gus", "f01"))[1].user.id != gus.user.id


async def test_who_has_a_session_stays_when_their_ban_is_over(house: House) -> None:
    olga, (cookie, gus) = await owner(house), await signed_in(house, "Gus")
    for n in range(departures.AT_ONCE + 2):
        await house.moderation.ban(olga, user=(await house.guest(f"Guest {n}")).id, minutes=1)
    await house.moderation.ban(olga, user=gus.user.id, minutes=1)
    await house.moderation.ban(olga, network="203.0.113.7", minutes=1)
    house.clock.ms += MINUTE_MS
    await house.moderation.end_bans()
    assert not await house.database.read(bans.any_ended, house.clock.ms)
    assert (await house.auth.identify(cookie)).user == gus.user and house.roster.seat(gus.user.id, LOBBY) is not None


async def test_a_ban_holds_after_a_restart_and_on_a_server_that_did_not_hear_of_it(house: House, another: Another) -> None:
    olga, (cookie, gus) = await owner(house), await signed_in(house, "Gus")
    other = await another()
    assert (await other.auth.identify(cookie)).user == gus.user
    await house.moderation.ban(olga, user=gus.user.id)
    await other.follower.follow()
    assert await refusal(other.auth.identify(cookie)) == "banned"
    assert other.live.told == [("shut out", None)]
    assert await refusal((await another()).auth.identify(cookie)) == "banned"


async def test_a_token_and_a_ticket_of_somebody_who_is_banned_open_nothing(house: House) -> None:
    from teahouse.tokens import Tokens

    olga, (_, gus) = await owner(house), await signed_in(house, "Gus")
    tokens = Tokens(house.database, house.committer, house.roster, house.auth, house.clock)
    secret, _ = await tokens.make(gus, "bot", "write", 9)
    ticket = await tokens.make_ticket(gus)
    await house.moderation.ban(olga, user=gus.user.id)
    assert await refusal(house.auth.identify_token(secret)) == "banned"
    assert await refusal(house.auth.identify_ticket(ticket)) == "banned"


# A ban of a network


@pytest.mark.parametrize(
    ("network", "inside", "outside"),
    [
        ("203.0.113.7", ["203.0.113.7", "::ffff:203.0.113.7"], ["203.0.113.8", "2001:db8::7"]),
        ("203.0.113.99/24", ["203.0.113.1", "203.0.113.255"], ["203.0.114.0"]),
        ("::ffff:203.0.113.0/120", ["203.0.113.5"], ["203.0.112.5"]),
        ("2001:db8:5:6::1", ["2001:db8:5:6:9::2", "2001:0db8:0005:0006"], ["2001:db8:5:7::1"]),
        ("64:ff9b::203.0.113.9", ["203.0.113.9", "64:ff9b::cb00:7109"], ["64:ff9b::203.0.113.8", "203.0.113.8"]),
        ("203.0.113.0/24", ["64:ff9b::203.0.113.9", "64:ff9b:1::203.0.113.9"], ["64:ff9b::203.0.114.9", "64:ff9b:1::203.0.114.9"]),
        ("64:ff9b:1:2::203.0.113.9", ["203.0.113.9", "64:ff9b:1::cb00:7109"], ["64:ff9b:1:2::203.0.113.8"]),
        ("64:ff9b:1::203.0.113.0/120", ["64:ff9b:1::203.0.113.9"], ["64:ff9b:1::203.0.114.9"]),
        ("fe80::1%eth0", ["fe80::1", "fe80::1%eth0", "fe80:0000:0000:0000:0000:0000:0000:0001"], ["fe80::2%eth0", "fe80::"]),
        ("fe80::/64", ["fe80::1%eth0"], ["fec0::1"]),
        ("2001:db8:5::/48", ["2001:db8:5:ffff::1"], ["2001:db8:6::1", "203.0.113.7"]),
    ],
)
async def test_a_network_is_shut_out_with_all_its_addresses_and_no_other(
    house: House, network: str, inside: list[str], outside: list[str]
) -> None:
    olga, gus = await owner(house), await house.guest("Gus")
    await house.moderation.ban(olga, network=network, minutes=HOUR)
    assert [house.auth.bans.refusal(gus, address) is not None for address in inside] == [True] * len(inside)
    assert [house.auth.bans.refusal(gus, address) for address in outside] == [None] * len(outside)
    assert house.auth.bans.refusal(olga.user, inside[0]) is None, "keepers are not shut out by where they are"
    assert house.auth.bans.refusal(None, inside[0]) is not None


@pytest.mark.parametrize(
    "network",
    [
        "0.0.0.0/0",
        "10.0.0.0/15",
        "2001::/31",
        "::/0",
        "127.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::/64",
        "64:ff9b::127.0.0.1",
        "64:ff9b:1::/48",
        "64:ff9b:1:2::/64",
        "64:ff9b:1:c000:2:700::",
        "64:ff9b::/32",
        "64:ff9b:1::127.0.0.1",
        "192.0.2.0/24",
        "the moon",
        "",
        "1.2.3.4/33",
    ],
)
async def test_a_network_that_is_too_wide_or_oneself_or_none_is_refused(house: House, network: str) -> None:
    assert await refusal(house.moderation.ban(await owner(house), network=network, minutes=HOUR)) == "invalid"


async def test_a_network_is_shut_out_for_a_time(house: House) -> None:
    olga = await owner(house)
    for minutes in (None, 366 * 24 * 60 + 1):
        assert await refusal(house.moderation.ban(olga, network="203.0.113.7", minutes=minutes)) == "invalid"
    gus = await house.guest("Gus")
    assert await refusal(house.moderation.ban(olga, user=gus.id, network="203.0.113.7", minutes=1)) == "invalid"
    assert await refusal(house.moderation.ban(olga)) == "invalid"


# Sessions, roles, newcomers


async def test_ended_sessions_are_gone_and_so_is_a_guest(house: House) -> None:
    olga, (cookie, gus) = await owner(house), await signed_in(house, "Gus")
    assert (await house.moderation.end_sessions(olga, gus.user.id)).ended == 1
    assert await refusal(house.auth.identify(cookie)) == "not_signed_in"
    assert ("end", gus.user.id) in house.live.told
    assert house.roster.seat(gus.user.id, LOBBY) is None
    assert (await house.auth.sign_in("Gus", "f01"))[1].user.id != gus.user.id


async def test_who_has_gone_by_another_process_is_in_no_room_here(house: House, another: Another) -> None:
    olga, (_, gus), ben = await owner(house), await signed_in(house, "Gus"), await house.guest("Ben")
    room, direct = await house.room(ben, gus.user), (await house.chat.open_direct(ben, gus.user.id)).room.id
    here = await another()
    ban = await house.moderation.ban(olga, user=gus.user.id)
    await house.moderation.end_sessions(olga, gus.user.id)
    await here.follower.follow()
    assert here.roster.seat(gus.user.id, room) is not None, "kept by the ban"
    await house.moderation.unban(olga, ban.id)
    await here.follower.follow()
    assert here.roster.rooms_of(gus.user.id) == {direct} and here.roster.count(room) == 1
    assert here.roster.seat(ben.id, room) is not None


async def test_who_went_a_moment_ago_becomes_no_member_and_makes_nothing(house: House) -> None:
    """A request passes by what is remembered of its session, and is stored after the session has ended."""
    from teahouse.tokens import Tokens

    olga, (_, gus) = await owner(house), await signed_in(house, "Gus")
    ben, tokens = await house.guest("Ben"), Tokens(house.database, house.committer, house.roster, house.auth, house.clock)
    room = await house.room(ben, kind="public")
    await house.moderation.end_sessions(olga, gus.user.id)
    assert await refusal(house.chat.join(gus.user, room)) == "not_signed_in"
    assert await refusal(house.chat.create_room(gus.user, "private", "Den", "", "den")) == "not_signed_in"
    assert await refusal(house.chat.open_direct(gus.user, ben.id)) == "not_signed_in"
    assert await refusal(tokens.make(gus, "bot", "write", 9)) == "not_signed_in"
    assert house.roster.rooms_of(gus.user.id) == set()


async def test_who_got_another_role_a_moment_ago_makes_no_token_with_the_old_one(house: House) -> None:
    from teahouse.tokens import Tokens

    olga, (_, gus) = await owner(house), await signed_in(house, "Gus")
    tokens = Tokens(house.database, house.committer, house.roster, house.auth, house.clock)
    await house.moderation.set_role(olga, gus.user.id, "admin")
    assert await refusal(tokens.make(gus, "bot", "write", 9)) == "not_signed_in"


async def test_an_admin_is_made_and_unmade_and_nothing_old_gives_the_power(house: House) -> None:
    from teahouse.tokens import Tokens

    olga, (cookie, gus) = await owner(house), await signed_in(house, "Gus")
    tokens = Tokens(house.database, house.committer, house.roster, house.auth, house.clock)
    secret, _ = await tokens.make(gus, "bot", "write", 9)
    assert (await house.moderation.set_role(olga, gus.user.id, "admin")).role == "admin"
    assert (await house.auth.identify(cookie)).user.role == "admin"
    assert await refusal(house.auth.identify_token(secret)) == "not_signed_in"
    assert ("change", gus.user.id) in house.live.told
    seat = house.roster.seat(gus.user.id, LOBBY)
    assert seat is not None and seat.user.role == "admin"
    await house.moderation.set_role(olga, gus.user.id, "guest")
    assert (await house.auth.identify(cookie)).user.role == "guest"
    assert [type(fact) for fact in await facts(house, olga)] == [RoleSet, RoleSet]
    await house.moderation.set_role(olga, gus.user.id, "guest")
    assert len(await facts(house, olga)) == 2, "what is so already is no act"


async def test_a_closed_house_takes_in_nobody_new_with_an_invite_or_without_but_an_owner(house: House) -> None:
    olga, (cookie, gus) = await owner(house), await signed_in(house, "Gus")
    invite = await house.auth.make_invite()
    await house.moderation.set_newcomers(olga, False, "a wave")
    assert house.auth.closed
    for keys in ({}, {"invite": invite}, {"door": LOBBY}):
        assert await refusal(house.auth.sign_in("New", "f01", **keys)) == "house_closed"  # type: ignore[arg-type]
    assert (await house.auth.identify(cookie)).user == gus.user
    await owner(house, "Otto")
    await house.moderation.set_newcomers(olga, True)
    await house.guest("New")
    assert [type(fact) for fact in await facts(house, olga)] == [Newcomers, Newcomers]


# Where they came from


async def test_who_signs_in_is_known_by_the_network_that_they_came_from(house: House) -> None:
    olga, keeping = await owner(house), peace(house)
    gus = (await house.auth.sign_in("Gus", "f01", address="203.0.113.7"))[1].user
    await keeping.keep()
    assert (await house.moderation.person(olga, gus.id)).address == "203.0.113.7"


async def test_an_address_is_stored_again_when_it_is_another_or_an_hour_old(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[Any] = []
    monkeypatch.setattr(addresses, "put", lambda tx, some: stored.extend(some))
    seen = LastSeen(house.committer, house.clock, 30)

    async def hear(address: str) -> int:
        for _ in range(3):
            seen.note(7, address)
        await seen.store()
        return len(stored)

    assert [await hear("203.0.113.7"), await hear("203.0.113.7"), await hear("203.0.113.8"), await hear("203.0.113.7")] == [1, 1, 2, 3]
    house.clock.ms += HOUR * MINUTE_MS
    assert [await hear("203.0.113.7"), await hear("not an address")] == [4, 4]
    forgetful = LastSeen(house.committer, house.clock, 0)
    forgetful.note(7, "203.0.113.7")
    await forgetful.store()
    assert len(stored) == 4


async def test_whose_doings_are_counted_together_is_remembered_whether_it_is_stored_or_not(house: House) -> None:
    for days in (30, 0):
        seen = LastSeen(house.committer, house.clock, days)
        assert seen.network_of(7) is None
        for address, network in (
            ("2001:db8::1:2:3:4", "2001:0db8:0000:0000"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("", "203.0.113.7"),
            ("fe80::7%eth0", "fe80::/10"),
        ):
            seen.note(7, address)
            assert seen.network_of(7) == network


# What they said


async def removed(house: House, room: int) -> list[Entry]:
    return [entry for entry in await house.entries(room) if isinstance(entry.fact, Removed)]


async def test_what_somebody_said_since_then_goes_as_if_by_hand_and_nothing_else_does(house: House) -> None:
    olga, gus, ben = await owner(house), await house.guest("Gus"), await house.guest("Ben")
    assert olga.user is not None
    before = await house.say(gus, LOBBY, "an old word")
    house.clock.ms += 1000
    since = house.clock.ms
    room = await house.room(gus, ben)
    direct = (await house.chat.open_direct(gus, ben.id)).room.id
    theirs = [
        (LOBBY, await house.say(gus, LOBBY, "buy")),
        (room, await house.say(gus, room, "now")),
        (direct, await house.say(gus, direct, "!")),
    ]
    others = await house.say(ben, LOBBY, "no thanks")
    await house.chat.react(ben, LOBBY, theirs[0][1], "👎")
    await house.moderation.remove_messages(olga, gus.id, since, "advertising")
    house.clock.ms += 1000
    after = await house.say(gus, LOBBY, "sorry")
    await clear(house.committer)
    for place, seq in theirs:
        [message] = [one for one in (await house.chat.page(gus, place)).messages if one.seq == seq]
        assert message.removed and message.text == "" and message.reactions == []
        named = [1] if place == room else []  # Gus named it, and direct rooms have no name
        told = [(entry.by.id, entry.fact.message) for entry in await removed(house, place)]  # type: ignore[union-attr]
        assert told == [(olga.user.id, gone) for gone in [seq, *named]]
    kept = [one.text for one in (await house.chat.page(ben, LOBBY)).messages if one.seq in (before, others, after)]
    assert kept == ["an old word", "no thanks", "sorry"]
    assert [type(fact) for fact in await facts(house, olga)] == [Cleared]


async def test_an_old_message_that_says_something_new_since_then_goes_as_well(house: House) -> None:
    olga, gus, ben = await owner(house), await house.guest("Gus"), await house.guest("Ben")
    room = await house.room(gus, ben)
    seqs = [await house.say(gus, room, text) for text in ("a slip of the pwn", "nice", "an old word")]
    await house.chat.edit(gus, room, seqs[0], "a slip of the pen")
    house.clock.ms += 1000
    since = house.clock.ms
    for n in range(3):
        await house.chat.edit(gus, room, seqs[1], f"abuse {n}")
    await house.chat.react(ben, room, seqs[2], "👍", True)
    await house.moderation.remove_messages(olga, gus.id, since)
    await clear(house.committer)
    assert [(one.text, one.removed) for one in (await house.chat.page(ben, room)).messages] == [
        ("a slip of the pen", False),
        ("", True),
        ("an old word", False),
    ]
    assert [entry.fact.message for entry in await removed(house, room)] == [seqs[1]]  # type: ignore[union-attr]


@pytest.mark.parametrize("with_a_ban", [False, True])
async def test_the_last_minutes_count_from_the_houses_own_time(house: House, with_a_ban: bool) -> None:
    olga, gus, ben = await owner(house), await house.guest("Gus"), await house.guest("Ben")
    room = await house.room(ben, gus)
    for text in ("two hours ago", "just now"):
        await house.say(gus, room, text)
        house.clock.ms += 59 * MINUTE_MS
    if with_a_ban:
        await house.moderation.ban(olga, user=gus.id, remove_minutes=HOUR)
    else:
        await house.moderation.remove_messages(olga, gus.id, None, minutes=HOUR)
    [told] = [fact for fact in await facts(house, olga) if isinstance(fact, Cleared)]
    assert told.since == house.clock.ms - HOUR * MINUTE_MS
    await clear(house.committer, at_once=True)
    assert [one.text for one in (await house.chat.page(ben, room)).messages] == ["two hours ago", ""]


async def test_what_goes_is_said_in_one_way(house: House) -> None:
    olga, gus = await owner(house), await house.guest("Gus")
    keep = house.moderation
    for asked in (
        keep.remove_messages(olga, gus.id, None),
        keep.remove_messages(olga, gus.id, 0, minutes=1),
        keep.ban(olga, user=gus.id, remove_since=0, remove_minutes=1),
        keep.ban(olga, network="192.0.2.0/24", minutes=1, remove_minutes=1),
    ):
        assert await refusal(asked) == "invalid"


async def test_a_time_that_is_yet_to_come_is_refused_and_nothing_is_done(house: House) -> None:
    olga, gus = await owner(house), await house.guest("Gus")
    ahead = house.clock() + 1
    assert await refusal(house.moderation.remove_messages(olga, gus.id, ahead)) == "invalid"
    assert await refusal(house.moderation.ban(olga, user=gus.id, remove_since=ahead)) == "invalid"
    assert await facts(house, olga) == [] and house.auth.bans.refusal(gus, None) is None
    await house.moderation.remove_messages(olga, gus.id, house.clock())


@pytest.mark.parametrize("at_once", [False, True])
async def test_what_a_banned_person_says_until_the_ban_takes_effect_goes_too(house: House, at_once: bool) -> None:
    """A server that runs beside the command line follows the log some tenths of a second later."""
    olga, gus, ben = await owner(house), await house.guest("Gus"), await house.guest("Ben")
    room = await house.room(gus, ben)
    await house.moderation.ban(olga, user=gus.id, remove_since=0)
    house.clock.ms += 300
    await house.say(gus, room, "one more")
    assert await clear(house.committer, at_once=at_once) is not at_once
    house.clock.ms += TAKES_EFFECT_MS
    assert not await clear(house.committer)
    assert [one.text for one in (await house.chat.page(ben, room)).messages] == [""]


async def test_a_running_house_comes_back_to_what_it_cannot_erase_yet(house: House) -> None:
    olga, gus, ben = await owner(house), await house.guest("Gus"), await house.guest("Ben")
    room, keeper = await house.room(gus, ben), peace(house)
    await keeper.start()
    await keeper.moderation.ban(olga, user=gus.id, remove_since=0)
    await keeper.clear()
    await house.say(gus, room, "one more")
    house.clock.ms += TAKES_EFFECT_MS
    await keeper.clear()
    assert [one.text for one in (await house.chat.page(ben, room)).messages] == [""]


async def test_it_goes_in_slices_and_on_from_where_it_was(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is killed between two slices has stored both what it erased and how far it had come."""
    monkeypatch.setattr(clearings, "LOOKED_AT", 7)
    olga, gus, ben = await owner(house), await house.guest("Gus"), await house.guest("Ben")
    room = await house.room(ben, gus)
    for n in range(20):
        await house.say(gus if n % 3 else ben, room, f"{n}")
    ban = await house.moderation.ban(olga, user=gus.id, remove_since=0)
    assert [type(fact) for fact in await facts(house, olga)] == [Cleared, Banned]
    house.clock.ms += TAKES_EFFECT_MS
    slices = []
    while len(slices) < 100:
        before = len(await removed(house, room))
        if not await house.committer.run(lambda tx: clearings.go_on(tx, lambda: False)):
            break
        slices.append(len(await removed(house, room)) - before)
    assert max(slices) == 1, "one at least, and no more where there is no time"
    assert sum(slices) == 13
    assert [one.text for one in (await house.chat.page(ben, room)).messages if not one.removed] == [f"{n}" for n in range(0, 20, 3)]
    assert ban.user == gus


async def clear_slice_by_slice(house: House) -> None:
    """Clear as a process does that is killed after each thing that it erases, with nothing in memory from one to the next."""
    for _ in range(100):
        if not await house.committer.run(lambda tx: clearings.go_on(tx, lambda: False)):
            return
    raise AssertionError("this comes to no end")


async def notices(house: House, room: int) -> list[Any]:
    """The names and topics that stand in a room's log, from its beginning."""
    facts = [entry.fact for entry in await house.entries(room)]
    return [(fact.name, fact.topic) for fact in facts if isinstance(fact, Created | Renamed)]


@pytest.mark.parametrize("kind", ["public", "private"])
async def test_names_and_topics_that_they_gave_go_from_the_room_and_from_its_log(house: House, kind: Any) -> None:
    olga, gus, ben = await owner(house), await house.guest("Gus"), await house.guest("Ben")
    room = (await house.chat.create_room(gus, kind, "Abuse", "", "a")).room.id
    await house.chat.add_member(gus, room, ben.id)
    for n in range(3):
        await house.chat.change_room(gus, room, None, f"abuse {n}")
    await house.moderation.ban(olga, user=gus.id, remove_since=0)
    house.clock.ms += TAKES_EFFECT_MS
    await clear_slice_by_slice(house)
    assert set(await notices(house, room)) == {("…", "")}
    assert (house.chat.room(room).name, house.chat.room(room).topic) == ("…", "")
    [standing] = [one for one in await house.chat.standings(ben) if one.room.id == room]
    assert (standing.room.name, standing.room.topic) == ("…", "")
    told = [entry.fact for entry in await house.entries(room) if entry.by == olga.user]
    assert [fact for fact in told if isinstance(fact, Renamed)] == [Renamed("…", "")], "those who are there hear it once"
    assert {fact.message for fact in told if isinstance(fact, Removed)} == {1, 4, 5, 6}
    if kind == "public":
        assert (await house.chat.find_rooms(ben, "Abuse")).rooms == []
        await house.chat.create_room(ben, "public", "abuse", "", "the name is free")


async def test_any_number_of_rooms_have_lost_their_names_and_get_new_topics(house: House) -> None:
    olga, gus = await owner(house), await house.guest("Gus")
    rooms = [(await house.chat.create_room(gus, "public", name, "", name)).room.id for name in ("Abuse", "More", NAMELESS)]
    await house.moderation.remove_messages(olga, gus.id, 0)
    await clear_slice_by_slice(house)
    for n, room in enumerate(rooms):
        await house.chat.change_room(gus, room, None, f"topic {n}")
        assert (house.chat.room(room).name, house.chat.room(room).topic) == (NAMELESS, f"topic {n}")


async def test_names_and_topics_that_others_gave_or_that_are_older_stay(house: House) -> None:
    olga, gus = await owner(house), await house.guest("Gus")
    assert olga.user is not None
    birds = (await house.chat.create_room(gus, "public", "Birds", "of the garden", "b")).room.id
    fish = (await house.chat.create_room(olga.user, "public", "Fish", "", "f")).room.id
    await house.chat.join(olga.user, birds)
    house.clock.ms += 1000
    since = house.clock.ms
    await house.chat.change_room(gus, birds, None, "abuse")
    await house.chat.change_room(olga.user, fish, None, "of the sea")
    await house.moderation.remove_messages(olga, gus.id, since)
    await clear_slice_by_slice(house)
    assert await notices(house, birds) == [("Birds", "of the garden"), ("Birds", ""), ("Birds", "")]
    assert house.chat.room(birds).name == "Birds" and house.chat.room(birds).topic == ""
    assert await notices(house, fish) == [("Fish", ""), ("Fish", "of the sea")]


async def test_names_and_topics_that_they_give_after_the_act_stay(house: House) -> None:
    olga, gus = await owner(house), await house.guest("Gus")
    room = (await house.chat.create_room(gus, "public", "Abuse", "abuse", "a")).room.id
    await house.moderation.remove_messages(olga, gus.id, 0)
    house.clock.ms += 1000
    await house.chat.change_room(gus, room, None, "sorry")
    await clear_slice_by_slice(house)
    assert await notices(house, room) == [(NAMELESS, ""), (NAMELESS, "sorry"), (NAMELESS, "sorry")]
    assert house.chat.room(room).topic == "sorry"


async def test_a_name_that_they_gave_goes_also_where_others_carried_it_on(house: House) -> None:
    olga, gus = await owner(house), await house.guest("Gus")
    assert olga.user is not None
    room = (await house.chat.create_room(gus, "public", "Abuse", "abuse", "a")).room.id
    await house.chat.join(olga.user, room)
    for n in range(2):
        await house.chat.change_room(gus, room, None, f"abuse {n}")
    await house.chat.change_room(olga.user, room, "Birds", None)
    await house.chat.change_room(olga.user, room, None, "of the garden")
    await house.moderation.remove_messages(olga, gus.id, 0)
    await clear_slice_by_slice(house)
    assert await notices(house, room) == [("…", "")] * 3 + [("Birds", ""), ("Birds", "of the garden")]
    assert (house.chat.room(room).name, house.chat.room(room).topic) == ("Birds", "of the garden")
    assert not any(isinstance(entry.fact, Renamed) and "buse" in entry.fact.topic for entry in await house.entries(room))


@pytest.mark.parametrize("keeps", ["name", "topic"])
async def test_a_name_that_others_gave_stays_however_long_ago_that_was(house: House, keeps: str) -> None:
    """And one that they gave goes where others carried it on, however much was said between."""
    olga, gus, ben = await owner(house), await house.guest("Gus"), await house.guest("Ben")
    old, new = [{"name": f"{age} kitchen", "topic": f"{age} stories"} for age in ("Our old", "Abuse: a")]
    room = (await house.chat.create_room(gus, "public", **old, client_id="k")).room.id
    await house.chat.join(olga.user, room)  # type: ignore[arg-type]
    await talk_on(house, room, 20_001)
    house.clock.ms += 1000
    since = house.clock.ms
    changed = new | {keeps: old[keeps]}
    await house.chat.change_room(gus, room, changed["name"], changed["topic"])
    await talk_on(house, room, 20_001)
    await house.moderation.remove_messages(olga, gus.id, since)
    await house.chat.change_room(olga.user, room, None, "of today") if keeps == "topic" else None  # type: ignore[arg-type]
    await clear_slice_by_slice(house)
    called = house.chat.room(room)
    assert (called.name, called.topic) == ((old["name"], "") if keeps == "name" else (NAMELESS, "of today"))
    told = await notices(house, room)
    assert told[0] == (old["name"], old["topic"]) and "Abuse" not in str(told)
    await house.chat.join(ben, room)


async def test_a_name_that_others_gave_again_by_themselves_stays(house: House) -> None:
    olga, gus = await owner(house), await house.guest("Gus")
    assert olga.user is not None
    room = (await house.chat.create_room(gus, "public", "Tea", "green", "t")).room.id
    await house.chat.join(olga.user, room)
    for name in ("Cake", "Tea"):
        await house.chat.change_room(olga.user, room, name, name)
    await house.moderation.remove_messages(olga, gus.id, 0)
    await clear_slice_by_slice(house)
    assert await notices(house, room) == [("…", ""), ("Cake", "Cake"), ("Tea", "Tea")]
    assert (house.chat.room(room).name, house.chat.room(room).topic) == ("Tea", "Tea")


@pytest.mark.parametrize("first", [0, 1])
async def test_each_of_two_who_named_a_room_together_is_cleared_of_their_own_part(house: House, first: int) -> None:
    """Whatever of the two is theirs goes from the room and from every entry, and what the other gave stays in both."""
    olga = await owner(house)
    admins = [(await admin(house, olga, name)).user for name in ("Ann", "Ben")]
    room = (await house.chat.create_room(olga.user, "public", "Plain", "", "p")).room.id  # type: ignore[arg-type]
    for each, part in zip(admins, ({"name": "sunny", "topic": None}, {"name": None, "topic": "green"}), strict=True):
        assert each is not None
        await house.chat.join(each, room)
        await house.chat.change_room(each, room, **part)
    cleared = admins[first], admins[1 - first]
    for each, left in zip(cleared, (["sunny", "green"][1 - first], None), strict=True):
        await house.moderation.remove_messages(olga, each.id, 0)  # type: ignore[union-attr]
        await clear_slice_by_slice(house)
        called = {"name": NAMELESS, "topic": ""} | ({["name", "topic"][1 - first]: left} if left else {})
        assert {"name": house.chat.room(room).name, "topic": house.chat.room(room).topic} == called
        told = await notices(house, room)
        assert told[0] == ("Plain", "") and told[2] == (called["name"], called["topic"])
        assert {word for word in ("sunny", "green") if word in str(told)} == {left} - {None}
    fields = [(entry.fact.message, entry.fact.fields) for entry in await removed(house, room)]  # type: ignore[union-attr]
    assert (4, ("name",)) in fields and (6, ("topic",)) in fields and (6, ("name",)) in fields
    assert not any(both == ("name", "topic") for _, both in fields)


@pytest.mark.parametrize("cleared", ["Gus", "Adam"])
async def test_a_topic_given_while_a_room_has_no_name_is_of_who_gave_it(house: House, cleared: str) -> None:
    olga, gus = await owner(house), await house.guest("Gus")
    adam = (await admin(house, olga)).user
    assert adam is not None
    room = (await house.chat.create_room(gus, "public", NAMELESS, "", "n")).room.id
    await house.chat.join(adam, room)
    await house.chat.change_room(gus, room, None, "sunny")
    await house.chat.change_room(adam, room, "Tea", None)
    await house.moderation.remove_messages(olga, gus.id if cleared == "Gus" else adam.id, 0)
    await clear_slice_by_slice(house)
    left = ("Tea", "") if cleared == "Gus" else (NAMELESS, "sunny")
    assert (house.chat.room(room).name, house.chat.room(room).topic) == left
    assert (await notices(house, room))[2] == left


@pytest.mark.parametrize("changes", [{"name": None, "topic": "Be kind"}, {"name": "Tea", "topic": None}], ids=["topic", "name"])
async def test_who_changes_a_room_while_it_is_cleared_carries_nothing_of_theirs_on(house: House, changes: dict[str, Any]) -> None:
    """Its name and topic go first, however much was said; the entries that say so go with what was said."""
    olga, gus = await owner(house), await house.guest("Gus")
    assert olga.user is not None
    room = (await house.chat.create_room(gus, "public", "Abuse", "abuse", "a")).room.id
    await house.chat.join(olga.user, room)
    for n in range(20):
        await house.say(gus, room, f"spam {n}")
    await house.moderation.remove_messages(olga, gus.id, 0)
    while house.chat.room(room).name == "Abuse":
        assert await house.committer.run(lambda tx: clearings.go_on(tx, lambda: False))
    assert house.chat.room(room).topic == "" and await removed(house, room) == []
    await house.chat.change_room(olga.user, room, **changes)
    await clear_slice_by_slice(house)
    left = (changes["name"] or NAMELESS, changes["topic"] or "")
    assert (house.chat.room(room).name, house.chat.room(room).topic) == left
    assert await notices(house, room) == [(NAMELESS, ""), (NAMELESS, ""), left]


async def test_a_clock_that_was_wrong_for_a_while_ends_no_clearing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does it end where as much was found as one slice takes up."""
    monkeypatch.setattr(clearings, "LOOKED_AT", 10)
    monkeypatch.setattr(clearings, "FOUND", 2)
    olga, gus, ben = await owner(house), await house.guest("Gus"), await house.guest("Ben")
    room = await house.room(ben, gus)
    await house.say(gus, room, "an old word")
    house.clock.ms += 2 * HOUR * MINUTE_MS
    for n in range(5):
        await house.say(gus, room, f"spam {n}")
    house.clock.ms -= 2 * HOUR * MINUTE_MS
    await talk_on(house, room, 25)
    house.clock.ms += 2 * HOUR * MINUTE_MS
    await house.say(gus, room, "one more")
    await house.moderation.remove_messages(olga, gus.id, None, minutes=HOUR)
    await clear(house.committer)
    assert [one.text for one in (await house.chat.page(ben, room)).messages] == ["an old word", *[""] * 6]


async def talk_on(house: House, room: int, count: int) -> None:
    """Put many entries that name nothing at the end of a room's log."""

    def put(tx: Transaction) -> None:
        robot = people.find_bot(tx.connection)[0]  # type: ignore[index]
        log.append(tx, [Draft(room, robot, RobotSet("mention"))] * count)

    await house.committer.run(put)


async def test_reactions_that_they_gave_go_and_everyone_hears_of_it(house: House) -> None:
    olga, gus, ben = await owner(house), await house.guest("Gus"), await house.guest("Ben")
    room = await house.room(ben, gus)
    seq = await house.say(ben, room, "a normal text")
    await house.chat.react(gus, room, seq, "👍")
    house.clock.ms += 1000
    since = house.clock.ms
    for emoji in "🎈🎉":
        await house.chat.react(gus, room, seq, emoji)
        await house.chat.react(ben, room, seq, emoji)
    await house.moderation.remove_messages(olga, gus.id, since)
    await clear_slice_by_slice(house)
    [message] = (await house.chat.page(ben, room)).messages
    assert [(one.emoji, [user.id for user in one.users]) for one in message.reactions] == [
        ("👍", [gus.id]),
        ("🎈", [ben.id]),
        ("🎉", [ben.id]),
    ]
    shown: set[tuple[int, str]] = set()
    for entry in await house.entries(room):
        if isinstance(entry.fact, Reacted):
            (shown.add if entry.fact.on else shown.discard)((entry.by.id, entry.fact.emoji))
    assert shown == {(gus.id, "👍"), (ben.id, "🎈"), (ben.id, "🎉")}, "what is heard comes to what is read"


@pytest.mark.parametrize("hides", [False, True])
async def test_the_robots_answers_to_what_they_said_go_too(house: House, hides: bool) -> None:
    olga, gus = await owner(house), await house.guest("Gus")
    robot = await house.database.read(lambda connection: people.find_bot(connection)[0])  # type: ignore[index]
    asked, other = await house.say(gus, LOBBY, "poll: abuse?"), await house.say(olga.user, LOBBY, "poll: tea?")  # type: ignore[arg-type]
    for seq in (asked, other):
        await house.chat.post(robot, LOBBY, f"an answer to {seq}", answer_id(LOBBY, seq), seq)
    if hides:
        await house.chat.remove(gus, LOBBY, asked)
    await house.moderation.remove_messages(olga, gus.id, 0)
    await clear_slice_by_slice(house)
    texts = [one.text for one in (await house.chat.page(robot, LOBBY)).messages if not one.removed]
    assert texts == ["poll: tea?", f"an answer to {other}"]


async def test_the_search_does_not_find_what_went(house: House) -> None:
    olga, gus = await owner(house), await house.guest("Gus")
    await house.say(gus, LOBBY, "unmistakable words")
    await house.search.catch_up()
    await house.moderation.remove_messages(olga, gus.id, 0)
    await clear(house.committer)
    assert (await house.chat.search(gus, "unmistakable", None, None, 20, None)).found == []


# The log


async def test_each_act_stands_in_the_log_with_who_on_whom_when_and_why(house: House) -> None:
    olga, gus = await owner(house), await house.guest("Gus")
    ban = await house.moderation.ban(olga, user=gus.id, minutes=HOUR, reason="advertising")
    await house.moderation.unban(olga, ban.id)
    await house.moderation.end_sessions(CONSOLE, gus.id)
    log = (await house.moderation.house_log(olga)).entries
    assert [entry.seq for entry in log] == [3, 2, 1] and all(entry.at == house.clock.ms for entry in log)
    until = house.clock.ms + HOUR * MINUTE_MS
    assert [entry.fact for entry in log] == [
        SignedOff(gus, "", True),
        Unbanned(ban.id, gus),
        Banned(ban.id, gus, None, until, "advertising"),
    ]
    assert log[1].by == olga.user and log[0].by.role == "bot"
    first = await house.moderation.house_log(olga, None, 2)
    assert [entry.seq for entry in first.entries] == [3, 2] and first.more
    assert [entry.seq for entry in (await house.moderation.house_log(olga, 2, 2)).entries] == [1]


async def test_a_refused_act_leaves_nothing(house: House) -> None:
    olga = await owner(house)
    assert await refusal(house.moderation.ban(olga, user=999)) == "not_found"
    assert await facts(house, olga) == [] and (await house.moderation.bans(olga)).bans == []
