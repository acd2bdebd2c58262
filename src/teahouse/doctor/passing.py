"""What the proxies on the way make of a request: the house tells how ours arrived, and it is held against what was sent."""

import msgspec

from teahouse.doctor.findings import Finding, Step, ok
from teahouse.doctor.remedies import mend
from teahouse.doctor.visit import API, Arrival, Visit, words_of

PROBE = "teahouse-doctor"
"""An upgrade to a protocol that is none: it travels like a WebSocket's, and the house answers it like any request."""


def passing(visit: Visit) -> Step:
    """Send what a handshake sends and compare it with what arrived."""
    sent = [("Connection", "Upgrade"), ("Upgrade", PROBE)]
    try:
        answer = visit.ask("GET", f"{API}doctor", sent)
        words = words_of(answer)
        if words.get("code") == "too_much":
            why = "The house answers a doctor twice a second at most; others from your address may be asking too."
            return Step("Passing on", [Finding("passing", "stop", f"too many questions: {words.get('words')}", why)])
        visit.arrival = msgspec.convert(words, Arrival)
    except (OSError, msgspec.ValidationError) as error:
        why = "The house answers other requests, so something on the way refuses this one, or the house is older than this doctor."
        return Step("Passing on", [Finding("passing", "stop", f"the house does not tell how requests arrive: {error}", why)])
    came = visit.arrival
    shown = [
        *(f"> {line}" for line in (f"GET {visit.target.path(API)}doctor HTTP/1.1", f"Host: {visit.target.netloc}")),
        *(f"> {header}: {value}" for header, value in sent),
        *(f"  arrived: {line}" for line in _lines(came)),
    ]
    if not _stands_between(visit, came):
        return Step("Passing on", [ok("passing", "nothing stands between: each header arrived as it was sent")], shown)
    found = [_version(visit, came), _upgrade(visit, came), _connection(visit, came), _host(visit, came), *_forwarded(visit, came)]
    return Step("Passing on", found, shown)


def _stands_between(visit: Visit, came: Arrival) -> bool:
    """Whether there is an HTTP proxy: it says so, adds something, or changes what passes through it."""
    changed = came.http_version != "1.1" or came.host != visit.target.netloc or came.upgrade != PROBE
    return bool(visit.server or changed or came.via or came.forwarded_for or came.forwarded_proto)


def _lines(came: Arrival) -> list[str]:
    return [
        f"HTTP/{came.http_version} over {came.scheme}, from {came.client}",
        f"Host: {came.host}",
        f"Connection: {came.connection or '(missing)'}",
        f"Upgrade: {came.upgrade or '(missing)'}",
        f"X-Forwarded-For: {', '.join(came.forwarded_for) or '(missing)'}",
        f"X-Forwarded-Proto: {', '.join(came.forwarded_proto) or '(missing)'}",
    ]


def _version(visit: Visit, came: Arrival) -> Finding:
    if came.http_version != "1.0":
        return ok("http-version", f"HTTP/{came.http_version} arrives")
    why = "An upgrade exists since HTTP/1.1 only, and with 1.0 each request costs a connection of its own."
    return Finding("http-version", "mend", "the proxy speaks HTTP/1.0 with the house", why, mend("http-version", visit.server))


def _upgrade(visit: Visit, came: Arrival) -> Finding:
    if came.upgrade == PROBE:
        return ok("upgrade", "the Upgrade header arrives")
    why = "Upgrade is a header for one hop (RFC 9110 7.8): a proxy drops it unless told. Without it no WebSocket can begin."
    return Finding("upgrade", "mend", "the Upgrade header does not arrive", why, mend("upgrade", visit.server))


def _connection(visit: Visit, came: Arrival) -> Finding:
    if "upgrade" in (came.connection or "").lower():
        return ok("connection-header", "Connection: Upgrade arrives")
    why = "Connection names the headers that are for the next hop. Unless it says Upgrade, that header is to be ignored."
    seen = f'"Connection: Upgrade" was sent, "{came.connection or "nothing"}" arrives'
    return Finding("connection-header", "mend", seen, why, mend("connection", visit.server))


def _host(visit: Visit, came: Arrival) -> Finding:
    if came.host.lower() == visit.target.netloc.lower():
        return ok("host", f"the house is called {came.host}, as by you")
    why = "The house compares the page's Origin with the name it is called by, and refuses sockets where they differ."
    return Finding("host", "mend", f"you say {visit.target.netloc}, the house hears {came.host}", why, mend("host", visit.server))


def _forwarded(visit: Visit, came: Arrival) -> list[Finding]:
    found = []
    if came.forwarded_for:
        found.append(ok("forwarded-for", f"X-Forwarded-For: {', '.join(came.forwarded_for)}"))
    else:
        why = "All people look like one to the house then, the proxy: they share its limits, and one can use them up for all."
        found.append(Finding("forwarded-for", "mend", "nothing tells the client's address", why, mend("forwarded-for", visit.server)))
    if visit.target.scheme in came.forwarded_proto:
        found.append(ok("forwarded-proto", f"X-Forwarded-Proto: {came.forwarded_proto[-1]}"))
    else:
        why = "The house must know that the browser speaks https: for cookies that only https carries, and for the page's Origin."
        said = f"X-Forwarded-Proto says {came.forwarded_proto[-1]}" if came.forwarded_proto else "nothing tells http from https"
        found.append(Finding("forwarded-proto", "mend", said, why, mend("forwarded-proto", visit.server)))
    if (came.forwarded_for or came.forwarded_proto) and not came.trusted:
        why = "Anyone can write X-Forwarded headers, so the house believes them only from proxies that it is told of."
        lines = mend("trusted-proxies", address=came.peer)
        found.append(Finding("trusted-proxies", "mend", f"the house does not trust the proxy at {came.peer}", why, lines))
    return found
