"""A real nginx in a folder of its own, with the files of deploy/ as its configuration; no service, no system files."""

import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.patience import PATIENCE_S
from tests.support.ports import free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
PROGRAM = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
LOOK_EVERY_S = 0.02

_MAIN = """
{user} daemon off; worker_processes 1; pid nginx.pid; error_log error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    {house}
}}
"""


class Nginx:
    """Runs while the `with` lasts, at `address`. `changes` maps a line's text to another, or to nothing."""

    def __init__(self, folder: Path, behind: int, port: int | None = None, changes: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._house = host_conf(behind, self.port, changes or {})
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        assert PROGRAM is not None
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "nginx.conf").write_text(_MAIN.format(house=self._house, user="user root;" if os.geteuid() == 0 else ""))
        with (self.folder / "out.log").open("wb") as log:
            self._process = subprocess.Popen([PROGRAM, "-p", str(self.folder), "-c", "nginx.conf"], stdout=log, stderr=log)
        self._wait()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(PATIENCE_S)

    def _wait(self) -> None:
        """Return once the port answers: nginx has no other word for it."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            assert self._process is not None
            assert self._process.poll() is None, (self.folder / "out.log").read_text()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(LOOK_EVERY_S)
        raise AssertionError((self.folder / "out.log").read_text())


def host_conf(behind: int, port: int, changes: dict[str, str]) -> str:
    """Return deploy/nginx.conf for these ports, with deploy/nginx-subpath.conf in its `server` block."""
    conf = (DEPLOY / "nginx.conf").read_text()
    end = conf.rindex("}")
    conf = conf[:end] + (DEPLOY / "nginx-subpath.conf").read_text() + conf[end:]
    for line, other in {
        "listen 80;": f"listen 127.0.0.1:{port};",
        "listen [::]:80;": "",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{behind};",
        **changes,
    }.items():
        assert re.search(rf"(?m)^ *{re.escape(line)}", conf), f"deploy/nginx.conf has no line {line!r}"
        conf = re.sub(rf"(?m)^( *){re.escape(line)}.*$", lambda found, other=other: found[1] + other, conf)
    return conf
