"""Those who are behind take turns: so many pages at once, so long in one turn of the loop, and user by user."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from teahouse.delivery.turns import SHARE_S, CatchUpTurns
from teahouse.model import User
from tests.delivery.scene import AIKO, BEN, TEA, WIDE, Scene, resets
from tests.delivery.world import Client, FillingOutlet
from tests.support.patience import PATIENCE_S

CLEO = User(3, "Cleo", "f01")


class Clock:
    """Time that passes when a page is written, and each takes so long."""

    def __init__(self, page_s: float) -> None:
        self.page_s = page_s
        self.time_s = 0.0

    def __call__(self) -> float:
        self.time_s += self.page_s / 2
        return self.time_s


@pytest.fixture
async def slow() -> AsyncIterator[Scene]:
    """One page takes the whole share of a turn."""
    async with Scene() as scene:
        scene.hub.turns = CatchUpTurns(Clock(2 * SHARE_S))
        yield scene
    assert scene.troubles == []


def behind(scene: Scene, *users: User) -> list[Client]:
    """People who come with a cursor of long ago, to a room that nobody reads, so that all of it is in the database alone."""
    clients = [scene.come_in(user) for user in users]
    scene.say("a", "b", "c")
    for client in clients:
        client.connect(scene.hub, WIDE)
    return clients


async def test_one_turn_of_the_loop_writes_no_more_pages_than_its_share(slow: Scene) -> None:
    clients = behind(slow, AIKO, BEN, CLEO)
    most, written = 0, 0
    for _ in range(40):
        await slow.turn()
        now = sum(len(client.outlet.buffer) > 0 for client in clients if client.outlet is not None)
        most, written = max(most, now - written), now
    assert (most, written) == (1, 3)
    for client in clients:
        client.take(WIDE)
        assert client.seen[TEA] == slow.truth.head(TEA)


async def test_users_take_turns_however_many_connections_each_has() -> None:
    turns, order = CatchUpTurns(at_once=1), []

    async def read(user: int) -> None:
        await turns.begin(user)
        order.append(user)
        await asyncio.sleep(0)
        turns.end()

    await asyncio.gather(*(read(user) for user in (1, 1, 1, 1, 2, 3)))
    assert order == [1, 1, 2, 3, 1, 1]


async def test_who_is_cancelled_takes_no_place_along() -> None:
    turns = CatchUpTurns(at_once=1)
    await turns.begin(1)
    waiting, given = (asyncio.ensure_future(turns.begin(2)) for _ in range(2))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.sleep(0)
    turns.end()
    given.cancel()  # it was given the place in this very turn
    await asyncio.gather(waiting, given, return_exceptions=True)
    async with asyncio.timeout(PATIENCE_S):
        await turns.begin(3)


async def test_who_goes_while_a_page_waits_for_its_turn_is_written_nothing(slow: Scene) -> None:
    first, second = behind(slow, AIKO, BEN)
    outlets = [client.outlet for client in (first, second)]
    while not any(outlet.buffer for outlet in outlets if outlet is not None):
        await slow.turn()
    for client in (first, second):
        client.disconnect()
    await slow.quiet()
    assert sum(len(outlet.buffer) > 0 for outlet in outlets if outlet is not None) == 1
    assert slow.hub.turns._free == CatchUpTurns()._free


async def test_what_comes_while_a_page_of_nothing_is_read_is_not_taken_for_trimmed() -> None:
    """The roster of a second server has not heard yet of a membership that the database knows, and nothing is new for that reader."""
    async with Scene() as scene:
        reader = await scene.reader(AIKO)
        known, scene.hub.member_since = scene.hub.member_since, lambda user, room: None
        scene.open_door.clear()
        reader.connect(scene.hub, WIDE)
        await scene.quiet()
        scene.say("d")
        await scene.quiet()
        scene.open_door.set()
        await scene.quiet()
        scene.hub.member_since = known
        assert isinstance(reader.outlet, FillingOutlet)
        assert resets(reader.outlet) == []
        reader.take(WIDE)
        assert reader.seen[TEA] == scene.truth.head(TEA)
    assert scene.troubles == []
