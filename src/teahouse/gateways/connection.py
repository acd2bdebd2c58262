"""One client of any dialect: hello first, then commands through Chat in their order; owns a Subscriber."""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from teahouse import __version__, wire
from teahouse.auth import Identity
from teahouse.chat import Chat
from teahouse.delivery.hub import Hub
from teahouse.delivery.subscriber import Outlet, Subscriber
from teahouse.errors import TeahouseError, TooMuch
from teahouse.gateways.commands import carry_out, post, stored
from teahouse.gateways.keeping import keep_peace
from teahouse.gateways.returning import worth
from teahouse.model import LOBBY, Reset
from teahouse.moderation import Actor, Moderation
from teahouse.policy import check_access, may_see
from teahouse.throttle import Throttle

MAX_QUEUED = 200
"""Commands that wait for the one before them; a client that sends more without waiting is told so."""
MAX_QUEUED_BYTES = 512 * 1024
"""The same in bytes, eight of the longest: a client that does not read its answers would have the house keep all it says."""
MAX_REFUSED_IN_A_ROW = 500
"""A client that goes on sending commands which are refused is a fault, not a person."""

UNSIGNED, RUDE, SHUT_OUT, CHANGED, FLOOD, RESTART = 4001, 4002, 4004, 4005, 4029, 1012
"""Close codes of docs/protocol.md."""

_log = structlog.get_logger("connection")


class Dialect(Protocol):
    """Both directions of one wire; `render` gives what the outlet writes, and `join` one write of several."""

    def parse(self, raw: bytes) -> wire.AnyCommand: ...

    def request_id(self, raw: bytes) -> int | None: ...

    def render(self, event: wire.Event) -> Any: ...

    def join(self, parts: Sequence[Any]) -> Any: ...


@dataclass(frozen=True, kw_only=True)
class House:
    """What every connection shares; app.py makes one. `commands` is the rate of all commands of one payer, `hellos` of hellos."""

    chat: Chat
    hub: Hub
    epoch: str
    limits: wire.Limits
    resume_limit: int
    commands: Throttle
    hellos: Throttle
    clock_ms: Callable[[], int]
    moderation: Moderation


class Connection:
    """A conversation. `receive` takes what the client says, the outlet takes what it is told; the door owns both ends."""

    __slots__ = (
        "_address",
        "_dialect",
        "_drained",
        "_house",
        "_last_post",
        "_queue",
        "_queued_bytes",
        "_refused",
        "_worker",
        "greeted",
        "identity",
        "outlet",
        "subscriber",
    )

    def __init__(self, house: House, identity: Identity, dialect: Dialect, outlet: Outlet, address: str = "") -> None:
        self.identity = identity
        self._address = address
        self.outlet = outlet
        self.greeted = False
        self.subscriber = Subscriber(identity.user, outlet, house.hub, identity.inbox)
        self._house = house
        self._dialect = dialect
        self._queue: deque[tuple[wire.AnyCommand, int]] | None = None
        self._queued_bytes = 0
        self._worker: asyncio.Task[None] | None = None
        self._last_post: asyncio.Future[Any] | None = None
        self._refused = 0
        self._drained: asyncio.Event | None = None

    def receive(self, raw: bytes) -> None:
        """Take one message of the client. Never raises: what is wrong with it is answered."""
        try:
            self._house.commands.check(self.identity.payer, self._house.clock_ms() / 1000, "commands")
            command = self._dialect.parse(raw)
            if self.identity.access is not None:
                check_access(self.identity.access, str(command.__struct_config__.tag), getattr(command, "room", None))
            if self._greet_first(command):
                self._take(command, len(raw))
        except Exception as error:  # also what nobody expected: the commands that came with this one are to be heard all the same
            self._refuse(error, self._dialect.request_id(raw))

    @property
    def commands_waiting(self) -> int:
        return len(self._queue or ())

    def close(self) -> None:
        """Stop for good: the outlet is gone or about to close. Nothing is delivered from here on."""
        self.subscriber.close()
        if self._queue:
            self._queue.clear()
        if self._worker is not None:
            self._worker.cancel()

    def drained(self) -> None:
        """Go on: the outlet can take bytes again."""
        if self._drained is not None:
            self._drained.set()
        self.subscriber.wake()

    def end(self, code: int, reason: str) -> None:
        """Say goodbye with a close code of docs/protocol.md and stop."""
        self.close()
        self.outlet.close(code, reason)

    def say(self, event: wire.Event) -> None:
        self.outlet.write(self._dialect.render(event))

    def _greet_first(self, command: wire.AnyCommand) -> bool:
        if isinstance(command, wire.Hello) == self.greeted:
            self.end(RUDE, "expected hello once, as the first command")
            return False
        if not self.greeted:  # a hello costs as much as its sayer has rooms, on however many connections they say it
            self._house.hellos.check(self.identity.payer, self._house.clock_ms() / 1000, "hellos")
        self.greeted = True
        return True

    def _take(self, command: wire.AnyCommand, size: int) -> None:
        if self._worker is not None:
            if len(self._queue or ()) >= MAX_QUEUED or self._queued_bytes + size > MAX_QUEUED_BYTES:
                raise TooMuch(f"{len(self._queue or ())} commands are waiting: wait for answers before sending more", retry_after_s=1)
            self._wait_in_line(command, size)
        elif isinstance(command, wire.Post):
            self._post(command)
        elif isinstance(command, wire.Ping):
            self.say(wire.Pong(self._house.clock_ms(), command.id))
        else:
            self._wait_in_line(command, size)
            self._worker = asyncio.get_running_loop().create_task(self._work())

    def _wait_in_line(self, command: wire.AnyCommand, size: int) -> None:
        if isinstance(command, wire.Search):
            self._house.chat.hurry_search(self.identity.payer)
        if self._queue is None:
            self._queue = deque()
        self._queue.append((command, size))
        self._queued_bytes += size

    def _post(self, command: wire.Post) -> None:
        """Submit a post without a task of its own: the hot path."""
        self._last_post = asyncio.ensure_future(post(self._house.chat, self.identity.user, command))
        self._last_post.add_done_callback(lambda done: self._posted(command, done))

    def _posted(self, command: wire.Post, done: "asyncio.Future[Any]") -> None:
        if done.cancelled() or self.subscriber.closed:
            return
        error = done.exception()
        if error is None:
            self._answer(command, stored(command.room, done.result()))
        else:
            self._refuse(error, command.id)

    async def _work(self) -> None:
        """Carry out queued commands one after the other, each after the posts that were sent before it."""
        try:
            while self._queue:
                await self._room_for_an_answer()
                command, size = self._queue.popleft()
                self._queued_bytes -= size
                if self._last_post is not None and not self._last_post.done():
                    await asyncio.wait([self._last_post])
                try:
                    await self._perform(command)
                except Exception as error:
                    self._refuse(error, command.id)
                if self._queue:
                    await asyncio.sleep(0)  # what reads memory alone would otherwise be done two hundred times in one turn of the loop
        finally:
            self._worker = None
            self._queue = self._queue or None  # most connections say hello and then only listen

    async def _room_for_an_answer(self) -> None:
        """Wait while the client does not read: the answers to what it asked for before it stopped would pile up."""
        while self.outlet.congested:
            self._drained = asyncio.Event()
            await self._drained.wait()

    async def _perform(self, command: wire.AnyCommand) -> None:
        if isinstance(command, wire.Hello):
            try:
                await self._hello(command)
            except TeahouseError:
                self.greeted = False  # or it could not be said again, which is what the refusal asks for
                raise
        elif isinstance(command, wire.Ping):
            self.say(wire.Pong(self._house.clock_ms(), command.id))
        elif isinstance(command, wire.Keep):
            self._answer(command, await keep_peace(self._house.moderation, Actor(self.identity.user, self._address), command))
        else:
            self._answer(command, await carry_out(self._house.chat, self.identity.user, command, self.identity.access))

    def _answer(self, command: wire.AnyCommand, result: Any) -> None:
        self._refused = 0
        if command.id is not None and not self.subscriber.closed:
            self.say(wire.Ok(command.id, result))

    def _refuse(self, error: BaseException, request: int | None) -> None:
        if self.subscriber.closed:
            return
        if isinstance(error, TeahouseError):
            refusal = wire.Error(error.code, error.words, request, error.retry, error.retry_after_s, error.ban)
        else:
            incident = secrets.token_hex(4)
            _log.error("command failed", incident=incident, exc_info=error)
            refusal = wire.Error("internal", f"something went wrong here; it is logged as {incident}", request)
        self.say(refusal)
        self._refused += 1
        if self._refused > MAX_REFUSED_IN_A_ROW:
            self.end(FLOOD, "too many refused commands in a row")

    async def _hello(self, hello: wire.Hello) -> None:
        rooms = self._rooms()
        found = await worth(hello, self._house, self.identity.inbox, rooms)
        if found.inbox_head is not None:
            return self._resume(hello, found.inbox_head, rooms)
        await self._start(hello, found.other_life)

    async def _start(self, hello: wire.Hello, other_life: bool) -> None:
        """Welcome with all rooms as they stand, and follow each from there.

        Who was put out since the snapshot gets their own `left`, after its head; let in again, the inbox's next entry. The roster may lag.
        """
        found = await self._house.chat.snapshot(self.identity.user, self.identity.inbox)
        standings = [standing for standing in found.standings if may_see(self.identity.access, standing.room.id)]
        self._welcome(hello, found.inbox_head, standings, since=found.since, other_life=other_life)
        self._follow_inbox(found.inbox_head)
        for standing in standings:
            self.subscriber.follow(standing.room.id, standing.head, standing.since)

    def _resume(self, hello: wire.Hello, inbox_head: int, judged: Container[int]) -> None:
        """Welcome without rooms, and follow each from the client's own cursor, if that was `judged`, or say why not."""
        self._welcome(hello, inbox_head, None)
        rooms, cursors = self._rooms(), dict(hello.cursors)
        self._follow_inbox(cursors.pop(self.identity.inbox))
        gone = [self._dialect.render(Reset(log, "left", None)) for log in cursors.keys() - rooms.keys()]
        if gone:
            self.outlet.write(self._dialect.join(gone))  # in one piece: there may be thousands, and each write is a call of the system
        for room, since in rooms.items():
            seen = cursors.get(room) if room in judged else None
            if seen is not None and seen < since - 1:
                self.say(Reset(room, "left", since - 1))
                seen = since - 1
            self.subscriber.follow(room, seen, since)

    def _rooms(self) -> dict[int, int]:
        """Return the rooms that may be read here now, each with the seq at which the membership began."""
        return {room: since for room, since in self._house.chat.since(self.identity.user).items() if may_see(self.identity.access, room)}

    def _follow_inbox(self, after: int) -> None:
        """Follow one's own log, unless a token is limited to rooms: the inbox names all of them."""
        if self.identity.access is None or self.identity.access.rooms is None:
            self.subscriber.follow_inbox(after)

    def _welcome(self, hello: wire.Hello, inbox_head: int, standings: list[Any] | None, **afresh: Any) -> None:
        self.say(
            wire.Welcome(
                protocol=wire.VERSION,
                server=__version__,
                epoch=self._house.epoch,
                you=self.identity.user,
                inbox=self.identity.inbox,
                inbox_head=inbox_head,
                lobby=LOBBY,
                now=self._house.clock_ms(),
                limits=self._house.limits,
                resumed=standings is None,
                rooms=standings,
                id=hello.id,
                **afresh,
            )
        )
