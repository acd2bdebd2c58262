"""The paragraph "Requests" of the safety page against the real server, over raw sockets: what is ambiguous, large or slow is refused.

After every test somebody else is still served.
"""

from collections.abc import Iterator

import pytest

from tests.faults.server import Server
from tests.gateways.http.raw_http import Answer, Line

SETTINGS = {"MAX_HEADER_BYTES": "4096", "MAX_REQUEST_BYTES": "2048"}

MORE_THAN_ONE_READ = 400_000
"""What stays unfinished is counted from the second read on, and uvloop reads 256,000 bytes at once."""

POST = "POST /api/v1/session HTTP/1.1"
JSON = "Content-Type: application/json"


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    with Line(server.address) as mine:
        yield mine
    with Line(server.address) as witness:
        assert witness.request("GET /healthz HTTP/1.1").status == 200


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A house that waits for nobody, for those who keep it waiting; a good client on a busy machine may be as slow."""
    with Server(tmp_path_factory.mktemp("hasty") / "data", {"HEADER_TIMEOUT_S": "2", "BODY_TIMEOUT_S": "2"}) as running:
        yield running


@pytest.fixture
def hurried(hasty: Server) -> Iterator[Line]:
    with Line(hasty.address) as mine:
        yield mine


def refused(answer: Answer, status: int) -> bool:
    return answer.status == status and set(answer.json) == {"code", "words", "retry"} and answer.headers["connection"] == "close"


def test_a_good_request_is_answered_and_the_connection_stays(line: Line) -> None:
    assert line.request("GET /healthz HTTP/1.1").json == {"status": "ok"}
    assert line.request("GET /healthz HTTP/1.1").status == 200


def test_requests_may_come_one_behind_the_other_and_are_answered_all(line: Line) -> None:
    ask = f"GET /healthz HTTP/1.1\r\nHost: {line.host}\r\n"
    line.send(f"{ask}\r\n".encode() * 300 + f"{ask}Connection: close\r\n\r\n".encode())
    assert line.rest().count(b" 200 ") == 301


def test_who_hangs_up_over_thousands_of_requests_is_no_fault(line: Line, server: Server) -> None:
    line.send(f"GET /healthz HTTP/1.1\r\nHost: {line.host}\r\n\r\n".encode() * 5000)
    assert line.answer().status == 200
    line.socket.close()
    with Line(server.address) as other:
        assert other.request("GET /healthz HTTP/1.1").status == 200
    assert "Traceback" not in server.log


def test_a_request_without_host_is_refused(line: Line) -> None:
    line.send(b"GET /healthz HTTP/1.1\r\n\r\n")
    assert refused(line.answer(), 400)


def test_a_request_with_two_hosts_is_refused(line: Line) -> None:
    assert refused(line.request("GET /healthz HTTP/1.1", f"Host: {line.host}"), 400)


@pytest.mark.parametrize("host", ["a b", "a;script-src *", "a/b", "user@a", "a:b", "", "[::1", "a, b"])
def test_a_host_that_is_no_host_is_refused_before_it_can_stand_in_a_header_of_ours(line: Line, host: str) -> None:
    line.send(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert refused(line.answer(), 400)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.1.5"])
def test_a_house_on_loopback_does_not_answer_to_a_strangers_name(line: Line, host: str) -> None:
    line.send(f"GET /api/v1/house HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    answer = line.answer()
    assert refused(answer, 403)
    assert answer.json["code"] == "bad_origin"


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "teahouse.localhost", "[::1]"])
def test_a_house_on_loopback_answers_to_the_names_of_this_machine(line: Line, name: str) -> None:
    line.send(f"GET /api/v1/house HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
    assert line.answer().status == 200


def test_a_length_beside_chunks_is_refused(line: Line) -> None:
    assert refused(line.request(POST, JSON, "Content-Length: 2", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"), 400)


def test_chunks_beside_a_length_are_refused(line: Line) -> None:
    assert refused(line.request(POST, JSON, "Transfer-Encoding: chunked", "Content-Length: 2", body=b"0\r\n\r\n"), 400)


@pytest.mark.parametrize("length", ["+2", "-2", "2,2", "0x2", "2 2", "99999999999999999999999", ""])
def test_a_length_that_is_no_number_is_refused(line: Line, length: str) -> None:
    assert refused(line.request(POST, JSON, f"Content-Length: {length}", body=b"{}"), 400)


def test_two_lengths_are_refused_even_where_they_agree(line: Line) -> None:
    assert refused(line.request(POST, JSON, "Content-Length: 2", "Content-Length: 2", body=b"{}"), 400)


@pytest.mark.parametrize(
    "octets", [b"\x16\x03\x01\x02\x00\x01", b"hello\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]
)
def test_what_is_no_request_is_refused(line: Line, octets: bytes) -> None:
    line.send(octets)
    assert refused(line.answer(), 400)


@pytest.mark.parametrize("header", ["X-Na me: 1", "X : 1", " folded: 1", "X: a\0b", ": 1"])
def test_a_malformed_header_is_refused(line: Line, header: str) -> None:
    assert refused(line.request("GET /healthz HTTP/1.1", header), 400)


def test_a_url_above_8_kib_is_refused(line: Line) -> None:
    line.send(b"GET /" + b"x" * 8192 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert line.answer().status in (414, 431)


@pytest.mark.parametrize("escaped", ["%ff", "%c3", "%ed%a0%80", "%C0%AF", "a%e8%8c&b=%b6"])
@pytest.mark.parametrize(
    "first",
    [
        "GET /{} HTTP/1.1",
        "GET /api/v1/rooms/find?query={} HTTP/1.1",
        "GET /api/v1/nobody?{}=1 HTTP/1.1",
        "DELETE /api/v1/rooms/1/messages/1/reactions/{} HTTP/1.1",
        "GET /doors/signin/signin?token={} HTTP/1.1",
        "GET /ws?ticket={} HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket",
        "GET /doors/relay/ws/{} HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket",
    ],
)
def test_escapes_of_an_address_that_are_no_utf8_are_refused_on_every_road(line: Line, first: str, escaped: str) -> None:
    answer = line.request(*first.format(escaped).split("\r\n"))
    assert refused(answer, 400)
    assert answer.json["code"] == "invalid"


def test_escapes_that_are_utf8_are_taken(line: Line) -> None:
    assert line.request("GET /healthz?x=%E8%8C%B6&y=%25&z=% HTTP/1.1").status == 200


def test_one_header_above_the_bound_is_refused(line: Line) -> None:
    assert refused(line.request("GET /healthz HTTP/1.1", "X: " + "x" * 5000), 431)


def test_a_header_that_never_ends_is_refused_as_soon_as_it_is_above_the_bound(line: Line) -> None:
    line.send(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
    line.send(b"x" * MORE_THAN_ONE_READ)
    assert refused(line.answer(), 431)


def test_many_small_headers_above_the_bound_are_refused(line: Line) -> None:
    assert refused(line.request("GET /healthz HTTP/1.1", *["X: 1"] * 100), 431)


def test_a_hundred_headers_are_taken(line: Line) -> None:
    assert line.request("GET /healthz HTTP/1.1", *["X: 1"] * 99).status == 200


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_sent(line: Line) -> None:
    assert refused(line.request(POST, JSON, "Content-Length: 2049"), 413)


def test_a_client_that_sends_its_large_body_all_the_same_can_read_why_it_was_refused(line: Line) -> None:
    assert refused(line.request(POST, JSON, "Content-Length: 200000", body=b"x" * 200_000), 413)


def test_a_body_in_chunks_is_refused_once_it_is_too_large(line: Line) -> None:
    assert refused(
        line.request(POST, JSON, "Transfer-Encoding: chunked", body=b"200\r\n" + b"x" * 512 + b"\r\n" + b"800\r\n" + b"x" * 2000), 413
    )


def test_chunks_that_carry_nothing_but_framing_come_to_an_end(line: Line) -> None:
    line.send(f"{POST}\r\nHost: {line.host}\r\n{JSON}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    line.send((b"1;" + b"x" * 1000 + b"\r\nx\r\n") * (MORE_THAN_ONE_READ // 1000))
    assert refused(line.answer(), 413)


def test_headers_after_a_body_in_chunks_are_refused(line: Line) -> None:
    body = b"2\r\n{}\r\n0\r\nCookie: teahouse_session=x\r\n\r\n"
    assert refused(line.request(POST, JSON, "Transfer-Encoding: chunked", body=body), 400)


def test_a_good_body_in_chunks_is_taken(line: Line) -> None:
    answer = line.request(POST, JSON, "Transfer-Encoding: chunked", body=b"2\r\n{}\r\n0\r\n\r\n")
    assert answer.status == 400
    assert "name" in answer.json["words"]


def test_a_connection_that_says_nothing_is_closed(hurried: Line) -> None:
    assert hurried.hung_up()


def test_blank_lines_do_not_hold_a_connection_open(hurried: Line) -> None:
    assert hurried.request("GET /healthz HTTP/1.1").status == 200
    hurried.send(b"\r\n")
    assert hurried.hung_up()


def test_headers_that_do_not_come_to_an_end_in_time_are_answered_408(hurried: Line) -> None:
    hurried.send(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    assert refused(hurried.answer(), 408)
    assert hurried.hung_up()


def test_a_second_requests_headers_have_no_longer_than_the_first_ones(hurried: Line) -> None:
    assert hurried.request("GET /healthz HTTP/1.1").status == 200
    hurried.send(b"GET /healthz HTTP/1.1\r\n")
    assert refused(hurried.answer(), 408)


def test_a_body_that_does_not_come_in_time_is_answered_408(hurried: Line) -> None:
    assert refused(hurried.request(POST, JSON, "Content-Length: 100", body=b"{"), 408)
    assert hurried.hung_up()


def test_what_follows_a_refusal_is_not_heard(line: Line) -> None:
    line.send(b"GET / HTTP/1.1\r\n\r\n" + f"GET /healthz HTTP/1.1\r\nHost: {line.host}\r\n\r\n".encode())
    assert refused(line.answer(), 400)
    assert line.hung_up()


def test_a_websocket_handshake_keeps_the_same_bounds(line: Line) -> None:
    upgrade = ("GET /ws HTTP/1.1", "Connection: Upgrade", "Upgrade: websocket")
    assert refused(line.request(*upgrade, "X: " + "x" * 5000), 431)


def test_a_faulty_request_behind_a_good_one_does_not_disturb_its_answer(line: Line) -> None:
    good = f"GET /healthz HTTP/1.1\r\nHost: {line.host}\r\n\r\n".encode()
    line.send(good)
    assert line.answer().status == 200
    line.send(b"nonsense\r\n\r\n")
    assert refused(line.answer(), 400)


def test_nothing_that_strangers_send_is_logged(line: Line, server: Server) -> None:
    line.send(b"GET /?secret=1 HTTP/1.1\r\nCookie: secret\r\n\r\n")
    line.answer()
    assert "secret" not in server.log
    assert "Traceback" not in server.log


@pytest.mark.parametrize("head", ["Connection: Upgrade, HTTP2-Settings", "Connection: HTTP2-Settings\r\nConnection: upgrade"])
def test_a_request_that_offers_http2_is_answered_with_its_body_read_and_the_next_one_too(line: Line, head: str) -> None:
    """Java's HttpClient offers it with every request, and curl --http2 (RFC 9110 7.8: an upgrade that is not taken is ignored)."""
    body = b'{"name":"Java","face":"f01"}'
    offer = ["Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA", *head.split("\r\n")]
    answer = line.request(POST, JSON, f"Content-Length: {len(body)}", *offer, body=body)
    assert answer.status in (201, 409)  # the second time somebody has that name
    assert line.request("GET /healthz HTTP/1.1", *offer).status == 200
    assert line.request("GET /healthz HTTP/1.1").status == 200
