"""The n-th call to the database fails, for every n: each answer is good or a refusal in words, and what was answered is so."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest

from teahouse.auth import Identity
from teahouse.errors import Unavailable
from teahouse.model import LOBBY, Joined
from teahouse.storage import rooms
from teahouse.storage.database import Database
from teahouse.throttle import Throttle
from tests.faults.failing import Plan, watch
from tests.gateways.connection.talk import Event, Talk
from tests.storage.house import House

Result = TypeVar("Result")

SWEEPS = 1000
TRIES = 40
"""How often the same is asked before a test gives up: more than any plan lets fail."""


@pytest.fixture
async def plan() -> Plan:
    return Plan()


@pytest.fixture
async def house(tmp_path: Path, plan: Plan) -> AsyncIterator[House]:
    database = Database.at(f"sqlite:///{tmp_path}/teahouse.db")
    watch(database, plan)
    house = House(database)
    await house.open()
    yield house
    plan.disarm()
    await house.close()


@pytest.mark.parametrize(
    ("lasting", "only", "first", "stride"),
    [*((1, "", first, 4) for first in range(1, 5)), (15, "", 1, 5), (2, "fetch", 1, 1)],
    ids=[*(f"one call, {first} and each fourth after it" for first in range(1, 5)), "fifteen calls in a row", "two fetches in a row"],
)
async def test_whatever_call_fails_what_was_answered_is_so_and_nothing_else(
    house: House, plan: Plan, lasting: int, only: str, first: int, stride: int
) -> None:
    """One failed call of a change is mended by its second try; more outlast that, and are told to people."""
    cast = Cast(house)
    await cast.open()
    for n in count(first, stride):
        scene = Scene(cast, n)
        plan.arm(n, lasting, only)
        await scene.play()
        untouched = plan.failed == 0
        plan.disarm()
        await scene.check()
        if untouched:
            break
    cast.close()
    assert n > 30, "there are more calls than that in a scene"
    assert cast.refusals > 0


class Cast:
    """Two people with a line each, who ask for a thing until it is done."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.refusals = 0
        self._requests = count(100)

    async def open(self) -> None:
        self.aiko, self.ben = [await self.house.guest_identity(name) for name in ("Aiko", "Ben")]
        self.line, self.bens = self.dial(self.aiko), self.dial(self.ben)
        self.welcome = [await line.hello() for line in (self.line, self.bens)][1]

    def close(self) -> None:
        self.line.connection.close()
        self.bens.connection.close()

    def dial(self, identity: Identity) -> Talk:
        return Talk(self.house, identity, Throttle(1000, 100_000))

    async def ask(self, talk: Talk, **command: Any) -> Event:
        """The only refusal there may be is the one that says to send it again."""
        for _ in range(TRIES):
            answer = await talk.ask(next(self._requests), **command)
            if answer["type"] != "error":
                return answer.get("result", answer)
            assert (answer["code"], answer["retry"]) == ("unavailable", True), answer
            self.refusals += 1
        raise AssertionError(f"never done: {command}")

    async def insist(self, work: Callable[[], Awaitable[Result]]) -> Result:
        for _ in range(TRIES):
            try:
                return await work()
            except Unavailable:
                self.refusals += 1
        raise AssertionError("never done")


class Scene:
    """What happens in a room of its own while calls fail, and what must be true of it afterwards."""

    def __init__(self, cast: Cast, number: int) -> None:
        self.cast = cast
        self.house = cast.house
        self.number = number
        for talk in (cast.line, cast.bens):
            talk.ear.said.clear()

    async def play(self) -> None:
        cast = self.cast
        chen = await cast.insist(lambda: self.house.auth.sign_in(f"Chen {self.number}", "f01"))
        self.chen: Identity = chen[1]
        made = await cast.ask(cast.line, type="create_room", kind="public", name=f"Room {self.number}", client_id=f"room-{self.number}")
        self.room = made["room"]["id"]
        for who in (cast.ben, self.chen):
            await cast.ask(cast.line, type="add_member", room=self.room, user=who.user.id)
        await asyncio.gather(self._post(cast.line, "one"), self._post(cast.line, "two"), self._post(cast.bens, "three"))
        first = await cast.ask(cast.line, type="post", room=self.room, text="four", client_id=f"four-{self.number}")
        seq = first["seq"]
        assert await cast.ask(cast.line, type="post", room=self.room, text="four", client_id=f"four-{self.number}") == first
        await cast.ask(cast.line, type="edit", room=self.room, message=seq, text="four, rather")
        await cast.ask(cast.bens, type="react", room=self.room, message=seq, emoji="👍")
        gone = await cast.ask(cast.line, type="post", room=self.room, text="oops", client_id=f"oops-{self.number}", reply_to=seq)
        await cast.ask(cast.line, type="remove", room=self.room, message=gone["seq"])
        await cast.ask(cast.bens, type="read", room=self.room, seq=gone["seq"])
        page = await cast.ask(cast.line, type="page", room=self.room)
        assert [message["seq"] for message in page["messages"]][-1] == gone["seq"]
        await self._resume()
        await cast.ask(cast.line, type="remove_member", room=self.room, user=self.chen.user.id)
        await cast.ask(cast.line, type="change_room", room=self.room, topic="calls that fail")
        await cast.ask(cast.line, type="find_rooms")
        await cast.insist(lambda: self.house.auth.sign_out(self.chen.session))

    async def check(self) -> None:
        """What is stored is what was done, each thing once; all who should have heard of it have, in order."""
        cast, house = self.cast, self.house
        page = await house.chat.page(cast.aiko.user, self.room)
        assert sorted(message.text for message in page.messages) == ["", "four, rather", "one", "three", "two"]
        [edited] = [message for message in page.messages if message.edited]
        assert [(reaction.emoji, [user.id for user in reaction.users]) for reaction in edited.reactions] == [("👍", [cast.ben.user.id])]
        entries = await house.entries(self.room)
        assert [entry.seq for entry in entries] == list(range(1, page.head + 1))
        kinds = [type(entry.fact).__name__ for entry in entries]
        assert sorted(kinds) == sorted([*["Created"], *["Joined"] * 3, *["Posted"] * 5, "Edited", "Reacted", "Removed", "Left", "Renamed"])
        assert [entry.seq for entry in house.announced if entry.log == self.room] == list(range(1, page.head + 1))
        seated = {(room, user.id) for room, user, _, _ in await house.database.read(rooms.memberships)}
        assert {(room, seat.user.id) for room in house.roster.rooms for seat in house.roster.seats(room)} == seated
        assert (self.room, self.chen.user.id) not in seated and (LOBBY, self.chen.user.id) not in seated
        for talk in (cast.line, cast.bens):
            await self._heard(talk, page.head)
        [bens_entry] = [entry.seq for entry in entries if isinstance(entry.fact, Joined) and entry.fact.user.id == cast.ben.user.id]
        assert cast.line.seqs(self.room) == list(range(2, page.head + 1))
        assert self.bens_first_line + cast.bens.seqs(self.room) == list(range(bens_entry, page.head + 1))

    async def _resume(self) -> None:
        """Ben's line breaks, and he comes back with what he has seen."""
        cast = self.cast
        await self._heard(cast.bens, await cast.insist(lambda: self.house.chat.head(self.room)))
        self.bens_first_line = cast.bens.seqs(self.room)
        cursors = {cast.ben.inbox: cast.bens.seqs(cast.ben.inbox)[-1], self.room: self.bens_first_line[-1]}
        cast.bens.connection.close()
        cast.bens = cast.dial(cast.ben)
        assert (await cast.ask(cast.bens, type="hello", epoch=cast.welcome["epoch"], cursors=cursors))["resumed"]

    async def _heard(self, talk: Talk, head: int) -> None:
        """Sweep, as the house does every few seconds, until `talk` has heard the room up to its head."""
        for _ in range(SWEEPS):
            if talk.seqs(self.room)[-1:] == [head]:
                return
            await self.cast.insist(self.house.hub.sweep)
        raise AssertionError(f"heard {talk.seqs(self.room)}, and the head is {head}")

    def _post(self, talk: Talk, text: str) -> Awaitable[Event]:
        return self.cast.ask(talk, type="post", room=self.room, text=text, client_id=f"{text}-{self.number}")
