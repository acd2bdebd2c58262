"""Turns a peer's process into a program that is no Python: what ejabberd.py and prosody.py share."""

import os
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

MADE = Path(__file__).parents[2] / ".bench"
READY_LIMIT_S = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def become(port: int, command: list[str], **environment: str) -> None:
    """Replace this process by `command`, so that its number is the program's own; a child prints `port` once it answers."""
    if os.fork() == 0:
        _tell_when_ready(port)
        os._exit(0)
    # What the program prints must not pass for the port.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.execvpe(command[0], command, os.environ | environment)  # noqa: S606 -- a program of this machine, with our own words


def _tell_when_ready(port: int) -> None:
    until = time.monotonic() + READY_LIMIT_S
    while time.monotonic() < until and os.getppid() != 1:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            print(port, flush=True)
            return
        time.sleep(0.05)
