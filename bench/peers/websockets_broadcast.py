"""The `websockets` library on uvloop with its own `broadcast`, which encodes once and skips whoever is slow."""

import asyncio

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

readers: set[ServerConnection] = set()


async def relay(socket: ServerConnection) -> None:
    readers.add(socket)
    try:
        async for message in socket:
            broadcast(readers, message)
    finally:
        readers.discard(socket)


async def main() -> None:
    async with serve(relay, "127.0.0.1", 0, backlog=2048, compression=None, ping_interval=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(main())
