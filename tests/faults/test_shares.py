"""A house that strangers fill: an honest person comes in all the same, a crowd of one address fits, and the counts come back to nothing."""

import asyncio
import json
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from teahouse.model import LOBBY
from tests.faults.server import GENEROUS, Server
from tests.gateways.raw import Raw, upgrade
from tests.gateways.stranger import Stranger, sign_in
from tests.support.patience import PATIENCE_S

ROOM_FOR = 40
LONG = "600"
"""Seconds for what must not end by itself while it is looked at."""
SETTINGS = GENEROUS | {
    "MAX_CONNECTIONS": str(ROOM_FOR),
    "KEEP_ALIVE_TIMEOUT_S": LONG,
    "HEADER_TIMEOUT_S": LONG,
    "BODY_TIMEOUT_S": LONG,
    "HANDSHAKE_TIMEOUT_S": LONG,
}
GET = b"GET /api/v1/house HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
ELSEWHERE = "127.0.0.2"
"""Another address of this machine (RFC 1122 3.2.1.3): a network of its own for the house."""
TURNED_AWAY = (AssertionError, asyncio.IncompleteReadError, ConnectionError)
"""What happens to one of a crowd that is told to come later, or is put out meanwhile."""

Idle = Callable[[Raw], Awaitable[None]]


async def nothing(_raw: Raw) -> None:
    """What browsers do that open connections ahead of need, and attackers."""


async def half_a_head(raw: Raw) -> None:
    await raw.send(GET[:-4])


async def half_a_body(raw: Raw) -> None:
    await raw.send(b"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{")


async def a_request(raw: Raw) -> None:
    assert await raw.request(GET) == 200


async def practice(raw: Raw) -> None:
    head = "GET /api/v1/doctor/socket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    await raw.request(f"{head}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode())


async def refused(raw: Raw) -> None:
    await raw.send(b"nonsense\r\n\r\n")


async def come_from(address: str, server: Server) -> Raw:
    return Raw(*await asyncio.open_connection("127.0.0.1", server.port, local_addr=(address, 0)))


@asynccontextmanager
async def held(raws: list[Raw]) -> AsyncIterator[None]:
    try:
        yield
    finally:
        for raw in raws:
            await raw.close()


async def numbers(server: Server) -> dict[str, float]:
    async with httpx.AsyncClient(base_url=server.address, trust_env=False) as client:
        text = (await client.get("/metrics")).text
    pairs = [line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("teahouse_")]
    return {name: float(value) for name, value in pairs}


async def all_but_the_one_that_asks_are_gone(server: Server) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while (await numbers(server))["teahouse_tcp_connections"] != 1:
            pass


@pytest.mark.parametrize("idle", [nothing, half_a_head, half_a_body, a_request, practice])
async def test_a_stranger_who_takes_every_place_keeps_nobody_out(idle: Idle, tmp_path: Path) -> None:
    with Server(tmp_path / "data", SETTINGS) as server:
        crowd: list[Raw] = []
        async with held(crowd), AsyncExitStack() as here:
            guest = await here.enter_async_context(Stranger(await sign_in(server.address, "Guest")))
            await guest.connect()
            for _ in range(2 * ROOM_FOR):
                crowd.append(await come_from(ELSEWHERE, server))
                with suppress(*TURNED_AWAY):
                    await idle(crowd[-1])

            late = await here.enter_async_context(Stranger(await sign_in(server.address, "Late")))
            await late.connect()
            await late.ask("post", room=LOBBY, text="made it", client_id="late")
            await guest.until(lambda: "made it" in guest.texts(LOBBY))
            found = await numbers(server)
            assert found["teahouse_tcp_connections"] <= ROOM_FOR
            assert found["teahouse_users"] == 2
        assert server.log.count("the house is full") == (idle is not practice), "once per spell; the sockets for practice are fewer"


async def test_a_guest_whose_idle_connections_fill_the_house_puts_out_nobody_else(tmp_path: Path) -> None:
    with Server(tmp_path / "data", SETTINGS) as server:
        session = await sign_in(server.address, "Guest")
        me = f"GET /api/v1/me HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: teahouse_session={session.cookie}\r\n\r\n".encode()
        raws: list[Raw] = []

        async def known() -> None:
            raws.append(await come_from(ELSEWHERE, server))
            with suppress(*TURNED_AWAY):
                await raws[-1].request(me)

        async with held(raws):
            for _ in range(2 * ROOM_FOR):
                await known()
            served = 0
            async with asyncio.timeout(PATIENCE_S):
                while served < 8:
                    honest = await come_from("127.0.0.1", server)
                    raws.append(honest)
                    await honest.send(GET[:20])
                    for _ in range(2):
                        await known()
                    status = await honest.request(GET[20:])
                    assert status in (200, 503), "turned away while none has settled, but never put out"
                    served += status == 200
            assert (await numbers(server))['teahouse_connections_displaced_total{what="known"}'] >= served


async def test_a_school_behind_one_address_fits_to_the_last_place_and_loses_nobody_to_strangers(tmp_path: Path) -> None:
    people = ROOM_FOR - 2
    with Server(tmp_path / "data", SETTINGS | {"SOCKETS_PER_ADDRESS": str(ROOM_FOR)}) as server:
        sessions = [await sign_in(server.address, f"Pupil {number}") for number in range(people)]
        school = list(await asyncio.gather(*(come_from("127.0.0.1", server) for _ in sessions)))
        strangers: list[Raw] = []
        async with held(school), held(strangers):
            await asyncio.gather(*(raw.greet(session) for raw, session in zip(school, sessions, strict=True)))
            for _ in range(3 * ROOM_FOR):
                strangers.append(await come_from(ELSEWHERE, server))
            assert (await numbers(server))["teahouse_connections"] == people


class NeverSettled(Server):
    """A house that takes whoever comes for all at once, however long it takes this machine to send them."""

    program = ("-c", "from teahouse.gateways import slots; slots.SETTLED_S = 600.0; from teahouse.cli import main; main()")


async def test_of_a_burst_as_many_are_served_as_fit(tmp_path: Path) -> None:
    """All at once, from one address: none of those who are being let in counts twice, and none puts out another."""
    with NeverSettled(tmp_path / "data", SETTINGS | {"MAX_CONNECTIONS": "300"}) as server:
        raws = await asyncio.gather(*(come_from("127.0.0.1", server) for _ in range(400)))
        async with held(list(raws)):
            statuses = await asyncio.gather(*(raw.request(GET) for raw in raws))
        assert (statuses.count(200), statuses.count(503)) == (300, 100)


async def test_behind_a_trusted_proxy_shares_are_those_of_the_people_behind_it(tmp_path: Path) -> None:
    with Server(tmp_path / "data", SETTINGS | {"TRUSTED_PROXIES": "127.0.0.1"}) as server:

        async def half_a_request(address: str) -> Raw:
            raw = await come_from("127.0.0.1", server)
            head = f"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: {address}\r\nContent-Type: application/json\r\n"
            await raw.send(f"{head}Content-Length: 99\r\nExpect: 100-continue\r\n\r\n".encode())
            assert (await raw.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
            return raw

        raws: list[Raw] = []
        async with held(raws):
            raws.append(await half_a_request("192.0.2.2"))
            for _ in range(ROOM_FOR - 1):
                raws.append(await half_a_request("192.0.2.1"))
            for number in range(3, 13):
                raws.append(await half_a_request(f"192.0.2.{number}"))
            assert (await numbers(server))['teahouse_connections_displaced_total{what="stranger"}'] >= 10
            body = json.dumps({"name": "Honest", "face": "f01"}).ljust(99).encode()
            await raws[0].send(body)
            assert (await raws[0].reader.readline()).startswith(b"HTTP/1.1 201 ")


async def test_an_answer_that_nobody_reads_comes_to_an_end(tmp_path: Path) -> None:
    with Server(tmp_path / "data", SETTINGS | {"BODY_TIMEOUT_S": "0.3"}) as server, socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        deaf.connect(("127.0.0.1", server.port))
        async with await come_from("127.0.0.1", server) as other:
            for _ in range(100):  # more than the kernel keeps for who does not read
                with suppress(ConnectionError):
                    deaf.sendall(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                assert await other.request(HEALTH) == 200
                await other.reader.readexactly(len(b'{"status":"ok"}'))
        await all_but_the_one_that_asks_are_gone(server)
        assert "Traceback" not in server.log


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_comes_and_goes_every_place_is_given_back(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    with Server(tmp_path / "data", SETTINGS | {"DOORS": "shout"}) as server:
        session = await sign_in(server.address, "Guest")

        async def live(raw: Raw) -> None:
            await raw.request(upgrade(session))

        async def at_a_door(raw: Raw) -> None:
            await raw.request(upgrade(session, Sec_WebSocket_Protocol=None, Cookie=None).replace(b"/ws", b"/doors/shout/"))

        here: list[Raw] = []
        async with held(here):
            for _ in range(300):
                here.append(await come_from(dice.choice(["127.0.0.1", ELSEWHERE, "127.0.0.3"]), server))
                with suppress(*TURNED_AWAY):
                    await dice.choice([nothing, half_a_head, half_a_body, a_request, practice, live, at_a_door, refused])(here[-1])
                if dice.random() < 0.5:
                    gone = here.pop(dice.randrange(len(here)))
                    if dice.random() < 0.5:
                        gone.writer.transport.abort()
                    await gone.close()
        await all_but_the_one_that_asks_are_gone(server)
