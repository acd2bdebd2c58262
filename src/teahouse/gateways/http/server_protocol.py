"""The HTTP/1.1 connection: uvicorn's, with bounds on size, count and time, and no mercy for ambiguous requests.

What is refused here is refused before a handler sees it and before it is buffered, for both doors: a WebSocket handshake
is a request too. The parser beneath (llhttp) already refuses Content-Length beside Transfer-Encoding, two lengths, bare
line feeds, folded and malformed headers.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from enum import Enum
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar, cast

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from teahouse.gateways.address import network
from teahouse.gateways.escapes import stands_for_text
from teahouse.gateways.http.bounds import Bounds
from teahouse.gateways.http.early_answer import early_answer
from teahouse.gateways.http.paced_http import PacedHttp
from teahouse.gateways.origin import allowed_host, as_told, base_path, inside, is_host
from teahouse.gateways.slots import Slot

MAX_HEADERS = 100
MAX_URL_BYTES = 8192
LINGER_S = 1.0
"""How long a refused sender is still read, unheard: closing at once would reset the connection under the answer."""

PEER = "teahouse.peer"
"""The scope's extension that holds who made the connection, which `client` no longer tells where a proxy is trusted."""
SLOT = "teahouse.slot"
"""The scope's extension that holds the connection's Slot: whoever learns who sends the request says so there."""

_HEADER_WEIGHT = 192
"""What a header takes in memory beside its text, in bytes."""
_CHUNKING = 4
"""How many times the body's bound its framing in chunks may take; it is never kept, but must end."""


Upgrade = Callable[..., asyncio.Protocol]
"""Makes what uvicorn hands an upgraded connection to."""
NO_OTHERS: Mapping[str, Upgrade] = MappingProxyType({})


class _Phase(Enum):
    IDLE = "idle"
    HEAD = "head"
    BODY = "body"
    ANSWER = "answer"
    OVER = "over"


def bounded_http(limits: Bounds, turned_away: Counter[str], sockets: Mapping[str, Upgrade] = NO_OTHERS) -> type["_BoundedHttp"]:
    """Return the protocol class for uvicorn's `http=`; `turned_away` counts what it refuses, by status.

    `sockets` says by the beginning of its path which upgrade is not for uvicorn's `ws=`.
    """

    class BoundedHttp(_BoundedHttp):
        bounds = limits
        refused = turned_away
        upgrades = sockets

    return BoundedHttp


class _BoundedHttp(PacedHttp):
    bounds: ClassVar[Bounds]
    refused: ClassVar[Counter[str]]
    upgrades: ClassVar[Mapping[str, Upgrade]]

    def __init__(self, config: Any, server_state: Any, loop: asyncio.AbstractEventLoop, slot: Slot) -> None:
        super().__init__(config, server_state, loop, slot)
        self._stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        super().connection_made(transport)
        self._deadline: asyncio.TimerHandle | None = None
        self._phases = 0
        self._answered: RequestResponseCycle | None = None
        self._enter(_Phase.IDLE)
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._slot.close()
        self._enter(_Phase.OVER)
        self._forget_stall()
        self._unset_keepalive_if_required()
        self._forget_requests()
        self._answered = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._hold()

    def _hold(self) -> None:
        """Tell what this connection keeps in memory of what is not whole, or not read."""
        unfinished = 0
        if self._phase in (_Phase.HEAD, _Phase.BODY):
            unfinished = max(self._received, self._head_bytes + self._body_bytes) + _HEADER_WEIGHT * len(self.headers)
        self._slot.hold(unfinished + self._waiting() + self.transport.get_write_buffer_size())

    def _parse(self, data: bytes) -> int:
        if self._phase is _Phase.OVER:
            return 0
        phases = self._phases
        work = super()._parse(data)
        if self._phases == phases:
            self._read_on(len(data))
        self._arm()
        self._hold()
        return work

    def handle_websocket_upgrade(self) -> None:
        self._enter(_Phase.OVER)
        path = inside(self.url.partition(b"?")[0].decode("latin-1"), base_path(self.bounds.public_url))
        for prefix, protocol in self.upgrades.items():
            if path == prefix or path.startswith(f"{prefix}/"):
                self.ws_protocol_class = protocol  # type: ignore[assignment]  # a function that makes one does as well
        self.ws_protocol_class = partial(cast(Upgrade, self.ws_protocol_class), slot=self._slot)  # type: ignore[assignment]
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        """Called by uvicorn for whatever the parser did not take, our own refusals among it."""
        status, words = self._reason or (400, "this is not a valid HTTP/1.1 request")
        self._refuse(status, words)

    # The parser's callbacks, in the order of a request.

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes = self._body_bytes = 0
        self._enter(_Phase.HEAD)

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._head_bytes += len(url)
        if len(self.url) > MAX_URL_BYTES:
            self._stop(414, f"the URL is longer than {MAX_URL_BYTES:,} bytes")

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._phase is _Phase.BODY:
            self._stop(400, "headers after the body are not taken")  # RFC 9110 6.5.1: they must not be merged unless known
        super().on_header(name, value)
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > self.bounds.max_header_bytes or len(self.headers) > MAX_HEADERS:
            self._stop(431, f"the headers are above {self.bounds.max_header_bytes:,} bytes or {MAX_HEADERS} lines")

    def on_head(self) -> None:
        if not stands_for_text(self.url):
            self._stop(400, "expected an address whose percent-escapes are UTF-8")
        self._check_host()
        self._look_behind_proxies()
        for length in self._values("content-length"):
            self._check_size(int(length))
        self._enter(_Phase.BODY)
        super().on_head()

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        self._check_size(self._body_bytes)
        super().on_body(body)

    def on_end(self) -> None:
        self._enter(_Phase.ANSWER)
        super().on_end()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answered = cycle  # where requests wait for each other, `cycle` is the last of them
        super()._start_asgi_task(cycle, app)

    # The rules.

    def _check_host(self) -> None:
        hosts = self._values("host")
        if len(hosts) != 1 or not is_host(hosts[0]):
            self._stop(400, "expected exactly one Host header with a name or an address")
        if not allowed_host(hosts[0], self.bounds.public_url, loopback=self.bounds.loopback):
            self.bounds.foreign.add("host", **as_told(next(iter(self._values("origin")), None), hosts[0]))
            self._stop(403, f"this house is not called {hosts[0]}; if it should be, set public_url to that address")

    def _look_behind_proxies(self) -> None:
        """Tell whoever reads the request on who sent it and what they called, as our proxies say, and check that name as well."""
        peer, port = self.client or ("", 0)
        caller = self.bounds.proxies.caller(peer, self.scheme or "http", self._values)
        self.scope["client"] = (caller.address, port)
        self.scope["scheme"] = caller.scheme
        self.scope["extensions"] = {PEER: {"address": peer, "trusted": self.bounds.proxies.trusts(peer)}, SLOT: self._slot}  # type: ignore[dict-item]
        self._slot.begin(network(caller.address))
        if caller.host is not None:
            at = next(index for index, (name, _value) in enumerate(self.headers) if name == b"host")
            self.headers[at] = (b"host", caller.host.encode("latin-1"))
            self._check_host()

    def _check_size(self, size: int) -> None:
        if size > self.bounds.max_request_bytes:
            self._stop(413, f"the body is larger than {self.bounds.max_request_bytes:,} bytes")

    def _read_on(self, size: int) -> None:
        """Count what came since the phase began; what the parser still gathers is seen by nobody else."""
        self._received += size
        if self._phase is _Phase.HEAD and self._received > self.bounds.max_header_bytes:
            self._refuse(431, f"the headers are above {self.bounds.max_header_bytes:,} bytes")
        elif self._phase is _Phase.BODY and self._received > _CHUNKING * self.bounds.max_request_bytes:
            self._refuse(413, f"the body is larger than {self.bounds.max_request_bytes:,} bytes")
        elif self._phase is _Phase.ANSWER and self.cycle.response_complete:
            self._enter(_Phase.IDLE)  # blank lines between requests begin none, but must not hold the connection open

    # Time.

    def _enter(self, phase: _Phase) -> None:
        self._phase = phase
        self._phases += 1
        self._received = 0
        self._disarm()

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _arm(self) -> None:
        """Limit the time of the phase that a read left unfinished: a whole request in one read costs no timer."""
        if self._phase in (_Phase.ANSWER, _Phase.OVER):
            return
        if self.pipeline:  # it is we who do not read on
            return self._disarm()
        if self._deadline is not None:
            return
        limit_s = self.bounds.body_timeout_s if self._phase is _Phase.BODY else self.bounds.header_timeout_s
        self._deadline = self.loop.call_later(limit_s, self._late)

    def _late(self) -> None:
        if self._phase is _Phase.IDLE:  # browsers open connections ahead of need; nobody waits for an answer there
            self._hang_up()
        else:
            self._refuse(408, "the request took too long to arrive")

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._arm()
        self._slot.rest()
        self._hold()
        if self.transport.is_closing():
            self._hang_up()

    def timeout_keep_alive_handler(self) -> None:
        self._hang_up()

    def _hang_up(self) -> None:
        """Close once the client has read what is on its way to it, which it may take as long for as for a request's body."""
        self.transport.close()
        if self._stalled is None:
            self._stalled = self.loop.call_later(self.bounds.body_timeout_s, self.transport.abort)

    def pause_writing(self) -> None:
        super().pause_writing()
        if not self._slot.is_live and self._stalled is None:  # a stream sees to its slow reader itself
            self._stalled = self.loop.call_later(self.bounds.body_timeout_s, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._hold()
        if not self.transport.is_closing():
            self._forget_stall()

    def _forget_stall(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    # Saying no.

    def _forget_requests(self) -> None:
        """Let nobody answer what is asked here: not the last request, and not the earlier one whose turn it is."""
        for cycle in (self._answered, self.cycle):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()

    def _refuse(self, status: int, words: str) -> None:
        """Answer, let the app forget the request, and close once the client has had time to read the answer."""
        if self._phase is _Phase.OVER:
            return
        answering = self.cycle is not None and not self.cycle.response_complete
        self.refused[str(status)] += 1
        may_speak = not answering or (self._phase is _Phase.BODY and not self.cycle.response_started)
        self._enter(_Phase.OVER)
        self._unset_keepalive_if_required()
        self._forget_requests()
        if not may_speak:  # an earlier answer is on its way, and ours must not stand in the middle of it
            return self._hang_up()
        self.transport.write(early_answer(status, words))
        self._intake.end()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._deadline = self.loop.call_later(LINGER_S, self._hang_up)
