"""Tornado: `write_message` to each reader in turn."""

import asyncio

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application
from tornado.websocket import WebSocketClosedError, WebSocketHandler

readers: set["Relay"] = set()


class Relay(WebSocketHandler):
    def open(self) -> None:
        self.set_nodelay(True)
        readers.add(self)

    def on_message(self, message: str) -> None:
        for reader in list(readers):
            try:
                reader.write_message(message)
            except WebSocketClosedError:
                readers.discard(reader)

    def on_close(self) -> None:
        readers.discard(self)

    def check_origin(self, origin: str) -> bool:
        return True


async def main() -> None:
    sockets = bind_sockets(0, "127.0.0.1", backlog=2048)
    HTTPServer(Application([("/", Relay)])).add_sockets(sockets)
    print(sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
