"""How attackers work: one thing over and over, on one socket or on many, at the pace of the house or without any."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from itertools import count

from abuse.wire import ATTACKER, HERE, LOBBY, Guest, House, Socket, command, request, sign_in, unique_words

FLOOD_BYTES = 64 * 1024
AHEAD = 8
"""Messages that may wait for their answers while the next are said."""
LONG = 32_000
"""Bytes of a text just below `max_text_bytes`."""

Act = Callable[[], Awaitable[None]]
AsyncAttack = AsyncIterator[Act]
Attack = Callable[[House], AsyncAttack]
"""Comes in, prepares what it needs, and yields what it does then."""
Prepare = Callable[[House, Guest], Awaitable[None]]
Numbers = Iterator[int]


async def lost(work: Awaitable[object]) -> None:
    """An attacker whose socket is closed comes again; whoever it was is no matter."""
    with suppress(OSError, EOFError, TimeoutError, RuntimeError):
        await work


async def again(act: Act) -> None:
    """Do it over and over, as fast as it goes, but never in a tight circle when the door stays shut."""
    while True:
        await lost(act())
        await asyncio.sleep(0.005)


async def flood(house: House, guest: Guest | None, octets: bytes, *, hello: bool = True, path: str = "/ws") -> None:
    """On one socket, say these octets until it is closed; what comes back is dropped."""
    socket = await Socket.open(house, guest, path, deflate=True)
    drop = asyncio.create_task(socket.drop_all())
    try:
        if hello:
            await socket.greet()
        while not drop.done():
            await socket.say(octets)
            await asyncio.sleep(0)
    finally:
        drop.cancel()
        socket.close()


def flooding(one: bytes, sockets: int, *, hello: bool = True, path: str = "/ws") -> Attack:
    """On so many sockets of one guest at once, nothing but `one`."""
    octets = one * max(1, FLOOD_BYTES // len(one))

    async def attack(house: House) -> AsyncAttack:
        guest = None if path != "/ws" else await asyncio.to_thread(sign_in, house, "Mallory")

        async def act() -> None:
            await asyncio.gather(*(again(lambda: flood(house, guest, octets, hello=hello, path=path)) for _ in range(sockets)))

        yield act

    return attack


async def pour(house: House, guest: Guest, say: Callable[[], bytes], per_s: float, burst: int) -> None:
    """Give commands at the pace that the house takes, and somewhat more."""
    socket = await Socket.open(house, guest)
    drop = asyncio.create_task(socket.drop_all())
    try:
        await socket.greet()
        for number in count():
            await socket.say(say())
            await asyncio.sleep(0 if number < burst else 1 / per_s)
            if drop.done():
                return
    finally:
        drop.cancel()
        socket.close()


def pouring(make: Callable[[Numbers], bytes], per_s: float, burst: int, prepare: Prepare | None = None) -> Attack:
    """What `make` gives, said by one guest on one socket."""

    async def attack(house: House) -> AsyncAttack:
        guest, numbers = await asyncio.to_thread(sign_in, house, "Mallory"), count(1)
        if prepare is not None:
            await prepare(house, guest)
        yield lambda: again(lambda: pour(house, guest, lambda: make(numbers), per_s, burst))

    return attack


async def posted(house: House, guest: Guest, texts: list[str]) -> list[int]:
    """Post these within the burst; return their numbers."""
    found = []
    for number, text in enumerate(texts):
        _, said = await asyncio.to_thread(
            request, house, "POST", f"/api/v1/rooms/{LOBBY}/messages", {"text": text, "client_id": f"p-{number}"}, guest
        )
        found.append(int(said["seq"]))
    return found


async def fill(house: House, messages: int) -> None:
    """Say so much in a house that has no pace."""
    socket = await Socket.open(house, await asyncio.to_thread(sign_in, house, "Marvin"))
    await socket.greet()
    for number in range(messages):
        text = unique_words(LONG)
        await socket.say(command(type="post", id=number + 2, room=LOBBY, text=text, client_id=f"f-{number}"))
        while number + 2 - AHEAD > 1 and ((event := await socket.event()) is None or event.get("id") != number + 2 - AHEAD):
            pass
    while (event := await socket.event()) is None or event.get("id") != messages + 1:
        pass
    socket.close()


def anonymous(make: Callable[[int], tuple[str, str, object]], at_once: int) -> Attack:
    """A stranger's requests, so many at a time, without end."""

    async def attack(house: House) -> AsyncAttack:
        numbers = count(1)

        async def one() -> None:
            method, path, body = make(next(numbers))
            await asyncio.to_thread(request, house, method, path, body)

        async def act() -> None:
            await asyncio.gather(*(again(one) for _ in range(at_once)))

        yield act

    return attack


def raw_requests(octets: Callable[[House, Guest | None], bytes], signed_in: bool) -> Attack:
    """The same request over and over on twenty connections."""

    async def attack(house: House) -> AsyncAttack:
        guest = await asyncio.to_thread(sign_in, house, "Mallory") if signed_in else None
        said = octets(house, guest)

        async def one() -> None:
            reader, writer = await asyncio.open_connection(HERE, house.port, local_addr=(ATTACKER, 0))
            try:
                while True:
                    writer.write(said)
                    if not await asyncio.wait_for(reader.read(2**16), 2):
                        return
            finally:
                writer.transport.abort()

        async def act() -> None:
            await asyncio.gather(*(again(one) for _ in range(20)))

        yield act

    return attack
