"""Starts what is measured, each in a process of its own on a core of its own: Teahouse with its database, and the raw peers."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import urlsplit

from world import users_of

BENCH = Path(__file__).parent
MADE = BENCH.parent / ".bench"
PEER_PYTHON = MADE / "venv" / "bin" / "python"
READY_LIMIT_S = 60
STOP_LIMIT_S = 10

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, GENERATOR_CORE = CORES[0], CORES[-1]

GENEROUS = {
    "TEAHOUSE_MESSAGE_RATE_PER_S": "1000000",
    "TEAHOUSE_MESSAGE_BURST": "1000000",
    "TEAHOUSE_COMMANDS_PER_S": "1000000",
    "TEAHOUSE_COMMAND_BURST": "1000000",
    "TEAHOUSE_SOCKETS_PER_ADDRESS": "1000000",
    "TEAHOUSE_MAX_CONNECTIONS": "15000",
}
"""All clients come from one address here, and the room's one author posts for everyone."""


class Skipped(Exception):
    """A server that cannot be measured on this machine; the words say why."""


@dataclass(frozen=True)
class Server:
    """What a generator needs to know of a running server."""

    name: str
    port: int
    pid: int
    dialect: Path
    users: Path | None = None
    ready_s: float = 0
    """Seconds from the process's start until it accepts connections."""


@dataclass(frozen=True)
class Peer:
    """A stack that people would otherwise use: one file in bench/peers."""

    title: str
    file: str
    dialect: str = "raw"
    readers: int = 1000
    """How many join its room: fewer where a thousand would take longer to let in than the rest takes to measure."""


REFERENCE = Peer("uWebSockets (C++), through socketify", "uws")
PEERS = (
    Peer("websockets.broadcast", "websockets_broadcast"),
    Peer("websockets, send in a loop", "websockets_loop"),
    Peer("aiohttp, send_str in a loop", "aiohttp_loop"),
    Peer("Flask + gevent-websocket", "flask_gevent"),
    Peer("Starlette on uvicorn", "starlette_uvicorn"),
    Peer("Tornado", "tornado_loop"),
    Peer("python-socketio on aiohttp", "socketio_aiohttp", "socketio"),
    Peer("Django Channels on uvicorn", "channels_uvicorn"),
    Peer("Django Channels on daphne", "channels_daphne"),
    Peer("ejabberd, multi-user chat, 300 members", "ejabberd", "ejabberd", readers=300),
    Peer("Prosody, multi-user chat, 300 members", "prosody", "prosody", readers=300),
)


@contextmanager
def teahouse(
    world: Path | None,
    *,
    checkout: Path = BENCH.parent,
    limits: dict[str, str] = GENEROUS,
    inside: Path | None = None,
    **settings: str,
) -> Iterator[Server]:
    """Run Teahouse on a copy of `world`, or on an empty folder, or `inside` a folder that stays.

    `limits` and `settings` are named as in its environment.
    """
    MADE.mkdir(exist_ok=True)
    # Beside the repository: a temporary folder may be memory, where commits are free.
    folder = inside or Path(mkdtemp(prefix="run-", dir=MADE))
    try:
        if world is not None:
            shutil.copytree(world, folder, dirs_exist_ok=True)
        ready = folder / "ready.json"
        python = str(checkout / ".venv" / "bin" / "python")
        command = [python, "-m", "teahouse", "serve", "--port", "0", "--data", str(folder), "--ready-file", str(ready)]
        environment = os.environ | limits | settings | {"PYTHONPATH": str(checkout / "src")}
        began = time.perf_counter()
        with (MADE / "teahouse.log").open("w") as log, _running(command, env=environment, stdout=log, stderr=log) as process:
            said = _wait_for(ready, process)
            port = urlsplit(said["address"]).port or 0
            users = users_of(folder) if world else None
            yield Server("Teahouse", port, process.pid, dialect("teahouse"), users, time.perf_counter() - began)
    finally:
        if inside is None:
            shutil.rmtree(folder)


@contextmanager
def peer(which: Peer) -> Iterator[Server]:
    """Run a raw peer, which prints its port and relays each message to everyone. Raise Skipped."""
    if not PEER_PYTHON.exists():
        raise Skipped("the peers' virtual environment is missing: bin/bench makes it")
    command = [str(PEER_PYTHON), str(BENCH / "peers" / f"{which.file}.py")]
    log = MADE / f"{which.file}.log"  # a file, because a pipe that nobody empties would stop the peer
    with log.open("w") as errors, _running(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
        line = process.stdout.readline() if process.stdout else ""
        if not line.strip().isdigit():
            words = log.read_text().strip().splitlines()
            raise Skipped(f"it does not start here: {words[-1] if words else 'no word'}")
        yield Server(which.title, int(line), process.pid, dialect(which.dialect))


def dialect(name: str) -> Path:
    return BENCH / "dialects" / f"{name}.txt"


@contextmanager
def _running(command: list[str], **how: Any) -> Iterator[subprocess.Popen[Any]]:
    process = subprocess.Popen(["taskset", "--cpu-list", str(SERVER_CORE), *command], stdin=subprocess.DEVNULL, **how)  # noqa: S603, S607
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_LIMIT_S)
        process.kill()
        process.wait()


def _wait_for(ready: Path, process: subprocess.Popen[Any]) -> dict[str, Any]:
    deadline = time.monotonic() + READY_LIMIT_S
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("Teahouse did not come up: see .bench/teahouse.log")
        time.sleep(0.005)
    said: dict[str, Any] = json.loads(ready.read_bytes())
    return said
