"""A small OpenAI-compatible server in threads of its own. How it answers is its `manner`, which a test may change at any time.

It imports nothing of Teahouse. What it is asked is kept in `requests`; by default a test dictates it word by word.
"""

import json
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.support.patience import PATIENCE_S

DONE = b"data: [DONE]\n\n"


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class Exchange:
    """One request and the way to answer it. Writing to a client that has gone ends the thread."""

    def __init__(self, handler: BaseHTTPRequestHandler, model: "Model") -> None:
        self.model = model
        self._handler = handler

    def head(self, status: int = 200, **headers: str) -> None:
        self._handler.send_response(status)
        for name, value in ({"Content_Type": "text/event-stream"} | headers).items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()

    def write(self, raw: bytes) -> None:
        self._handler.wfile.write(raw)
        self._handler.wfile.flush()

    def piece(self, text: str | None, finish: str | None = None) -> None:
        self.write(chunk(text, finish))

    def wait_until_gone(self) -> None:
        """Say nothing until the client closes the connection."""
        self._handler.connection.settimeout(PATIENCE_S)
        self._handler.connection.recv(1)
        self.model.gone.set()


Manner = Callable[[Exchange], None]


class Model:
    """`with Model() as model:` serves at `model.base_url`."""

    def __init__(self) -> None:
        self.manner: Manner = dictated
        self.requests: list[Request] = []
        self.words: queue.Queue[str | None] = queue.Queue()
        self.gone = threading.Event()
        """Set when a client went away in the middle."""
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                model.requests.append(Request(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                try:
                    model.manner(Exchange(self, model))
                except OSError:
                    model.gone.set()
                self.close_connection = True

            def log_message(self, *_args: object) -> None:
                """Keep the tests' output quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def say(self, text: str) -> None:
        """Dictate a piece of the answer."""
        self.words.put(text)

    def finish(self) -> None:
        """End the dictated answer."""
        self.words.put(None)

    def begin_anew(self) -> None:
        """Forget what was asked and dictated; be dictated again."""
        self.manner = dictated
        self.requests.clear()
        self.gone.clear()
        self.words = queue.Queue()  # an answer that nobody hears any more keeps its own

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def chunk(text: str | None, finish: str | None = None) -> bytes:
    """Return one event of a stream, as OpenAI's servers write it."""
    delta = {} if text is None else {"content": text}
    said = {"id": "c1", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    return b"data: " + json.dumps(said).encode() + b"\n\n"


def dictated(exchange: Exchange) -> None:
    words = exchange.model.words
    exchange.head()
    while (text := words.get(timeout=PATIENCE_S)) is not None:
        exchange.piece(text)
    exchange.piece(None, "stop")
    exchange.write(DONE)


def says(*pieces: str) -> Manner:
    def manner(exchange: Exchange) -> None:
        exchange.head()
        for piece in pieces:
            exchange.piece(piece)
        exchange.piece(None, "stop")
        exchange.write(DONE)

    return manner


def answers(status: int, body: bytes = b"{}", **headers: str) -> Manner:
    """Answer with something that is no stream of chunks."""

    def manner(exchange: Exchange) -> None:
        exchange.head(status, **headers)
        exchange.write(body)

    return manner


def breaks_off_after(text: str) -> Manner:
    def manner(exchange: Exchange) -> None:
        exchange.head()
        exchange.piece(text)

    return manner


def falls_silent_after(*pieces: str) -> Manner:
    def manner(exchange: Exchange) -> None:
        if pieces:
            exchange.head()
        for piece in pieces:
            exchange.piece(piece)
        exchange.wait_until_gone()

    return manner


def never_stops(raw: bytes) -> Manner:
    def manner(exchange: Exchange) -> None:
        exchange.head()
        while True:
            exchange.write(raw)

    return manner
