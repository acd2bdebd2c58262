"""Sessions, tokens and tickets as the database keeps them."""

from teahouse.access import Access
from teahouse.storage import sessions
from teahouse.storage.sessions import Session
from tests.storage.house import House

HASH, OTHER = b"h" * 32, b"o" * 32
READER = Access("read", frozenset({7, 3}))


async def test_a_session_is_found_by_the_hash_of_its_token_until_it_ends(house: House) -> None:
    aiko = await house.guest_identity("Aiko")
    session = await house.committer.run(lambda tx: sessions.open_session(tx, aiko.user.id, HASH))
    now = house.clock()
    assert await house.database.read(sessions.find, HASH) == Session(session, aiko.user, aiko.inbox, now, now)
    assert await house.database.read(sessions.find, OTHER) is None

    assert await house.committer.run(lambda tx: sessions.end(tx, session)) == aiko.user.id
    assert await house.committer.run(lambda tx: sessions.end(tx, session)) is None
    assert await house.database.read(sessions.find, HASH) is None


async def test_sessions_are_stale_by_age_or_by_rest_and_tokens_by_their_end_alone(house: House) -> None:
    aiko = await house.guest_identity("Aiko")
    start = house.clock()
    end = start + 1000
    token = await house.committer.run(lambda tx: sessions.open_token(tx, aiko.user.id, HASH, "t", READER, end))
    house.clock.pass_days(1)
    await house.committer.run(lambda tx: sessions.touch(tx, {aiko.session}))
    now = house.clock()
    assert await house.database.read(sessions.stale, end - 1, start, now, 10) == []
    assert await house.database.read(sessions.stale, end - 1, start + 1, start, 10) == [aiko.session]
    assert await house.database.read(sessions.stale, end - 1, start, now + 1, 10) == [aiko.session]
    assert await house.database.read(sessions.stale, end, start, now, 10) == [token.id]


async def test_a_token_is_a_session_with_its_limits_and_is_listed_until_it_ends(house: House) -> None:
    aiko, ben = await house.guest_identity("Aiko"), await house.guest_identity("Ben")
    end = house.clock() + 1000
    token = await house.committer.run(lambda tx: sessions.open_token(tx, aiko.user.id, HASH, "feed", READER, end))
    found = await house.database.read(sessions.find, HASH)
    assert found is not None and (found.id, found.access, found.expires_at) == (token.id, READER, end)
    assert token.rooms == [3, 7]
    assert await house.database.read(sessions.tokens, aiko.user.id, end - 1) == [token]
    assert await house.database.read(sessions.tokens, aiko.user.id, end) == []
    assert await house.database.read(sessions.tokens, ben.user.id, end - 1) == []


async def test_only_its_maker_ends_a_token_and_no_token_keeps_a_person_here(house: House) -> None:
    aiko, ben = await house.guest_identity("Aiko"), await house.guest_identity("Ben")
    end = house.clock() + 1000
    token = (await house.committer.run(lambda tx: sessions.open_token(tx, aiko.user.id, HASH, "t", Access("write"), end))).id
    assert await house.committer.run(lambda tx: sessions.end_tokens(tx, ben.user.id, token)) == []
    assert await house.committer.run(lambda tx: sessions.end_tokens(tx, aiko.user.id, aiko.session)) == []
    assert await house.committer.run(lambda tx: sessions.end(tx, aiko.session)) == aiko.user.id
    assert await house.committer.run(lambda tx: sessions.end_tokens(tx, aiko.user.id)) == [token]


async def test_a_ticket_is_good_once_and_not_for_a_session_that_has_ended(house: House) -> None:
    aiko = await house.guest_identity("Aiko")
    other = await house.committer.run(lambda tx: sessions.open_session(tx, aiko.user.id, OTHER))
    for session, wanted in ((aiko.session, aiko.session), (other, None)):
        await house.committer.run(lambda tx, one=session: sessions.add_ticket(tx, one, HASH, house.clock() + 1))
        if session == other:
            await house.committer.run(lambda tx: sessions.end(tx, other))
        found = await house.committer.run(lambda tx: sessions.use_ticket(tx, HASH))
        assert (found and found.id) == wanted
        assert await house.committer.run(lambda tx: sessions.use_ticket(tx, HASH)) is None


async def test_an_expired_ticket_is_refused_and_swept_away(house: House) -> None:
    aiko = await house.guest_identity("Aiko")
    now = house.clock()
    await house.committer.run(lambda tx: sessions.add_ticket(tx, aiko.session, HASH, now))
    assert await house.committer.run(lambda tx: sessions.use_ticket(tx, HASH)) is None
    await house.committer.run(lambda tx: sessions.add_ticket(tx, aiko.session, OTHER, now + 1))
    await house.committer.run(lambda tx: sessions.add_ticket(tx, aiko.session, HASH, now + 1))  # or its place would be taken


async def test_whom_a_session_let_in_is_nobody_once_it_has_ended_and_those_without_one_stay(house: House) -> None:
    aiko, sock, ann = [await house.guest_identity(name) for name in ("Aiko", "Sock", "Ann")]
    end = house.clock() + 1000
    opener = (await house.committer.run(lambda tx: sessions.open_token(tx, aiko.user.id, OTHER, "t", Access("write"), end))).id
    at_door = Access("door", frozenset({7}))
    await house.committer.run(lambda tx: sessions.open_session(tx, ann.user.id, b"a" * 32, at_door))
    guest = await house.committer.run(lambda tx: sessions.open_session(tx, sock.user.id, HASH, at_door, opener))
    found = await house.database.read(sessions.find, HASH)
    assert found is not None and found.opener == await house.database.read(sessions.find, OTHER)
    assert await house.database.read(sessions.left_behind, 10) == []
    assert await house.database.read(sessions.count, sock.user.id, end) == 2

    await house.committer.run(lambda tx: sessions.end_tokens(tx, aiko.user.id))
    assert await house.database.read(sessions.find, HASH) is None
    assert await house.database.read(sessions.left_behind, 10) == [guest]
    assert await house.database.read(sessions.count, sock.user.id, end) == 1
    assert await house.database.read(sessions.find, b"a" * 32) is not None
