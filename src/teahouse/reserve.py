"""A few places beyond all others, for who watches the house from this machine: `/healthz` and `/metrics`, one answer each.

A supervisor that hears 503 would restart a house because it is full, and Prometheus would lose sight of it just then. Behind a proxy on
this machine everybody comes from loopback, so that the address proves nothing: a place is given by what the request says, before
anything of it is parsed here, and what it opens is open to strangers as well, or refused to whatever came through a proxy.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from teahouse.gateways.address import NO_PROXIES, PASSED_ON
from teahouse.gateways.slots import Slot, Slots

PLACES = 4
LOOKED_AT = 16
"""Connections whose request is waited for. The next one takes the place of the one that waited longest: silence keeps nobody out."""
LOOK_S = 1.0
MAX_HEAD_BYTES = 8192
WATCHED = (b"/healthz", b"/metrics")
_METHODS = (b"GET", b"HEAD")
_NOT_FROM_HERE = frozenset(name.encode() for name in (*PASSED_ON, "upgrade"))

App = Callable[[Any, Any, Any], Awaitable[None]]
"""An ASGI application."""


class Reserve:
    """Looks at what those want for whom there is no room: `serve` gets who may be answered with a slot, `refuse` all others."""

    def __init__(self, serve: Callable[[socket.socket, Slot], None], refuse: Callable[[socket.socket], None]) -> None:
        self._serve = serve
        self._refuse = refuse
        self._loop = asyncio.get_running_loop()
        self._slots = Slots(PLACES, NO_PROXIES, self._loop.time)
        self._waiting: dict[socket.socket, asyncio.TimerHandle] = {}

    def look(self, client: socket.socket) -> None:
        """Wait a moment for the client's request."""
        client.setblocking(False)
        if len(self._waiting) >= LOOKED_AT:
            self._judge(next(iter(self._waiting)))  # many may be accepted in one turn, before anything of theirs is read
        self._waiting[client] = self._loop.call_later(LOOK_S, self._give_up, client)
        self._loop.add_reader(client, self._judge, client)

    def close(self) -> None:
        for client in list(self._waiting):
            self._forget(client)
            client.close()

    def _judge(self, client: socket.socket) -> None:
        """A head that has not come at once and whole is not waited for: programs of this machine send it in one piece."""
        self._forget(client)
        try:
            head = client.recv(MAX_HEAD_BYTES, socket.MSG_PEEK)
        except OSError:
            head = b""
        has_room = len(self._slots) < PLACES
        slot = self._slots.take("") if has_room and is_watcher(head) else None
        if slot is None:
            self._refuse(client)
        else:
            self._serve(client, slot)

    def _give_up(self, client: socket.socket) -> None:
        self._forget(client)
        self._refuse(client)

    def _forget(self, client: socket.socket) -> None:
        self._waiting.pop(client).cancel()
        self._loop.remove_reader(client)


def is_watcher(octets: bytes) -> bool:
    """Whether a whole head asks for what watchers ask, and no proxy says that it passed it on."""
    head, end, _body = octets.partition(b"\r\n\r\n")
    first, *fields = head.split(b"\r\n")
    method, _, rest = first.partition(b" ")
    path = rest.partition(b" ")[0].partition(b"?")[0].removesuffix(b"/")
    names = {field.partition(b":")[0].strip().lower() for field in fields}
    return bool(end) and method in _METHODS and path in WATCHED and not names & _NOT_FROM_HERE


def one_answer(app: App) -> App:
    """Return `app` for connections of the reserve, which end with their first answer."""

    async def answer_once(scope: Any, receive: Any, send: Any) -> None:
        async def send_last(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
            await send(message)

        await app(scope, receive, send_last)

    return answer_once
