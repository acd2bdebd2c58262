"""One connection to the server that is examined, and one request on it: what is sent, what comes back, and when."""

import contextlib
import socket
import ssl
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Self

import h11
from msgspec import Struct, field

from teahouse import __version__
from teahouse.doctor.target import Target

PATIENCE_S = 10.0
MAX_BODY_BYTES = 1_000_000
CHUNK = 65_536

Headers = Iterable[tuple[str, str]]


class Answer(Struct, frozen=True):
    """What a request got. `arrivals` are the seconds after the request at which parts of the body came, `pieces` their sizes.

    A piece is a chunk (RFC 9112 7.1) where the body is chunked: what the sender wrote at once.
    """

    status: int
    reason: str
    version: str
    headers: list[tuple[str, str]]
    body: bytes = b""
    arrivals: list[float] = field(default_factory=list)
    pieces: list[int] = field(default_factory=list)

    def header(self, name: str) -> str:
        return ", ".join(value for given, value in self.headers if given.lower() == name)

    @property
    def head(self) -> list[str]:
        return [f"HTTP/{self.version} {self.status} {self.reason}", *(f"{name}: {value}" for name, value in self.headers)]


class Line:
    """An open connection; `with` closes it. Raise OSError, which ssl.SSLError is, when it cannot be opened or breaks."""

    def __init__(self, target: Target, *, verify: bool = True) -> None:
        self.target = target
        self.rest = b""
        """What came after an answer that switched protocols."""
        self.passed_bytes = 0
        """There and back, what TLS adds left out."""
        self.socket: socket.socket = socket.create_connection((target.host, target.port), PATIENCE_S)
        if target.scheme == "https":
            self.socket = context(verify=verify).wrap_socket(self.socket, server_hostname=target.host)

    def ask(self, method: str, path: str, headers: Headers = (), body: bytes = b"") -> Answer:
        """Send a request and return the answer; OSError when what comes is no HTTP, or nothing comes."""
        parser = h11.Connection(h11.CLIENT)
        request = h11.Request(method=method, target=path, headers=[("Host", self.target.netloc), *self.usual(body), *headers])
        begun = time.monotonic()
        asked = (parser.send(request) or b"") + (parser.send(h11.Data(body)) or b"") + _end(parser)
        self.passed_bytes += len(asked)
        # Who refuses a body may stop reading before its end, and still have answered.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(asked)
        try:
            return self._read(parser, begun)
        except h11.RemoteProtocolError as error:
            raise OSError(f"what came back is no HTTP: {error}") from None

    def usual(self, body: bytes) -> Headers:
        length = [("Content-Length", str(len(body)))] if body else []
        return [("User-Agent", f"teahouse-doctor/{__version__}"), ("Accept", "*/*"), *length]

    def _read(self, parser: h11.Connection, begun: float) -> Answer:
        answer: h11.Response | h11.InformationalResponse | None = None
        body = b""
        arrivals: list[float] = []
        pieces: list[int] = []
        while True:
            event = parser.next_event()
            if event is h11.NEED_DATA:
                data = self.socket.recv(CHUNK)
                self.passed_bytes += len(data)
                if not data and not parser.trailing_data[0] and answer is None:
                    break
                parser.receive_data(data)
            elif isinstance(event, h11.Response):
                answer = event
            elif isinstance(event, h11.InformationalResponse) and event.status_code == 101:
                self.rest = parser.trailing_data[0]
                return _answer(event, b"", [], [])
            elif isinstance(event, h11.Data):
                if event.chunk_start or not pieces:
                    arrivals.append(time.monotonic() - begun)
                    pieces.append(0)
                pieces[-1] += len(event.data)
                body += bytes(event.data)
                if len(body) > MAX_BODY_BYTES:
                    raise OSError("the answer has no end")
            elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed | h11.PAUSED):
                break
        if answer is None:
            raise OSError("the connection was closed without an answer")
        return _answer(answer, body, arrivals, pieces)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.socket.close()


def ask(target: Target, method: str, path: str, headers: Headers = (), body: bytes = b"", *, verify: bool = True) -> Answer:
    """Send one request on a connection of its own."""
    with Line(target, verify=verify) as line:
        return line.ask(method, path, headers, body)


def context(*, verify: bool) -> ssl.SSLContext:
    """Return the rules of TLS: a browser's, or none, to see what lies behind a certificate that is not believed."""
    rules = ssl.create_default_context()
    if not verify:
        rules.check_hostname = False
        rules.verify_mode = ssl.CERT_NONE
    return rules


def _end(parser: h11.Connection) -> bytes:
    return parser.send(h11.EndOfMessage()) or b""


def _answer(event: h11.Response | h11.InformationalResponse, body: bytes, arrivals: list[float], pieces: list[int]) -> Answer:
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers.raw_items()]
    return Answer(event.status_code, event.reason.decode("latin-1"), event.http_version.decode(), headers, body, arrivals, pieces)
