"""One client of an old door: learns who it is, says what it means through Chat, and hears its room and its direct rooms.

The dialects cannot say no. What breaks a rule is dropped; what comes too fast waits, and the socket is read no further
until it has been said, so that nothing that may be said is lost.
"""

import asyncio
import itertools
import secrets
from collections.abc import Callable

import structlog

from teahouse import policy
from teahouse.auth import Identity
from teahouse.delivery.subscriber import Subscriber
from teahouse.errors import Conflict, Invalid, NotAllowed, NotSignedIn, TeahouseError
from teahouse.gateways.connection import FLOOD, SHUT_OUT, UNSIGNED
from teahouse.gateways.connections import close_reason
from teahouse.gateways.dialects.spoken import Echo, Heard, Login, Meant, Quit, Said, Say
from teahouse.gateways.doors.admission import Admitted
from teahouse.gateways.doors.backlog import Backlog
from teahouse.gateways.doors.door import Door
from teahouse.gateways.doors.letters import Letters
from teahouse.gateways.doors.outlet import DoorOutlet, Marks, Wire
from teahouse.keepers import BANNED
from teahouse.model import Standing, User
from teahouse.wire import Event

DONE, BROKEN, TRY_LATER, NAME_TAKEN = 1000, 1011, 1013, 4003
"""Close codes; docs/doors.md lists them all."""
PUT_OUT = "put out of the room"

MAX_REFUSED_IN_A_ROW = 500
RETRY_S = 1.0
TRIES = 60
"""How often something is tried that the house cannot take at the moment."""
LAST_WORDS_S = 5.0
"""How long after its end a socket's last words may still wait."""

_log = structlog.get_logger("doors")


class DoorConnection:
    """A conversation at an old door. The wire calls `begin`, `receive`, `drained`, and `leave` when its client is gone."""

    greeted = True
    """There is no hello here: the handshake says all that there is to say."""

    def __init__(self, door: Door, admitted: Admitted, wire: Wire, address: str, cookie: str | None = None) -> None:
        self._tag = f"door-{secrets.token_hex(8)}"
        rendering = door.rendering(admitted.entrance.words, wire.frame)
        self.outlet = DoorOutlet(rendering, wire, self._tag, self._arrived, self._left, lambda: admitted.holds(door, self.identity))
        self._door, self._lodge = door, door.lodge
        self._admitted, self._entrance = admitted, admitted.entrance
        self._wire = wire
        self._address, self._cookie = address, cookie
        self._identity: Identity | None = None
        self._subscriber: Subscriber | None = None
        self._letters: Letters | None = None
        self._heard_from: int | None = None
        self._name: str | None = None
        self._closed, self._count = False, itertools.count(1)
        self._client_id, self._refused = "", 0
        self.backlog = Backlog(wire.weigh)
        self._worker: asyncio.Task[None] | None = None
        self._last_words: asyncio.TimerHandle | None = None

    @property
    def identity(self) -> Identity:
        if self._identity is None:
            raise RuntimeError("nobody has come in by this connection yet")
        return self._identity

    @property
    def user(self) -> User:
        return self.identity.user

    @property
    def commands_waiting(self) -> int:
        return len(self.backlog)

    def begin(self) -> None:
        """Let in whoever is known by the handshake. From now on nothing that is said in the room is missed."""
        self._heard_from = self._lodge.hub.head(self._door.room)
        self._lodge.connections.opened_by(self, self._admitted.opener)
        if self._entrance.way in ("address", "name", "cookie"):
            self._worker = asyncio.get_running_loop().create_task(self._work(Login(self._entrance.name)))

    def receive(self, raw: bytes) -> None:
        """Take one message of the client, which is valid UTF-8. Never raises."""
        if self._closed:
            return
        if self._worker is None:
            self._worker = asyncio.get_running_loop().create_task(self._work())
        self.backlog.add(raw)

    def hear(self, heard: Heard) -> None:
        if not self._closed:
            self.outlet.hear(heard)

    def say(self, event: Event) -> None:
        """Drop the house's own events: the old dialects have no words for them."""

    def drained(self) -> None:
        if self._subscriber is not None:
            self._subscriber.wake()

    def end(self, code: int, reason: str) -> None:
        self.close()
        if self._last_words is None:
            self._wire.close(code, reason)

    def leave(self, then: Callable[[], None] = lambda: None) -> None:
        """Hear that the client is gone: stop once what it said before is carried out, and call `then`, the last that was given."""
        if self._worker is None:
            self.close()
        if self._closed:
            return then()
        self._then = then
        if self._last_words is not None:
            return
        if self._subscriber is not None:
            self._subscriber.close()
        self._last_words = asyncio.get_running_loop().call_later(LAST_WORDS_S, self.close)

    def close(self) -> None:
        """Stop for good; the name is free, and everyone hears of it. It changes nothing the second time."""
        if self._closed:
            return
        if self._subscriber is not None:
            self._subscriber.close()
            self._door.porch.go(self)
        if self._identity is not None:
            self._lodge.connections.remove(self)
        self._closed = True
        self._lodge.connections.closed(self)
        if self._name is not None:
            self._lodge.names.pop(self._name, None)
        self.backlog.clear()
        self.outlet.part()
        if self._worker is not None and self._worker is not asyncio.current_task():
            self._worker.cancel()
        if self._last_words is not None:
            self._last_words.cancel()
            self._then()

    # What the client means, one after the other.

    async def _work(self, first: Login | None = None) -> None:
        try:
            if first is not None:
                await self._try(first)
            while self.backlog and not self._closed:
                meant = self._entrance.words.parse(self.backlog.take())
                if meant is None:
                    self._refuse()
                else:
                    await self._try(meant)
        except Exception as error:
            _log.error("a door's connection broke", door=self._door.dialect, exc_info=error)
            self.end(BROKEN, "something went wrong here; it is logged")
        finally:
            self._worker = None
            if self._last_words is not None:
                self.close()

    async def _try(self, meant: Meant) -> None:
        """Do what is meant; wait and try again while the house says that a retry makes sense."""
        self._client_id = f"{self._tag}-{next(self._count)}"
        self.backlog.begin(meant)
        for _ in range(TRIES):
            wait_s = await self._done_or_later(meant)
            if wait_s is None:
                return self.backlog.done()
            await asyncio.sleep(wait_s)  # not while the refusal is at hand, which knows every frame and their copies of the text
        self.backlog.done()
        self._lodge.given_up.note(self._door.dialect, asyncio.get_running_loop().time())

    async def _done_or_later(self, meant: Meant) -> float | None:
        """Do what is meant, and return None; or return after how many seconds it may be tried again."""
        try:
            await self._do(meant)
        except TeahouseError as refusal:
            if refusal.retry:
                return refusal.retry_after_s or RETRY_S
            self._refuse()
        return None

    async def _do(self, meant: Meant) -> None:
        match meant:
            case Login(name):
                await self._enter(name)
            case Echo(text):
                self._wire.send(self._wire.frame(text))
            case Quit():
                self.end(DONE, "goodbye")
            case Say(text, to):
                await self._say(text, to)
        self._refused = 0

    async def _say(self, text: str, to: str | None) -> None:
        chat = self._lodge.chat
        if self._letters is None:
            return self.end(UNSIGNED, "log in first")
        if not self._admitted.holds(self._door, self.identity):
            return self.end(UNSIGNED, PUT_OUT)
        if to is None:
            await chat.post(self.user, self._door.room, text, self._client_id)
        elif policy.fold_name(to) == policy.fold_name(self.user.name):
            self.hear(Said(self.user, text, self._lodge.clock_ms(), self.user.name))
        else:
            await chat.post(self.user, await self._letters.room(to), text, self._client_id)

    def _refuse(self) -> None:
        """Drop what the client said. One that goes on like that is a fault, not a person."""
        self._refused += 1
        if self._refused > MAX_REFUSED_IN_A_ROW:
            self.end(FLOOD, "too much that says nothing")

    # Coming in.

    async def _enter(self, name: str) -> None:
        """Become someone, once; a second login on the same socket says nothing."""
        if self._letters is not None:
            return
        try:
            if self._identity is None and not self._become(await self._identify(name)):
                return
            if self._entrance.way == "cookie":
                await self._lodge.chat.join(self.user, self._door.room)
        except NotSignedIn:
            return self.end(UNSIGNED, "Invalid user")
        except NotAllowed as refusal:
            return self.end(SHUT_OUT if refusal.code == BANNED else UNSIGNED, close_reason(refusal.words))
        except (Conflict, Invalid) as refusal:
            return self.end(NAME_TAKEN, close_reason(refusal.words))
        await self._lodge.marks.settle(self.user.id)
        standings, inbox_head, _ = await self._lodge.chat.snapshot(self.user, self.identity.inbox)
        is_told = any(standing.room.id == self._door.room for standing in standings)
        if not is_told or not self._admitted.holds(self._door, self.identity):
            return self.end(UNSIGNED, PUT_OUT)  # since they were let in, and nobody told this socket
        self._letters = Letters(self._lodge, self.user)
        self._follow(self.identity, standings, inbox_head)
        self._door.porch.come(self)

    async def _identify(self, name: str) -> Identity:
        lodge, room = self._lodge, self._door.room
        refusal = lodge.connections.refusal(None, self._address)
        if refusal is not None:  # the network was shut out after the handshake, and nobody new comes from there
            raise refusal
        match self._entrance.way:
            case "cookie":
                return await lodge.identify(self._cookie, room)
            case "address":
                return await lodge.keeper.admit("address", self._address, room)
            case _:
                key = policy.fold_name(name)
                if self._name != key:  # hold the name while this connection lasts, from before anything is awaited
                    lodge.take_name(key, self._wire.challenge)
                    self._name = key
                return await lodge.keeper.admit("name", name, room)

    def _become(self, identity: Identity) -> bool:
        """Be somebody, in the very turn in which they were identified: from now on this ends with their session, also while it waits."""
        # People who are known by their address share one user, whose sockets are counted by address alone.
        counted_as = None if self._entrance.way == "address" else identity.payer
        excess = self._lodge.connections.too_many(counted_as, self._address)
        if excess:
            self.end(TRY_LATER, f"more than {excess}")
        elif not self._closed:
            self._identity = identity
            self._lodge.connections.add(self, self._address, is_anybodys=counted_as is None)
            self._lodge.connections.opened_by(self, identity.opener)
        return self._identity is not None

    def _follow(self, identity: Identity, standings: list[Standing], inbox_head: int) -> None:
        """Read on from here in the room, and in direct rooms from what is known to have arrived."""
        self.outlet.reader = identity.user.id
        self._subscriber = Subscriber(identity.user, self.outlet, self._lodge.hub, identity.inbox)
        if self._last_words is not None:
            return self._subscriber.close()
        self._subscriber.follow_inbox(inbox_head)
        for standing in standings:
            if standing.room.id == self._door.room:
                start = standing.head if self._heard_from is None else self._heard_from
                self._subscriber.follow(standing.room.id, min(start, standing.head), standing.since, from_before=True)
            elif standing.room.kind == "direct" and self._entrance.words.directs:
                self._subscriber.follow(standing.room.id, standing.read, standing.since)

    def _arrived(self, marks: Marks) -> None:
        self._lodge.marks.move(self.user, marks)

    def _left(self, user_id: int) -> None:
        """End with a place in the room; not at once, for delivery is in the middle of writing, but nothing more is told."""
        if user_id in self._admitted.depends_on(self.identity):
            self.outlet.is_over = True
            asyncio.get_running_loop().call_soon(self.end, UNSIGNED, PUT_OUT)
