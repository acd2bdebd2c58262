"""A client of an old door while it comes in: it may be shut out between any two steps."""

import asyncio
import gc
import weakref
from types import SimpleNamespace
from typing import Any

import pytest

from teahouse.doorkeeper import Doorkeeper
from teahouse.errors import NotAllowed, TooMuch
from teahouse.gateways.connections import Connections
from teahouse.gateways.dialects.directed import DIRECTED
from teahouse.gateways.dialects.nickname import NICKNAME
from teahouse.gateways.dialects.signin import SIGN_IN
from teahouse.gateways.dialects.spoken import Entrance, Words
from teahouse.gateways.doors.admission import Admitted
from teahouse.gateways.doors.connection import DoorConnection
from teahouse.gateways.doors.door import Door, Lodge
from teahouse.gateways.doors.marks import Marks
from teahouse.gateways.doors.porch import Porch
from teahouse.identity import Identity
from teahouse.keepers import BANNED
from teahouse.storage import people
from teahouse.throttle import Throttle
from tests.storage.house import House
from tests.support.patience import PATIENCE_S


class Wire:
    """Stands for a socket; `closed` is what it was closed with."""

    def __init__(self) -> None:
        self.closed: list[int] = []
        self.sent: list[bytes] = []
        self._news = asyncio.Event()

    async def hears(self, words: bytes) -> None:
        """Wait until something that was sent holds `words`."""
        async with asyncio.timeout(PATIENCE_S):
            while not any(words in line for line in self.sent):
                self._news.clear()
                await self._news.wait()

    @staticmethod
    def frame(payload: bytes) -> bytes:
        return payload

    def send(self, data: bytes) -> None:
        self.sent.append(data)
        self._news.set()

    def question(self, number: int) -> bytes:
        return b""

    def challenge(self) -> None: ...

    def weigh(self) -> None: ...

    def close(self, code: int, reason: str) -> None:
        self.closed = self.closed or [code]  # the first close of a socket counts


class Way:
    """A door to one room, and what happens before somebody's rooms are read, and while they are."""

    def __init__(self, house: House, keeper: Doorkeeper, room: int) -> None:
        self.connections = Connections(max_connections=100, per_user=100, per_address=100)
        self.before: Any = None
        self.meanwhile: Any = None
        house.auth.on_end = self.connections.end_session
        self._chat = house.chat
        self.post: Any = house.chat.post
        lodge = Lodge(
            chat=SimpleNamespace(  # type: ignore[arg-type]
                snapshot=self._snapshot, join=house.chat.join, peer=house.chat.peer, post=self._post, since=house.chat.since
            ),
            hub=house.hub,
            keeper=keeper,
            connections=self.connections,
            identify=house.auth.identify_guest,
            prove=house.auth.prove,
            marks=Marks(house.chat.read),
            letters=Throttle(1, 1),
            clock_ms=house.clock,
            per_address=10,
        )
        self.door = Door(
            house="a1",
            dialect="directed",
            room=room,
            prefix="",
            entrance=lambda path: None,
            origins=(),
            needs_token=False,
            public_url=None,
            on_loopback=True,
            draft76=False,
            lodge=lodge,
            porch=Porch(dict, house.clock),
        )

    async def _snapshot(self, *args: Any) -> Any:
        if self.before is not None:
            await self.before()
        found = await self._chat.snapshot(*args)
        if self.meanwhile is not None:
            await self.meanwhile()
        return found

    async def _post(self, *args: Any) -> Any:
        return await self.post(*args)

    async def come(
        self, way: Any, cookie: str | None = None, words: Words = DIRECTED, opener: Identity | None = None
    ) -> tuple[DoorConnection, Wire]:
        wire = Wire()
        connection = DoorConnection(self.door, Admitted(Entrance(way, words, "Ann"), opener), wire, "192.0.2.7", cookie)
        connection.begin()
        if way == "login":
            connection.receive(b'{"user_id": "Ben", "login": "1"}')
        if connection._worker is not None:
            await asyncio.wait([connection._worker])
        return connection, wire


@pytest.fixture
async def room(house: House) -> int:
    return (await house.chat.create_room(await house.guest("Maker"), "public", "Birds", "", "b")).room.id


@pytest.fixture
async def way(house: House, room: int) -> Way:
    keeper = Doorkeeper(house.database, house.committer, house.roster, house.auth, ["f01"], ["Birdie"])
    await keeper.open()
    return Way(house, keeper, room)


async def test_who_is_let_in_is_known_to_those_who_end_connections(way: Way) -> None:
    connection, wire = await way.come("login")
    assert (len(way.connections), wire.closed) == (1, [])
    connection.close()
    assert len(way.connections) == 0


async def test_whose_session_ends_while_they_come_in_does_not_come_in(house: House, way: Way, room: int) -> None:
    token, identity = await house.auth.sign_in("Ann", "f01", door=room)

    async def end() -> None:
        await house.auth.sign_out(identity.session)

    way.meanwhile = end
    _, wire = await way.come("cookie", token)
    assert (len(way.connections), wire.closed) == (0, [4001])


async def test_whose_sessions_are_ended_by_a_keeper_while_they_come_in_does_not_come_in(house: House, way: Way, room: int) -> None:
    token, identity = await house.auth.sign_in("Ann", "f01", door=room)

    async def end() -> None:
        house.auth.forget_user(identity.user.id)
        way.connections.end_user(identity.user.id)

    way.meanwhile = end
    _, wire = await way.come("cookie", token)
    assert (len(way.connections), wire.closed) == (0, [4001])


@pytest.mark.parametrize(("when", "back"), [("before", False), ("before", True), ("meanwhile", False)])
async def test_who_is_put_out_of_the_room_while_they_come_in_is_not_at_the_door(
    house: House, way: Way, room: int, when: str, back: bool
) -> None:
    maker = next(seat.user for seat in house.roster.seats(room))

    async def put_out() -> None:
        [ben] = [seat.user for seat in house.roster.seats(room) if seat.user.name == "Ben"]
        await house.chat.remove_member(maker, room, ben.id)
        if back:
            way.meanwhile = lambda: house.chat.add_member(maker, room, ben.id)

    setattr(way, when, put_out)
    connection, wire = await way.come("login")
    assert (len(way.connections), wire.closed) == (0, [4001])
    assert connection not in way.door.porch._guests and connection._subscriber is None


async def test_nothing_is_told_between_the_end_of_a_place_and_that_of_the_socket(house: House, way: Way, room: int) -> None:
    maker = next(seat.user for seat in house.roster.seats(room))
    connection, wire = await way.come("address", words=NICKNAME)
    await house.say(maker, room, "one")
    said = connection.outlet.dialect.render(house.announced[-1])
    connection.outlet.write(said)
    told = len(wire.sent)
    connection._left(connection.user.id)
    connection.outlet.write(said)
    assert told > 0 and len(wire.sent) == told
    await asyncio.sleep(0)
    assert wire.closed == [4001]


async def test_who_leaves_is_told_to_nobody_at_a_door_and_takes_no_number(house: House, way: Way, room: int) -> None:
    """The words of a door tell by themselves who is there; a line of a room's log that says nothing may not look like one that does."""
    maker, mal = next(seat.user for seat in house.roster.seats(room)), await house.guest("Mal")
    _, wire = await way.come("name", words=SIGN_IN)
    before = len(wire.sent)
    await house.chat.join(mal, room)
    await house.chat.leave(mal, room)
    await house.say(maker, room, "one")
    await wire.hears(b"one")
    assert [b"one" in line for line in wire.sent[before:]] == [True]


@pytest.mark.parametrize("then", ["hears", "says"])
async def test_who_reads_slowly_hears_and_says_nothing_once_whose_token_opened_the_door_is_out(
    house: House, way: Way, room: int, then: str
) -> None:
    """What tells of the leaving is still on its way to them."""
    maker, mal = next(seat.user for seat in house.roster.seats(room)), await house.guest_identity("Mal")
    await house.chat.join(mal.user, room)
    connection, wire = await way.come("name", words=NICKNAME, opener=mal)
    connection.outlet.congested = True
    await house.say(maker, room, "for all of us")
    connection.outlet.write(connection.outlet.dialect.render(house.announced[-1]))
    assert len(wire.sent) == 1
    await house.chat.remove_member(maker, room, mal.user.id)
    if then == "hears":
        await house.say(maker, room, "for us alone")
        connection.outlet.write(connection.outlet.dialect.render(house.announced[-1]))
    else:
        connection.receive(HELLO)
    heard = len(house.announced)
    for _ in range(5):
        await asyncio.sleep(0)
    await house.committer.drain()
    assert (wire.closed, len(wire.sent), len(house.announced)) == ([4001], 1, heard)


async def test_from_a_network_that_was_shut_out_after_the_handshake_nobody_becomes_somebody(house: House, way: Way) -> None:
    way.connections.refusal = lambda user, address: NotAllowed("closed to your network", code=BANNED) if address else None
    _, wire = await way.come("login")
    assert (len(way.connections), wire.closed) == (0, [4004])
    assert await house.database.read(people.by_name, "ben") is None


class Word:
    """Something that a refusal's frames know."""


class TooFast:
    """A house that lets everything wait, and says when it was asked."""

    def __init__(self, way: Way) -> None:
        self.asked = asyncio.Event()
        self.word: weakref.ref[Word] | None = None
        way.post = self._post

    async def _post(self, *_args: Any) -> None:
        word = Word()
        self.word = weakref.ref(word)
        self.asked.set()
        raise TooMuch("wait", retry_after_s=1000)


HELLO = b'{"message": "hello"}'


async def test_while_something_waits_its_refusal_is_forgotten_with_all_that_it_knows(way: Way) -> None:
    connection, _ = await way.come("name", words=NICKNAME)
    house = TooFast(way)
    connection.receive(HELLO)
    await asyncio.wait_for(house.asked.wait(), PATIENCE_S)
    await asyncio.sleep(0)
    assert house.word is not None and house.word() is None
    assert connection.backlog.size > 0
    connection.close()
    assert connection.backlog.size == 0


async def test_who_leaves_is_gone_once_when_their_last_words_are_over(way: Way) -> None:
    connection, _ = await way.come("name", words=NICKNAME)
    house = TooFast(way)
    gone: list[str] = []
    connection.receive(HELLO)
    await asyncio.wait_for(house.asked.wait(), PATIENCE_S)
    connection.leave()
    connection.leave(lambda: gone.append("gone"))
    connection.receive(HELLO)
    assert gone == []
    connection.close()
    connection.close()
    assert gone == ["gone"]


async def test_who_leaves_is_gone_also_when_their_last_words_had_not_begun(way: Way) -> None:
    connection, _ = await way.come("name", words=NICKNAME)
    gone: list[str] = []
    connection.receive(HELLO)
    connection.leave(lambda: gone.append("gone"))
    connection.close()
    assert gone == ["gone"]


async def test_who_leaves_in_silence_is_gone_at_once(way: Way) -> None:
    connection, _ = await way.come("name", words=NICKNAME)
    gone: list[str] = []
    connection.leave(lambda: gone.append("gone"))
    assert gone == ["gone"]


@pytest.mark.parametrize("talks", [False, True])
async def test_who_is_gone_is_freed_without_the_collector(way: Way, talks: bool) -> None:
    connection, _ = await way.come("name", words=NICKNAME)
    if talks:
        connection.receive(HELLO)
    connection.leave()
    if connection._worker is not None:
        await asyncio.wait([connection._worker])
    freed = weakref.ref(connection)
    gc.disable()
    try:
        del connection
        await asyncio.sleep(0)
        assert freed() is None
    finally:
        gc.enable()
