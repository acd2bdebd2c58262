"""The clock by which it is told how long a session was not used: it stands still while the house is shut, and nobody sets it."""

import pytest
from sqlalchemy import delete, func, select, update

from teahouse.auth import DAY_MS
from teahouse.storage import owner_link, sessions
from teahouse.storage.house_clock import JUMP_MS, SETTLES_MS, HouseClock
from teahouse.storage.log import Transaction
from teahouse.storage.tables import about
from teahouse.storage.tables import sessions as table
from tests.storage.conftest import Another
from tests.storage.house import NOW, House, living

HASH, OTHER = b"h" * 32, b"o" * 32


def clock_of(house: House) -> HouseClock:
    return house.database.house_clock


async def kept(house: House) -> None:
    await house.committer.run(lambda tx: clock_of(house).keep(tx.connection))


async def times(house: House) -> list[tuple[int, int]]:
    found = await house.database.read(lambda connection: connection.execute(select(table.c.at, table.c.used_at).order_by(table.c.id)).all())
    return [(row.at, row.used_at) for row in found]


async def test_it_goes_on_where_it_stood_when_the_house_was_last_open(url: str) -> None:
    async with living(url) as house:
        house.clock.pass_days(3)
        await kept(house)
        stood = clock_of(house)()
    for now in (NOW + 99 * DAY_MS, NOW - 99 * DAY_MS):
        async with living(url, now=now) as house:
            assert clock_of(house)() == stood
            house.clock.pass_days(1)
            assert clock_of(house)() == stood + DAY_MS
            assert clock_of(house).last_open == NOW + 3 * DAY_MS


async def test_a_calendar_that_is_set_does_not_move_it(house: House) -> None:
    before = clock_of(house)()
    house.clock.ms += 400 * DAY_MS
    assert clock_of(house)() == before


async def test_of_two_servers_the_one_that_is_further_tells_the_other(house: House, another: Another) -> None:
    other = await another()
    house.clock.pass_days(5)
    await kept(house)
    await kept(other)
    assert clock_of(other)() == clock_of(house)()
    await kept(house)
    assert clock_of(other)() == clock_of(house)() == NOW + 5 * DAY_MS


async def test_a_kill_costs_it_no_more_than_since_it_was_kept(url: str) -> None:
    async with living(url) as house:
        house.clock.pass_days(3)
        await kept(house)
        house.clock.ms += SETTLES_MS
        house.clock.steady_ms += SETTLES_MS
    async with living(url) as house:
        assert clock_of(house)() == NOW + 3 * DAY_MS


async def test_what_is_used_after_a_kill_was_used_no_earlier_than_it_was_opened(house: House) -> None:
    aiko = await house.guest_identity("Aiko")

    def opened_later(tx: Transaction) -> int:
        tx.house_at += SETTLES_MS
        return owner_link.open_session(tx, HASH, aiko.user.id, OTHER)

    session = await house.committer.run(opened_later)
    assert await house.database.read(owner_link.unused, HASH, 0) is not None
    await house.committer.run(lambda tx: sessions.touch(tx, [session]))
    assert await house.database.read(owner_link.unused, HASH, 0) is None


@pytest.mark.parametrize("last_used", [-61 * DAY_MS, 400 * DAY_MS], ids=["long ago", "by a wrong clock"])
async def test_in_a_house_of_an_older_version_it_begins_at_the_last_use(url: str, last_used: int) -> None:
    """It was written by the calendar then."""
    async with living(url) as house:
        await house.guest("Aiko")
        await house.guest("Ben")

        def go_back(tx: Transaction) -> None:
            tx.connection.execute(delete(about).where(about.c.key == "last_open"))
            first = select(func.min(table.c.id)).scalar_subquery()
            tx.connection.execute(update(table).values(at=NOW - 99 * DAY_MS, used_at=NOW - 90 * DAY_MS))
            tx.connection.execute(update(table).where(table.c.id == first).values(used_at=NOW + last_used))

        await house.committer.run(go_back)
    async with living(url) as house:
        begins = NOW + min(last_used, 0)
        assert clock_of(house)() == begins
        assert await times(house) == [(NOW - 99 * DAY_MS, begins), (NOW - 99 * DAY_MS, NOW - 90 * DAY_MS)]


class Hands:
    """Two clocks that are moved by hand."""

    def __init__(self) -> None:
        self.calendar_ms = NOW
        self.steady_ms = 0
        self.jumps: list[int] = []
        self.clock = HouseClock(lambda: self.calendar_ms, lambda: self.steady_ms)
        self.clock.on_jump = self.jumps.append

    def move(self, *, calendar: int = 0, both: int = 0) -> int | None:
        self.calendar_ms += calendar + both
        self.steady_ms += both
        return self.clock.settled_at()


def test_the_calendar_is_believed_an_hour_after_the_start_and_after_every_jump() -> None:
    hands = Hands()
    assert hands.move(both=SETTLES_MS - 1) is None
    assert hands.move(both=1) == NOW + SETTLES_MS
    for jump in (JUMP_MS, -400 * DAY_MS):
        assert hands.move(calendar=jump) is None
        assert hands.move(both=SETTLES_MS - 1) is None
        assert hands.move(both=1) == hands.calendar_ms
    assert hands.jumps == [JUMP_MS, -400 * DAY_MS]


def test_a_calendar_that_is_corrected_a_little_is_believed() -> None:
    hands = Hands()
    hands.move(both=SETTLES_MS)
    for _ in range(3):
        assert hands.move(calendar=JUMP_MS - 1) == hands.calendar_ms
    assert hands.jumps == []
