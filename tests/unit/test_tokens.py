"""Tokens for programs: made by a person, never more than that person, and over at once when they end."""

from typing import get_args

import pytest

from teahouse import wire
from teahouse.access import Access
from teahouse.auth import Identity, Proof
from teahouse.errors import TeahouseError
from teahouse.keepers import KEEPING
from teahouse.model import LOBBY
from teahouse.policy import MAKES_ROOMS, TOKEN_ACTIONS, check_access
from teahouse.storage import sessions
from teahouse.tokens import MAX_TOKENS_EACH, PREFIX, TICKET_S, Tokens
from tests.storage.conftest import Another
from tests.storage.house import House, refusal

SECOND = 1 / 86_400


def desk(house: House) -> Tokens:
    return Tokens(house.database, house.committer, house.roster, house.auth, house.clock)


async def token_of(house: House, person: Identity, scope: wire.Any = "write", days: int = 1) -> str:
    return (await desk(house).make(person, "feeder", scope, days))[0]


# Who


async def test_a_token_is_its_maker_within_its_limits(house: House) -> None:
    aiko = await house.guest_identity("Aiko")
    secret, token = await desk(house).make(aiko, " Feeder ", "read", 30, [LOBBY])
    assert secret.startswith(PREFIX) and len(secret) > len(PREFIX) + 22, "128 random bits take 22 characters"
    assert (token.name, token.scope, token.rooms, token.used_at) == ("Feeder", "read", [LOBBY], 0)
    assert await house.auth.identify_token(secret) == Identity(token.id, aiko.user, aiko.inbox, Access("read", frozenset({LOBBY})))
    [listed] = await desk(house).mine(aiko.user)
    assert listed.used_at == house.clock()


async def test_a_token_is_no_cookie_and_a_cookie_is_no_token(house: House) -> None:
    cookie, aiko = await house.auth.sign_in("Aiko", "f01")
    token = await token_of(house, aiko)
    for kind, secret in (("cookie", token), ("token", cookie), ("ticket", token), ("ticket", cookie)):
        assert await refusal(house.auth.prove(Proof(kind, secret))) == "not_signed_in"
    for kind, secret in (("cookie", cookie), ("token", token)):
        assert (await house.auth.prove(Proof(kind, secret))).user == aiko.user


@pytest.mark.parametrize("kind", ["cookie", "token", "ticket"])
@pytest.mark.parametrize("secret", [None, "", "made up", "tea_"])
async def test_nothing_and_made_up_proofs_are_nobodys(house: House, kind: wire.Any, secret: str | None) -> None:
    assert await refusal(house.auth.prove(Proof(kind, secret))) == "not_signed_in"


async def test_a_token_is_good_after_a_restart_with_the_same_limits(house: House, another: Another) -> None:
    aiko = await house.guest_identity("Aiko")
    secret, _ = await desk(house).make(aiko, "feeder", "read", 1, [LOBBY])
    assert await (await another()).auth.identify_token(secret) == await house.auth.identify_token(secret)


async def test_a_token_for_a_room_takes_being_in_it(house: House) -> None:
    aiko, ben = await house.guest_identity("Aiko"), await house.guest("Ben")
    private = await house.room(ben)
    assert await refusal(desk(house).make(aiko, "spy", "read", 1, [LOBBY, private])) == "not_found"
    assert await refusal(desk(house).make(aiko, "\n", "read", 1)) == "bad_name"


async def test_one_person_has_only_so_many_tokens_and_expired_ones_do_not_count(house: House) -> None:
    aiko = await house.guest_identity("Aiko")
    for _ in range(MAX_TOKENS_EACH):
        await token_of(house, aiko)
    assert await refusal(token_of(house, aiko)) == "not_allowed"
    house.clock.pass_days(1)
    assert await token_of(house, aiko)


# Until when


async def test_a_revoked_token_is_nobodys_and_its_connections_end_at_once(house: House) -> None:
    aiko, ben = await house.guest_identity("Aiko"), await house.guest_identity("Ben")
    secret, token = await desk(house).make(aiko, "feeder", "write", 1)
    await house.auth.identify_token(secret)
    ended: list[int] = []
    house.auth.on_end = ended.append
    assert await refusal(desk(house).revoke(ben.user, token.id)) == "not_found"
    assert await refusal(desk(house).revoke(aiko.user, aiko.session)) == "not_found"
    assert ended == [] and await house.auth.identify_token(secret)
    await desk(house).revoke(aiko.user, token.id)
    assert ended == [token.id]
    assert await refusal(house.auth.identify_token(secret)) == "not_signed_in"
    assert await desk(house).mine(aiko.user) == []


async def test_a_token_ends_when_its_time_is_up_though_it_is_in_use(house: House) -> None:
    cookie, aiko = await house.auth.sign_in("Aiko", "f01")
    secret, token = await desk(house).make(aiko, "feeder", "write", 1)
    await house.auth.identify_token(secret)
    ended: list[int] = []
    house.auth.on_end = ended.append
    house.clock.pass_days(1 - SECOND)
    await house.auth.end_expired()
    assert ended == [] and await house.auth.identify_token(secret)
    house.clock.pass_days(2 * SECOND)
    assert await refusal(house.auth.identify_token(secret)) == "not_signed_in"
    await house.auth.end_expired()
    assert ended == [token.id]
    assert (await house.auth.identify(cookie)).user == aiko.user, "the end of a token is the end of that token"


async def test_a_token_outlives_rest_and_is_swept_away_after_its_end(house: House) -> None:
    cookie, aiko = await house.auth.sign_in("Aiko", "f01")
    secret = await token_of(house, aiko, days=40)
    for days in (20, 19):
        house.clock.pass_days(days)
        await house.auth.identify(cookie)
    assert await house.auth.identify_token(secret)
    house.clock.pass_days(1)
    assert await house.auth.end_stale() == 1


async def test_who_is_past_their_time_makes_no_token_that_has_ended_already(house: House) -> None:
    """After a jump of the clock nobody ends within the hour, and they are let in meanwhile."""
    cookie, aiko = await house.auth.sign_in("Aiko", "f01")
    for _ in range(19):
        house.clock.pass_days(20)
        house.clock.ms += 3_600_000
        assert await house.auth.identify(cookie) == aiko
    assert await refusal(desk(house).make(aiko, "feeder", "write", 30)) == "not_allowed"


async def test_a_guest_who_goes_takes_their_tokens_along(house: House) -> None:
    aiko = await house.guest_identity("Aiko")
    secret, token = await desk(house).make(aiko, "feeder", "write", 1)
    await house.auth.identify_token(secret)
    ended: list[int] = []
    house.auth.on_end = ended.append
    await house.auth.sign_out(aiko.session)
    assert sorted(ended) == sorted([aiko.session, token.id])
    assert await refusal(house.auth.identify_token(secret)) == "not_signed_in"
    assert list(house.chat.since(aiko.user)) == []


async def test_no_token_becomes_an_owners(house: House) -> None:
    aiko = await house.guest_identity("Aiko")
    secret = await token_of(house, aiko)
    await house.auth.identify_token(secret)
    await house.auth.promote(aiko, await house.auth.make_owner_key())
    assert await refusal(house.auth.identify_token(secret)) == "not_signed_in"


# Tickets


async def test_a_ticket_lets_its_first_bearer_in_with_the_limits_of_who_got_it(house: House) -> None:
    aiko = await house.guest_identity("Aiko")
    program = await house.auth.identify_token(await token_of(house, aiko, "read"))
    for who in (aiko, program):
        ticket = await desk(house).make_ticket(who)
        assert await house.auth.identify_ticket(ticket) == who
        assert await refusal(house.auth.identify_ticket(ticket)) == "not_signed_in"


async def test_a_ticket_is_good_for_a_minute_and_not_after_its_session(house: House) -> None:
    aiko = await house.guest_identity("Aiko")
    late = await desk(house).make_ticket(aiko)
    house.clock.ms += TICKET_S * 1000
    assert await refusal(house.auth.identify_ticket(late)) == "not_signed_in"
    orphan = await desk(house).make_ticket(aiko)
    await house.auth.sign_out(aiko.session)
    assert await refusal(house.auth.identify_ticket(orphan)) == "not_signed_in"


async def test_a_connection_by_ticket_ends_with_its_token(house: House) -> None:
    aiko = await house.guest_identity("Aiko")
    end = house.clock() + 1000
    token = await house.committer.run(lambda tx: sessions.open_token(tx, aiko.user.id, b"h" * 32, "t", Access("read"), end))
    await house.auth.identify_ticket(await desk(house).make_ticket(Identity(token.id, aiko.user, aiko.inbox, Access("read"))))
    ended: list[int] = []
    house.auth.on_end = ended.append
    house.clock.ms = end
    await house.auth.end_expired()
    assert ended == [token.id]


# What


def outcome(access: Access | None, action: str, room: int | None = None) -> str:
    try:
        check_access(access, action, room)
    except TeahouseError as error:
        return error.code
    return "passes"


def test_every_command_has_its_row_in_the_table() -> None:
    commands = {str(command.__struct_config__.tag) for command in get_args(wire.AnyCommand)}
    keeping = {str(command.__struct_config__.tag) for command in get_args(wire.Keep)}
    assert commands - keeping <= TOKEN_ACTIONS.keys()
    assert keeping == KEEPING.keys() and not keeping & TOKEN_ACTIONS.keys(), "keeping the peace takes a person"


@pytest.mark.parametrize("action", sorted(TOKEN_ACTIONS))
def test_a_reader_reads_a_writer_does_all_and_a_room_is_a_bound(action: str) -> None:
    reads = TOKEN_ACTIONS[action] == "read"
    assert outcome(None, action, 9) == "passes"
    assert outcome(Access("write"), action, 9) == "passes"
    assert outcome(Access("read"), action, 9) == ("passes" if reads else "beyond_token")
    inside, outside = ("beyond_token", "beyond_token") if action in MAKES_ROOMS else ("passes", "not_found")
    assert outcome(Access("write", frozenset({9})), action, 9) == inside
    assert outcome(Access("write", frozenset({7})), action, 9) == outside


def test_what_is_not_in_the_table_takes_a_person() -> None:
    assert outcome(Access("write"), "make_token") == "beyond_token"
    assert outcome(None, "make_token") == "passes"
