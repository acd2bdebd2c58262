"""Django Channels on uvicorn with uvloop: one group in the in-memory channel layer."""

import asyncio
import socket

import django
import uvicorn
import uvloop
from django.conf import settings

settings.configure(
    SECRET_KEY="a benchmark keeps no secrets",  # noqa: S106
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 10_000}}},
)
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402 -- Django wants its settings first
from channels.routing import ProtocolTypeRouter  # noqa: E402

ROOM = "room"


class Relay(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        await self.channel_layer.group_add(ROOM, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(ROOM, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.channel_layer.group_send(ROOM, {"type": "said", "text": text_data})

    async def said(self, event: dict[str, str]) -> None:
        await self.send(text_data=event["text"])


async def main() -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(listener.getsockname()[1], flush=True)
    app = ProtocolTypeRouter({"websocket": Relay.as_asgi()})
    config = uvicorn.Config(
        app, log_level="critical", ws="websockets-sansio", ws_per_message_deflate=False, ws_ping_interval=None, lifespan="off"
    )
    await uvicorn.Server(config).serve(sockets=[listener])


with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
    loop.run(main())
