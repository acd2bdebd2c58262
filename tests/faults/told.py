"""What a house that is not well tells whoever runs it: its log, /healthz, /metrics and the doctor."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

import teahouse
from tests.faults.server import Server
from tests.gateways.stranger import PATIENCE_S


def lines(server: Server, kind: str) -> list[dict[str, Any]]:
    """The log's lines of one kind of trouble."""
    logged = [json.loads(line) for line in server.log.splitlines() if line.startswith("{")]
    return [line for line in logged if line.get("kind") == kind]


def traces(server: Server) -> list[str]:
    """The log's lines with a trace."""
    return [line for line in server.log.splitlines() if "Traceback" in line or '"trace"' in line]


async def health(server: Server) -> tuple[int, str]:
    """What /healthz answers: its status, and its words or `ok`."""
    async with asking(server) as http:
        answer = await http.get("/healthz")
    said = answer.json()
    return answer.status_code, said.get("words") or said["status"]


async def number(server: Server, sample: str) -> float:
    """One sample of /metrics, with its labels as they stand there."""
    async with asking(server) as http:
        text = (await http.get("/metrics")).text
    return next((float(line.rpartition(" ")[2]) for line in text.splitlines() if line.rpartition(" ")[0] == sample), 0.0)


async def until_health(server: Server, status: int) -> str:
    """Ask again and again until /healthz answers so; return its words."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found, words = await health(server)
            if found == status:
                return words


async def until_chores_are_done(server: Server) -> None:
    """Wait until the house has done its regular work several times more, the rarer pieces too."""
    done = await number(server, "teahouse_loop_lag_seconds_count") + 40
    async with asyncio.timeout(PATIENCE_S):
        while await number(server, "teahouse_loop_lag_seconds_count") < done:  # noqa: ASYNC110 -- nothing tells of it
            await asyncio.sleep(0.1)  # to ask without end would keep it from its work


async def examined(server: Server) -> tuple[int, str]:
    """Let the doctor look at the house; return its exit code and what it says, on one line."""
    environment = os.environ | {"TEAHOUSE_PORT": str(server.port), "PYTHONPATH": str(Path(teahouse.__file__).parents[1]), "COLUMNS": "200"}
    command = [sys.executable, "-m", "teahouse", "doctor", "--data", str(server.data)]
    done = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, env=environment, timeout=4 * PATIENCE_S, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, " ".join(done.stdout.split())


def asking(server: Server) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=server.address, trust_env=False, timeout=PATIENCE_S)


def started(data: Path) -> tuple[int, str]:
    """Start another house on a folder, which does not open; return its exit code and its words."""
    command = [sys.executable, "-m", "teahouse", "serve", "--port", "0", "--data", str(data)]
    environment = os.environ | {"PYTHONPATH": str(Path(teahouse.__file__).parents[1])}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=2 * PATIENCE_S, check=False)
    return done.returncode, done.stderr
