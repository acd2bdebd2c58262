"""The real server in its own process, to be started, killed and started again on the same data and port."""

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import teahouse
from tests.support.patience import PATIENCE_S

LOOK_EVERY_S = 0.02

GENEROUS = {
    "MESSAGE_RATE_PER_S": "1000000",
    "MESSAGE_BURST": "1000000",
    "COMMANDS_PER_S": "1000000",
    "COMMAND_BURST": "1000000",
    "SIGN_INS_PER_MINUTE_PER_ADDRESS": "1000000",
    "ROOMS_PER_HOUR_PER_ADDRESS": "1000000",
    "DIRECTS_PER_HOUR_PER_ADDRESS": "1000000",
    "DIRECTS_PER_HOUR_WITH_ONE_USER_PER_ADDRESS": "1000000",
}
"""Settings for tests that are about something else than rates."""


class Server:
    """One server's life over several processes. The caller stops or kills it; `with Server(…)` does so at the end.

    `settings` are named as in docs/settings.md, in capitals and without the prefix: {"MESSAGE_BURST": "5"}. With a PUBLIC_URL
    the `port` must be given, for then the server tells that address and not its own.
    """

    program: tuple[str, ...] = ("-m", "teahouse")
    """What Python runs; a subclass may put another server's script here."""

    def __init__(self, data: Path, settings: dict[str, str] = GENEROUS, port: int = 0) -> None:
        self.data = data
        self.settings = settings
        self.port = port
        self.ready: dict[str, Any] = {}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return str(self.ready["address"])

    @property
    def log(self) -> str:
        """What all its processes printed."""
        return self._log_file.read_text(errors="replace") if self._log_file.exists() else ""

    def start(self) -> None:
        """Start the process and return once it accepts connections; a later start takes the same port."""
        self._ready_file.unlink(missing_ok=True)
        command = [sys.executable, *self.program, "serve", "--port", str(self.port), "--data", str(self.data)]
        source = str(Path(teahouse.__file__).parents[1])
        environment = os.environ | {f"TEAHOUSE_{name}": value for name, value in self.settings.items()} | {"PYTHONPATH": source}
        with self._log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--ready-file", str(self._ready_file)], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment
            )
        self.ready = self._wait_for_ready(self.process)
        if "PUBLIC_URL" not in self.settings:
            self.port = urlsplit(self.address).port or 0

    def kill(self) -> None:
        """`kill -9`: nothing of the process runs any more when this returns."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> int:
        """Ask it to stop; return its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(PATIENCE_S)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()

    @property
    def _log_file(self) -> Path:
        return self.data.with_suffix(".log")

    @property
    def _ready_file(self) -> Path:
        return self.data.with_suffix(".ready")

    def _wait_for_ready(self, process: subprocess.Popen[bytes]) -> dict[str, Any]:
        """The file appears whole; until then the process is watched, so that one that fails is known at once."""
        deadline = time.monotonic() + PATIENCE_S
        while not self._ready_file.exists():
            with suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_EVERY_S)
                raise RuntimeError(f"the server did not come up:\n{self.log}")
            if time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the server is not ready after {PATIENCE_S} s:\n{self.log}")
        ready: dict[str, Any] = json.loads(self._ready_file.read_bytes())
        return ready
