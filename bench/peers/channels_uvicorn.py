"""Django Channels on uvicorn with uvloop."""

import asyncio
import socket

import uvicorn
import uvloop
from channels_app import app


async def main() -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(
        app, log_level="critical", ws="websockets-sansio", ws_per_message_deflate=False, ws_ping_interval=None, lifespan="off"
    )
    await uvicorn.Server(config).serve(sockets=[listener])


with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
    loop.run(main())
