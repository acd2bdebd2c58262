"""A cutting proxy: real TCP between real clients and the real server, with faults at exact bytes.

It runs on the test's event loop and never sleeps. Time is counted in chunks carried for anyone: a link that is stuck is let
go after so many of them, or at once while more links are stuck than flow, so that a run always moves on.
"""

import asyncio
import random
import socket
import struct
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Self

from tests.support.streams import Listener, opened

Kind = Literal["reset", "finish", "half_open", "lose", "hold", "drip", "none"]
Lane = Literal["up", "down"]
"""`up` is from the client to the server."""

CHUNK = 64 * 1024
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER with zero seconds: closing sends RST instead of FIN (socket(7))."""


@dataclass(frozen=True)
class Fault:
    """What befalls one link when `lane` has carried `after` bytes, most often in the middle of a frame.

    reset, finish   both sides get RST or FIN
    half_open       nothing goes through any more in either lane; after `patience` the client gives up, and the server hears
                    nothing of that until `late` more chunks have passed
    lose            this lane's bytes are swallowed; when `patience` is over both sides get RST
    hold            this lane's bytes are kept back, and all come at once when `patience` is over
    drip            this lane's bytes come one by one, for `patience` bytes
    """

    kind: Kind = "none"
    lane: Lane = "up"
    after: int = 0
    patience: int = 0
    late: int = 0


CALM = Fault()


class Proxy:
    """Listens on a free port of this machine and carries to `port`; `choose` gives each new link its fault, and the next one."""

    def __init__(self, port: int, choose: Callable[[], Fault] = lambda: CALM) -> None:
        self.port = port
        self.choose = choose
        self.links: list[Link] = []
        self.happened: Counter[str] = Counter()
        """Faults that really befell a link, by kind."""
        self.on_fault: Callable[[], None] = lambda: None
        self._carried = 0
        self._listener = Listener(self._serve, backlog=2048)

    @property
    def address(self) -> str:
        return self._listener.address

    async def __aenter__(self) -> Self:
        await self._listener.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.reset_all()
        await self._listener.__aexit__()

    def calm(self) -> None:
        """No more faults from here on: what is stuck goes on or ends, and new links are left alone."""
        self.choose = lambda: CALM
        for link in list(self.links):
            while link.state in ("stuck", "orphaned"):
                link.let_go()
            link.fault = CALM

    def reset_all(self) -> None:
        """Everyone has to come again, and meets a fault that `choose` has now."""
        for link in list(self.links):
            link.reset()

    def tick(self) -> None:
        """One chunk was carried: time passes for links that are stuck."""
        self._carried += 1
        for link in [link for link in self.links if link.due is not None and link.due <= self._carried]:
            link.let_go()

    def after(self, chunks: int) -> int:
        return self._carried + chunks

    def keep_moving(self) -> None:
        """While more clients are stuck than not, let go of the one that has been for longest."""
        stuck = [link for link in self.links if link.state == "stuck"]
        flowing = [link for link in self.links if link.state == "flowing"]
        if len(stuck) > len(flowing):
            stuck[0].let_go()

    def note(self, kind: Kind) -> None:
        self.happened[kind] += 1
        self.on_fault()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry until the link has ended on both sides: of one that is stuck, one side may outlast both lanes."""
        try:
            async with opened("127.0.0.1", self.port) as (server_reader, server_writer):
                link = Link(self, self.choose(), writer, server_writer)
                self.links.append(link)
                async with asyncio.TaskGroup() as lanes:
                    lanes.create_task(link.pump(reader, server_writer, "up"))
                    lanes.create_task(link.pump(server_reader, writer, "down"))
                await asyncio.gather(writer.wait_closed(), server_writer.wait_closed(), return_exceptions=True)
        except OSError:
            _abort(writer)


class Link:
    """One client's connection and its other half, to the server.

    `stuck`: the client has no way to know why nothing comes. `orphaned`: the client is gone, and the server does not know.
    """

    def __init__(self, proxy: Proxy, fault: Fault, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.fault = fault
        self.state: Literal["flowing", "stuck", "orphaned", "ended"] = "flowing"
        self.due: int | None = None
        """When a stuck link is let go, in chunks that the proxy carried."""
        self._proxy = proxy
        self._client = client
        self._server = server
        self._carried: dict[Lane, int] = {"up": 0, "down": 0}
        self._held: list[bytes] = []
        self._ended_lanes = 0
        for writer in (client, server):
            writer.transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    async def pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, lane: Lane) -> None:
        """Carry one lane to its end; the link ends with its second lane, or with an error in either."""
        try:
            while data := await source.read(CHUNK):
                await self._carry(data, sink, lane)
            self._ended_lanes += 1
            if not self._swallows(lane):
                sink.write_eof()
        except (OSError, RuntimeError):  # RuntimeError: the transport was closed under our hands
            self._ended_lanes = 2
        if self._ended_lanes == 2 and self.state == "flowing":
            self._end(_close if source.exception() is None else _abort)

    async def _carry(self, data: bytes, sink: asyncio.StreamWriter, lane: Lane) -> None:
        before = self._carried[lane]
        self._carried[lane] += len(data)
        self._proxy.tick()
        if self.fault.kind == "none" or self.fault.lane != lane or self._carried[lane] <= self.fault.after:
            if not self._swallows(lane):
                await _write(sink, data)
            return
        left = max(self.fault.after - before, 0)
        if self.state == "flowing":
            await _write(sink, data[:left])
            self._proxy.note(self.fault.kind)
        await self._befall(data[left:], sink)

    async def _befall(self, data: bytes, sink: asyncio.StreamWriter) -> None:
        """The fault's moment has come, or lasts: `data` is what lies after it."""
        match self.fault.kind:
            case "reset":
                self._end(_abort)
            case "finish":
                self._end(_close)
            case "drip":
                await self._drip(data, sink)
            case "hold":
                self._held.append(data)
                self._stick()
            case _:
                self._stick()

    async def _drip(self, data: bytes, sink: asyncio.StreamWriter) -> None:
        patience = self.fault.patience
        self._recover()
        for byte in data[:patience]:
            await _write(sink, bytes([byte]))
            await asyncio.sleep(0)  # each byte leaves in a turn of its own
        await _write(sink, data[patience:])

    def _recover(self) -> None:
        """This fault is over and did not end the link: the next one lies as many bytes ahead as it would on a new link."""
        self.state, self.due, self.fault = "flowing", None, self._proxy.choose()
        self._carried = {"up": 0, "down": 0}

    def _stick(self) -> None:
        if self.state == "flowing":
            self.state, self.due = "stuck", self._proxy.after(self.fault.patience)
            self._proxy.keep_moving()

    def _swallows(self, lane: Lane) -> bool:
        if self.state == "stuck":
            return self.fault.kind == "half_open" or self.fault.lane == lane
        return self.state != "flowing"

    def let_go(self) -> None:
        """What was stuck goes on, or ends as its fault says."""
        if self.state == "stuck" and self.fault.kind == "half_open":
            self.lose_client()
        elif self.state == "stuck" and self.fault.kind == "hold":
            sink = self._server if self.fault.lane == "up" else self._client
            sink.writelines(self._held)
            self._held = []
            self._recover()
            if self._ended_lanes:  # meanwhile, and nobody was told
                self._end(_close)
        else:
            self.reset()

    def freeze(self) -> None:
        """From now on nothing goes through, and nobody is told; until `lose_client`, `reset` or the proxy's end."""
        self.fault, self.state = Fault("half_open"), "stuck"

    def lose_client(self) -> None:
        """The client gives up; the server's side stays open, with nobody behind it, until its time has come too."""
        self.state, self.due = "orphaned", self._proxy.after(self.fault.late) if self.fault.late else None
        _abort(self._client)

    def reset(self) -> None:
        self._end(_abort)

    def _end(self, how: Callable[[asyncio.StreamWriter], None]) -> None:
        self.state, self.due = "ended", None
        if self in self._proxy.links:
            self._proxy.links.remove(self)
        how(self._client)
        how(self._server)


async def _write(sink: asyncio.StreamWriter, data: bytes) -> None:
    sink.write(data)
    await sink.drain()


def _abort(writer: asyncio.StreamWriter) -> None:
    """End with RST."""
    connection = writer.transport.get_extra_info("socket")
    if connection is not None and connection.fileno() >= 0:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    writer.transport.abort()


def _close(writer: asyncio.StreamWriter) -> None:
    """End with FIN, after what was written."""
    writer.transport.close()


def any_fault(chance: random.Random) -> Fault:
    """Return a random fault at a random byte: in the handshake, in the welcome, between messages, in the middle of one."""
    kind: Kind = chance.choice(("reset", "finish", "half_open", "lose", "hold", "drip"))
    lane: Lane = chance.choice(("up", "down"))
    # A connection's first 500 bytes or so are its handshake; what follows is about ten times more downwards.
    after = chance.randrange(700) if chance.random() < 0.2 else chance.randrange(500, 4_000 if lane == "up" else 40_000)
    return Fault(kind, lane, after, patience=chance.randrange(1, 300), late=chance.randrange(1, 1000))
