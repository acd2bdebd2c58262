"""The files of deploy/ that no test can run: they are what their readers take, and they name settings that there are."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from teahouse import cli_backup
from teahouse.cli import _parser
from teahouse.settings import load
from tests.deploy.nginx import DEPLOY

ANALYZE = shutil.which("systemd-analyze")


def test_traefiks_routes_lead_to_the_service_that_the_file_describes() -> None:
    routes = tomllib.loads((DEPLOY / "traefik.toml").read_text())["http"]

    assert routes["routers"]["teahouse"]["service"] in routes["services"]
    assert routes["services"]["teahouse"]["loadBalancer"]["servers"] == [{"url": "http://127.0.0.1:8000"}]


UNITS = ["teahouse.service", "teahouse-backup.service", "teahouse-backup.timer"]


@pytest.mark.skipif(ANALYZE is None, reason="no systemd on this machine")
def test_systemd_understands_every_line_of_the_units(tmp_path: Path) -> None:
    for name in UNITS:
        (tmp_path / name).write_text((DEPLOY / name).read_text().replace("/opt/teahouse/.venv/bin/teahouse", sys.executable))

    units = [str(tmp_path / name) for name in UNITS]
    verdict = subprocess.run([str(ANALYZE), "verify", "--man=no", *units], capture_output=True, text=True, check=False)

    assert [line for line in verdict.stderr.splitlines() if any(name in line for name in UNITS)] == []


def test_the_house_is_backed_up_by_the_user_it_belongs_to() -> None:
    """A dynamic user is known by the name of the unit, unless that says another."""
    unit = (DEPLOY / "teahouse-backup.service").read_text()

    assert {"DynamicUser=yes", "User=teahouse", "StateDirectory=teahouse teahouse-backups"} <= set(unit.splitlines())
    assert "Environment=TEAHOUSE_DATA_DIR=/var/lib/teahouse" in (DEPLOY / "teahouse.service").read_text()


def test_the_backup_of_the_unit_is_a_command_that_there_is() -> None:
    [line] = re.findall(r"(?m)^ExecStart=\S+/teahouse (.+)$", (DEPLOY / "teahouse-backup.service").read_text())

    arguments = _parser().parse_args(line.split())

    assert arguments.keeping is cli_backup.backup
    assert (arguments.every, arguments.keep, arguments.file) == (24 * 60, 14, Path("/var/lib/teahouse-backups"))


@pytest.mark.parametrize("name", ["nginx.conf", "nginx-subpath.conf", "Caddyfile", "traefik.toml"])
def test_the_settings_that_a_file_asks_for_are_taken(name: str) -> None:
    asked = re.findall(r"(?m)^#   ((?:public_url|trusted_proxies) = [^#\n]+)", (DEPLOY / name).read_text())

    settings = load(**tomllib.loads("\n".join(asked)))

    assert settings.public_url is not None
    assert settings.trusted_proxies == ("127.0.0.1",)
