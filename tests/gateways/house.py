"""What people in these tests often do."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx

from tests.faults.server import Server
from tests.gateways.raw import Raw
from tests.gateways.stranger import Stranger

LOBBY = 1

Arrive = Callable[[str], Awaitable[Stranger]]
"""Signs someone in under a name and connects them."""

Knock = Callable[[], Awaitable[Raw]]
"""Opens a TCP connection to the server."""


@asynccontextmanager
async def arriving(server: Server) -> AsyncIterator[Arrive]:
    """Sign people in and connect them; they go at the end, and no cursor of theirs may ever have been out of step."""
    clients: list[Stranger] = []
    async with AsyncExitStack() as here:

        async def arrive(name: str) -> Stranger:
            clients.append(await here.enter_async_context(await Stranger.arrive(server.address, name)))
            return clients[-1]

        yield arrive
    assert [fault for client in clients for fault in client.faults] == []


@asynccontextmanager
async def knocking(server: Server) -> AsyncIterator[Knock]:
    """Open raw connections, which are closed at the end."""
    async with AsyncExitStack() as opened:

        async def knock() -> Raw:
            return await opened.enter_async_context(await Raw.connect(server.address))

        yield knock


def rest(client: Stranger, **headers: str) -> httpx.AsyncClient:
    """Return who speaks as `client` does in their browser, over REST."""
    cookies = {"teahouse_session": client.session.cookie}
    given = {"Origin": client.session.address, "Content-Type": "application/json"} | headers
    return httpx.AsyncClient(base_url=client.session.address, cookies=cookies, headers=given, trust_env=False)


async def say(client: Stranger, room: int, text: str, **more: object) -> int:
    """Post and return the message's number; one's own entry has arrived too, and before it that one is in the room."""
    seq = int((await client.ask("post", room=room, text=text, client_id=str(uuid4()), **more))["seq"])
    await caught_up(client, room, seq)
    return seq


async def room_with(owner: Stranger, *others: Stranger, kind: str = "private") -> int:
    """A new room of these people, which all of them follow."""
    room = (await owner.ask("create_room", kind=kind, name=f"Room of {owner.id}", client_id=f"room-of-{owner.id}"))["room"]["id"]
    for other in others:
        await owner.ask("add_member", room=room, user=other.id)
    for client in (owner, *others):
        await client.until(lambda client=client: room in client.seen)
    return int(room)


async def caught_up(client: Stranger, room: int, seq: int) -> None:
    await client.until(lambda: client.seen.get(room, 0) >= seq)


async def latest(client: Stranger, room: int) -> dict[str, Any]:
    """The room's last message as it reads now."""
    message: dict[str, Any] = (await client.ask("page", room=room, limit=1))["messages"][-1]
    return message
