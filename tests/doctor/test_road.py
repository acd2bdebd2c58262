"""The road to a server: bad certificates, things that are no house, redirects."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from teahouse.doctor.road import house, name, tls
from teahouse.doctor.target import target
from teahouse.doctor.visit import Visit

Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A server that says the same to everyone; the answer is its address."""
    listeners: list[socket.socket] = []

    def serve(says: bytes, context: ssl.SSLContext | None = None) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threading.Thread(target=_answer_all, args=(listener, says, context), daemon=True).start()
        return f"{'https' if context else 'http'}://127.0.0.1:{listener.getsockname()[1]}"

    yield serve
    for listener in listeners:
        listener.close()


def _answer_all(listener: socket.socket, says: bytes, context: ssl.SSLContext | None) -> None:
    while True:
        try:
            line, _address = listener.accept()
        except OSError:
            return
        try:
            with context.wrap_socket(line, server_side=True) if context else line as line:
                if line.recv(65_536):
                    line.sendall(says)
        except OSError:
            line.close()


def http(status: str, *headers: str, body: str = "") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", body]).encode()


HOUSE = http("200 OK", body='{"name": "A house", "faces": []}')


def test_a_house_is_known_by_its_words(serve: Serve) -> None:
    [found] = house(Visit(target(serve(HOUSE)))).findings

    assert (found.state, "A house" in found.seen) == ("ok", True)


@pytest.mark.parametrize(
    ("says", "check", "words"),
    [
        (http("502 Bad Gateway", "Server: nginx"), "unreachable", "502"),
        (http("200 OK", body="<html>"), "http", "something else answers"),
        (http("404 Not Found", "Server: Apache"), "http", "Apache"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "http", "no HTTP"),
        (b"", "http", "no answer"),
        (http("302 Found", "Location: https://"), "http", "nowhere"),
    ],
)
def test_what_is_no_house_ends_the_examination(serve: Serve, says: bytes, check: str, words: str) -> None:
    step = house(Visit(target(serve(says))))

    assert step.stops
    assert step.findings[-1].check == check
    assert words in step.findings[-1].seen


def test_a_redirect_is_followed_and_told(serve: Serve) -> None:
    there = serve(HOUSE)
    visit = Visit(target(serve(http("301 Moved Permanently", f"Location: {there}/api/v1/house"))))
    redirect, arrived = house(visit).findings

    assert there in redirect.seen
    assert arrived.state == "ok"
    assert visit.target.origin == there


def test_redirects_in_a_ring_have_an_end(serve: Serve) -> None:
    here = serve(http("301 Moved Permanently", "Location: /elsewhere"))

    assert house(Visit(target(here))).stops


def test_a_name_that_means_nothing_stops() -> None:
    assert name(Visit(target("https://nobody.invalid"))).stops


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
def test_a_certificate_that_nobody_signed_is_found_and_what_lies_behind_is_still_seen(serve: Serve, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    subprocess.run(["openssl", *made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    visit = Visit(target(serve(HOUSE, context)))

    [found] = tls(visit).findings
    assert (found.check, found.state) == ("certificate", "mend")
    assert "self-signed" in found.seen
    assert set(found.mend) == {"nginx", "Caddy", "Traefik"}
    assert house(visit).findings[-1].state == "ok"


def test_a_port_without_tls_is_told_from_a_bad_certificate(serve: Serve) -> None:
    plain = serve(HOUSE).replace("http://", "https://")

    assert tls(Visit(target(plain))).stops
