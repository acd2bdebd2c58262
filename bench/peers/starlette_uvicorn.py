"""Starlette on uvicorn with uvloop, as FastAPI's tutorial has it: await each reader's `send_text` in turn."""

import asyncio
import socket

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

readers: set[WebSocket] = set()


async def relay(websocket: WebSocket) -> None:
    await websocket.accept()
    readers.add(websocket)
    try:
        while True:
            await to_all(await websocket.receive_text())
    except WebSocketDisconnect:
        pass
    finally:
        readers.discard(websocket)


async def to_all(text: str) -> None:
    for reader in list(readers):
        try:
            await reader.send_text(text)
        except (WebSocketDisconnect, RuntimeError):
            readers.discard(reader)


async def main() -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(listener.getsockname()[1], flush=True)
    app = Starlette(routes=[WebSocketRoute("/", relay)])
    config = uvicorn.Config(app, log_level="critical", ws="websockets-sansio", ws_per_message_deflate=False, ws_ping_interval=None)
    await uvicorn.Server(config).serve(sockets=[listener])


with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
    loop.run(main())
