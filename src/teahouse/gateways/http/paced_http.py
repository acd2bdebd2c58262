"""uvicorn's HTTP/1.1 connection, fed at a pace, with few requests in line, and deaf to upgrades that the house does not take."""

import asyncio
from typing import Any, NoReturn

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from teahouse.gateways.headers import items, joined, values_of
from teahouse.gateways.http import http_1_0
from teahouse.gateways.intake import Intake
from teahouse.gateways.slots import Slot

_REQUEST = 16
"""How much work it is to read a request, and to begin to answer it, beside a piece of a body."""

_REQUEST_WEIGHT = 3072
"""What a request takes in memory while it waits for the answer to the one before it, in bytes."""


class Refused(Exception):
    """Leaves a callback of the parser, which then reads no further."""


class PacedHttp(HttpToolsProtocol):
    """Calls `on_head` and `on_end` for each request that counts; `_stop` refuses one from within any callback."""

    def __init__(self, config: Any, server_state: Any, loop: asyncio.AbstractEventLoop, slot: Slot) -> None:
        super().__init__(config, server_state, {}, loop)
        self._slot = slot

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        super().connection_made(transport)
        self._intake = Intake(transport, self._parse, self._slot)
        self.flow = FlowControl(self)  # type: ignore[arg-type]  # as much of a transport as it needs
        self._reason: tuple[int, str] | None = None
        self._offered: list[tuple[bytes, bytes]] | None = None
        self._work = 0

    def connection_lost(self, exc: Exception | None) -> None:
        self._intake.end()
        super().connection_lost(exc)
        self._let_go()

    def data_received(self, data: bytes) -> None:
        self._intake.receive(data)

    def pause_reading(self) -> None:
        """Called by uvicorn where a request comes before the one ahead of it is answered, and for a body that nobody reads yet."""
        self._intake.pause_reading()

    def resume_reading(self) -> None:
        """Called by uvicorn whenever a handler asks for its body. Requests that wait in line are enough of them all the same."""
        if not self.pipeline:
            self._intake.resume_reading()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self.resume_reading()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Begin to answer a request when it is its turn."""
        turns, start = self._slot.turns, super()._start_asgi_task
        if cycle.scope["http_version"] == http_1_0.VERSION:
            app = http_1_0.without_chunks(app, cycle)

        def serve() -> None:
            if not cycle.disconnected:
                turns.spend(_REQUEST)
                start(cycle, app)

        if turns.is_free(self._slot.line):
            serve()
        else:
            turns.line_up(self._slot.line, serve)

    def handle_websocket_upgrade(self) -> None:
        self._intake.end()
        super().handle_websocket_upgrade()
        self._let_go()

    def _let_go(self) -> None:
        """Forget what holds this object in turn: left to the collector, ten thousand connections keep ten thousand of each for long."""
        self.parser = None  # type: ignore[assignment]  # as uvicorn does at the end
        self.flow = None  # type: ignore[assignment]
        self.cycle = None  # type: ignore[assignment]
        self.pipeline.clear()

    def on_head(self) -> None:
        super().on_headers_complete()

    def on_end(self) -> None:
        super().on_message_complete()

    def _waiting(self) -> int:
        """Return how many bytes wait to be parsed here, or to be answered."""
        return self._intake.waiting + _REQUEST_WEIGHT * len(self.pipeline)

    def _parse(self, data: bytes) -> int:
        """Take a slice of what the client sends; return how much work that was."""
        self._work = 0
        self._feed(data)
        return self._work

    def _feed(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except HttpParserError as error:
            self.send_400_response(str(error))
        except HttpParserUpgrade as upgrade:
            if self._should_upgrade():
                self.handle_websocket_upgrade()
            else:
                head = self._head_without_offer()
                # After an offer in HTTP/1.0 or beside `close` this parser takes nothing more.
                self.parser = HttpRequestParser(self)
                self._feed(head + data[upgrade.args[0] :])

    def _stop(self, status: int, words: str) -> NoReturn:
        self._reason = (status, words)
        raise Refused

    # Upgrades

    def _should_upgrade(self) -> bool:
        """Whether the request asks for a WebSocket; it may offer other protocols beside it (RFC 9110 7.8)."""
        return self.parser.get_method() == b"GET" and "upgrade" in self._items("connection") and "websocket" in self._items("upgrade")

    def _head_without_offer(self) -> bytes:
        """Return the head of a request anew, without the upgrade that it offered and that is not taken.

        The parser believes every offer, and takes the body for the other protocol's bytes; so it must not see this one
        (RFC 9110 7.8: a server may ignore it).
        """
        self._offered = self.headers
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())]
        lines += [name + b": " + value for name, value in self.headers if name != b"upgrade"]
        return b"\r\n".join([*lines, b"", b""])

    def _look_at_offer(self) -> None:
        if self.parser.get_method() == b"CONNECT":
            self._stop(400, "this is no proxy")
        if not self._should_upgrade():
            return
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop(400, "expected the handshake after the answer to what came before")
        self.headers[:] = [*(pair for pair in self.headers if pair[0] != b"upgrade"), (b"upgrade", b"websocket")]

    def _look_at_old_head(self) -> None:
        self.expect_100_continue = False  # RFC 9110 10.1.1
        if self._values("transfer-encoding"):
            self._stop(400, "HTTP/1.0 has no Transfer-Encoding")  # RFC 9112 6.1: where its body ends is anybody's guess
        if not self._values("host"):
            self.headers.append((b"host", http_1_0.own_name(self.server)))

    def _values(self, name: str) -> list[str]:
        return values_of(self.headers, name)

    def _items(self, name: str) -> list[str]:
        return [item.lower() for item in items(self._values(name))]

    # The parser's callbacks

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._work += _REQUEST

    def on_headers_complete(self) -> None:
        if self.parser.should_upgrade():
            self._look_at_offer()
            if not self._should_upgrade():
                return  # it comes again without its offer, and counts then
        if self._offered is not None:
            self.headers[:], self._offered = self._offered, None
        self.headers[:] = joined(self.headers)
        if self.parser.get_http_version() == http_1_0.VERSION:
            self._look_at_old_head()
        self.on_head()

    def on_body(self, body: bytes) -> None:
        self._work += 1
        super().on_body(body)

    def on_message_complete(self) -> None:
        if not self.parser.should_upgrade() or self._should_upgrade():
            self.on_end()
