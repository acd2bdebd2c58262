"""Django Channels on daphne, the server that its own pages begin with."""

import socket

from channels_app import app
from daphne.server import Server

listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
print(listener.getsockname()[1], flush=True)
Server(app, endpoints=[f"fd:fileno={listener.fileno()}"], signal_handlers=False, ping_interval=0, websocket_timeout=-1, verbosity=0).run()
