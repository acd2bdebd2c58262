"""The WebSocket handshake, reckoned before the user's eyes, a few frames, the Origin rule, and how long silence may last."""

import base64
import os
import time
from collections.abc import Callable

from teahouse.doctor.findings import Finding, Step, ok
from teahouse.doctor.frames import CLOSE, GUID, NAMES, PING, TEXT, Frame, accept_key, client_frame, masked, read_frame
from teahouse.doctor.line import PATIENCE_S, Answer, Line
from teahouse.doctor.remedies import mend
from teahouse.doctor.visit import API, Visit

SOCKET = f"{API}doctor/socket"
FOREIGN = "https://evil.example"
LONG_ENOUGH = 1.5
"""Times the house's ping interval: a proxy that waits so long for a sign of life hears one."""


def handshake(visit: Visit) -> Step:
    """Open a WebSocket and check the server's arithmetic."""
    key = base64.b64encode(os.urandom(16)).decode()
    try:
        with visit.line() as line:
            answer = line.ask("GET", visit.target.path(SOCKET), _headers(visit, key))
    except OSError as error:
        return Step("Handshake", [Finding("handshake", "mend", f"no answer: {error}", _NO_SOCKET, _lines(visit))])
    digest, accept = accept_key(key)
    shown = [
        f"> GET {visit.target.path(SOCKET)} HTTP/1.1",
        f"> Host: {visit.target.netloc}",
        *(f"> {name}: {value}" for name, value in _headers(visit, key)),
        *(f"< {line}" for line in answer.head),
        f"  key    {key}",
        f"  GUID   {GUID}",
        f"  SHA-1  {digest}",
        f"  base64 {accept}",
    ]
    return Step("Handshake", [_judge(visit, answer, accept)], shown)


_NO_SOCKET = "Without a handshake the page has to fall back to slower ways: event streams, then long polling."


def _headers(visit: Visit, key: str, origin: str | None = None) -> list[tuple[str, str]]:
    return [
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", key),
        ("Sec-WebSocket-Version", "13"),
        ("Origin", origin or visit.target.origin),
    ]


def _judge(visit: Visit, answer: Answer, accept: str) -> Finding:
    if answer.status != 101:
        return Finding("handshake", "mend", f"{answer.status} {answer.reason} in place of 101", _NO_SOCKET, _lines(visit))
    if answer.header("sec-websocket-accept") != accept:
        why = "Something answered that does not know the protocol, such as a cache that repeats an old answer."
        return Finding("handshake", "mend", "101, but the accept key is not the one for our key", why, _lines(visit))
    visit.upgrades = True
    return ok("handshake", "101 Switching Protocols, and the accept key is right")


def _lines(visit: Visit) -> dict[str, str]:
    """Return the line of the header that is known to be lost; of Upgrade where none is."""
    only_connection = visit.arrived.upgrade is not None and "upgrade" not in (visit.arrived.connection or "").lower()
    return mend("connection" if only_connection else "upgrade", visit.server)


def frames(visit: Visit) -> Step:
    """Say something and read the echo, ping, and close, byte by byte."""
    shown: list[str] = []
    try:
        with visit.line() as line:
            read = _opened(visit, line)
            for opcode, payload in ((TEXT, b"tea?"), (PING, b"1"), (CLOSE, b"\x03\xe8")):
                shown += _exchange(line, read, opcode, payload)
    except (OSError, ValueError) as error:
        why = "The handshake passes and the frames do not: something on the way ends or changes the connection."
        return Step("Frames", [Finding("frames", "mend", f"the conversation broke off: {error}", why)], shown)
    return Step("Frames", [ok("frames", "a text came back as it was sent, a ping got its pong, and the closing was answered")], shown)


def _opened(visit: Visit, line: Line) -> Callable[[int], bytes]:
    answer = line.ask("GET", visit.target.path(SOCKET), _headers(visit, base64.b64encode(os.urandom(16)).decode()))
    if answer.status != 101:
        raise OSError(f"the handshake was answered {answer.status}")
    waiting = bytearray(line.rest)

    def read(count: int) -> bytes:
        while len(waiting) < count:
            more = line.socket.recv(4096)
            if not more:
                raise OSError("the connection was closed")
            waiting.extend(more)
        taken = bytes(waiting[:count])
        del waiting[:count]
        return taken

    return read


def _exchange(line: Line, read: Callable[[int], bytes], opcode: int, payload: bytes) -> list[str]:
    mask = os.urandom(4)
    frame = client_frame(opcode, payload, mask)
    line.socket.sendall(frame)
    answer = read_frame(read)
    if opcode != PING and answer.payload[: len(payload)] != payload:
        raise ValueError(f"{payload!r} came back as {answer.payload!r}")
    return [
        f"> {frame.hex(' ')}",
        f"  {frame[0]:02x} = last part, {NAMES[opcode]}; {frame[1]:02x} = masked, {_bytes(payload)}; mask {mask.hex(' ')}",
        f"  {payload.hex(' ')} xor the mask = {masked(payload, mask).hex(' ')}",
        *_explained(answer),
    ]


def _explained(frame: Frame) -> list[str]:
    kind = NAMES.get(frame.opcode, "?")
    return [
        f"< {frame.raw.hex(' ')}",
        f"  {frame.raw[0]:02x} = last part, {kind}; {frame.raw[1]:02x} = not masked, {_bytes(frame.payload)}",
    ]


def _bytes(payload: bytes) -> str:
    return "1 byte" if len(payload) == 1 else f"{len(payload)} bytes"


def origin(visit: Visit) -> Step:
    """Knock at the house's real socket as its own page and as a stranger's."""
    shown, statuses = [], []
    for each in (visit.target.origin, FOREIGN):
        try:
            status = visit.ask("GET", "ws", _headers(visit, base64.b64encode(os.urandom(16)).decode(), each)).status
        except OSError:
            status = 0
        shown.append(f"> Origin: {each}   < {status or 'no answer'}")
        statuses.append(status)
    own, foreign = statuses
    return Step("Origin", [_own_origin(visit, own), _foreign_origin(foreign)], shown)


def _own_origin(visit: Visit, status: int) -> Finding:
    if status in (401, 101):
        return ok("origin-own", f"a page of {visit.target.origin} may knock ({status}: it only has to sign in)")
    why = "The house compares a page's Origin with its own address, as it is called or as public_url says. They differ here."
    if status != 403:
        why, lines = "The socket for practice opens and the house's own does not: is its path passed on like the others?", {}
    elif visit.arrived.host != visit.target.netloc:
        lines = mend("host", visit.server)
    elif visit.arrived.scheme != visit.target.scheme:
        lines = mend("forwarded-proto", visit.server)
    else:
        lines = mend("public-url", url=visit.target.url.rstrip("/"))
    return Finding("origin-own", "mend", f"its own page is refused ({status})", why, lines)


def _foreign_origin(status: int) -> Finding:
    if status in (401, 101):
        why = "Any page that somebody signed in here visits could read and write in their name. Does a proxy write Origin itself?"
        return Finding("origin-foreign", "mend", f"a page of {FOREIGN} is let in ({status})", why)
    return ok("origin-foreign", f"a page of {FOREIGN} is turned away ({status})")


def idle(visit: Visit, seconds: float) -> Step:
    """Open a socket, be silent for a while, and see whether it still lives."""
    begun = time.monotonic()
    name, shown = "Silence", [f"  opened, and silent for {seconds:g} s"]
    try:
        with visit.line() as line:
            read = _opened(visit, line)
            _be_silent(line, seconds)
            shown += _exchange(line, read, TEXT, b"still here?")
    except (OSError, ValueError) as error:
        lasted, need = time.monotonic() - begun, visit.arrived.ping_interval_s
        if lasted > LONG_ENOUGH * need:
            return Step(
                name, [ok("idle", f"cut after {lasted:.0f} s; the house pings every {need:g} s, so no socket is silent so long")], shown
            )
        why = (
            f"Something cuts a silent connection. The house pings each socket about every {need:g} s; what cuts sooner than that cuts "
            "everyone who is only reading, again and again."
        )
        lines = mend("idle", visit.server, seconds=int(need * 3))
        return Step(name, [Finding("idle", "mend", f"cut after {lasted:.1f} s of silence ({error})", why, lines)], shown)
    return Step(name, [ok("idle", f"{seconds:g} s of silence and the socket still answers")], shown)


def _be_silent(line: Line, seconds: float) -> None:
    """Wait until the time is over; OSError when the other side ends the connection before."""
    line.socket.settimeout(seconds)
    try:
        more = line.socket.recv(4096)
    except TimeoutError:
        line.socket.settimeout(PATIENCE_S)
    else:
        raise OSError("something came unasked" if more else "closed")
