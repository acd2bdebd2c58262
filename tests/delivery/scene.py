"""A small stage for stories: hubs that hear only what the story tells them, and a database that can be held, trimmed or broken."""

import asyncio
from typing import Any, Self

from teahouse.delivery.hub import Hub
from teahouse.delivery.presence import Presence
from teahouse.delivery.subscriber import Subscriber
from teahouse.model import Added, Entry, Joined, Left, Posted, Reset, Room, Stretch, User
from tests.delivery.world import Client, FillingOutlet, Truth

TEA = 7
AIKO, BEN = User(1, "Aiko", "f01"), User(2, "Ben", "f01")
WIDE = 1_000_000
"""An outlet with this much room is never congested."""


class Scene:
    """`reads` counts the pages that were read; while `open_door` is clear every read waits; `broken` makes it fail."""

    def __init__(self, hubs: int = 1, **options: int) -> None:
        self.truth = Truth()
        self.troubles: list[Exception] = []
        self.reads = 0
        self.page_entries = 1_000
        self.broken = False
        self.broken_pages = False
        """Whether pages that are read for all live readers cannot be read."""
        self.open_door = asyncio.Event()
        self.open_door.set()
        self.clients: list[Client] = []
        self.presence = Presence()
        self.hubs = [self._hub(options) for _ in range(hubs)]

    @property
    def hub(self) -> Hub:
        return self.hubs[0]

    def _hub(self, options: dict[str, int]) -> Hub:
        return Hub(
            self._read_after,
            self._read_as_member,
            lambda user, room: self.truth.since.get((user, room)),
            self._heads,
            self.presence,
            lambda words, error: self.troubles.append(error),
            **options,
        )

    async def _read_after(self, log: int, after: int, upto: int, limit: int) -> list[Entry]:
        self.reads += 1
        page = self.truth.read(log, after, upto, min(limit, self.page_entries))
        if self.broken_pages:
            raise OSError("this page cannot be read")
        await self._answer()
        return page

    async def _read_as_member(self, user: int, since: int, room: int, after: int, upto: int, limit: int) -> Stretch:
        self.reads += 1
        stretch = self.truth.read_as_member(user, since, room, after, upto, min(limit, self.page_entries))
        await self._answer()
        return stretch

    async def _heads(self, logs: list[int]) -> dict[int, int]:
        heads = {log: self.truth.head(log) for log in logs}
        await self._answer()
        return heads

    async def _answer(self) -> None:
        await self.open_door.wait()
        if self.broken:
            raise OSError("the disk does not answer")

    def happen(self, log: int, fact: Any, *, lost: bool = False) -> Entry:
        """Commit an entry, and tell every hub unless the packet is lost."""
        entry = self.truth.commit(log, fact)
        self._tell(entry, lost=lost)
        return entry

    def _tell(self, *entries: Entry, lost: bool) -> None:
        for hub in [] if lost else self.hubs:
            for entry in entries:
                hub.receive(entry.log, entry.seq, entry)

    def say(self, *texts: str, lost: bool = False) -> None:
        for text in texts:
            self.happen(TEA, Posted(text), lost=lost)

    def come_in(self, user: User) -> Client:
        """A member of the tea room, not connected yet."""
        client = Client(user, 100 + user.id, self.truth)
        self.clients.append(client)
        self.join(client)
        return client

    def post(self, *, lost: bool = False) -> None:
        """Say something whose text tells when it was said."""
        self.happen(TEA, self.truth.post(TEA), lost=lost)

    def edit(self, message: int, *, lost: bool = False) -> None:
        self.happen(TEA, self.truth.edit(TEA, message), lost=lost)

    def join(self, client: Client, *, lost: bool = False) -> None:
        joined = self.truth.commit(TEA, Joined(client.user))
        self.truth.join(client.user.id, TEA, joined.seq)
        added = self.truth.commit(client.inbox, Added(Room(TEA, "public", "Tea"), joined.seq))
        self._tell(joined, added, lost=lost)

    def leave(self, client: Client, *, lost: bool = False) -> None:
        left = self.truth.commit(TEA, Left(client.user))
        self.truth.leave(client.user.id, TEA, left.seq)
        self._tell(left, lost=lost)

    async def reader(self, user: User, room: int = WIDE, hub: int = 0) -> Client:
        """A member who is connected and has read everything so far."""
        client = self.come_in(user)
        client.connect(self.hubs[hub], room)
        await self.quiet()
        client.take(WIDE)
        await self.quiet()
        return client

    async def bare_reader(self, after: int | None) -> FillingOutlet:
        """A member from the beginning with a cursor, right or wrong; what they are written stays in the outlet's buffer."""
        self.truth.join(BEN.id, TEA, 1)
        outlet = FillingOutlet(WIDE)
        Subscriber(BEN, outlet, self.hub).follow(TEA, after, 1)
        await self.quiet()
        return outlet

    async def turn(self) -> None:
        """Let one turn of the loop pass."""
        await asyncio.sleep(0)

    async def quiet(self) -> None:
        """Let everything happen that happens by itself."""
        for _ in range(60):
            await asyncio.sleep(0)

    async def drink_up(self, client: Client) -> None:
        """Let a reader, however narrow, read on until nothing more comes."""
        while client.outlet is not None and client.outlet.buffer:
            client.take(WIDE)
            await self.quiet()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self.clients:
            client.disconnect()
        for hub in self.hubs:
            await hub.close()


def resets(outlet: FillingOutlet) -> list[tuple[str, int | None]]:
    return [(said.why, said.head) for said in outlet.buffer if isinstance(said, Reset)]


def seqs(outlet: FillingOutlet) -> list[int]:
    return [said.seq for said in outlet.buffer if isinstance(said, Entry)]
