"""The `websockets` library on uvloop, as its tutorial begins: await each reader's `send` in turn."""

import asyncio

import uvloop
import websockets
from websockets.asyncio.server import ServerConnection, serve

readers: set[ServerConnection] = set()


async def relay(socket: ServerConnection) -> None:
    readers.add(socket)
    try:
        async for message in socket:
            for reader in list(readers):
                await reader.send(message)
    except websockets.ConnectionClosed:
        pass
    finally:
        readers.discard(socket)


async def main() -> None:
    async with serve(relay, "127.0.0.1", 0, backlog=2048, compression=None, ping_interval=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(main())
