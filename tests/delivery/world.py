"""A hostile world in one event loop: a truth that commits, hubs that hear of it badly, clients that read slowly and drop.

All randomness comes from one seed and no clock is read, so that a world that fails can be lived again.
"""

import asyncio
from random import Random
from typing import Any

from msgspec.structs import replace

from teahouse.delivery.hub import Hub
from teahouse.delivery.presence import Presence
from teahouse.delivery.subscriber import Subscriber
from teahouse.delivery.turns import SHARE_S, CatchUpTurns
from teahouse.model import Added, Edited, Entry, Joined, Left, Posted, Reset, Room, Signal, Stretch, User

SAYER = User(999, "sayer", "f01")


class Truth:
    """The database: logs of entries, who was a member from when until when, and how each message reads now.

    A message's text is `@` and the seq of the entry that gave it that text, so that a reader's right to know it can be judged.
    """

    def __init__(self) -> None:
        self.logs: dict[int, list[Entry]] = {}
        self.since: dict[tuple[int, int], int] = {}
        self.past: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self.texts: dict[tuple[int, int], int] = {}
        self.trimmed: dict[int, int] = {}

    def commit(self, log: int, fact: Any) -> Entry:
        entries = self.logs.setdefault(log, [])
        entry = Entry(log, len(entries) + 1, 0, SAYER, fact)
        entries.append(entry)
        return entry

    def post(self, log: int) -> Posted:
        """Return the fact that the next entry of `log` is to be: a new message."""
        seq = self.texts[log, self.head(log) + 1] = self.head(log) + 1
        return Posted(f"@{seq}")

    def edit(self, log: int, message: int) -> Edited:
        """Return the fact that the next entry of `log` is to be: a message that reads otherwise."""
        seq = self.texts[log, message] = self.head(log) + 1
        return Edited(message, f"@{seq}")

    def join(self, user: int, log: int, seq: int) -> None:
        self.since[user, log] = seq

    def leave(self, user: int, log: int, seq: int) -> None:
        self.past.setdefault((user, log), []).append((self.since.pop((user, log)), seq))

    def head(self, log: int) -> int:
        return len(self.logs.get(log, []))

    def spans(self, user: int, log: int) -> list[tuple[int, int]]:
        """Return the stretches (from, upto) of a room that a user was or is a member for."""
        now = self.since.get((user, log))
        return [*self.past.get((user, log), []), *([] if now is None else [(now, self.head(log))])]

    def read(self, log: int, after: int, upto: int, limit: int, *, withhold_edited: bool = False) -> list[Entry]:
        """Return entries as they read now, without what was trimmed."""
        page = self.logs.get(log, [])[max(after, self.trimmed.get(log, 0)) : upto][:limit]
        return [self._as_it_reads(entry, withhold_edited) for entry in page]

    def read_as_member(self, user: int, since: int, room: int, after: int, upto: int, limit: int) -> Stretch:
        """Return what storage/log.py's function of this name promises."""
        if self.since.get((user, room)) == since:
            return Stretch(self.read(room, after, upto, limit), True)
        left = next((end for begin, end in self.past.get((user, room), []) if begin == since), 0)
        return Stretch(self.read(room, after, left, limit, withhold_edited=True), False)

    def _as_it_reads(self, entry: Entry, withhold_edited: bool) -> Entry:
        match entry.fact:
            case Posted() if (entry.log, entry.seq) in self.texts:
                text = self.texts[entry.log, entry.seq]
                edited = text != entry.seq
                return replace(entry, fact=Posted("" if edited and withhold_edited else f"@{text}", edited=edited))
            case Edited(message):
                return replace(entry, fact=Edited(message, "" if withhold_edited else f"@{self.texts[entry.log, message]}"))
            case _:
                return entry


class PlainDialect:
    """Writes are lists of entries and signals, as they are."""

    def render(self, said: Entry | Signal) -> list[Entry | Signal]:
        return [said]

    def join(self, parts: Any) -> list[Entry | Signal]:
        return [said for part in parts for said in part]


PLAIN = PlainDialect()


class FillingOutlet:
    """A socket with a small buffer: congested when `room` writes wait in it, drained by the world."""

    dialect = PLAIN

    def __init__(self, room: int) -> None:
        self.room = room
        self.buffer: list[Entry | Signal] = []
        self.congested = False
        self.overrun = 0
        self.closed = False

    def write(self, rendering: list[Entry | Signal]) -> None:
        if self.congested and not all(isinstance(said, Reset) for said in rendering):
            self.overrun += 1
        self.buffer += rendering
        self.congested = len(self.buffer) >= self.room

    def close(self, code: int, reason: str) -> None:
        self.closed = True


class NumberedSubscriber(Subscriber):
    """Readers are written in the order of a set. This one is the same in every life of a world: it does not hang on addresses."""

    __slots__ = ("_number",)

    def __init__(self, number: int, *given: Any) -> None:
        super().__init__(*given)
        self._number = number

    def __hash__(self) -> int:
        return self._number


class Client:
    """A reader who keeps docs/protocol.md's rules and cries out at the first thing that breaks a promise."""

    def __init__(self, user: User, inbox: int, truth: Truth) -> None:
        self.user = user
        self.inbox = inbox
        self.truth = truth
        self.seen: dict[int, int] = {inbox: 0}
        self.got: dict[int, list[int]] = {}
        self.subscriber: Subscriber | None = None
        self.outlet: FillingOutlet | None = None

    def connect(self, hub: Hub, room: int, claims: dict[int, int] | None = None) -> None:
        """Say hello with what was seen, or with what is claimed instead; the rules of membership are those of gateways/connection.py."""
        if claims is not None:
            self.seen = dict(claims)
        self.outlet = FillingOutlet(room)
        self.subscriber = NumberedSubscriber(self.user.id, self.user, self.outlet, hub, self.inbox)
        rooms = {log: since for (user, log), since in self.truth.since.items() if user == self.user.id}
        inbox = self.seen.get(self.inbox)
        if inbox is None or not 0 <= self.truth.head(self.inbox) - inbox <= hub.resume_limit:
            return self._start(rooms)
        self.subscriber.follow_inbox(inbox)
        for log in list(self.seen):
            if log != self.inbox and log not in rooms:
                del self.seen[log]
        for log, since in rooms.items():
            seen = self.seen.get(log)
            if seen is not None and seen < since - 1:
                self.seen[log] = seen = since - 1
            self.subscriber.follow(log, seen, since)

    def _start(self, rooms: dict[int, int]) -> None:
        """Forget what was seen, and follow each room from where it stands."""
        assert self.subscriber is not None
        self.seen = {log: self.truth.head(log) for log in [self.inbox, *rooms]}
        self.subscriber.follow_inbox(self.seen[self.inbox])
        for log, since in rooms.items():
            self.subscriber.follow(log, self.seen[log], since)

    def disconnect(self) -> None:
        """Vanish: what waits in the buffer is lost."""
        if self.subscriber is not None:
            self.subscriber.close()
        self.subscriber = self.outlet = None

    def take(self, count: int) -> None:
        """Read up to `count` things from the socket."""
        if self.outlet is None or self.subscriber is None:
            return
        taken, self.outlet.buffer = self.outlet.buffer[:count], self.outlet.buffer[count:]
        for said in taken:
            self.hear(said)
        if self.outlet.congested and len(self.outlet.buffer) < self.outlet.room:
            self.outlet.congested = False
            self.subscriber.wake()

    def hear(self, said: Entry | Signal) -> None:
        if isinstance(said, Reset):
            return self._hear_reset(said)
        if not isinstance(said, Entry):
            return
        self._judge(said)
        assert said.log in self.seen, f"{self.user.name} was written entry {said.seq} of log {said.log} after leaving it"
        assert said.seq == self.seen[said.log] + 1, f"{self.user.name} saw {self.seen[said.log]} of {said.log}, then {said.seq}"
        self.seen[said.log] = said.seq
        self.got.setdefault(said.log, []).append(said.seq)
        if isinstance(said.fact, Left) and said.fact.user.id == self.user.id:
            del self.seen[said.log]
        if isinstance(said.fact, Added):
            self.seen[said.fact.room.id] = max(self.seen.get(said.fact.room.id, 0), said.fact.since - 1)

    def _hear_reset(self, reset: Reset) -> None:
        if reset.head is None:
            assert reset.why == "left"
            self.seen.pop(reset.log, None)
            return
        if reset.log != self.inbox:
            spans = self.truth.spans(self.user.id, reset.log)
            assert any(begin - 1 <= reset.head <= end for begin, end in spans), f"{self.user.name} jumped out of a membership: {reset}"
        self.seen[reset.log] = reset.head

    def _judge(self, entry: Entry) -> None:
        """Cry out when an entry is of a time when this was no member, or shows a text that came after that time."""
        if entry.log == self.inbox:
            return
        spans = self.truth.spans(self.user.id, entry.log)
        known = [entry.seq]
        if isinstance(entry.fact, Posted | Edited) and entry.fact.text.startswith("@"):
            known.append(int(entry.fact.text[1:]))
        for seq in known:
            is_theirs = any(begin <= seq <= end for begin, end in spans)
            assert is_theirs, f"{self.user.name}, in room {entry.log} for {spans}, was told of {seq} in {entry}"


class World:
    """Two servers, some rooms, some clients, and a network with a grudge."""

    LOST, DOUBLED, BARE = 0.15, 0.10, 0.05

    def __init__(
        self,
        seed: int,
        *,
        clients: int = 5,
        rooms: int = 3,
        widest: int = 20,
        takers: int = 1,
        writes_per_turn: int = 1000,
        resume_limit: int = 40,
        liars: float = 0.3,
    ) -> None:
        self.random = Random(seed)
        self.widest = widest
        self.takers = takers
        self.writes_per_turn = writes_per_turn
        self.resume_limit = resume_limit
        self.liars = liars
        self.time_s = 0.0
        self.truth = Truth()
        self.troubles: list[Exception] = []
        self.hubs = [self._hub() for _ in range(2)]
        self.rooms = list(range(1, rooms + 1))
        self.packets: list[tuple[Hub, Entry]] = []
        self.clients = [Client(User(n, f"client {n}", "f01"), 100 + n, self.truth) for n in range(1, clients + 1)]
        for client in self.clients:
            for room in self.rooms:
                self._join(client, room)

    def _hub(self) -> Hub:
        return Hub(
            self._read_after,
            self._read_as_member,
            lambda user, room: self.truth.since.get((user, room)),
            self._heads,
            Presence(),
            lambda words, error: self.troubles.append(error),
            self.resume_limit,
            writes_per_turn=self.writes_per_turn,
            turns=CatchUpTurns(self._now_s, at_once=2),
        )

    def _now_s(self) -> float:
        """A clock by which some pages take a whole share of a turn, and others nothing."""
        self.time_s += self.random.choice((0.0, SHARE_S))
        return self.time_s

    async def _read_after(self, log: int, after: int, upto: int, limit: int) -> list[Entry]:
        await self._dawdle()
        page = self.truth.read(log, after, upto, min(limit, 7))
        await self._dawdle()
        return page

    async def _read_as_member(self, user: int, since: int, room: int, after: int, upto: int, limit: int) -> Stretch:
        await self._dawdle()
        stretch = self.truth.read_as_member(user, since, room, after, upto, min(limit, 7))
        await self._dawdle()
        return stretch

    async def _heads(self, logs: list[int]) -> dict[int, int]:
        await self._dawdle()
        heads = {log: self.truth.head(log) for log in logs}
        await self._dawdle()
        return heads

    async def _dawdle(self) -> None:
        for _ in range(self.random.randrange(4)):
            await asyncio.sleep(0)

    def say(self, log: int, fact: Any) -> Entry:
        """Commit, and let each hub hear of it or not, once or twice, now or later."""
        entry = self.truth.commit(log, fact)
        for hub in self.hubs:
            if self.random.random() < self.LOST:
                continue
            self.packets += [(hub, entry)] * (2 if self.random.random() < self.DOUBLED else 1)
        return entry

    def deliver(self, count: int) -> None:
        """Hand over some packets in any order."""
        for _ in range(min(count, len(self.packets))):
            hub, entry = self.packets.pop(self.random.randrange(len(self.packets)))
            hub.receive(entry.log, entry.seq, None if self.random.random() < self.BARE else entry)

    def _join(self, client: Client, room: int) -> None:
        joined = self.say(room, Joined(client.user))
        self.truth.join(client.user.id, room, joined.seq)
        self.say(client.inbox, Added(Room(room, "public", "room"), joined.seq))

    def _leave(self, client: Client, room: int) -> None:
        left = self.say(room, Left(client.user))
        self.truth.leave(client.user.id, room, left.seq)

    def _connect(self, client: Client) -> None:
        lies = self._lies(client) if self.random.random() < self.liars else None
        client.connect(self.random.choice(self.hubs), self.random.randrange(1, self.widest), lies)

    def _lies(self, client: Client) -> dict[int, int]:
        """Return cursors that nobody was given: of long ago, of before one's joining, of the future, and of rooms that one is not in."""
        inbox = self.random.choice([0, 0, client.seen.get(client.inbox, 0), self.truth.head(client.inbox)])
        rooms = self.random.sample(self.rooms, self.random.randrange(len(self.rooms) + 1))
        return {room: self.random.randrange(self.truth.head(room) + 3) for room in rooms} | {client.inbox: inbox}

    def connect_all(self) -> None:
        for client in self.clients:
            self._connect(client)

    async def step(self) -> None:
        """Let one random thing happen."""
        client = self.random.choice(self.clients)
        room = self.random.choice(self.rooms)
        what = ["say", "edit", "deliver", "take", "connect", "cut", "leave", "join", "sweep", "trim"]
        match self.random.choices(what, [40, 6, 40, 40, 7, 3, 4, 7, 1, 0.5])[0]:
            case "say":
                for _ in range(self.random.randrange(1, 5)):
                    self.say(room, self.truth.post(room))
            case "edit" if messages := [seq for log, seq in self.truth.texts if log == room]:
                self.say(room, self.truth.edit(room, self.random.choice(messages)))
            case "deliver":
                self.deliver(self.random.randrange(1, 6))
            case "take":
                for each in [client, *self.random.sample(self.clients, self.takers - 1)]:
                    each.take(self.random.randrange(1, 12))
            case "connect" if client.subscriber is None:
                self._connect(client)
            case "cut":
                client.disconnect()
            case "leave" if (client.user.id, room) in self.truth.since:
                self._leave(client, room)
            case "join" if (client.user.id, room) not in self.truth.since:
                self._join(client, room)
            case "sweep":
                await self.random.choice(self.hubs).sweep()
            case "trim":
                self.truth.trimmed[room] = self.random.randrange(self.truth.head(room))
        await self._dawdle()

    async def settle(self) -> None:
        """The storm is over: everyone comes back, reads on, and the sweep does its work. Lost packets stay lost."""
        self.deliver(len(self.packets))
        for client in self.clients:
            if client.subscriber is None:
                client.connect(self.random.choice(self.hubs), 20)
        for _ in range(60):
            for hub in self.hubs:
                await hub.sweep()
            for _ in range(30):
                await asyncio.sleep(0)
            for client in self.clients:
                client.take(10_000)

    def check(self) -> None:
        """Raise AssertionError where a promise was broken."""
        assert not self.troubles, self.troubles
        for client in self.clients:
            assert client.outlet is not None
            assert client.outlet.overrun == 0, f"{client.user.name} was written {client.outlet.overrun} times while congested"
            for room in self.rooms:
                if (client.user.id, room) in self.truth.since:
                    assert client.seen.get(room) == self.truth.head(room), f"{client.user.name} misses the end of room {room}"
            assert client.seen[client.inbox] == self.truth.head(client.inbox), f"{client.user.name} misses the end of their inbox"

    async def close(self) -> None:
        for client in self.clients:
            client.disconnect()
        for hub in self.hubs:
            await hub.close()
