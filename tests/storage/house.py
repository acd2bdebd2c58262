"""A house without doors: the real database, committer, roster, hub, chat and sign-in, on a clock that is moved by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import count
from typing import Any

from teahouse.auth import DAY_MS, Authenticator, Identity
from teahouse.bans import Bans
from teahouse.chat import Chat
from teahouse.delivery.hub import Hub
from teahouse.delivery.presence import Presence
from teahouse.errors import TeahouseError
from teahouse.gateways.connections import Connections
from teahouse.house_follower import HouseFollower
from teahouse.last_seen import LastSeen
from teahouse.model import LOBBY, Created, Entry, Signal, User
from teahouse.moderation import Moderation
from teahouse.moderation_building import Peace
from teahouse.pace import GatheringLimits, Pace
from teahouse.roster import Roster
from teahouse.search import Search
from teahouse.storage import log, people, rooms
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database
from teahouse.storage.heads import Heads
from teahouse.storage.house_clock import HouseClock
from teahouse.storage.log import Transaction
from teahouse.throttle import Throttle
from teahouse.timekeeping import Timekeeper

NOW = 1_780_000_000_000
"""What the calendar says when a house opens."""
MAX_TEXT_BYTES = 1000
KEEPER = "Keeper"
"""Who opened the lobby; nobody in these tests has that name."""


UNHURRIED = GatheringLimits(**dict.fromkeys(GatheringLimits.__struct_fields__, 100_000))
"""Limits that no test meets unless it asks for others."""


class Clock:
    """The calendar, whose `ms` is set as one likes, and the machine's steady clock: when time passes both go on."""

    def __init__(self, ms: int) -> None:
        self.ms = ms
        self.steady_ms = 0

    def __call__(self) -> int:
        return self.ms

    def steady(self) -> int:
        return self.steady_ms

    def pass_days(self, days: float) -> None:
        self.ms += int(days * DAY_MS)
        self.steady_ms += int(days * DAY_MS)


class Ended:
    """Stands for the live connections; `told` is what keepers did to them."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int | None]] = []

    def shut_out(self) -> None:
        self.told.append(("shut out", None))

    def end_user(self, user_id: int) -> None:
        self.told.append(("end", user_id))

    def change_user(self, user_id: int) -> None:
        self.told.append(("change", user_id))


class House:
    """`announced` holds what was told after commits, in that order; `troubles` what delivery complained of.

    `networks` says where people come from, for those who put something in it.
    """

    def __init__(
        self,
        database: Database,
        *,
        burst: int = 100_000,
        open_house: bool = True,
        gathering: GatheringLimits = UNHURRIED,
        now: int = NOW,
    ) -> None:
        self.database = database
        self.clock = Clock(now)
        self.database.house_clock = HouseClock(self.clock, self.clock.steady)
        self.roster = Roster()
        self.presence = Presence()
        self.announced: list[Entry] = []
        self.signals: list[Signal] = []
        self.networks: dict[int, str] = {}
        self.troubles: list[Exception] = []
        self.heads = Heads(self.database)
        self.hub = Hub(
            partial(database.read, log.read_after),
            partial(database.read, log.read_as_member),
            self.roster.member_since,
            lambda logs: self.committer.announced(self.heads.of(logs)),
            self.presence,
            lambda words, error: self.troubles.append(error),
        )
        self.committer = Committer(database, self._announce, self.clock, lambda: self.hub.is_flushed)
        self.search = Search(database, self.committer, self.clock, Throttle(1, burst), self.networks.get)
        self.chat = Chat(
            database,
            self.committer,
            self.heads,
            self.roster,
            self.presence,
            lambda room, signal: self.signals.append(signal),
            self.clock,
            max_text_bytes=MAX_TEXT_BYTES,
            messages=Throttle(1, burst),
            pace=Pace(gathering, self.clock, self.networks.get),
            search=self.search,
        )
        self.auth = Authenticator(
            database,
            self.committer,
            self.roster,
            self.clock,
            ["f01", "f02"],
            Bans(self.clock),
            reserved_names=["Birdie"],
            open_house=open_house,
            session_idle_days=30,
            session_max_days=365,
        )
        self.timekeeper = Timekeeper(database, self.committer, self.auth, self.clock)
        self.live = Ended()
        self.follower = HouseFollower(database, self.committer, self.auth, self.roster, self.live, self.auth.bans)
        self.moderation = Moderation(database, self.committer, self.clock, self.follower.follow)
        self._numbers = count(1)

    async def open(self) -> None:
        self.database.open()
        await self.committer.run(_furnish)
        self.roster.load(await self.database.read(rooms.every), await self.database.read(rooms.memberships))
        await self.follower.start()
        self.announced.clear()

    async def close(self) -> None:
        await self.hub.close()
        await self.committer.drain()
        self.database.close()

    async def guest(self, name: str) -> User:
        return (await self.guest_identity(name)).user

    async def guest_identity(self, name: str) -> Identity:
        return (await self.auth.sign_in(name, "f01"))[1]

    async def room(self, owner: User, *others: User, kind: Any = "private") -> int:
        """A new room of these people, its owner first."""
        number = next(self._numbers)
        room = (await self.chat.create_room(owner, kind, f"Room {number}", "", f"room-{number}")).room.id
        for other in others:
            await self.chat.add_member(owner, room, other.id)
        return room

    async def say(self, user: User, room: int, text: str, reply_to: int | None = None) -> int:
        """Post under a fresh client id and return the message's seq."""
        return (await self.chat.post(user, room, text, f"say-{next(self._numbers)}", reply_to)).seq

    async def entries(self, log_id: int) -> list[Entry]:
        """A whole log as it is read from the database."""
        return await self.database.read(log.read_after, log_id, 0, 1_000_000, 1_000_000)

    def _announce(self, entries: list[Entry]) -> None:
        self.announced += entries
        for entry in entries:
            self.roster.apply(entry)
        for entry in entries:
            self.hub.receive(entry.log, entry.seq, entry)


@asynccontextmanager
async def living(url: str, **options: Any) -> AsyncIterator[House]:
    """A house that is opened on the database at `url`, and closed at the end."""
    house = House(Database.at(url), **options)
    await house.open()
    try:
        yield house
    finally:
        await house.close()


async def refusal(answer: Any) -> str:
    """The code with which `answer`, an awaitable of Chat or the committer, is refused."""
    try:
        await answer
    except TeahouseError as error:
        return error.code
    raise AssertionError("this was not refused")


def _furnish(tx: Transaction) -> None:
    if people.find_bot(tx.connection) is not None:
        return
    lobby = log.create_log(tx)
    assert lobby == LOBBY
    keeper, _ = people.create(tx, KEEPER, KEEPER.lower(), "f01", "bot")
    rooms.open_in(tx, lobby, keeper, Created("public", "Lobby", ""))
    rooms.add(tx, keeper, keeper, lobby)


def peace(house: House) -> Peace:
    """All that keeps the peace of a running house, which `house` has in parts."""
    connections = Connections(max_connections=1, per_user=1, per_address=1)
    seen = LastSeen(house.committer, house.clock, 30)
    return Peace(house.database, house.committer, house.auth, house.roster, connections, house.clock, seen)
