"""A browser of 2010 at the door `shout`: its handshake, its frames, and what a rascal makes of them."""

import asyncio
import random
import struct
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import pytest

from tests.faults.server import GENEROUS, Server
from tests.gateways.doors.visitor import Visitor, address_of
from tests.gateways.house import LOBBY, Arrive, say
from tests.support.patience import PATIENCE_S
from tests.support.streams import hang_up

US = "127.0.0.1"
KEYS = ("4 @1  46546xW%0l 1 5", "12998 5 Y3 1  .P00")
BODY, PROOF = b"^n:ds[4U", b"8jKS'y:G*Co,Wxa-"
SILENT_END = b""


def house(folder: Path, **settings: str) -> Server:
    config = Path(folder / "teahouse.toml")
    config.write_text('[[doors]]\ndialect = "shout"\nlisten = 0\ndraft76 = true\n')
    return Server(folder / "data", {**GENEROUS, "CONFIG": str(config), "SWEEP_INTERVAL_S": "0.2", **settings})


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with house(tmp_path_factory.mktemp("house")) as running:
        yield running


class Browser2010:
    """Speaks draft 76 byte by byte."""

    def __init__(self, server: Server) -> None:
        self.host = urlsplit(address_of(server, "shout")).netloc

    async def connect(self) -> None:
        host, _, port = self.host.rpartition(":")
        self._reader, self._writer = await asyncio.open_connection(host, int(port))

    def handshake(self, key1: str = KEYS[0], key2: str = KEYS[1], *more: str, origin: str | None = None) -> bytes:
        lines = ["GET / HTTP/1.1", "Upgrade: WebSocket", "Connection: Upgrade", f"Host: {self.host}"]
        lines += [f"Origin: {origin or f'http://{self.host}'}", f"Sec-WebSocket-Key1: {key1}", f"Sec-WebSocket-Key2: {key2}", *more]
        return "\r\n".join([*lines, "", ""]).encode() + BODY

    async def open(self) -> bytes:
        """Shake hands; return the head of the answer."""
        await self.connect()
        self.send(self.handshake())
        async with asyncio.timeout(PATIENCE_S):
            head = await self._reader.readuntil(b"\r\n\r\n")
            assert await self._reader.readexactly(16) == PROOF
        return head

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    def say(self, text: str) -> None:
        self.send(b"\x00" + text.encode() + b"\xff")

    async def hear(self) -> str:
        async with asyncio.timeout(PATIENCE_S):
            frame = await self._reader.readuntil(b"\xff")
        assert frame[0] == 0
        return frame[1:-1].decode()

    async def until(self, words: str) -> None:
        """Hear what comes up to these words; others may still be on their way out."""
        while await self.hear() != words:
            pass

    async def rest(self) -> bytes:
        """Return all that comes until the server closes."""
        async with asyncio.timeout(PATIENCE_S):
            try:
                return await self._reader.read()
            except ConnectionResetError:
                return b""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        self._writer.close()
        try:
            await asyncio.gather(self._writer.wait_closed(), return_exceptions=True)
        finally:
            hang_up(self._writer)


@pytest.fixture
async def browser(server: Server) -> AsyncIterator[Browser2010]:
    async with Browser2010(server) as browser:
        yield browser


async def test_the_handshake_answers_as_the_draft_says(server: Server, browser: Browser2010) -> None:
    head = await browser.open()

    assert head.decode().split("\r\n") == [
        "HTTP/1.1 101 WebSocket Protocol Handshake",
        "Upgrade: WebSocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Origin: http://{browser.host}",
        f"Sec-WebSocket-Location: ws://{browser.host}/",
        "",
        "",
    ]


async def test_2010_today_and_the_modern_page_talk_at_one_door(server: Server, browser: Browser2010, arrive: Arrive) -> None:
    aiko = await arrive("Aiko")
    await aiko.until(
        lambda: any(aiko.id in [user["id"] for user in each.get("came", [])] for each in aiko.others)
    )  # it is told at the door too
    await browser.open()
    assert await browser.hear() == f"Welcome, {US} !"
    async with Visitor(server, "shout") as modern:
        await modern.until(f"Welcome, {US} !")
        assert await browser.hear() == f"Welcome, {US} !"
        browser.say("from 2010: 茶")
        assert await modern.hear() == f"{US}:from 2010: 茶"
        assert await browser.hear() == f"{US}:from 2010: 茶"
        await aiko.until(lambda: "from 2010: 茶" in aiko.texts(LOBBY))
        await say(aiko, LOBBY, "hello, 2010")
        assert await browser.hear() == "Aiko:hello, 2010"
    assert await browser.hear() == f"{US} Logout"
    browser.say("quit")
    browser.send(b"\xff\x00")
    assert await browser.rest() == f"\x00{US} Logout\xff".encode("latin-1") + b"\xff\x00"


async def test_a_closing_frame_and_a_lost_line_both_say_logout(server: Server, browser: Browser2010) -> None:
    await browser.open()
    await browser.hear()
    for parting in (b"\xff\x00", None):
        async with Browser2010(server) as other:
            await other.open()
            await browser.until(f"Welcome, {US} !")
            if parting is None:
                other._writer.transport.abort()
            else:
                other.send(parting)
            await browser.until(f"{US} Logout")


async def test_a_handshake_in_single_bytes_with_a_frame_right_behind_it(server: Server, browser: Browser2010) -> None:
    await browser.connect()
    for byte in browser.handshake():
        browser.send(bytes([byte]))
        await asyncio.sleep(0)
    browser.say("eager")
    async with asyncio.timeout(PATIENCE_S):
        await browser._reader.readuntil(b"\r\n\r\n")
        assert await browser._reader.readexactly(16) == PROOF
    assert await browser.hear() == f"Welcome, {US} !"
    assert await browser.hear() == f"{US}:eager"


@pytest.mark.parametrize(
    ("key1", "key2"), [("12345", KEYS[1]), (KEYS[0], "no digits"), ("3 2 1 2 6 ", KEYS[1]), ("9" * 5000 + " ", KEYS[1]), ("", "")]
)
async def test_impossible_keys_are_refused(server: Server, browser: Browser2010, key1: str, key2: str) -> None:
    await browser.connect()
    browser.send(browser.handshake(key1, key2))

    assert (await browser.rest()).startswith(b"HTTP/1.1 400 ")


async def test_a_page_of_another_origin_is_refused(server: Server, browser: Browser2010) -> None:
    await browser.connect()
    browser.send(browser.handshake(origin="http://evil.example"))

    assert (await browser.rest()).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "rubbish",
    [b"\x80" + b"\xff" * 9, b"\xfe\x05hello", b"\xff\x05hello", b"\x00" + b"x" * 70_000, struct.pack("!BQ", 0xC1, 2**63)],
    ids=["length-typed", "length of 5", "0xFF with a length", "endless", "2^63"],
)
async def test_what_breaks_the_bounds_ends_that_socket_alone(server: Server, browser: Browser2010, rubbish: bytes) -> None:
    await browser.open()
    await browser.hear()
    async with Browser2010(server) as rascal:
        await rascal.open()
        await browser.hear()
        rascal.send(rubbish)

        await browser.until(f"{US} Logout")
        await rascal.rest()
        await rascal.close()
        browser.say("unharmed")
        await browser.until(f"{US}:unharmed")


async def test_random_bytes_do_no_harm(server: Server, browser: Browser2010) -> None:
    dice = random.Random(76)
    for _ in range(20):
        async with Browser2010(server) as rascal:
            await rascal.open()
            rascal.send(dice.randbytes(500))
            rascal._writer.write_eof()
            await rascal.rest()
    await browser.open()
    browser.say("still open")
    while await browser.hear() != f"{US}:still open":
        pass


async def test_a_handshake_that_never_ends_is_cut_off(tmp_path: Path) -> None:
    with house(tmp_path, HANDSHAKE_TIMEOUT_S="1") as hasty:
        async with Browser2010(hasty) as browser:
            await browser.connect()
            browser.send(browser.handshake()[:-3])

            assert await browser.rest() == SILENT_END


async def test_a_head_without_end_is_refused(server: Server, browser: Browser2010) -> None:
    await browser.connect()
    browser.send(b"GET / HTTP/1.1\r\nX: " + b"x" * 40_000)
    rest = asyncio.create_task(browser.rest())
    while not rest.done():
        browser.send(b"x" * 1000)
        await asyncio.sleep(0)

    assert (await rest)[:13] in (b"HTTP/1.1 431 ", SILENT_END)
