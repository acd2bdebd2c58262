"""The composition root: builds every part from Settings, starts and stops them in order. The only file that knows them all."""

import asyncio
import math
from collections.abc import Callable
from functools import partial

import structlog

from teahouse import bots
from teahouse.auth import Authenticator
from teahouse.bans import Bans
from teahouse.bots.runner import Runner
from teahouse.chat import Chat
from teahouse.chores import Chores
from teahouse.delivery.broker import Broker, LocalBroker
from teahouse.delivery.hub import Hub
from teahouse.delivery.presence import Presence
from teahouse.door_building import make_doors, open_doors
from teahouse.doorkeeper import Doorkeeper
from teahouse.errors import Damaged, Unavailable
from teahouse.faces import FACES
from teahouse.first_start import furnish
from teahouse.gateways.address import Proxies
from teahouse.gateways.connection import House
from teahouse.gateways.connections import Connections
from teahouse.gateways.cookie import SessionCookie
from teahouse.gateways.desk import Desk
from teahouse.gateways.dialects.deflated import Deflated
from teahouse.gateways.doors.door import Door
from teahouse.gateways.doors.socket import door_protocol
from teahouse.gateways.messages import frames_throttle, hellos_throttle
from teahouse.gateways.origin import base_path
from teahouse.gateways.stream.stream import Patience
from teahouse.gateways.stream.streams import Streams
from teahouse.gateways.websocket import WebSocketDoor
from teahouse.last_seen import LastSeen
from teahouse.metrics import Metrics
from teahouse.model import LOBBY, Entry, Stretch
from teahouse.moderation_building import CLEAR_S, FOLLOW_S, Peace
from teahouse.pace import Pace
from teahouse.policy import MAX_NAME_CHARS, MAX_TOPIC_CHARS, fold_name, room_key
from teahouse.robot_building import build_robot
from teahouse.roster import Roster
from teahouse.search import Search
from teahouse.settings import Settings, is_loopback
from teahouse.storage import foldings, log, rooms, upgrading
from teahouse.storage.claim import Claim
from teahouse.storage.committer import Committer
from teahouse.storage.database import CHECKPOINT_S, Database
from teahouse.storage.files import LITTLE_BYTES
from teahouse.storage.heads import Heads
from teahouse.storage.house_clock import calendar_ms as clock_ms
from teahouse.throttle import Throttle
from teahouse.timekeeping import Timekeeper
from teahouse.tokens import Tokens
from teahouse.watch import WATCH_S, Watch
from teahouse.wire import Limits

PULSE_S = 0.5
"""How often coming and going is told."""
HOUSEKEEPING_S = 3600.0
INDEX_S = 1.0
"""How often it is looked whether enough waits to be indexed for search."""
SPREAD_MS = 4000

_log = structlog.get_logger("app")


class Teahouse:
    """A whole house. Make it, `start` it in a running loop, hand its protocol and its parts to a server, `stop` it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock_ms = clock_ms
        self.database = Database.in_folder(settings.data_dir)
        self.troubles = self.database.troubles
        self._heads = Heads(self.database)
        self._claim = Claim(settings.data_dir)
        self.presence = Presence()
        self.roster = Roster()
        self.hub = Hub(
            self._read_after,
            self._read_as_member,
            self.roster.member_since,
            lambda logs: self.committer.announced(self._heads.of(logs)),
            self.presence,
            self._trouble,
            settings.resume_limit,
        )
        self.committer = Committer(self.database, self._on_commit, clock_ms, lambda: self.hub.is_flushed)
        self.watch = Watch(self.database, self.committer, settings.data_dir, LITTLE_BYTES)
        last_seen = LastSeen(self.committer, clock_ms, settings.address_days)
        searches = Throttle(settings.search_rate_per_s, settings.search_burst)
        self.search = Search(self.database, self.committer, clock_ms, searches, last_seen.network_of)
        messages = Throttle(settings.message_rate_per_s, settings.message_burst)
        self.chat = Chat(
            self.database,
            self.committer,
            self._heads,
            self.roster,
            self.presence,
            self.hub.signal,
            clock_ms,
            max_text_bytes=settings.max_text_bytes,
            messages=messages,
            pace=Pace(settings, clock_ms, last_seen.network_of),
            search=self.search,
        )
        self.hub.ongoing = self.chat.replies.shown
        self.auth = Authenticator(
            self.database,
            self.committer,
            self.roster,
            clock_ms,
            FACES,
            Bans(clock_ms),
            reserved_names=bots.NAMES,
            open_house=settings.is_open,
            session_idle_days=settings.session_idle_days,
            session_max_days=settings.session_max_days,
        )
        self.connections = Connections(
            max_connections=settings.max_connections, per_user=settings.sockets_per_user, per_address=settings.sockets_per_address
        )
        self.proxies = Proxies(settings.trusted_proxies)
        self.tokens = Tokens(self.database, self.committer, self.roster, self.auth, clock_ms)
        self.timekeeper = Timekeeper(self.database, self.committer, self.auth, clock_ms)
        self.auth.on_end = self.connections.end_session
        self.peace = Peace(self.database, self.committer, self.auth, self.roster, self.connections, clock_ms, last_seen)
        self.commands = Throttle(settings.commands_per_s, settings.command_burst)
        commands, posts = (settings.commands_per_s, settings.command_burst), (settings.message_rate_per_s, settings.message_burst)
        self.hellos = hellos_throttle(commands)
        self.frames = frames_throttle(commands, posts, settings.max_text_bytes)
        self.sign_ins = Throttle(settings.sign_ins_per_minute_per_address / 60, settings.sign_ins_per_minute_per_address)
        throttles = {"messages": messages, "commands": self.commands, "frames": self.frames, "hellos": self.hellos}
        throttles |= {"searches": searches, "sign_ins": self.sign_ins}
        parts = (self.hub, self.committer, self.connections, throttles, self.auth, self.search, self.database)
        self.metrics = Metrics(*parts, self.troubles, self.watch, settings.data_dir)
        self._chores = Chores(self.troubles, self.metrics.loop_lag_s)
        keeper = Doorkeeper(self.database, self.committer, self.roster, self.auth, FACES, bots.NAMES)
        per_address = settings.sockets_per_address
        self.doors = make_doors(self.chat, self.hub, keeper, self.connections, self.auth, self.presence, clock_ms, per_address)
        self.limits = Limits(settings.max_text_bytes, MAX_NAME_CHARS, MAX_TOPIC_CHARS)
        self._broker: Broker = LocalBroker(self.hub.receive)
        self._robot: Runner | None = None

    async def start(self) -> None:
        """Open the database, load who is where, seat the robot and begin the regular work. Raise NewerDatabase or UnusableDatabase."""
        self._claim.take()
        opened = partial(self.database.open, copy_first=self.settings.copy_before_upgrade)
        await asyncio.get_running_loop().run_in_executor(None, opened)
        await self.committer.run(lambda tx: foldings.refresh(tx, fold_name, room_key))
        robot, inbox = await self.committer.run(furnish)
        self.roster.load(await self.database.read(rooms.every), await self.database.read(rooms.memberships))
        self.chat.robots = [robot]
        await self.peace.start()
        await self.timekeeper.start()
        await open_doors(self.doors, self.settings, self.committer, robot, self.database.house)
        self._robot = build_robot(self.settings, robot, inbox, self.chat, self.hub)
        self._robot.start()
        await self.watch.look()
        self._chores.begin("presence", PULSE_S, self._tell_presence)
        self._chores.begin("sweep", self.settings.sweep_interval_s, self._sweep)
        self._chores.begin("keepers", FOLLOW_S, self.peace.look)
        self._chores.begin("erasing", CLEAR_S, self.peace.clear)
        self._chores.begin("checkpoint", CHECKPOINT_S, self.database.checkpoint)
        self._chores.begin("index", INDEX_S, self.search.catch_up)
        self._chores.begin("housekeeping", HOUSEKEEPING_S, self._keep_house)
        self._chores.begin("watch", WATCH_S, self.watch.look)

    def say_goodbye(self) -> None:
        """Tell every connection when to come back, and let none in any more. A stream over HTTP is a request that ends by it."""
        self.connections.goodbye(SPREAD_MS)

    async def stop(self) -> None:
        """Say goodbye, finish what is being stored, close the database."""
        self.say_goodbye()
        await self._chores.stop()
        if self._robot is not None:
            await self._robot.stop()
        await self.doors.close()
        await self.hub.close()
        await self.timekeeper.stop()
        await self.committer.drain()
        self.metrics.tell(math.inf)
        await asyncio.get_running_loop().run_in_executor(None, self.database.close)
        self._claim.release()

    async def check(self) -> None:
        """Return once the database answers; Unavailable when it does not."""
        await self._heads.of([LOBBY])

    def websocket_protocol(self) -> Callable[..., asyncio.Protocol]:
        """Return what the HTTP server makes of an upgraded connection. Call it after `start`."""
        desk = self.desk()
        return lambda config, server_state, app_state, slot: WebSocketDoor(desk, server_state.connections, slot)

    def door_protocol(self, door: Door) -> Callable[..., asyncio.Protocol]:
        """Return the same for a door of an old dialect."""
        return door_protocol(self.desk(), door)

    def desk(self) -> Desk:
        """Return what every door of sockets needs. Call it after `start`."""
        settings = self.settings
        return Desk(
            house=self._house(),
            connections=self.connections,
            prove=self.auth.prove,
            check=self.auth.bans.check,
            token_ends_soon=self.tokens.ends_soon,
            public_url=settings.public_url,
            cookie=self.cookie(),
            on_loopback=is_loopback(settings.host),
            max_message_bytes=settings.max_message_bytes,
            max_fragments=settings.max_fragments,
            frames=self.frames,
            handshake_timeout_s=settings.handshake_timeout_s,
            hello_timeout_s=settings.hello_timeout_s,
            ping_interval_s=settings.ping_interval_s,
            ping_timeout_s=settings.ping_timeout_s,
            proxies=self.proxies,
            deflated=Deflated(settings.compress_above_bytes) if settings.compression else None,
        )

    def cookie(self) -> SessionCookie:
        """Return the cookie by which browsers stay signed in. Call it after `start`."""
        return SessionCookie(self.database.house, self.settings.session_max_days, base_path(self.settings.public_url))

    def streams(self) -> Streams:
        """Return the connections that need no WebSocket. Call it after `start`."""
        settings = self.settings
        patience = Patience(
            hello_timeout_s=settings.hello_timeout_s,
            ping_interval_s=settings.ping_interval_s,
            poll_wait_s=settings.poll_wait_s,
            poll_gap_s=settings.poll_gap_s,
        )
        return Streams(self._house(), self.connections, patience)

    def _house(self) -> House:
        return House(
            chat=self.chat,
            hub=self.hub,
            epoch=self.database.epoch,
            limits=self.limits,
            resume_limit=self.settings.resume_limit,
            commands=self.commands,
            hellos=self.hellos,
            clock_ms=clock_ms,
            moderation=self.peace.moderation,
        )

    def _on_commit(self, entries: list[Entry]) -> None:
        # The roster first: whoever reads the entries may act on them at once.
        for entry in entries:
            self.roster.apply(entry)
        self._broker.publish(entries)

    async def _read_after(self, log_id: int, after: int, upto: int, limit: int) -> list[Entry]:
        return await self.database.read(log.read_after, log_id, after, upto, limit)

    async def _read_as_member(self, user: int, since: int, room: int, after: int, upto: int, limit: int) -> Stretch:
        return await self.database.read(log.read_as_member, user, since, room, after, upto, limit)

    def _trouble(self, words: str, error: Exception) -> None:
        if not isinstance(error, (Unavailable, Damaged)):  # the database: that was told where it arose
            _log.error(words, exc_info=error)

    async def _tell_presence(self) -> None:
        for here in self.presence.changes():
            self.hub.signal(here.room, here)
            self.doors.note(here)

    async def _sweep(self) -> None:
        self.connections.tick(now_s := asyncio.get_running_loop().time())  # first: it asks nothing of the database, which may be away
        self.metrics.tell(now_s)
        await self.auth.end_expired()
        await self.hub.sweep()
        await self.peace.keep()

    async def _keep_house(self) -> None:
        await self.timekeeper.tend(self.connections.sessions())
        await self.peace.forget()
        if (now := self.database.house_clock.settled_at()) is not None:
            await asyncio.to_thread(upgrading.forget_copy, self.settings.data_dir, now)
