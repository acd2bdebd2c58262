"""python-socketio on aiohttp and uvloop: `emit` to everyone, over Socket.IO's WebSocket transport."""

import asyncio

import socketio
import uvloop
from aiohttp import web

server = socketio.AsyncServer(async_mode="aiohttp", transports=["websocket"], ping_interval=300, http_compression=False)


@server.event
async def say(_reader: str, text: str) -> None:
    await server.emit("say", text)


async def main() -> None:
    app = web.Application()
    server.attach(app)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=2048).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
    loop.run(main())
