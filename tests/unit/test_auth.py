"""Proof of identity: who gets in, for how long, and that an ended session is ended everywhere at once."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select, union

from teahouse import known_sessions
from teahouse.auth import Identity, digest
from teahouse.errors import NotSignedIn
from teahouse.model import LOBBY, User
from teahouse.moderation import CONSOLE
from teahouse.storage import sessions, tables
from teahouse.tokens import Tokens
from tests.storage.conftest import Another
from tests.storage.house import House, living, refusal


@pytest.fixture
async def closed_house(url: str) -> AsyncIterator[House]:
    """A house that is open by invite only."""
    async with living(url, open_house=False) as house:
        yield house


async def sign_in(house: House, name: str, **keys: str) -> tuple[str, Identity]:
    return await house.auth.sign_in(name, "f01", **keys)


# Signing in


async def test_a_guest_is_who_their_token_says_and_is_in_the_lobby(house: House) -> None:
    token, aiko = await sign_in(house, "Aiko")
    assert aiko.user == User(aiko.user.id, "Aiko", "f01", "guest")
    assert await house.auth.identify(token) == aiko
    assert list(house.chat.since(aiko.user)) == [LOBBY]


async def test_a_token_is_good_after_a_restart(house: House, another: Another) -> None:
    token, aiko = await sign_in(house, "Aiko")
    assert await (await another()).auth.identify(token) == aiko


@pytest.mark.parametrize("token", [None, "", "made up"])
async def test_no_token_and_a_made_up_one_are_nobody(house: House, token: str | None) -> None:
    assert await refusal(house.auth.identify(token)) == "not_signed_in"


@pytest.mark.parametrize("name", ["AIKO", "ａｉｋｏ", " Aiko ", "Ai\u200bko", "Ａｉｋｏ"])
async def test_two_people_do_not_hold_one_name(house: House, name: str) -> None:
    await sign_in(house, "Aiko")
    assert await refusal(sign_in(house, name)) == "name_taken"


async def test_two_who_want_a_name_at_once_get_it_once(house: House) -> None:
    answers = await asyncio.gather(sign_in(house, "Aiko"), sign_in(house, "aiko"), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "tuple"]


async def test_two_servers_give_one_name_once(house: House, another: Another) -> None:
    other = await another()
    answers = await asyncio.gather(sign_in(house, "Aiko"), sign_in(other, "aiko"), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "tuple"]


async def test_bad_names_bad_faces_and_the_robots_name_are_refused(house: House) -> None:
    assert await refusal(sign_in(house, "\n")) == "bad_name"
    assert await refusal(sign_in(house, "BIRDIE")) == "name_taken"
    assert await refusal(house.auth.sign_in("Aiko", "../f01")) == "bad_face"


async def test_no_token_and_no_key_is_stored_as_it_is(house: House) -> None:
    token, _ = await sign_in(house, "Aiko")
    invite = await house.auth.make_invite()
    owner_key = await house.auth.make_owner_key()
    hashes = union(*(select(table.c.token_hash) for table in (tables.sessions, tables.invites, tables.keys)))
    stored = await house.database.read(lambda connection: [bytes(value) for value in connection.scalars(hashes)])
    assert set(stored) == {digest(token), digest(invite), digest(owner_key)}
    assert not any(secret.encode() in value for value in stored for secret in (token, invite, owner_key))
    assert digest(token) != token.encode() and len(digest(token)) == 32


# Keys


async def test_a_closed_house_takes_who_bears_an_invite(closed_house: House) -> None:
    assert await refusal(sign_in(closed_house, "Aiko")) == "invite_needed"
    assert await refusal(sign_in(closed_house, "Aiko", invite="made up")) == "bad_key"
    invite = await closed_house.auth.make_invite()
    for name in ("Aiko", "Ben"):
        assert (await sign_in(closed_house, name, invite=invite))[1].user.role == "guest"
    closed_house.clock.pass_days(31)
    assert await refusal(sign_in(closed_house, "Carl", invite=invite)) == "bad_key"


async def test_the_owners_key_makes_one_owner(closed_house: House) -> None:
    key = await closed_house.auth.make_owner_key()
    assert not await closed_house.auth.has_owner()
    token, olga = await sign_in(closed_house, "Olga", owner_key=key)
    assert olga.user.role == "owner"
    assert await closed_house.auth.has_owner()
    assert await closed_house.auth.identify(token) == olga
    assert await refusal(sign_in(closed_house, "Mallory", owner_key=key)) == "bad_key"


@pytest.mark.parametrize("was_here", [False, True])
async def test_when_the_answer_to_the_owners_link_is_lost_the_link_opens_it_again(house: House, another: Another, was_here: bool) -> None:
    key = await house.auth.make_owner_key()
    if was_here:
        old, olga = await sign_in(house, "Olga")
        lost, owner = await house.auth.promote(olga, key)
        assert await refusal(house.auth.identify(old)) == "not_signed_in"
    else:
        lost, owner = await sign_in(house, "Olga", owner_key=key)
    later = await another()  # the server died before it answered
    token, again = await sign_in(later, "Olga", owner_key=key)
    assert again.user == owner.user and again.user.role == "owner" and again.inbox == owner.inbox
    for each in (later, await another()):
        assert await refusal(each.auth.identify(lost)) == "not_signed_in"
    assert await later.auth.identify(token) == again
    assert await refusal(sign_in(later, "Mallory", owner_key=key)) == "bad_key", "once it was used"
    assert (await (await another()).auth.identify(token)).user == owner.user


async def test_a_link_opens_nothing_again_that_is_old_or_void_or_whose_session_ended(house: House) -> None:
    async def lost() -> tuple[str, Identity]:
        key = await house.auth.make_owner_key()
        return key, (await sign_in(house, f"Olga {house.clock.ms}", owner_key=key))[1]

    key, _ = await lost()
    house.clock.pass_days(8)
    assert await refusal(sign_in(house, "Olga", owner_key=key)) == "bad_key"
    key, _ = await lost()
    await house.auth.make_owner_key()
    assert await refusal(sign_in(house, "Olga", owner_key=key)) == "bad_key"
    house.clock.ms += 1
    key, olga = await lost()
    await house.auth.sign_out(olga.session)
    assert await refusal(sign_in(house, "Olga", owner_key=key)) == "bad_key"
    assert await refusal(sign_in(house, "Olga", owner_key="made up")) == "bad_key"


async def test_however_often_a_link_is_opened_again_its_days_count_from_the_first(house: House) -> None:
    key = await house.auth.make_owner_key()
    for _ in range(3):
        await sign_in(house, "Olga", owner_key=key)
        house.clock.pass_days(3)
    assert await refusal(sign_in(house, "Olga", owner_key=key)) == "bad_key"


async def test_who_is_signed_in_as_another_is_told_to_sign_out_and_then_the_link_works(house: House) -> None:
    key = await house.auth.make_owner_key()
    _, olga = await sign_in(house, "Olga", owner_key=key)
    _, other = await sign_in(house, "Other")
    assert await refusal(house.auth.promote(other, key)) == "sign_out_first"
    await house.auth.sign_out(other.session)
    assert (await sign_in(house, "Other", owner_key=key))[1].user == olga.user


async def test_a_refused_sign_in_uses_up_no_key(house: House) -> None:
    await sign_in(house, "Olga")
    key = await house.auth.make_owner_key()
    assert await refusal(sign_in(house, "Olga", owner_key=key)) == "name_taken"
    assert (await sign_in(house, "Oleg", owner_key=key))[1].user.role == "owner"


async def test_who_is_promoted_gets_a_new_token_and_the_old_one_ends(house: House) -> None:
    token, aiko = await sign_in(house, "Aiko")
    ended: list[int] = []
    house.auth.on_end = ended.append
    new_token, promoted = await house.auth.promote(aiko, await house.auth.make_owner_key())
    assert promoted.user.role == "owner"
    assert await house.auth.identify(new_token) == promoted
    assert await refusal(house.auth.identify(token)) == "not_signed_in"
    assert ended == [aiko.session]
    seat = house.roster.seat(aiko.user.id, LOBBY)
    assert seat is not None and seat.user.role == "owner"


async def test_a_promotion_with_a_used_key_changes_nothing(house: House) -> None:
    token, aiko = await sign_in(house, "Aiko")
    assert await refusal(house.auth.promote(aiko, "made up")) == "bad_key"
    assert (await house.auth.identify(token)).user.role == "guest"


# Ending


async def test_signing_out_ends_the_session_at_once_and_everywhere(house: House) -> None:
    token, aiko = await sign_in(house, "Aiko")
    ended: list[int] = []
    house.auth.on_end = ended.append
    await house.auth.sign_out(aiko.session)
    assert ended == [aiko.session]
    assert await refusal(house.auth.identify(token)) == "not_signed_in"


async def test_with_the_last_session_a_guest_leaves_the_rooms_and_the_name(house: House) -> None:
    ben = await house.guest("Ben")
    _, aiko = await sign_in(house, "Aiko")
    room = await house.room(ben, aiko.user)
    direct = (await house.chat.open_direct(ben, aiko.user.id)).room.id

    await house.auth.sign_out(aiko.session)

    assert list(house.chat.since(aiko.user)) == [direct]
    assert [member.user.name for member in (await house.chat.members(ben, room)).members] == ["Ben"]
    assert (await sign_in(house, "Aiko"))[1].user.id != aiko.user.id


async def test_a_guest_with_another_session_stays(house: House) -> None:
    _, aiko = await sign_in(house, "Aiko")
    await house.committer.run(lambda tx: sessions.open_session(tx, aiko.user.id, digest("on the phone")))
    await house.auth.sign_out(aiko.session)
    assert (await house.auth.identify("on the phone")).user == aiko.user
    assert list(house.chat.since(aiko.user)) == [LOBBY]


async def test_signing_out_twice_is_signing_out_once(house: House) -> None:
    _, aiko = await sign_in(house, "Aiko")
    await asyncio.gather(house.auth.sign_out(aiko.session), house.auth.sign_out(aiko.session))
    assert [entry.fact.__class__.__name__ for entry in house.announced].count("Left") == 1


async def test_a_session_that_ends_while_it_is_looked_up_is_not_alive(house: House) -> None:
    token, aiko = await sign_in(house, "Aiko")
    house.clock.pass_days(1)  # long enough unused that the look-up writes down that it was used
    leaving = asyncio.ensure_future(house.auth.sign_out(aiko.session))
    await asyncio.sleep(0)
    with pytest.raises(NotSignedIn):
        await house.auth.identify(token)
    await leaving


async def test_a_session_ends_by_rest_and_use_keeps_it_alive(house: House) -> None:
    token, _ = await sign_in(house, "Aiko")
    for _ in range(3):
        house.clock.pass_days(29)
        await house.auth.identify(token)
        assert await house.auth.end_stale() == 0
    house.clock.pass_days(31)
    assert await refusal(house.auth.identify(token)) == "not_signed_in"
    assert await house.auth.end_stale() == 1
    assert await refusal(house.auth.identify(token)) == "not_signed_in"


async def test_a_socket_that_stays_open_keeps_its_session_alive(house: House) -> None:
    token, identity = await sign_in(house, "Aiko")
    for _ in range(3):
        house.clock.pass_days(29)
        await house.auth.keep_alive([identity.session])
        assert await house.auth.end_stale() == 0
    assert await house.auth.identify(token) == identity


async def test_a_session_ends_by_age_however_much_it_is_used(house: House) -> None:
    token, _ = await sign_in(house, "Aiko")
    for _ in range(18):
        house.clock.pass_days(20)
        await house.auth.identify(token)
    house.clock.pass_days(6)
    assert await refusal(house.auth.identify(token)) == "not_signed_in"


async def test_a_name_held_by_a_stale_session_is_freed_by_housekeeping(house: House) -> None:
    await sign_in(house, "Aiko")
    house.clock.pass_days(31)
    assert await house.auth.end_stale() == 1
    assert await sign_in(house, "Aiko")


async def test_sessions_that_end_are_counted_by_why(house: House) -> None:
    (_, aiko), (_, ben), (_, gus) = [await sign_in(house, name) for name in ("Aiko", "Ben", "Gus")]
    tokens = Tokens(house.database, house.committer, house.roster, house.auth, house.clock)
    secret, _ = await tokens.make(ben, "feeder", "read", 1)
    _, unwanted = await tokens.make(ben, "old feeder", "read", 1)
    await house.auth.sign_in("Sock", "f01", door=LOBBY, opener=await house.auth.identify_token(secret))

    await house.auth.sign_out(aiko.session)
    await tokens.revoke(ben.user, unwanted.id)
    await house.moderation.end_sessions(CONSOLE, gus.user.id)
    house.clock.pass_days(1.5)
    await house.auth.end_expired()
    house.clock.pass_days(40)
    await house.auth.end_stale()

    whys = ("signed_out", "revoked", "by_keeper", "expired", "left_behind", "stale")
    assert house.auth.ended_sessions.counts == dict.fromkeys(whys, 1)


# Memory


async def test_past_what_is_remembered_those_unheard_of_longest_are_looked_up_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_sessions, "REMEMBERED", 3)
    looked_up: list[object] = []
    read = house.database.read

    async def counting(function: Any, *arguments: Any) -> Any:
        looked_up.append(function)
        return await read(function, *arguments)

    monkeypatch.setattr(house.database, "read", counting)
    tokens = [(await sign_in(house, name))[0] for name in ("Aiko", "Ben", "Chen")]
    await house.auth.identify(tokens[0])
    await sign_in(house, "Dai")
    for token in (tokens[0], tokens[2]):
        await house.auth.identify(token)
    assert looked_up == []
    assert (await house.auth.identify(tokens[1])).user.name == "Ben"
    assert looked_up != []


async def test_of_thousands_of_sessions_none_is_looked_at_for_one_that_ends(house: House) -> None:
    class Unsearched(OrderedDict[bytes, known_sessions.KnownSession]):
        def items(self) -> Any:
            raise AssertionError("looked through")

        values = keys = __iter__ = items  # type: ignore[assignment]

    kept, gone = await sign_in(house, "Aiko"), await sign_in(house, "Ben")
    known = house.auth._known
    known._by_hash = Unsearched(known._by_hash.items())
    await house.auth.sign_out(gone[1].session)
    assert (len(known._by_hash), len(known._hashes)) == (1, 1)
    assert await refusal(house.auth.identify(gone[0])) == "not_signed_in"
    assert await house.auth.identify(kept[0]) == kept[1]


async def test_a_session_that_ended_while_it_was_looked_up_is_not_kept(house: House) -> None:
    token, identity = await sign_in(house, "Aiko")
    known = house.auth._known
    found = known.recall(digest(token))
    assert found is not None
    await house.auth.sign_out(identity.session)
    known.remember(digest(token), found)
    assert known.recall(digest(token)) is None


async def test_who_guesses_tickets_writes_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    commits = house.committer.batch_sizes.total
    for guess in ("", "x", "x" * 43, None):
        assert await refusal(house.auth.identify_ticket(guess)) == "not_signed_in"
    assert house.committer.batch_sizes.total == commits


async def test_an_ended_session_stays_ended_when_its_end_is_forgotten(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_sessions, "ENDED_REMEMBERED", 1)
    people = [await sign_in(house, name) for name in ("Aiko", "Ben", "Chen")]
    for _, identity in people:
        await house.auth.sign_out(identity.session)
    for token, _ in people:
        assert await refusal(house.auth.identify(token)) == "not_signed_in"
