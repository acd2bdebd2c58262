"""HTTP/1.0, as health checks and old tools speak it."""

import httpx
import pytest

from tests.gateways.http.conftest import cookie
from tests.gateways.http.raw_http import Line


@pytest.mark.parametrize("path", ["/healthz", "/healthz/", "/api/v1/house"])
def test_http_1_0_needs_no_host(line: Line, path: str) -> None:
    line.send(f"GET {path} HTTP/1.0\r\n\r\n".encode())

    answer = line.answer()

    assert (answer.status, answer.headers["connection"]) == (200, "close")
    assert line.hung_up()


def test_http_1_0_with_another_host_is_refused_as_ever(line: Line) -> None:
    line.send(b"GET /api/v1/house HTTP/1.0\r\nHost: evil.example\r\n\r\n")

    assert line.answer().status == 403


@pytest.mark.parametrize("path", ["/api/v1/doctor/stream", "/api/v1/events"])
def test_an_answer_without_a_length_is_not_in_chunks_for_http_1_0(line: Line, guest: httpx.Client, path: str) -> None:
    line.send(f"GET {path} HTTP/1.0\r\nHost: {line.host}\r\nCookie: {cookie(guest)}\r\n\r\n".encode())

    read = b""
    while b"\n\n" not in read.partition(b"\r\n\r\n")[2]:
        read += line.socket.recv(65536)

    head, _, body = read.partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head.lower()
    assert body.startswith(b"data: ")


def test_an_answer_without_a_length_ends_with_the_connection_for_http_1_0(line: Line) -> None:
    line.send(f"GET /api/v1/doctor/stream HTTP/1.0\r\nHost: {line.host}\r\n\r\n".encode())

    assert line.rest().endswith(b"  \n\n")


def test_http_1_0_is_not_told_to_go_on(line: Line) -> None:
    """It does not know that answer, RFC 9110 10.1.1."""
    body = b"12345"
    line.send(
        f"POST /api/v1/doctor/body HTTP/1.0\r\nHost: {line.host}\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
        f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )

    answer = line.answer()

    assert (answer.status, answer.json) == (200, {"bytes": 5})


def test_chunks_in_http_1_0_are_refused(line: Line) -> None:
    line.send(
        f"POST /api/v1/doctor/body HTTP/1.0\r\nHost: {line.host}\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n".encode()
    )

    assert line.answer().status == 400
