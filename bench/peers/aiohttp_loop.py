"""aiohttp on uvloop: await each reader's `send_str` in turn."""

import asyncio

import uvloop
from aiohttp import WSMsgType, web

readers: set[web.WebSocketResponse] = set()


async def relay(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    readers.add(socket)
    try:
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await to_all(message.data)
    finally:
        readers.discard(socket)
    return socket


async def to_all(text: str) -> None:
    for reader in list(readers):
        try:
            await reader.send_str(text)
        except ConnectionError:
            readers.discard(reader)


async def main() -> None:
    app = web.Application()
    app.router.add_get("/", relay)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=2048).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
    loop.run(main())
