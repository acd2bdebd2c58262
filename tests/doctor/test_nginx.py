"""deploy/nginx.conf in a real nginx, with each of its lines taken away or made wrong in turn: the doctor names that very line."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.nginx import DEPLOY, PROGRAM, Nginx
from tests.doctor.examined import lines, wrong
from tests.faults.server import GENEROUS, Server

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
