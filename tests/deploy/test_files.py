"""The files of deploy/ that no test can run: they are what their readers take, and they name settings that there are."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from teahouse.settings import load
from tests.deploy.nginx import DEPLOY

ANALYZE = shutil.which("systemd-analyze")


def test_traefiks_routes_lead_to_the_service_that_the_file_describes() -> None:
    routes = tomllib.loads((DEPLOY / "traefik.toml").read_text())["http"]

    assert routes["routers"]["teahouse"]["service"] in routes["services"]
    assert routes["services"]["teahouse"]["loadBalancer"]["servers"] == [{"url": "http://127.0.0.1:8000"}]


@pytest.mark.skipif(ANALYZE is None, reason="no systemd on this machine")
def test_systemd_understands_every_line_of_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "teahouse.service"
    unit.write_text((DEPLOY / "teahouse.service").read_text().replace("/opt/teahouse/.venv/bin/teahouse", sys.executable))

    verdict = subprocess.run([str(ANALYZE), "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False)

    assert [line for line in verdict.stderr.splitlines() if "teahouse.service" in line] == []


@pytest.mark.parametrize("name", ["nginx.conf", "nginx-subpath.conf", "Caddyfile", "traefik.toml"])
def test_the_settings_that_a_file_asks_for_are_taken(name: str) -> None:
    asked = re.findall(r"(?m)^#   ((?:public_url|trusted_proxies) = [^#\n]+)", (DEPLOY / name).read_text())

    settings = load(**tomllib.loads("\n".join(asked)))

    assert settings.public_url is not None
    assert settings.trusted_proxies == ("127.0.0.1",)
