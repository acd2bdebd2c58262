"""The road to a server: its name, a connection, TLS, and whether a house answers at its end."""

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urljoin

from teahouse.doctor.findings import Finding, Step, ok
from teahouse.doctor.line import Answer, Line
from teahouse.doctor.remedies import CADDY, mend
from teahouse.doctor.target import BadAddress, target
from teahouse.doctor.visit import API, Visit, unwell, words_of

RENEWED_AT = 1 / 3
"""Programs that renew certificates do so when about this share of their life is left, however long that is."""
RENEWED_AT_THE_LATEST = timedelta(days=60)
"""Whoever makes one for years renews it by hand, and not when a third of ten years is left."""
REDIRECTS = (301, 302, 307, 308)
MAX_REDIRECTS = 3


def name(visit: Visit) -> Step:
    """Ask the resolver what the name means."""
    host, port = visit.target.host, visit.target.port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        why = "Without an address nobody finds the server. A new DNS entry can take an hour; on a LAN use the address itself."
        return Step("Name", [Finding("name", "stop", f"{host} means nothing here: {getattr(error, 'strerror', error)}", why)])
    addresses = list(dict.fromkeys(str(info[4][0]) for info in found))
    if host in addresses:
        return Step("Name", [ok("name", f"{host} is an address; no name is asked for")])
    return Step("Name", [ok("name", f"{host} is {', '.join(addresses)}")], [f"> {host}?", *(f"< {address}" for address in addresses)])


def connection(visit: Visit) -> Step:
    """Open a TCP connection, and measure how long its first round trip takes."""
    host, port = visit.target.host, visit.target.port
    begun = time.monotonic()
    try:
        with socket.create_connection((host, port), timeout=10) as line:
            took_ms = (time.monotonic() - begun) * 1000
            here, there = line.getsockname()[:2], line.getpeername()[:2]
    except OSError as error:
        refused = isinstance(error, ConnectionRefusedError)
        words = "nothing listens there" if refused else f"no connection: {error.strerror or error}"
        why = "The machine answers, no program does: start the server or the proxy." if refused else "A firewall or a wrong address."
        return Step("Connection", [Finding("connection", "stop", f"{host} port {port}: {words}", why)])
    shown = [f"from {here[0]} port {here[1]} to {there[0]} port {there[1]}: SYN, SYN+ACK, ACK"]
    return Step("Connection", [ok("connection", f"port {port} takes connections, after {took_ms:.1f} ms")], shown)


def tls(visit: Visit) -> Step:
    """Look at the certificate as a browser does; if it is bad say so, and go on without."""
    if visit.target.scheme == "http":
        return Step("TLS", [_without_tls(visit)])
    try:
        with Line(visit.target) as line:
            assert isinstance(line.socket, ssl.SSLSocket)  # noqa: S101 -- for the type checker: the scheme is https
            return _certificate(visit, line.socket)
    except ssl.SSLCertVerificationError as error:
        visit.verify = False
        why = "Browsers show a warning page, and no page can open a WebSocket to such a server at all."
        lines = mend("certificate", host=visit.target.host)
        return Step("TLS", [Finding("certificate", "mend", f"the certificate is not believed: {error.verify_message}", why, lines)])
    except OSError as error:
        why = "What answers on this port does not speak TLS; https needs a port that does."
        lines = mend("certificate", host=visit.target.host)
        return Step("TLS", [Finding("tls", "stop", f"no TLS: {getattr(error, 'reason', None) or error}", why, lines)])


def _without_tls(visit: Visit) -> Finding:
    if _is_near(visit.target.host):
        return ok("tls", "plain http, which does on one machine or at home")
    if _sends_on_to_https(visit):
        return ok("tls", "plain http, which sends people on to https")
    why = (
        "Everyone on the way can read along, and browsers keep notifications and the clipboard from such pages: put a proxy with a "
        "certificate in front."
    )
    return Finding("tls", "note", "plain http: nothing is encrypted", why, {CADDY: "chat.example.org { reverse_proxy 127.0.0.1:8000 }"})


def _is_near(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".lan", ".home.arpa"))


def _sends_on_to_https(visit: Visit) -> bool:
    try:
        answer = visit.ask("GET", f"{API}house")
    except OSError:
        return False  # the step that asks for the house says what is wrong
    return answer.status in REDIRECTS and answer.header("location").lower().startswith("https://")


def _certificate(visit: Visit, line: ssl.SSLSocket) -> Step:
    found: dict[str, Any] = line.getpeercert() or {}
    names = [value for _kind, value in found.get("subjectAltName", ())]
    begins, ends = (datetime.fromtimestamp(ssl.cert_time_to_seconds(found[end]), UTC) for end in ("notBefore", "notAfter"))
    issuer = dict(pair for (pair,) in found.get("issuer", ())).get("organizationName", "?")
    shown = [
        f"{line.version()}, {(line.cipher() or ('?',))[0]}",
        f"names: {', '.join(names)}",
        f"issued by {issuer}, valid from {begins:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M} UTC",
    ]
    return Step("TLS", [life_of_certificate(ends - begins, ends - datetime.now(UTC), visit.target.host)], shown)


def life_of_certificate(life: timedelta, left: timedelta, host: str) -> Finding:
    """Judge a certificate by the share of its life that is left: one is made for 90 days, another for 12 hours."""
    if left >= min(life * RENEWED_AT, RENEWED_AT_THE_LATEST):
        return ok("certificate", f"the certificate is good for {_span(left)}, of the {_span(life)} that it was made for")
    why = (
        "Certificates are renewed when a third of their life is left, 60 days at most, and this one was not. Does what renews it still run?"
    )
    seen = f"the certificate ends in {_span(left)}, of the {_span(life)} that it was made for"
    return Finding("certificate", "note", seen, why, mend("certificate", host=host))


def _span(time: timedelta) -> str:
    """Return a time in the largest unit of which there are two or more."""
    for seconds, unit in ((86_400, "days"), (3_600, "hours")):
        if time.total_seconds() >= 2 * seconds:
            return f"{time.total_seconds() // seconds:.0f} {unit}"
    return f"{time.total_seconds() // 60:.0f} minutes"


def house(visit: Visit) -> Step:
    """Ask for the house over HTTP, through redirects, and see whether it is one."""
    shown: list[str] = []
    findings: list[Finding] = []
    for _ in range(MAX_REDIRECTS):
        try:
            answer = visit.ask("GET", f"{API}house")
        except OSError as error:
            return Step(
                "HTTP", [*findings, Finding("http", "stop", f"no answer: {error}", "Something listens and does not speak HTTP.")], shown
            )
        shown += [f"> GET {visit.target.path(API)}house HTTP/1.1", f"> Host: {visit.target.netloc}", *(f"< {line}" for line in answer.head)]
        if answer.status not in REDIRECTS:
            visit.server = f"{answer.header('server')} {answer.header('via')}".strip()
            return Step("HTTP", [*findings, _is_house(visit, answer), *_strangers(answer), *_health(visit, answer)], shown)
        try:
            asked = f"{visit.target.url}{API}house"
            visit.target = target(urljoin(asked, answer.header("location")).removesuffix(f"{API}house"))
        except BadAddress as error:
            return Step("HTTP", [*findings, Finding("http", "stop", f"a redirect to nowhere: {error}")], shown)
        findings.append(ok("redirect", f"sent on to {visit.target.url}, which is examined from here on"))
        if visit.target.scheme == "https":
            findings += tls(visit).findings
            if findings[-1].state == "stop":
                return Step("HTTP", findings, shown)
    return Step("HTTP", [*findings, Finding("http", "stop", "one redirect after the other")], shown)


def _is_house(visit: Visit, answer: Answer) -> Finding:
    words = words_of(answer)
    by = f" ({visit.server})" if visit.server else ""
    if answer.status == 200 and "faces" in words:
        return ok("http", f"a Teahouse answers: {words.get('name')}{by}")
    if answer.status in (502, 503, 504) and "code" not in words:
        why = f"A proxy{by} answers for a house that it cannot reach. Is Teahouse running, and is that its address and port?"
        return Finding("unreachable", "stop", f"{answer.status} {answer.reason}", why, mend("unreachable", visit.server))
    if words.get("code") == "bad_origin":
        return _another_name(visit, str(words.get("words")))
    why = "The answer is not a Teahouse's. Is this the right address, port and path?"
    return Finding("http", "stop", f"{answer.status} {answer.reason}{by}: something else answers here", why)


def _strangers(answer: Answer) -> list[Finding]:
    """Say who may come in, where the house tells it."""
    is_open = words_of(answer).get("open")
    if not isinstance(is_open, bool):
        return []
    return [ok("strangers", f"strangers {'may come in without an invite' if is_open else 'need an invite'}")]


def _health(visit: Visit, answer: Answer) -> list[Finding]:
    if "faces" not in words_of(answer):
        return []
    try:
        return unwell(visit.ask("GET", "healthz"))
    except OSError:
        return []  # the steps that follow find out why


def _another_name(visit: Visit, words: str) -> Finding:
    """A house on a loopback address takes only names that it knows."""
    why = "A house that listens on a loopback address answers to this machine's names and its public_url only."
    if visit.target.netloc in words:
        return Finding("public-url", "stop", words, why, mend("public-url", url=visit.target.url.rstrip("/")))
    return Finding("host", "stop", f"the proxy calls the house by another name than you: {words}", why, mend("host", visit.server))
