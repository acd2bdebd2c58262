"""P7: how long pages of a long room take, asked for in the process and over a socket."""

import asyncio
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from servers import Server
from sqlalchemy import Connection, select
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol
from world import users_of

from teahouse.model import LOBBY
from teahouse.storage import history
from teahouse.storage.database import Database
from teahouse.storage.tables import members
from teahouse.wire import SUBPROTOCOL

PAGES = 200
WARM = 20

Result = dict[str, Any]


def page_times(world: Path, server: Server, count: int) -> dict[str, Result]:
    """Return the times of last pages and of pages around messages anywhere; `server` runs on a copy of `world`."""
    dice = random.Random(1)  # noqa: S311 -- the same places every time
    places = [dice.randrange(1, count) for _ in range(PAGES)]
    with _reader(world) as inside, _socket(world, server) as socket:
        return {
            "last page, in the process": timed(lambda place: inside(None), places),
            "page around, in the process": timed(lambda place: inside(place), places),
            "last page, over a socket": timed(lambda place: _ask(socket, None), places),
            "page around, over a socket": timed(lambda place: _ask(socket, place), places),
        }


@contextmanager
def _reader(world: Path) -> Iterator[Callable[[int | None], None]]:
    """Give a function that reads a page around a seq, or the last one, straight from the database as the chat does."""
    database = Database.in_folder(world)
    with asyncio.Runner() as runner:
        user_id = runner.run(database.read(a_member))

        def read(around: int | None) -> None:
            msgspec.json.encode(runner.run(database.read(history.page, user_id, LOBBY, around=around, limit=50)))

        yield read
    database.close()


def a_member(connection: Connection) -> int:
    return connection.scalars(select(members.c.user_id).where(members.c.room_id == LOBBY).order_by(members.c.user_id.desc())).first() or 0


def _socket(world: Path, server: Server) -> ClientConnection:
    token = users_of(world).read_text().split()[0]
    origin = Origin(f"http://127.0.0.1:{server.port}")
    cookie = {"Cookie": f"teahouse_session={token}"}
    address = f"ws://127.0.0.1:{server.port}/ws"
    socket = connect(address, origin=origin, subprotocols=[Subprotocol(SUBPROTOCOL)], additional_headers=cookie, compression=None)
    socket.send('{"type":"hello","id":1}')
    _until(socket, b'"welcome"')
    return socket


def _ask(socket: ClientConnection, around: int | None) -> None:
    command = {"type": "page", "id": 2, "room": LOBBY, "limit": 50} | ({} if around is None else {"around": around})
    socket.send(msgspec.json.encode(command), text=True)
    _until(socket, b'"type":"ok"')


def _until(socket: ClientConnection, words: bytes) -> None:
    while words not in socket.recv(timeout=30, decode=False)[:200]:
        pass


def timed(ask: Callable[[int], None], places: list[int]) -> Result:
    for place in places[:WARM]:
        ask(place)
    times = []
    for place in places:
        began = time.perf_counter()
        ask(place)
        times.append((time.perf_counter() - began) * 1000)
    return {"p50_ms": statistics.median(times), "p99_ms": statistics.quantiles(times, n=100)[98], "pages": len(times)}
