"""A client of Teahouse written from docs/protocol.md alone, with httpx and the plain `websockets` library.

It imports nothing of Teahouse: whatever it would need and the page does not say is a fault of the page.
"""

import asyncio
import itertools
import json
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Self

import httpx
import websockets
from websockets.asyncio.client import ClientConnection

from tests.gateways.roads import ROADS, Road
from tests.support.patience import PATIENCE_S

Event = dict[str, Any]


class Refused(Exception):
    """The server answered a command with `error`."""

    def __init__(self, error: Event) -> None:
        super().__init__(f"{error['code']}: {error['words']}")
        self.code: str = error["code"]
        self.retry: bool = error.get("retry", False)


class Cut(Exception):
    """The connection ended before the answer came; whether the command was carried out is unknown."""


@dataclass(frozen=True)
class Session:
    """Proof of who one is, for as many connections as one likes."""

    address: str
    cookie: str
    you: Event


async def sign_in(address: str, name: str, **keys: str) -> Session:
    """Return a new guest's session; `address` is the server's origin, `keys` may hold an `invite` or an `owner_key`."""
    async with httpx.AsyncClient(base_url=address, trust_env=False) as http:
        house = (await http.get("/api/v1/house")).json()
        body = {"name": name, "face": house["faces"][0], **keys}
        answer = await http.post("/api/v1/session", json=body, headers={"Origin": address})
        if answer.status_code != 201:
            raise Refused(answer.json())
        return Session(address, answer.cookies["teahouse_session"], answer.json()["you"])


class Stranger:
    """One person's client: its cursors survive its connections, and every entry is taken once and in order.

    `road` says how the next connection goes: by `websocket`, or by `events` or `polls` over plain HTTP. A WebSocket is compressed
    where the server agrees, unless `compression` is None. `async with` ends whatever is open at the end.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.road = "websocket"
        self.compression: str | None = "deflate"
        self.epoch: str | None = None
        self.seen: dict[int, int] = {}
        self.welcome: Event = {}
        self.entries: list[Event] = []
        self.others: list[Event] = []
        """Events that are neither answers nor entries: `reset`, `typing`, `here`, `bye`, an `error` that answers nothing."""
        self.faults: list[str] = []
        self.close_code: int | None = None
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Event]] = {}
        self._news = asyncio.Event()
        self._socket: ClientConnection | Road | None = None
        self._reader: asyncio.Task[None] | None = None
        self._reading = asyncio.Event()
        self._reading.set()

    @classmethod
    async def arrive(cls, address: str, name: str) -> Self:
        """Sign in under `name` and connect; who is not let in leaves nothing open."""
        async with AsyncExitStack() as opening:
            client = await opening.enter_async_context(cls(await sign_in(address, name)))
            await client.connect()
            opening.pop_all()
        return client

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def id(self) -> int:
        return int(self.session.you["id"])

    @property
    def connected(self) -> bool:
        return self._reader is not None and not self._reader.done()

    async def connect(self, through: socket.socket | None = None) -> Event:
        """Open a socket, or take a TCP connection made elsewhere, and say hello, resuming what one has seen; return the `welcome`."""
        await self.close()
        self._socket = await self._open(through)
        self._reader = asyncio.create_task(self._read(self._socket))
        cursors = {str(log): seq for log, seq in self.seen.items()}
        return await self.ask("hello", **({"epoch": self.epoch, "cursors": cursors} if self.epoch else {}))

    async def _open(self, through: socket.socket | None) -> ClientConnection | Road:
        if self.road != "websocket":
            return ROADS[self.road](self.session.address, self.session.cookie)
        return await websockets.connect(
            self.session.address.replace("http", "ws", 1) + "/ws",
            sock=through,
            origin=websockets.Origin(self.session.address),
            subprotocols=[websockets.Subprotocol("teahouse.v1")],
            additional_headers={"Cookie": f"teahouse_session={self.session.cookie}"},
            compression=self.compression,
            proxy=None,
            max_size=None,
            ping_interval=None,
        )

    async def ask(self, command: str, **fields: Any) -> Any:
        """Return the result of `command`; raise Refused with the server's words, or Cut."""
        number = next(self._ids)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self.send({"type": command, "id": number, **fields})
                event = await answer
        finally:
            self._answers.pop(number, None)
        if event["type"] == "error":
            raise Refused(event)
        return event.get("result") if event["type"] == "ok" else event

    async def send(self, command: Event) -> None:
        if self._socket is None:
            raise Cut("not connected")
        try:
            await self._socket.send(json.dumps(command))
        except websockets.ConnectionClosed as closed:
            raise Cut(str(closed)) from None

    async def until(self, happened: Callable[[], Any]) -> None:
        """Wait until `happened()` is true; it is asked again after every event."""
        async with asyncio.timeout(PATIENCE_S):
            while not happened():
                self._news.clear()
                await self._news.wait()

    async def cut(self) -> None:
        """Let the connection die as a lost network does: no closing handshake."""
        if self._socket is not None and self._reader is not None:
            self._socket.transport.abort()
            await self._reader

    async def close(self) -> None:
        if self._socket is not None and self._reader is not None:
            try:
                await self._socket.close()
                await self._reader
            finally:  # cancelled while the other side had not said goodbye
                self._socket.transport.abort()

    def stop_reading(self) -> None:
        """Take nothing more from the socket, as a sleeping phone does: the library's queue fills up, then the kernel's buffers."""
        self._reading.clear()

    def read_on(self) -> None:
        self._reading.set()

    def facts(self, log: int, kind: str) -> list[Event]:
        """The entries of `log` whose fact is `kind`, in the order they came."""
        return [entry for entry in self.entries if entry["log"] == log and entry["fact"]["type"] == kind]

    def texts(self, room: int) -> list[str]:
        return [entry["fact"]["text"] for entry in self.facts(room, "posted")]

    # What the server's words do to the cursors; a recording reader extends these three.

    def follow(self, log: int, after: int) -> None:
        self.seen[log] = after

    def unfollow(self, log: int) -> None:
        self.seen.pop(log, None)

    def take_entry(self, entry: Event) -> None:
        log, fact = entry["log"], entry["fact"]
        if entry["seq"] != self.seen.get(log, -1) + 1:
            self.faults.append(f"entry {entry['seq']} of log {log} came after {self.seen.get(log)}")
            return
        self.seen[log] = entry["seq"]
        self.entries.append(entry)
        if fact["type"] == "left" and fact["user"]["id"] == self.id:
            self.unfollow(log)
        if fact["type"] == "added" and fact["room"]["id"] not in self.seen:
            self.follow(fact["room"]["id"], fact["since"] - 1)

    async def _read(self, connection: ClientConnection | Road) -> None:
        try:
            async for raw in connection:
                await self._reading.wait()
                self._take(json.loads(raw))
                self._news.set()
        except websockets.ConnectionClosedError:
            pass  # the code says it: close_code
        finally:
            self.close_code = connection.close_code
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(Cut(f"closed with {connection.close_code} {connection.close_reason}"))
                    answer.exception()  # who asked may have gone with the send that failed
            self._news.set()

    def _take(self, event: Event) -> None:
        match event["type"]:
            case "entry":
                self.take_entry(event)
            case "welcome":
                self._take_welcome(event)
            case "reset":
                self._take_reset(event)
            case "error" if "id" not in event:
                self.others.append(event)
            case "ok" | "error" | "pong":
                pass
            case _:
                self.others.append(event)
        if (answer := self._answers.get(event.get("id", 0))) and not answer.done():
            answer.set_result(event)

    def _take_welcome(self, welcome: Event) -> None:
        self.welcome, self.epoch = welcome, welcome["epoch"]
        if welcome["resumed"]:
            return
        for log in list(self.seen):
            self.unfollow(log)
        self.follow(welcome["inbox"], welcome["inbox_head"])
        for standing in welcome["rooms"]:
            self.follow(standing["room"]["id"], standing["head"])

    def _take_reset(self, reset: Event) -> None:
        self.others.append(reset)
        if reset["head"] is None:
            self.unfollow(reset["log"])
        else:
            self.follow(reset["log"], reset["head"])
