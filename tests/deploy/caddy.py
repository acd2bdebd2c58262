"""A real Caddy with deploy/Caddyfile, in a folder of its own."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.deploy.nginx import DEPLOY, LOOK_EVERY_S
from tests.support.patience import PATIENCE_S
from tests.support.ports import free_port

PROGRAM = shutil.which("caddy")


class Caddy:
    """Runs while the `with` lasts, at `address`, without https."""

    def __init__(self, folder: Path, behind: int) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        house = (DEPLOY / "Caddyfile").read_text()
        for line, other in {"chat.example.org {": f"{self.address} {{", "127.0.0.1:8000": f"127.0.0.1:{behind}"}.items():
            assert line in house
            house = house.replace(line, other)
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{house}")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        assert PROGRAM is not None
        home = {"HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder)}
        with (self.folder / "out.log").open("wb") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "run", "--config", str(self.folder / "Caddyfile"), "--adapter", "caddyfile"],
                stdout=log,
                stderr=log,
                env=os.environ | home,
            )
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            assert self._process.poll() is None, (self.folder / "out.log").read_text()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(LOOK_EVERY_S)
        raise AssertionError((self.folder / "out.log").read_text())

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(PATIENCE_S)
