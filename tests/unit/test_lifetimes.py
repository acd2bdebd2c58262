"""How long sessions last: by how long the house was open. Neither a break nor a wrong clock ends anybody, or anything else for good."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from structlog.testing import capture_logs

from teahouse.auth import DAY_MS, Identity, digest
from teahouse.model import LOBBY, Joined, User
from teahouse.moderation import CONSOLE
from teahouse.storage import people, rooms, sessions
from teahouse.storage.heirs import AT_ONCE
from teahouse.tokens import LAST_WEEK_MS, Tokens
from tests.storage.house import NOW, House, living, peace, refusal

IDLE_DAYS, MAX_DAYS = 30, 365
"""Those of `House`."""
HOUR = 1 / 24
FAR_MS = 400 * DAY_MS


@asynccontextmanager
async def opened(url: str, now: int = NOW) -> AsyncIterator[House]:
    """A run of a house, from its start to its stop, which begins when the calendar says `now`."""
    async with living(url, now=now) as house:
        await house.timekeeper.start()
        yield house
        await house.timekeeper.stop()


def desk(house: House) -> Tokens:
    return Tokens(house.database, house.committer, house.roster, house.auth, house.clock)


async def owner(house: House, name: str = "Olga") -> tuple[str, Identity]:
    return await house.auth.sign_in(name, "f01", owner_key=await house.auth.make_owner_key())


# While the house is shut


@pytest.mark.parametrize("shut_days", [61, 5000, -400], ids=["a summer", "years", "a clock that went back"])
async def test_who_was_inside_when_the_house_closed_is_signed_in_when_it_opens_again(url: str, shut_days: int) -> None:
    async with opened(url) as house:
        token, aiko = await house.auth.sign_in("Aiko", "f01")
        diary = await house.room(aiko.user)
        house.clock.pass_days(2)
    async with opened(url, NOW + shut_days * DAY_MS) as house:
        house.clock.pass_days(1)
        assert await house.auth.end_stale() == 0
        assert (await house.auth.identify(token)).user == aiko.user
        assert set(house.chat.since(aiko.user)) == {LOBBY, diary}
        assert await refusal(house.auth.sign_in("Aiko", "f01")) == "name_taken"


async def test_idleness_is_counted_over_all_that_the_house_was_open(url: str) -> None:
    async with opened(url) as house:
        await house.auth.sign_in("Aiko", "f01")
        house.clock.pass_days(20)
    async with opened(url, NOW + FAR_MS) as house:
        house.clock.pass_days(9)
        assert await house.auth.end_stale() == 0
        house.clock.pass_days(2)
        assert await house.auth.end_stale() == 1


async def test_a_session_ends_by_age_over_all_that_the_house_was_open(url: str) -> None:
    async def use(house: House, times: int) -> None:
        for _ in range(times):
            house.clock.pass_days(20)
            await house.auth.identify(token)
            assert await house.auth.end_stale() == 0

    async with opened(url) as house:
        token, _ = await house.auth.sign_in("Aiko", "f01")
        await use(house, 10)
    async with opened(url, NOW + 10 * FAR_MS) as house:
        await use(house, 8)
        house.clock.pass_days(6)
        assert await refusal(house.auth.identify(token)) == "not_signed_in"
        assert await house.auth.end_stale() == 1


async def test_a_start_with_a_wrong_clock_changes_nothing_once_it_is_right(url: str) -> None:
    async with opened(url) as house:
        token, _ = await house.auth.sign_in("Aiko", "f01")
    async with opened(url, NOW + FAR_MS) as house:
        ben_token, _ = await house.auth.sign_in("Ben", "f01")
    async with opened(url, NOW) as house:
        for each in (token, ben_token):
            await house.auth.identify(each)
        house.clock.pass_days(IDLE_DAYS - 1)
        assert await house.auth.end_stale() == 0
        house.clock.pass_days(2)
        assert await house.auth.end_stale() == 2, "and nobody stays longer for it"


# The first hour


async def test_who_is_past_their_time_at_the_start_has_an_hour_to_come_by(url: str) -> None:
    async with opened(url) as house:
        token, aiko = await house.auth.sign_in("Aiko", "f01")
        await house.auth.sign_in("Ben", "f01")
        house.clock.pass_days(IDLE_DAYS + 31)
        now = house.clock()
    with capture_logs() as lines:
        async with opened(url, now) as house:
            assert [(line["sessions_to_end"], line["tokens_to_end"]) for line in lines] == [(2, 0)]
            house.clock.pass_days(HOUR / 2)
            assert await house.auth.end_stale() == 0
            assert (await house.auth.identify(token)).user == aiko.user
            house.clock.pass_days(HOUR)
            assert await house.auth.end_stale() == 1
            assert (await house.auth.identify(token)).user == aiko.user
            assert await house.auth.sign_in("Ben", "f01"), "the name is free"


@pytest.mark.parametrize(
    ("shut_ms", "words"),
    [(61 * DAY_MS, "the house was shut for more than a month"), (-2 * DAY_MS, "the clock stands before"), (DAY_MS, "")],
)
async def test_who_runs_the_house_is_told_of_a_calendar_to_be_doubted(url: str, shut_ms: int, words: str) -> None:
    async with opened(url):
        pass
    with capture_logs() as lines:
        async with opened(url, NOW + shut_ms):
            pass
    assert [line["event"].startswith(words) for line in lines] == ([True] if words else [])


# A clock that is set while the house runs


async def test_a_calendar_that_jumps_ends_no_token_for_good_before_an_hour(house: House) -> None:
    await house.timekeeper.start()
    cookie, aiko = await house.auth.sign_in("Aiko", "f01")
    secret, token = await desk(house).make(aiko, "feeder", "write", 90)
    await house.auth.identify_token(secret)
    house.clock.pass_days(1)
    ended: list[int] = []
    house.auth.on_end = ended.append
    with capture_logs() as lines:
        house.clock.ms += FAR_MS
        await house.auth.end_expired()
    assert [line["by_s"] for line in lines] == [FAR_MS // 1000]
    assert ended == [token.id], "whoever is connected by it is not, for it is past its end"
    assert await refusal(house.auth.identify_token(secret)) == "not_signed_in"
    assert await house.auth.end_stale() == 0
    assert (await house.auth.identify(cookie)).user == aiko.user
    house.clock.ms -= FAR_MS
    await house.auth.end_expired()
    assert (await house.auth.identify_token(secret)).user == aiko.user

    house.clock.ms += FAR_MS
    assert await house.auth.end_stale() == 0
    house.clock.pass_days(2 * HOUR)
    await house.auth.end_expired()
    house.clock.ms -= FAR_MS
    assert await refusal(house.auth.identify_token(secret)) == "not_signed_in", "it is what the calendar has said for hours"


async def test_a_calendar_that_jumps_lets_no_banned_one_go_for_good_before_an_hour(house: House) -> None:
    token, gus = await house.auth.sign_in("Gus", "f01")
    keeper = peace(house)
    await keeper.start()
    await keeper.moderation.ban(CONSOLE, user=gus.user.id, minutes=60 * 24)
    house.clock.pass_days(HOUR * 2)
    house.clock.ms += FAR_MS
    await keeper.keep()
    house.clock.ms -= FAR_MS
    await keeper.keep()
    await house.follower.start()
    assert await refusal(house.auth.identify(token)) == "banned"
    house.clock.pass_days(1)
    await keeper.keep()
    assert (await house.auth.identify(token)).user == gus.user
    assert [ban.id for ban in (await keeper.moderation.bans(CONSOLE)).bans] == []


async def test_a_start_with_a_wrong_clock_lets_no_banned_one_in_once_it_is_right(url: str) -> None:
    async with opened(url) as house:
        token, gus = await house.auth.sign_in("Gus", "f01")
        await house.moderation.ban(CONSOLE, user=gus.user.id, minutes=60 * 24)
    async with opened(url, NOW + FAR_MS) as house:
        house.clock.ms -= FAR_MS
        assert await refusal(house.auth.identify(token)) == "banned"


async def test_who_comes_by_while_stale_sessions_end_stays(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    _, aiko = await house.auth.sign_in("Aiko", "f01")
    house.clock.pass_days(IDLE_DAYS + 1)
    read = house.database.read

    async def late(function: Any, *arguments: Any) -> Any:
        found = await read(function, *arguments)
        if function is sessions.stale:
            await house.committer.run(lambda tx: sessions.touch(tx, [aiko.session]))
        return found

    monkeypatch.setattr(house.database, "read", late)
    assert await house.auth.end_stale() == 0
    assert house.roster.seat(aiko.user.id, LOBBY) is not None


# Programs


async def by_token(house: House, secret: str, _: Identity) -> None:
    await house.auth.identify_token(secret)


async def by_socket(house: House, _: str, program: Identity) -> None:
    await house.auth.keep_alive([program.session])


async def by_guest(house: House, _: str, program: Identity) -> None:
    name = f"Sock {house.clock.ms}"
    cookie, _guest = await house.auth.sign_in(name, "f01", door=LOBBY, opener=program)
    house.clock.pass_days(2 * HOUR)
    await house.auth.identify_guest(cookie)


@pytest.mark.parametrize("use", [by_token, by_socket, by_guest])
async def test_whose_programs_work_is_not_idle(house: House, use: Callable[[House, str, Identity], Awaitable[None]]) -> None:
    cookie, aiko = await house.auth.sign_in("Aiko", "f01")
    secret, _ = await desk(house).make(aiko, "feeder", "write", 200)
    program = await house.auth.identify_token(secret)
    for _ in range(5):
        house.clock.pass_days(IDLE_DAYS - 1)
        await use(house, secret, program)
        await house.auth.end_stale()
    assert (await house.auth.identify_token(secret)).user == aiko.user
    assert (await house.auth.identify(cookie)).user == aiko.user, "as they are known here, and in the database"


async def test_a_program_keeps_the_session_that_its_person_used_last_and_no_forgotten_one(house: House) -> None:
    _, aiko = await house.auth.sign_in("Aiko", "f01")
    house.clock.pass_days(1)
    await house.committer.run(lambda tx: sessions.open_session(tx, aiko.user.id, digest("on the phone")))
    secret, _ = await desk(house).make(aiko, "feeder", "write", 200)
    house.clock.pass_days(IDLE_DAYS - 1)
    await house.auth.identify_token(secret)
    house.clock.pass_days(1)
    assert await house.auth.end_stale() == 1
    assert (await house.auth.identify("on the phone")).user == aiko.user


async def test_a_token_that_nobody_uses_keeps_nobody(house: House) -> None:
    _, aiko = await house.auth.sign_in("Aiko", "f01")
    await desk(house).make(aiko, "feeder", "write", 200)
    house.clock.pass_days(IDLE_DAYS + 1)
    assert await house.auth.end_stale() == 1
    assert await house.database.read(people.has_gone, aiko.user.id)


async def test_a_token_says_no_later_end_than_that_of_its_person(house: House) -> None:
    cookie, aiko = await house.auth.sign_in("Aiko", "f01")
    for _ in range(15):
        house.clock.pass_days(20)
        await house.auth.identify(cookie)
    _, token = await desk(house).make(aiko, "feeder", "read", 365)
    assert token.expires_at == house.clock() + (MAX_DAYS - 300) * DAY_MS
    _, token = await desk(house).make(aiko, "feeder", "read", 40)
    assert token.expires_at == house.clock() + 40 * DAY_MS


async def test_a_tokens_end_is_told_in_its_last_week(house: House) -> None:
    _, aiko = await house.auth.sign_in("Aiko", "f01")
    secret, token = await desk(house).make(aiko, "feeder", "read", 8)
    program = await house.auth.identify_token(secret)
    assert desk(house).ends_soon(program) is None and desk(house).ends_soon(aiko) is None
    house.clock.ms = token.expires_at - LAST_WEEK_MS
    assert desk(house).ends_soon(program) == token.expires_at


# Who is the last of a private room


async def grow_old(house: House, *busy: str) -> None:
    """Let all sessions grow too old but those of these tokens."""
    for _ in range(2):
        house.clock.pass_days(IDLE_DAYS / 2 + 1)
        for token in busy:
            await house.auth.identify(token)
    await house.auth.end_stale()


async def role(house: House, user: User, room: int) -> str | None:
    return await house.database.read(rooms.member_role, user.id, room)


async def test_private_rooms_of_whom_time_ends_go_to_the_houses_owner(house: House) -> None:
    token, olga = await owner(house)
    aiko = await house.guest("Aiko")
    diaries = [await house.room(aiko) for _ in range(AT_ONCE + 2)]
    ben_token, ben = await house.auth.sign_in("Ben", "f01")
    shared, public = await house.room(aiko, ben.user), await house.room(aiko, kind="public")
    await grow_old(house, token, ben_token)
    assert [await role(house, aiko, room) for room in diaries] == [None] * len(diaries)
    assert [await role(house, olga.user, room) for room in diaries] == ["owner"] * len(diaries)
    assert set(house.chat.since(olga.user)) == {LOBBY, *diaries}
    assert await role(house, olga.user, shared) is None and await role(house, olga.user, public) is None
    [joined] = [entry for entry in await house.entries(diaries[0]) if isinstance(entry.fact, Joined) and entry.fact.user == olga.user]
    assert joined.by == aiko, "it says who let them in"


async def test_no_private_room_is_left_to_an_owner_who_could_not_enter_it(house: House) -> None:
    _, olga = await owner(house)
    token, otto = await owner(house, "Otto")
    room = await house.room(await house.guest("Aiko"))
    await house.moderation.ban(CONSOLE, user=olga.user.id)
    await grow_old(house, token)
    assert await role(house, olga.user, room) is None
    assert await role(house, otto.user, room) == "owner"


async def test_of_two_whom_time_ends_together_the_last_leaves_the_room(house: House) -> None:
    token, olga = await owner(house)
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    await grow_old(house, token)
    assert await role(house, olga.user, room) == "owner"


async def members_of(house: House, room: int) -> set[str]:
    return {user.name for where, user, _, _ in await house.database.read(rooms.memberships) if where == room}


async def test_who_signs_out_leaves_what_they_wrote_to_nobody(house: House) -> None:
    await owner(house)
    _, aiko = await house.auth.sign_in("Aiko", "f01")
    room = await house.room(aiko.user)
    await house.auth.sign_out(aiko.session)
    assert await members_of(house, room) == set()


async def test_one_session_of_several_that_ends_takes_nobody_out_of_a_room(house: House) -> None:
    token, _ = await owner(house)
    aiko = await house.guest("Aiko")
    room = await house.room(aiko)
    house.clock.pass_days(IDLE_DAYS / 2)
    await house.auth.identify(token)
    await house.committer.run(lambda tx: sessions.open_session(tx, aiko.id, digest("on the phone")))
    house.clock.pass_days(IDLE_DAYS / 2 + 1)
    assert await house.auth.end_stale() == 1
    assert await members_of(house, room) == {"Aiko"}


async def test_an_owner_who_is_the_last_leaves_a_private_room_to_nobody(house: House) -> None:
    _, olga = await owner(house)
    room = await house.room(olga.user)
    await grow_old(house)
    assert await members_of(house, room) == set()
