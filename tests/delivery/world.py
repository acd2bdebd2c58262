"""A hostile world in one event loop: a truth that commits, hubs that hear of it badly, clients that read slowly and drop.

All randomness comes from one seed and no clock is read, so that a world that fails can be lived again.
"""

import asyncio
from random import Random
from typing import Any

from teahouse.delivery.hub import Hub
from teahouse.delivery.presence import Presence
from teahouse.delivery.subscriber import Subscriber
from teahouse.model import Added, Entry, Joined, Left, Posted, Reset, Room, Signal, User

SAYER = User(999, "sayer", "f01")


class Truth:
    """The database: logs of entries, and who is a member since when."""

    def __init__(self) -> None:
        self.logs: dict[int, list[Entry]] = {}
        self.since: dict[tuple[int, int], int] = {}

    def commit(self, log: int, fact: Any) -> Entry:
        entries = self.logs.setdefault(log, [])
        entry = Entry(log, len(entries) + 1, 0, SAYER, fact)
        entries.append(entry)
        return entry

    def head(self, log: int) -> int:
        return len(self.logs.get(log, []))


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

    def connect(self, hub: Hub, room: int) -> None:
        """Say hello with what was seen; the membership rules are those of gateways/connection.py."""
        self.outlet = FillingOutlet(room)
        self.subscriber = Subscriber(self.user, self.outlet, hub, self.inbox)
        self.subscriber.follow(self.inbox, self.seen[self.inbox])
        rooms = {log: since for (user, log), since in self.truth.since.items() if user == self.user.id}
        for log in list(self.seen):
            if log != self.inbox and log not in rooms:
                del self.seen[log]
        for log, since in rooms.items():
            seen = self.seen.get(log)
            if seen is None or seen < since - 1:
                self.seen[log] = seen = since - 1
            self.subscriber.follow(log, seen)

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
            # Here every cursor is honest and no log is long, so the one good reason is a membership that began anew.
            assert said.why == "left" and said.head is not None and said.head >= self.seen[said.log], said
            self.seen[said.log] = said.head
            return
        if not isinstance(said, Entry):
            return
        assert said.log in self.seen, f"{self.user.name} was written entry {said.seq} of log {said.log} after leaving it"
        assert said.seq == self.seen[said.log] + 1, f"{self.user.name} saw {self.seen[said.log]} of {said.log}, then {said.seq}"
        self.seen[said.log] = said.seq
        self.got.setdefault(said.log, []).append(said.seq)
        if isinstance(said.fact, Left) and said.fact.user.id == self.user.id:
            del self.seen[said.log]
        if isinstance(said.fact, Added):
            self.seen.setdefault(said.fact.room.id, said.fact.since - 1)


class World:
    """Two servers, some rooms, some clients, and a network with a grudge."""

    LOST, DOUBLED, BARE = 0.15, 0.10, 0.05

    def __init__(
        self, seed: int, *, clients: int = 5, rooms: int = 3, widest: int = 20, takers: int = 1, writes_per_turn: int = 1000
    ) -> None:
        self.random = Random(seed)
        self.widest = widest
        self.takers = takers
        self.writes_per_turn = writes_per_turn
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
            self._heads,
            Presence(),
            lambda words, error: self.troubles.append(error),
            writes_per_turn=self.writes_per_turn,
        )

    async def _read_after(self, log: int, after: int, upto: int, limit: int) -> list[Entry]:
        await self._dawdle()
        page = self.truth.logs.get(log, [])[after : min(upto, after + min(limit, 7))]
        await self._dawdle()
        return page

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
        self.truth.since[client.user.id, room] = joined.seq
        self.say(client.inbox, Added(Room(room, "public", "room"), joined.seq))

    def _leave(self, client: Client, room: int) -> None:
        self.say(room, Left(client.user))
        del self.truth.since[client.user.id, room]

    def connect_all(self) -> None:
        for client in self.clients:
            client.connect(self.random.choice(self.hubs), self.random.randrange(1, self.widest))

    async def step(self) -> None:
        """Let one random thing happen."""
        client = self.random.choice(self.clients)
        room = self.random.choice(self.rooms)
        match self.random.choices(["say", "deliver", "take", "connect", "cut", "leave", "join", "sweep"], [30, 30, 30, 6, 3, 2, 4, 1])[0]:
            case "say":
                for n in range(self.random.randrange(1, 5)):
                    self.say(room, Posted(f"{n}"))
            case "deliver":
                self.deliver(self.random.randrange(1, 6))
            case "take":
                for each in [client, *self.random.sample(self.clients, self.takers - 1)]:
                    each.take(self.random.randrange(1, 12))
            case "connect" if client.subscriber is None:
                client.connect(self.random.choice(self.hubs), self.random.randrange(1, self.widest))
            case "cut":
                client.disconnect()
            case "leave" if (client.user.id, room) in self.truth.since:
                self._leave(client, room)
            case "join" if (client.user.id, room) not in self.truth.since:
                self._join(client, room)
            case "sweep":
                await self.random.choice(self.hubs).sweep()
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
