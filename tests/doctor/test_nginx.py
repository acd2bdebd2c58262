"""deploy/nginx.conf in a real nginx, with each of its lines taken away or made wrong in turn: the doctor names that very line."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.nginx import DEPLOY, PROGRAM, Nginx
from tests.doctor.examined import lines, wrong
from tests.doctor.plain_server import make_certificate
from tests.faults.server import GENEROUS, Server
from tests.support.ports import free_port

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no nginx on this machine (Debian, Ubuntu: apt-get install nginx-light)")

LONGER_THAN_NGINX_WAITS_S = 2
BEHIND_NGINX = {**GENEROUS, "TRUSTED_PROXIES": "127.0.0.1"}

DIRECTIVES = re.findall(r"(?m)^ +((?:proxy|client)_[^;]*;)", (DEPLOY / "nginx.conf").read_text())
"""Every line of the file that says how nginx passes requests on."""

NGINX_KNOWS = {
    "proxy_pass http://teahouse;": "proxy_pass http://127.0.0.1:9;",
    "client_max_body_size 32m;": "client_max_body_size 1k;",
    "proxy_read_timeout 75s;": "proxy_read_timeout 1s;",
}
"""Lines without which nginx does something that is well enough; these are made wrong."""

SPARE = {"proxy_send_timeout 75s;"}
"""What no one-minute examination sees: it counts only for a client that does not read at all."""

MENDED_BY = {
    "proxy_pass http://teahouse;": "proxy_pass http://127.0.0.1:8000;",
    "client_max_body_size 32m;": "client_max_body_size 65536;",
}
"""Where the line that is named depends on the house, it is another than the file's."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("house") / "data", BEHIND_NGINX) as running:
        yield running


def test_with_all_lines_there_is_nothing_to_mend(server: Server, tmp_path: Path) -> None:
    with Nginx(tmp_path / "nginx", server.port) as nginx:
        assert wrong(nginx.address) == []


@pytest.mark.parametrize("line", [line for line in DIRECTIVES if line not in SPARE])
def test_the_missing_line_is_named_and_no_other(server: Server, tmp_path: Path, line: str) -> None:
    idle_s = LONGER_THAN_NGINX_WAITS_S if "timeout" in line else 0
    with Nginx(tmp_path / "nginx", server.port, changes={line: NGINX_KNOWS.get(line, "")}) as nginx:
        found = wrong(nginx.address, idle_s)

    assert lines(found) == {MENDED_BY.get(line, line)}


def test_every_line_that_the_doctor_should_know_is_tried() -> None:
    assert len(DIRECTIVES) >= 10
    assert {*NGINX_KNOWS, *SPARE, *MENDED_BY} <= set(DIRECTIVES)


def test_compression_that_holds_events_back_is_named(server: Server, tmp_path: Path) -> None:
    packing = "gzip on; gzip_types *; gzip_proxied any; gzip_min_length 1;"
    with Nginx(tmp_path / "nginx", server.port, changes={"proxy_buffering off;": packing}) as nginx:
        assert "gzip off;" in lines(wrong(nginx.address))


def test_a_proxy_that_the_house_does_not_trust_is_found_with_the_setting_that_mends_it(tmp_path: Path) -> None:
    with Server(tmp_path / "data", GENEROUS) as server, Nginx(tmp_path / "nginx", server.port) as nginx:
        found = wrong(nginx.address)

    assert [finding.check for finding in found] == ["trusted-proxies"]
    assert lines(found, "settings") == {'trusted_proxies = ["127.0.0.1"]'}


def test_a_host_that_is_lost_is_named_by_a_house_that_answers_to_any_name_too(tmp_path: Path) -> None:
    everywhere = {**BEHIND_NGINX, "HOST": "0.0.0.0"}
    line = "proxy_set_header Host $http_host;"
    with Server(tmp_path / "data", everywhere) as server, Nginx(tmp_path / "nginx", server.port, changes={line: ""}) as nginx:
        found = wrong(nginx.address)

    assert {finding.check for finding in found} == {"host", "origin-own"}
    assert lines(found) == {line}


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
@pytest.mark.parametrize(
    ("line", "checks"), [(None, set()), ("proxy_set_header X-Forwarded-Proto $scheme;", {"forwarded-proto", "origin-own", "cookie"})]
)
def test_on_https_the_house_must_hear_of_it(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str | None, checks: set[str]
) -> None:
    port = free_port()
    key, certificate = make_certificate(tmp_path, days=100)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    listen = {"listen 80;": f"listen 127.0.0.1:{port} ssl; ssl_certificate {certificate}; ssl_certificate_key {key};"}
    with Nginx(tmp_path / "nginx", server.port, port, listen | ({line: ""} if line else {})):
        found = wrong(f"https://127.0.0.1:{port}")

    assert {finding.check for finding in found} == checks
    assert lines(found) == ({line} if line else set())
