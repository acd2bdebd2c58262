"""A small house for the robot's tests: a chat and a subscriber in memory, with a clock that is moved by hand."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

from msgspec import structs

from teahouse.bots import NAME
from teahouse.bots.outlet import QueueOutlet
from teahouse.bots.runner import Runner
from teahouse.model import (
    Added,
    Entry,
    Fact,
    Joined,
    Message,
    Page,
    Posted,
    Quote,
    Reset,
    RobotMode,
    RobotSet,
    Room,
    RoomKind,
    Signal,
    Standing,
    User,
)
from teahouse.replies import Replies
from teahouse.roster import Seat

BIRDIE = User(100, NAME, "birdie", "bot")
AIKO = User(1, "Aiko", "f01")
BEN = User(2, "Ben", "f02")
INBOX = 900
LOBBY = 1
DIRECT = 2


class House:
    """Keeps logs and idempotent posts as the real one does; `stall` makes the next posts wait, `trouble` makes calls fail."""

    def __init__(self) -> None:
        self.now = datetime(2026, 7, 3, 14, 5, tzinfo=UTC)
        self.logs: dict[int, list[Entry]] = {INBOX: []}
        self.rooms: dict[int, Room] = {}
        self.marks: dict[int, int] = {}
        self.removed: set[tuple[int, int]] = set()
        self.signals: list[Signal] = []
        self.replies = Replies(self._seat, lambda room, signal: self.signals.append(signal))
        self.reactions: list[tuple[int, int, str]] = []
        self.trouble: dict[str, Exception] = {}
        self.stall: asyncio.Event | None = None
        self.reader: FakeReader | None = None
        self.most_waiting = 0
        self._by_client_id: dict[tuple[int, str], Entry] = {}

    def open_room(self, room: int, kind: RoomKind = "public", robot: RobotMode = "mention") -> None:
        self.rooms[room] = Room(room, kind, "" if kind == "direct" else f"room {room}", robot=robot)
        self.logs[room] = []
        joined = self.append(room, BIRDIE, Joined(BIRDIE))
        self.append(INBOX, BIRDIE, Added(self.rooms[room], joined.seq))

    def say(self, by: User, room: int, text: str, *, ago_s: float = 0, removed: bool = False) -> Entry:
        return self.append(room, by, Posted(text, removed=removed), at=self._now_ms() - int(ago_s * 1000))

    def append(self, log: int, by: User, fact: Fact, *, at: int | None = None, client_id: str | None = None) -> Entry:
        entry = Entry(log, len(self.logs[log]) + 1, self._now_ms() if at is None else at, by, fact, client_id)
        self.logs[log].append(entry)
        if isinstance(fact, RobotSet):
            self.rooms[log] = structs.replace(self.rooms[log], robot=fact.mode)
        if self.reader is not None:
            self.reader.pump()
        return entry

    def said_by_birdie(self, room: int) -> list[str]:
        return [entry.fact.text for entry in self.logs[room] if entry.by == BIRDIE and isinstance(entry.fact, Posted)]

    def quoted_by_birdie(self, room: int) -> list[int]:
        """Return the seq that each of its messages quotes, 0 for none."""
        said = [entry.fact for entry in self.logs[room] if entry.by == BIRDIE and isinstance(entry.fact, Posted)]
        return [fact.reply_to.seq if fact.reply_to else 0 for fact in said]

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def runner(self, **options: object) -> Runner:
        return Runner(
            BIRDIE, INBOX, self, self._subscribe, now=lambda: self.now, random=Random(1), **{"marks_every_s": 0, "retry_s": 0} | options
        )

    # What the runner calls.

    async def post(self, user: User, room: int, text: str, client_id: str, reply_to: int | None = None) -> Entry:
        if self.stall is not None:
            await self.stall.wait()
        self._fail("post")
        key = (user.id, client_id)
        if key not in self._by_client_id:
            self._by_client_id[key] = self.append(room, user, Posted(text, Quote(reply_to) if reply_to else None), client_id=client_id)
        return self._by_client_id[key]

    async def react(self, user: User, room: int, message: int, emoji: str, on: bool = True) -> None:
        self._fail("react")
        self.reactions.append((room, message, emoji))

    async def read(self, user: User, room: int, seq: int) -> None:
        self._fail("read")
        self.marks[room] = seq

    async def page(self, user: User, room: int, *, before: int | None = None, after: int | None = None, limit: int = 50) -> Page:
        self._fail("page")
        posted = [entry for entry in self.logs[room] if isinstance(entry.fact, Posted)]
        if after is not None:
            found = [entry for entry in posted if entry.seq > after][:limit]
        else:
            found = [entry for entry in posted if before is None or entry.seq < before][-limit:]
        return Page(room, [self._message(entry) for entry in found], len(self.logs[room]), False, False)

    def room(self, room: int) -> Room:
        return self.rooms[room]

    async def standings(self, user: User) -> list[Standing]:
        self._fail("standings")
        return [Standing(room, "member", 1, len(self.logs[room.id]), self.marks.get(room.id, 0), 0) for room in self.rooms.values()]

    def _message(self, entry: Entry) -> Message:
        removed = (entry.log, entry.seq) in self.removed
        return Message(entry.seq, entry.at, entry.by, "" if removed else entry.fact.text, removed=removed, client_id=entry.client_id)

    def _seat(self, user: int, room: int) -> Seat:
        return Seat(AIKO if user == AIKO.id else BEN, "member", 1)

    def _fail(self, call: str) -> None:
        if call in self.trouble:
            raise self.trouble.pop(call)

    def _subscribe(self, outlet: QueueOutlet) -> "FakeReader":
        self.reader = FakeReader(self, outlet)
        return self.reader

    def _now_ms(self) -> int:
        return int(self.now.timestamp() * 1000)


class FakeReader:
    """Writes every followed entry once and in order, stops for a congested outlet, and goes on when woken."""

    def __init__(self, house: House, outlet: QueueOutlet) -> None:
        self.outlet = outlet
        self.cursors: dict[int, int] = {}
        self._house = house

    def follow_inbox(self, after: int | None) -> None:
        self._follow(INBOX, after)

    def follow(self, log: int, after: int | None, since: int) -> None:
        self._follow(log, after)

    def _follow(self, log: int, after: int | None) -> None:
        if log in self.cursors:
            return
        if after is None:
            after = len(self._house.logs[log])
            self.outlet.write((Reset(log, "unknown", after),))
        self.cursors[log] = after
        self.pump()

    def wake(self) -> None:
        self.pump()

    def close(self) -> None:
        self._house.reader = None

    def pump(self) -> None:
        for log in list(self.cursors):
            while self.cursors[log] < len(self._house.logs[log]) and not self.outlet.congested:
                entry = self._house.logs[log][self.cursors[log]]
                self.cursors[log] += 1
                self.outlet.write((entry,))
                self._house.most_waiting = max(self._house.most_waiting, len(self.outlet._waiting))
                if isinstance(entry.fact, Added):
                    self._follow(entry.fact.room.id, entry.fact.since - 1)


async def until(happened: Callable[[], object]) -> None:
    """Let the robot's task go on until `happened`; everything is in memory, so that turns of the loop are all it needs."""
    for _ in range(5000):
        if happened():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never happened")
