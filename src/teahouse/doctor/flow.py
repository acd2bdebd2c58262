"""What flows: a stream that must not be held back, a body that must fit, the cookie, the clock."""

import time

from teahouse.doctor.findings import Finding, Step, ok
from teahouse.doctor.line import Answer
from teahouse.doctor.remedies import mend
from teahouse.doctor.visit import API, Visit, words_of

PROMPT_S = 0.15
"""The events come 0.2 s apart: less than this between the first and the last, and something held them back."""
NGINX_BUFFER = 16_384
CLOCK_S = 30
QUESTIONS = 3
TEXT_FRAME = b"\x81\x04tea?"


def stream(visit: Visit) -> Step:
    """Read three events that are sent one after the other, and see when each arrives.

    What seems to be held back is asked for once more: this machine may have been too busy to look in time.
    """
    step = _listen(visit)
    return _listen(visit) if step.findings[0].state == "mend" else step


def _listen(visit: Visit) -> Step:
    try:
        answer = visit.ask("GET", f"{API}doctor/stream", [("Accept-Encoding", "gzip")])
    except OSError as error:
        return Step("Stream", [Finding("stream", "mend", f"the stream broke off: {error}", "", mend("buffering", visit.server))])
    shown = [f"> GET {visit.target.path(API)}doctor/stream HTTP/1.1", f"< {answer.status} {answer.header('content-type')}"]
    parts = enumerate(zip(answer.arrivals, answer.pieces, strict=True), 1)
    shown += [f"< part {number} after {after:.2f} s, {size:,} bytes" for number, (after, size) in parts]
    return Step("Stream", [held_back(visit, answer)], shown)


def held_back(visit: Visit, answer: Answer) -> Finding:
    spread = answer.arrivals[-1] - answer.arrivals[0] if answer.arrivals else 0.0
    if spread < PROMPT_S:
        why = "Where WebSockets cannot pass, the page reads an event stream; held back, it would show messages late or never."
        check = "compression" if answer.header("content-encoding") else "buffering"
        seen = f"three events sent over 0.4 s arrive at once, after {answer.arrivals[0] if answer.arrivals else 0:.2f} s"
        return Finding(check, "mend", seen, why, mend(check, visit.server))
    largest = max(answer.pieces)
    if "nginx" in visit.server and largest > NGINX_BUFFER:
        # Unbuffered, nginx passes on one buffer at a time, 4 or 8 KiB (ngx_http_upstream, proxy_buffer_size); only its pipe joins several.
        why = (
            "nginx collects answers in its buffers. The house asks it not to for its own event streams (X-Accel-Buffering), so they work; "
            "the line makes sure of it, also where that header is ignored."
        )
        seen = f"events arrive in time, but {largest:,} bytes came gathered into one piece"
        return Finding("buffering", "note", seen, why, mend("buffering", visit.server))
    return ok("buffering", f"events arrive as they are sent, over {spread:.2f} s")


def cost(visit: Visit) -> Step:
    """Count what news costs on each road: asked for again and again, as an event, as a frame."""
    try:
        with visit.line() as line:
            for _ in range(QUESTIONS):
                line.ask("GET", visit.target.path("healthz"))
            each = line.passed_bytes // QUESTIONS
    except OSError as error:
        return Step(
            "Cost", [Finding("cost", "mend", f"{QUESTIONS} questions on one connection: {error}", "Connections are cut too early.")]
        )
    event, frame = len(b"c\r\ndata: tea?\n\n\r\n"), len(TEXT_FRAME)
    shown = [
        f"  {QUESTIONS} questions on one connection, none with news: {each * QUESTIONS:,} bytes there and back",
        f"  the text tea? as the answer to a held question: {each:,} bytes and the text",
        f"  as an event: {event} bytes, its chunk's length and line ends counted",
        f"  as a frame: {frame} bytes",
    ]
    return Step("Cost", [ok("cost", f"news costs {each:,} bytes when asked for, {event} as an event, {frame} as a frame")], shown)


def body(visit: Visit) -> Step:
    """Send the largest body that the house takes, and one byte more."""
    limit = visit.arrived.max_request_bytes
    findings, shown = [], []
    for size in (limit, limit + 1):
        try:
            answer = visit.ask("POST", f"{API}doctor/body", [("Content-Type", "application/json")], b" " * size)
        except OSError as error:
            findings.append(Finding("body-limit", "mend", f"{size:,} bytes: {error}", _BODY, mend("body-limit", visit.server, limit=limit)))
            continue
        shown.append(f"> POST of {size:,} bytes   < {answer.status} {answer.reason}")
        if size == limit and answer.status != 200:
            seen = f"{size:,} bytes, which the house takes, are refused: {answer.status} {answer.reason}"
            findings.append(Finding("body-limit", "mend", seen, _BODY, mend("body-limit", visit.server, limit=limit)))
        elif size == limit:
            findings.append(ok("body-limit", f"{size:,} bytes pass, the most that the house takes"))
        elif answer.status == 413 and "code" in words_of(answer):
            findings.append(ok("body-words", "one more is refused by the house, in words (413)"))
    return Step("Body", findings, shown)


_BODY = "What the proxy refuses before the house sees it, people meet as an error page in place of words."


def cookie(visit: Visit) -> Step:
    """See which cookie a session would get on this road."""
    attributes = visit.arrived.cookie
    shown = [f"< Set-Cookie: {attributes}"]
    secure = "; Secure" in attributes
    if visit.target.scheme == "https" and not secure:
        why = "The house does not see that the browser speaks https, so its cookie would also travel unencrypted."
        lines = mend("forwarded-proto", visit.server) | mend("public-url", url=visit.target.url.rstrip("/"))
        return Step("Cookie", [Finding("cookie", "mend", "the cookie is not marked Secure", why, lines)], shown)
    if visit.target.scheme == "http" and secure:
        why = "Browsers keep a Secure cookie only from https, so nobody could sign in here: use the https address."
        return Step("Cookie", [Finding("cookie", "mend", "the cookie is marked Secure, and this is http", why)], shown)
    path = next((part.partition("=")[2] for part in attributes.split("; ") if part.startswith("Path=")), "")
    if not visit.target.base.startswith(path):
        why = "A browser sends a cookie only to its path, so nobody would stay signed in under this address."
        lines = mend("public-url", url=visit.target.url.rstrip("/"))
        return Step("Cookie", [Finding("cookie", "mend", f"the cookie is for {path}, the page at {visit.target.base}", why, lines)], shown)
    words = "HttpOnly, SameSite=Lax, " + ("Secure" if secure else "not Secure, as it must be over http")
    return Step("Cookie", [ok("cookie", f"for {path}, {words}")], shown)


def clock(visit: Visit) -> Step:
    """Compare the house's clock with ours, half of the way back taken off."""
    begun = time.time()
    try:
        answer = visit.ask("GET", f"{API}doctor")
    except OSError as error:
        return Step("Clock", [Finding("clock", "mend", f"no answer: {error}")])
    theirs = float(words_of(answer).get("now", 0)) / 1000
    ahead = theirs - (begun + time.time()) / 2
    shown = [f"< Date: {answer.header('date')}"]
    if abs(ahead) <= CLOCK_S:
        return Step("Clock", [ok("clock", f"the two clocks differ by {abs(ahead):.1f} s")], shown)
    why = "Times of messages look wrong, and keys and sessions end too early or too late. One of the two machines needs NTP."
    which = "ahead of" if ahead > 0 else "behind"
    return Step("Clock", [Finding("clock", "note", f"the house's clock is {abs(ahead):,.0f} s {which} this one", why)], shown)
