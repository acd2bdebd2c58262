"""Flask under gevent's server with gevent-websocket: a greenlet per reader, `send` to each in turn."""

from gevent import monkey

monkey.patch_all()

from flask import Flask, request  # noqa: E402 -- gevent wants to patch first
from gevent.pywsgi import WSGIServer  # noqa: E402
from geventwebsocket import WebSocketError  # noqa: E402
from geventwebsocket.handler import WebSocketHandler  # noqa: E402
from geventwebsocket.websocket import WebSocket  # noqa: E402

app = Flask(__name__)
readers: set[WebSocket] = set()


@app.route("/", websocket=True)
def relay() -> str:
    socket = request.environ["wsgi.websocket"]
    readers.add(socket)
    try:
        while (message := socket.receive()) is not None:
            to_all(message)
    except WebSocketError:
        pass
    finally:
        readers.discard(socket)
    return ""


def to_all(text: str) -> None:
    for reader in list(readers):
        try:
            reader.send(text)
        except (WebSocketError, OSError):
            readers.discard(reader)


server = WSGIServer(("127.0.0.1", 0), app, handler_class=WebSocketHandler, backlog=2048, log=None)
server.start()
print(server.server_port, flush=True)
server.serve_forever()
