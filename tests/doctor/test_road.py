"""The road to a server: bad certificates, things that are no house, redirects."""

import shutil
import ssl
from datetime import timedelta
from pathlib import Path

import pytest

from teahouse.doctor import road
from teahouse.doctor.road import house, life_of_certificate, name, tls
from teahouse.doctor.target import target
from teahouse.doctor.visit import Visit
from tests.doctor.plain_server import Serve, http, make_certificate

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
        (b"", "http", "closed without an answer"),
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


def test_a_redirect_without_a_host_stays_at_this_one(serve: Serve) -> None:
    here = serve(http("301 Moved Permanently", "Location: /tea/api/v1/house"))
    visit = Visit(target(here))

    assert f"{here}/tea/" in house(visit).findings[0].seen


@pytest.mark.parametrize(("path", "sent"), [("/茶/", "/%E8%8C%B6/"), ("/tea room/", "/tea%20room/"), ("/a%20b/", "/a%20b/")])
def test_a_path_travels_as_http_wants_it(serve: Serve, path: str, sent: str) -> None:
    visit = Visit(target(serve(HOUSE) + path))

    assert visit.target.base == sent
    assert house(visit).findings[-1].state == "ok"


def test_a_name_travels_as_dns_wants_it() -> None:
    assert target("https://münchen.example/").netloc == "xn--mnchen-3ya.example"


def test_redirects_in_a_ring_have_an_end(serve: Serve) -> None:
    here = serve(http("301 Moved Permanently", "Location: /elsewhere"))

    assert house(Visit(target(here))).stops


def test_a_name_that_means_nothing_stops() -> None:
    assert name(Visit(target("https://nobody.invalid"))).stops


@pytest.mark.parametrize(
    ("life", "left", "state", "words"),
    [
        (timedelta(days=90), timedelta(days=31), "ok", "good for 31 days, of the 90 days"),
        (timedelta(days=90), timedelta(days=29, hours=23), "note", "ends in 29 days, of the 90 days"),
        (timedelta(days=6), timedelta(days=3), "ok", "good for 3 days, of the 6 days"),
        (timedelta(days=6), timedelta(hours=47), "note", "ends in 47 hours, of the 6 days"),
        (timedelta(hours=12), timedelta(hours=5), "ok", "good for 5 hours, of the 12 hours"),
        (timedelta(hours=12), timedelta(minutes=119), "note", "ends in 119 minutes, of the 12 hours"),
        (timedelta(days=3650), timedelta(days=400), "ok", "good for 400 days, of the 3650 days"),
        (timedelta(days=3650), timedelta(days=59), "note", "ends in 59 days, of the 3650 days"),
    ],
)
def test_a_certificate_is_judged_by_the_share_of_its_life_that_is_left(life: timedelta, left: timedelta, state: str, words: str) -> None:
    found = life_of_certificate(life, left, "chat.example.org")

    assert (found.state, words in found.seen) == (state, True)


@pytest.mark.parametrize("status", ["301 Moved Permanently", "308 Permanent Redirect"])
def test_http_that_sends_people_on_to_https_is_well(serve: Serve, monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    monkeypatch.setattr(road, "_is_near", lambda _host: False)
    visit = Visit(target(serve(http(status, "Location: https://chat.example.org/api/v1/house"))))

    [found] = tls(visit).findings
    assert (found.check, found.state) == ("tls", "ok")
    assert "sends people on to https" in found.seen


@pytest.mark.parametrize(
    "says", [HOUSE, http("301 Moved Permanently", "Location: http://chat.example.org/"), http("404 Not Found", "Location: https://a"), b""]
)
def test_http_that_does_not_is_told_what_is_missing(serve: Serve, monkeypatch: pytest.MonkeyPatch, says: bytes) -> None:
    monkeypatch.setattr(road, "_is_near", lambda _host: False)

    [found] = tls(Visit(target(serve(says)))).findings
    assert (found.check, found.state) == ("tls", "note")
    assert "put a proxy with a certificate in front" in found.why


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
class TestCertificates:
    def test_one_that_nobody_signed_is_found_and_what_lies_behind_is_still_seen(self, serve: Serve, tmp_path: Path) -> None:
        visit = Visit(target(serve(HOUSE, context(*make_certificate(tmp_path, days=100)))))

        [found] = tls(visit).findings
        assert (found.check, found.state) == ("certificate", "mend")
        assert "self-signed" in found.seen
        assert set(found.mend) == {"nginx", "Caddy", "Traefik"}
        assert house(visit).findings[-1].state == "ok"

    @pytest.mark.parametrize("days", [100, 5, 1])
    def test_one_that_was_just_made_is_well_however_short_its_life_is(
        self, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int
    ) -> None:
        key, certificate = make_certificate(tmp_path, days)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

        [found] = tls(Visit(target(serve(HOUSE, context(key, certificate))))).findings
        assert (found.check, found.state) == ("certificate", "ok")
        assert f"of the {days} days" in found.seen or days == 1

    def test_one_behind_a_redirect_is_looked_at_too(self, serve: Serve, tmp_path: Path) -> None:
        behind = serve(HOUSE, context(*make_certificate(tmp_path, days=100)))
        step = house(Visit(target(serve(http("301 Moved Permanently", f"Location: {behind}/api/v1/house")))))

        assert [(found.check, found.state) for found in step.findings] == [("redirect", "ok"), ("certificate", "mend"), ("http", "ok")]


def test_a_port_without_tls_is_told_from_a_bad_certificate(serve: Serve) -> None:
    plain = serve(HOUSE).replace("http://", "https://")

    assert tls(Visit(target(plain))).stops


def context(key: Path, certificate: Path) -> ssl.SSLContext:
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.load_cert_chain(certificate, key)
    return found
