"""State plus events equals fresh state: over the real Chat, Hub and Connection, whatever people do and however often they come back.

After every step each client that is connected, folded from all it was told since it first came, is compared with one that
loads afresh: by a plain reference fold, and by the page's own. TEST_EXAMPLES=50 makes it a longer run, which also makes a failure small.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Coroutine, Iterator
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from teahouse.auth import Identity
from teahouse.model import LOBBY
from teahouse.storage import log
from teahouse.storage.database import Database
from teahouse.throttle import Throttle
from tests.faults.fold import Event, Fold
from tests.faults.page_child import PageChild
from tests.gateways.connection.talk import Talk
from tests.storage.house import House

EXAMPLES = int(os.environ.get("TEST_EXAMPLES", "12"))
STEPS = 40
PHASES = list(Phase) if "TEST_EXAMPLES" in os.environ else [Phase.explicit, Phase.reuse, Phase.generate]
"""Making a failure small takes minutes: a long run does it."""
NAMES = ("Aiko", "Ben", "Chen")
REFUSALS = {"not_member", "not_found", "not_allowed", "invalid", "name_taken", "conflict", "too_much"}
"""What a rule may meet that does not look before it asks."""

Result = TypeVar("Result")

who = st.integers(0, len(NAMES) - 1)
some = st.integers(0, 30)
"""Picks a room or a message, whatever there is."""
emoji = st.sampled_from(["👍", "❤️"])
words = st.sampled_from(["hello", "@Ben come", "茶 " * 120, "a", "**b**"])

_numbers = count(1)


class Client:
    """One of a person's pages, open over many connections: both folds, fed alike."""

    def __init__(self, house: House, identity: Identity, child: PageChild) -> None:
        self.house = house
        self.identity = identity
        self.fold = Fold()
        self.page: Event = {}
        self.talk: Talk | None = None
        self.in_flight: list[Event] = []
        """Pages that were asked for and have not come yet."""
        self._child = child
        self._name = f"state-{next(_numbers)}"
        self._requests = count(1)
        self._taken = 0

    async def connect(self) -> None:
        """Say hello, with cursors when there are some."""
        self.talk = Talk(self.house, self.identity, Throttle(10_000, 1_000_000))
        self._taken = 0
        cursors = {str(log): seq for log, seq in self.fold.cursors.items()}
        resume = {"epoch": self.house.database.epoch, "cursors": cursors} if cursors else {}
        await self.ask(type="hello", **resume)

    def cut(self) -> None:
        """What was on its way is lost."""
        self._take()
        assert self.talk is not None
        self.talk.connection.close()
        self.talk, self.in_flight = None, []

    def close(self) -> None:
        if self.talk is not None:
            self.cut()
        self._child.forget(self._name)

    async def ask(self, **command: Any) -> Event:
        assert self.talk is not None
        return await self.talk.ask(next(self._requests), **command)

    async def catch_up(self, heads: dict[int, int]) -> None:
        """Take all that comes until every log that is held is read to its head; then load what is not loaded."""
        assert self.talk is not None
        await self.talk.until(lambda: self._take() or self.fold.cursors == heads)
        for page in self.in_flight:
            self._feed({"type": "page_loaded", "page": page, "mode": "latest"})
        self.in_flight = []
        if self.fold.unsettled:
            for standing in (await self._afresh())["rooms"]:
                if standing["room"]["id"] in self.fold.unsettled:
                    self._feed({"type": "recounted", "standing": standing})
        for room in [number for number, room in self.fold.rooms.items() if not room.loaded]:
            page = (await self.ask(type="page", room=room, limit=200))["result"]
            self._feed({"type": "page_loaded", "page": page, "mode": "latest"})

    async def ask_for_late_page(self, room: int) -> None:
        """Ask for a page that will come after whatever happens next."""
        answer = await self.ask(type="page", room=room, limit=200)
        if answer["type"] == "ok":
            self.in_flight.append(answer["result"])

    async def _afresh(self) -> Event:
        other = Talk(self.house, self.identity, Throttle(10_000, 1_000_000))
        welcome = await other.hello()
        other.connection.close()
        return welcome

    def _take(self) -> None:
        assert self.talk is not None
        said = self.talk.ear.said[self._taken :]
        self._taken += len(said)
        self._feed(*(event for event in said if event["type"] in ("welcome", "entry", "reset")))

    def _feed(self, *events: Event) -> None:
        for event in events:
            self.fold.apply(event)
        if events:
            self.page = self._child.apply(self._name, list(events))


class Room(RuleBasedStateMachine):
    """Three people, each with a page that is compared and a phone on which they do things."""

    child: PageChild
    template: Path

    @initialize()
    def open(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.template, self.folder / "teahouse.db")
        self.run(self._open())

    async def _open(self) -> None:
        self.house = House(Database.at(f"sqlite:///{self.folder}/teahouse.db"))
        await self.house.open()
        self.people = [await self.house.guest_identity(name) for name in NAMES]
        self.pages = [Client(self.house, identity, self.child) for identity in self.people]
        self.phones = [Client(self.house, identity, self.child) for identity in self.people]
        for client in (*self.pages, *self.phones):
            await client.connect()
        self.rooms = [LOBBY]
        self.posts: list[tuple[int, Event]] = []
        for person, phone in enumerate(self.phones):
            stored = await phone.ask(type="post", room=LOBBY, text=f"I am {NAMES[person]}", client_id=f"c{next(_numbers)}")
            self.posts.append((person, stored["result"]))

    def teardown(self) -> None:
        for client in (*self.pages, *self.phones):
            client.close()
        self.run(self.house.close())
        self.loop.close()
        shutil.rmtree(self.folder)

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.loop.run_until_complete(work)

    def do(self, person: int, **command: Any) -> Any:
        """Let someone do something on their phone; return the result, or None when it was refused."""
        answer = self.run(self.phones[person].ask(**command))
        assert answer["type"] == "ok" or answer["code"] in REFUSALS, answer
        return answer.get("result")

    def room(self, pick: int) -> int:
        return self.rooms[pick % len(self.rooms)]

    def message(self, pick: int) -> tuple[int, int]:
        """A message that was posted: its room and seq."""
        _, post = self.posts[-1 - pick % len(self.posts)]
        return post["room"], post["seq"]

    # What people do

    @rule(person=who, room=some, text=words, reply=st.one_of(st.none(), some))
    def post(self, person: int, room: int, text: str, reply: int | None) -> None:
        command = {"type": "post", "room": self.room(room), "text": text, "client_id": f"c{next(_numbers)}"}
        if reply is not None:
            command["room"], command["reply_to"] = self.message(reply)
        stored = self.do(person, **command)
        if stored:
            self.posts.append((person, stored))
            assert self.do(person, **command) == stored

    @rule(message=some, text=words)
    def edit(self, message: int, text: str) -> None:
        author, post = self.posts[-1 - message % len(self.posts)]
        self.do(author, type="edit", room=post["room"], message=post["seq"], text=text)

    @rule(message=some)
    def remove(self, message: int) -> None:
        author, post = self.posts[-1 - message % len(self.posts)]
        self.do(author, type="remove", room=post["room"], message=post["seq"])

    @rule(person=who, message=some, emoji=emoji, on=st.sampled_from([True, True, False]))
    def react(self, person: int, message: int, emoji: str, on: bool) -> None:
        room, seq = self.message(message)
        self.do(person, type="react", room=room, message=seq, emoji=emoji, on=on)

    @rule(person=who, message=some)
    def read(self, person: int, message: int) -> None:
        room, seq = self.message(message)
        self.do(person, type="read", room=room, seq=seq)

    @rule(person=who, kind=st.sampled_from(["public", "private"]))
    def create_room(self, person: int, kind: str) -> None:
        number = next(_numbers)
        standing = self.do(person, type="create_room", kind=kind, name=f"Room {number}", client_id=f"c{number}")
        self.rooms.append(standing["room"]["id"])

    @rule(person=who, other=who)
    def open_direct(self, person: int, other: int) -> None:
        standing = self.do(person, type="open_direct", user=self.people[other].user.id)
        if standing and standing["room"]["id"] not in self.rooms:
            self.rooms.append(standing["room"]["id"])

    @rule(person=who, room=some)
    def join(self, person: int, room: int) -> None:
        self.do(person, type="join", room=self.room(room))

    @rule(person=who, room=some)
    def leave(self, person: int, room: int) -> None:
        self.do(person, type="leave", room=self.room(room))

    @rule(person=who, other=who, room=some)
    def add_member(self, person: int, other: int, room: int) -> None:
        self.do(person, type="add_member", room=self.room(room), user=self.people[other].user.id)

    @rule(person=who, other=who, room=some)
    def remove_member(self, person: int, other: int, room: int) -> None:
        self.do(person, type="remove_member", room=self.room(room), user=self.people[other].user.id)

    @rule(person=who, room=some, topic=st.sampled_from(["", "tea", "more tea"]))
    def change_room(self, person: int, room: int, topic: str) -> None:
        self.do(person, type="change_room", room=self.room(room), topic=topic)

    # What happens to their pages

    @rule(person=who)
    def cut(self, person: int) -> None:
        if self.pages[person].talk is not None:
            self.pages[person].cut()

    @rule(person=who)
    def come_back(self, person: int) -> None:
        if self.pages[person].talk is None:
            self.run(self.pages[person].connect())

    @rule(person=who, message=some, text=words, removed=st.booleans())
    def happen_while_a_page_is_on_its_way(self, person: int, message: int, text: str, removed: bool) -> None:
        if self.pages[person].talk is not None:
            self.run(self.pages[person].ask_for_late_page(self.message(message)[0]))
        self.post(person, 0, text, message)
        if removed:
            self.remove(message + 1)
        else:
            self.edit(message + 1, text)

    # What must be so

    @invariant()
    def state_plus_events_is_fresh_state(self) -> None:
        for client in self.pages:
            if client.talk is not None:
                self.run(self._compare(client))

    async def _compare(self, client: Client) -> None:
        mine = [client.identity.inbox, *self.house.roster.rooms_of(client.identity.user.id)]
        heads = await self.house.database.read(log.heads, mine)
        await client.catch_up(heads)
        fresh = Client(self.house, client.identity, self.child)
        await fresh.connect()
        await fresh.catch_up(heads)
        assert essence(client.fold.essence()) == essence(fresh.fold.essence())
        assert essence(client.page) == essence(fresh.page)
        assert essence(client.fold.essence()) == essence(client.page)
        fresh.close()


def essence(state: Event) -> Event:
    """Both folds in one shape: keys are strings, as in JSON, and what is empty is left out, as on the wire."""
    rooms = {
        str(log): {
            "room": {name: value for name, value in room["room"].items() if value},
            "messages": [_plain(message) for message in room["messages"]],
            **{name: room[name] for name in ("role", "head", "read", "unread")},
        }
        for log, room in state["rooms"].items()
    }
    return {"cursors": {str(log): seq for log, seq in state["cursors"].items()}, "rooms": rooms}


def _plain(message: Event) -> Event:
    plain = {name: value for name, value in message.items() if name != "client_id"}
    if "reply_to" in message:
        plain["reply_to"] = {name: value for name, value in message["reply_to"].items() if value}
    return plain


@pytest.fixture(scope="module")
def child() -> Iterator[PageChild]:
    with PageChild() as child:
        yield child


async def test_a_state_folded_from_events_equals_one_loaded_afresh(child: PageChild, tmp_path: Path) -> None:
    template = tmp_path / "teahouse.db"
    database = Database.at(f"sqlite:///{template}")
    database.open()
    database.close()
    machine = type("Machine", (Room,), {"child": child, "template": template})
    bounds = settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck)
    )
    await asyncio.to_thread(run_state_machine_as_test, machine, settings=bounds)
