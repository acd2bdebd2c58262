"""Serves the doors of old dialects: each on its own port, or on the house's port under /doors/."""

import asyncio
import random
import socket
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from teahouse.acceptor import Acceptor
from teahouse.app import Teahouse
from teahouse.door_settings import DoorSettings
from teahouse.gateways.doors.door import Door
from teahouse.gateways.doors.doors import PREFIX
from teahouse.gateways.doors.pages import no_page
from teahouse.gateways.doors.signin_pages import SignInPages
from teahouse.gateways.doors.sniffer import Sniffer
from teahouse.gateways.http.bounds import Bounds
from teahouse.gateways.http.front import with_front
from teahouse.gateways.http.server_protocol import Upgrade, bounded_http
from teahouse.gateways.origin import base_path, inside
from teahouse.gateways.slots import Slot, Slots
from teahouse.listening import CannotServe, bind, url
from teahouse.nicknames import nickname
from teahouse.reserve import App


@dataclass(frozen=True)
class Doorway:
    """A door's port, where it has one and could have it; `trouble` says in words why it could not."""

    settings: DoorSettings
    listener: socket.socket | None = None
    trouble: str = ""

    def told(self, house: str) -> str:
        """Return where the door is, or why it is not; `house` is the house's own address."""
        if self.listener is None:
            return self.trouble or house.replace("http", "ws", 1) + PREFIX + self.settings.dialect
        host, port = self.listener.getsockname()[:2]
        return url(host, port, "ws")


def bind_doors(doors: Sequence[DoorSettings]) -> list[Doorway]:
    """Take the ports of all doors. Raise CannotServe, which names the door, unless its setting says to go on."""
    ways: list[Doorway] = []
    for door in doors:
        try:
            ways.append(Doorway(door, None if door.address is None else bind(*door.address)))
        except CannotServe as error:
            words = str(error).partition(";")[0].rstrip(".")
            if door.on_port_in_use == "stop":
                for way in ways:
                    if way.listener is not None:
                        way.listener.close()
                raise CannotServe(f"The door {door.dialect} cannot open: {words}; give it another port with listen.") from None
            ways.append(Doorway(door, trouble=f"not open: {words}"))
    return ways


def upgrades(house: Teahouse) -> dict[str, Upgrade]:
    """Return the doors on the house's own port, by where they lie."""
    return {door.prefix: house.door_protocol(door) for door in house.doors.all if door.prefix}


def open_doors(house: Teahouse, ways: Sequence[Doorway], bounds: Bounds, state: ServerState, slots: Slots) -> list[Acceptor]:
    """Begin to accept connections at every door that has its own port."""
    pairs = zip(ways, house.doors.all, strict=True)
    return [_open(house, door, way.listener, bounds, state, slots) for way, door in pairs if way.listener is not None]


def _open(house: Teahouse, door: Door, listener: socket.socket, bounds: Bounds, state: ServerState, slots: Slots) -> Acceptor:
    loop = asyncio.get_running_loop()
    protocol = bounded_http(replace(bounds, loopback=door.on_loopback), house.metrics.turned_away)
    config = uvicorn.Config(
        _pages(house, door),
        http=protocol,
        ws=house.door_protocol(door),  # type: ignore[arg-type]  # uvicorn's own classes are typed more narrowly than it calls them
        interface="asgi3",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_keep_alive=house.settings.keep_alive_timeout_s,
    )
    config.load()

    def make(slot: Slot) -> asyncio.Protocol:
        return protocol(config, state, loop, slot)

    def look_first(slot: Slot) -> asyncio.Protocol:
        return Sniffer(house.desk(), door, state.connections, slot, make, bounds.max_header_bytes)

    return Acceptor(listener, look_first if door.draft76 else make, slots, house.metrics.turned_away)


def beside(app: App, house: Teahouse) -> App:
    """Return `app` with the pages of the doors on the house's own port beside it."""
    pages = {door.prefix: _pages(house, door) for door in house.doors.all if door.prefix}
    base = base_path(house.settings.public_url)

    async def choose(scope: Any, receive: Any, send: Any) -> None:
        path = inside(scope["path"], base)
        found = next((page for prefix, page in pages.items() if path == prefix or path.startswith(f"{prefix}/")), app)
        await found(scope, receive, send)

    return choose if pages else app


def _pages(house: Teahouse, door: Door) -> App:
    base = base_path(house.settings.public_url) if door.prefix else "/"
    if door.dialect != "signin":
        return with_front(no_page, base)
    pages = SignInPages(
        door=door,
        auth=house.auth,
        proxies=house.proxies,
        nickname=lambda: nickname("zh", random.SystemRandom()),
        sign_ins=house.sign_ins,
        session_max_days=house.settings.session_max_days,
        base=base.removesuffix("/"),
    )
    return with_front(pages, base)
