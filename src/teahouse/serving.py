"""Runs a house until it is told to stop: binds the port, starts the parts, hands them to uvicorn's protocols, stops in order.

uvicorn's own Server is left out: it wakes ten times a second, logs its own words, and closes sockets before the house can
say goodbye on them. Its connection protocol is what we use.
"""

import asyncio
import math
import os
import random
import signal
import socket
import sys
import threading
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, TextIO, cast

import structlog
import uvicorn
import uvloop
from msgspec import Struct
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from teahouse import __version__, logs
from teahouse.acceptor import Acceptor, Make
from teahouse.app import Teahouse
from teahouse.door_serving import Doorway, beside, bind_doors, open_doors, upgrades
from teahouse.errors import Damaged, Unavailable
from teahouse.faces import FACES
from teahouse.gateways import practice
from teahouse.gateways.http.api import create_http
from teahouse.gateways.http.bounds import Bounds
from teahouse.gateways.http.parts import Parts
from teahouse.gateways.http.server_protocol import bounded_http
from teahouse.gateways.slots import Slots
from teahouse.listening import CannotServe, bind
from teahouse.newcomers import newcomers
from teahouse.newcomers import open_doors as door_words
from teahouse.nicknames import nickname
from teahouse.open_files import fitting, raise_limit
from teahouse.reserve import App, one_answer
from teahouse.settings import Settings, is_loopback
from teahouse.storage import reached_at
from teahouse.storage.database import NewerDatabase, UnusableDatabase
from teahouse.storage.tables import SCHEMA_VERSION
from teahouse.streams import LossyStream
from teahouse.throttle import Throttle
from teahouse.whereabouts import Whereabouts

SWITCH_S = 0.0005
"""How long a thread keeps the interpreter while another waits for it (docs/decisions/0030)."""
STACK_BYTES = 1 << 20
"""What each thread takes of the address space, which may be limited; by itself it would be 8 MiB, and there are a dozen. It is enough:
Python, msgspec and SQLite's parser, which searches go through as well, refuse to go deeper long before (test_interpreter.py)."""
REQUESTS_FINISH_S = 1.0
HOUSE_STOPS_S = 3.0
FAREWELL_S = 0.4
"""Together well under five seconds, whatever clients do."""
STOPS = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
SAME_WISH_S = 0.5
"""Signals that come so soon after the first are the same wish: `timeout` tells its child and then its group, wrappers pass Ctrl-C on."""
CANNOT = 2
"""The exit code when something outside must be mended first: what starts houses leaves this one alone until then."""
LANGUAGES = ("en", "zh")
DOCTORS_QUESTIONS_PER_S, DOCTORS_QUESTIONS_AT_ONCE = 2, 120

_log = structlog.get_logger("serving")


class Ready(Struct, frozen=True):
    """What to tell once the house accepts connections. The links hold keys: they are for the person at the terminal."""

    address: str
    data_dir: str
    owner_link: str | None
    """Makes its first opener the owner; none when there is an owner."""
    doors: list[tuple[str, str]]
    """Each door of an old dialect: its name, and where it is or why it is not."""
    guest_links: list[str]
    """For others on the network, the likeliest first; with an invite's key where strangers may not come in."""
    strangers: list[str]
    """What strangers may do here, in words: at the house, and at doors that ask for less."""


def serve(settings: Settings, on_ready: Callable[[Ready], None], lines: LossyStream) -> None:
    """Run a house until SIGINT or SIGTERM, which logs to `lines`. Raise CannotServe."""
    sys.setswitchinterval(SWITCH_S)
    threading.stack_size(STACK_BYTES)
    logs.configure(settings.log_level, settings.log_format, cast(TextIO, lines))
    listener = bind(settings.host, settings.port)
    doorways = bind_doors(settings.doors)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_run(settings, listener, doorways, on_ready, lines))
        for number in STOPS:
            signal.signal(number, signal.SIG_IGN)  # Python's own end would let one that comes now kill it
    except (NewerDatabase, UnusableDatabase) as error:
        raise CannotServe(_sentence(error)) from None
    finally:
        for each in (listener, *(doorway.listener for doorway in doorways)):
            if each is not None:
                each.close()


async def _run(
    settings: Settings, listener: socket.socket, doorways: list[Doorway], on_ready: Callable[[Ready], None], lines: LossyStream
) -> None:
    told_to_stop = _listen_for_signals()
    house = Teahouse(settings)
    house.metrics.lines_lost = lambda: lines.lost
    try:
        await house.start()
        ready = await _ready(house, doorways, listener.getsockname()[1])
    except (Unavailable, Damaged) as error:
        raise UnusableDatabase(f"the house cannot open: {house.troubles.unwell or error.words}. Run teahouse doctor to see why") from error
    state, slots = ServerState(), Slots(_room(settings.max_connections), house.proxies, asyncio.get_running_loop().time)
    acceptors = [_open(house, listener, state, slots), *open_doors(house, doorways, _bounds(house), state, slots)]
    about = {"version": __version__, "schema": SCHEMA_VERSION, "address": ready.address}
    _log.info("the house is open", **about)
    on_ready(ready)
    await told_to_stop.wait()
    _log.info("the house closes", connections=len(house.connections), **about)
    house.database.hurry()  # or another program's lock would take all the time that there is to stop in
    for acceptor in acceptors:
        acceptor.close()
    house.say_goodbye()
    await _finish_requests(state)
    await _stop_house(house)
    await _say_farewell(state)
    _log.info("the house is closed", **about)
    if house.database.is_left_open:
        os._exit(CANNOT)  # an orderly exit would close it after all


def _room(max_connections: int) -> int:
    """Return how many connections there may be: as many as asked for, or as open files allow."""
    fits = fitting(limit := raise_limit(max_connections))
    if fits < max_connections:
        _log.warning("fewer connections than max_connections fit", fitting=fits, max_connections=max_connections, open_files=limit)
    return min(fits, max_connections)


def _listen_for_signals() -> asyncio.Event:
    """Return the event that the first signal sets. A second wish ends the process: what was acknowledged is on disk anyway.

    A terminal that is closed is one too, unless nohup says otherwise; it never ends what stops already.
    """
    told_to_stop, loop, again_from = asyncio.Event(), asyncio.get_running_loop(), math.inf

    def hear(number: int) -> None:
        nonlocal again_from
        if not told_to_stop.is_set():
            told_to_stop.set()
            again_from = loop.time() + SAME_WISH_S
        elif number != signal.SIGHUP and loop.time() > again_from:
            os._exit(128 + number)

    ignored = {signal.SIGHUP} if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else set()
    for number in STOPS - ignored:
        loop.add_signal_handler(number, hear, number)
    return told_to_stop


def _open(house: Teahouse, listener: socket.socket, state: ServerState, slots: Slots) -> Acceptor:
    """Begin to accept connections; uvicorn keeps them and the requests under way in `state`."""
    house.metrics.slots = slots
    sockets = upgrades(house) | {practice.PATH: practice.practice_socket(slots.displaced)}
    protocol = bounded_http(_bounds(house), house.metrics.turned_away, sockets)
    app = beside(create_http(_parts(house)), house)
    inside, watch = (_maker(house, each, protocol, state) for each in (app, one_answer(app)))
    return Acceptor(listener, inside, slots, house.metrics.turned_away, watch)


def _maker(house: Teahouse, app: App, protocol: Any, state: ServerState) -> Make:
    loop = asyncio.get_running_loop()
    config = uvicorn.Config(
        app,
        http=protocol,
        ws=house.websocket_protocol(),  # type: ignore[arg-type]  # uvicorn's own classes are typed more narrowly than it calls them
        interface="asgi3",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_keep_alive=house.settings.keep_alive_timeout_s,
    )
    config.load()
    return lambda slot: protocol(config, state, loop, slot)


def _bounds(house: Teahouse) -> Bounds:
    settings = house.settings
    return Bounds(
        max_header_bytes=settings.max_header_bytes,
        max_request_bytes=settings.max_request_bytes,
        header_timeout_s=settings.header_timeout_s,
        body_timeout_s=settings.body_timeout_s,
        loopback=is_loopback(settings.host),
        public_url=settings.public_url,
        proxies=house.proxies,
        foreign=house.connections.foreign,
    )


def _parts(house: Teahouse) -> Parts:
    settings, dice = house.settings, random.SystemRandom()
    return Parts(
        chat=house.chat,
        auth=house.auth,
        tokens=house.tokens,
        moderation=house.peace.moderation,
        check=house.check,
        epoch=house.database.epoch,
        troubles=house.troubles,
        now_ms=house.clock_ms,
        nickname=lambda language: nickname(language, dice),
        sign_ins=house.sign_ins,
        visits=Throttle(DOCTORS_QUESTIONS_PER_S, DOCTORS_QUESTIONS_AT_ONCE),
        commands=house.commands,
        limits=house.limits,
        web=Path(str(files("teahouse") / "web")),
        name=settings.name,
        languages=tuple(sorted(LANGUAGES, key=lambda language: language != settings.language)),
        faces=FACES,
        public_url=settings.public_url,
        cookie=house.cookie(),
        max_request_bytes=settings.max_request_bytes,
        metrics=house.metrics,
        foreign=house.connections.foreign,
        streams=house.streams(),
        metrics_for=settings.metrics,
        ping_interval_s=settings.ping_interval_s,
    )


async def _ready(house: Teahouse, doorways: list[Doorway], port: int) -> Ready:
    settings = house.settings
    where = Whereabouts.set_by(settings, port)
    others = where.addresses_for_others()
    house.peace.moderation.reached_at = others
    await house.committer.run(lambda tx: reached_at.note(tx, where))
    owner_link = None if await house.auth.has_owner() else f"{where.address}/#owner={await house.auth.make_owner_key()}"
    if not house.auth.open:
        key = await house.auth.make_invite()
        guest_links = [f"{each}/#invite={key}" for each in others]
    else:
        guest_links = [] if is_loopback(settings.host) and not settings.public_url else [f"{each}/" for each in others]
    old_doors: list[tuple[str, str]] = [(each.settings.dialect, each.told(where.address)) for each in doorways]
    strangers = [words for words in (newcomers(settings), door_words(settings)) if words]
    return Ready(where.address, str(settings.data_dir.absolute()), owner_link, old_doors, guest_links, strangers)


async def _finish_requests(state: ServerState) -> None:
    """Let the requests under way end; whoever holds one up longer is cut off."""
    for connection in _http_of(state):
        connection.shutdown()
    if state.tasks:
        await asyncio.wait(state.tasks, timeout=REQUESTS_FINISH_S)
    for connection in _http_of(state):
        connection.transport.abort()


async def _stop_house(house: Teahouse) -> None:
    await house.watch.finish()
    try:
        async with asyncio.timeout(HOUSE_STOPS_S):
            await house.stop()
    except TimeoutError:
        _log.error("the database did not close in time; whatever was acknowledged is stored")
        os._exit(1)  # its threads would keep an orderly exit waiting


async def _say_farewell(state: ServerState) -> None:
    """Give the closing handshakes of the sockets a moment."""
    for connection in list(state.connections):
        connection.shutdown()
    deadline = asyncio.get_running_loop().time() + FAREWELL_S
    while state.connections and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110 -- uvicorn's set tells nobody
        await asyncio.sleep(0.02)


def _http_of(state: ServerState) -> list[HttpToolsProtocol]:
    return [connection for connection in state.connections if isinstance(connection, HttpToolsProtocol)]


def _sentence(error: Exception) -> str:
    words = str(error).removesuffix(".")
    return f"{words[0].upper()}{words[1:]}."
