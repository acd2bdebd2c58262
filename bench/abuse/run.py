"""P13: what an honest person notices while someone attacks, attack by attack, each on a fresh server with its own limits."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from servers import BENCH, GENERATOR_CORE, MADE, Server, Skipped, teahouse

from abuse.attacks import ATTACKS
from abuse.honest import Honest
from abuse.means import fill
from abuse.wire import House

CALM_S = 3
ATTACK_S = 9
LOOK_S = 0.2
PREPARE_LIMIT_S = 60
ENOUGH = 4 * 1024**3
MESSAGES_BEFORE = 2030
"""What one guest has said in the three and a half minutes before, at the pace of a default house: nearly a batch of the search index."""
MIB = 1024 * 1024
SETTINGS = {"TEAHOUSE_DOORS": "shout"}

Result = dict[str, Any]


def abuse(name: str, checkout: Path) -> Result:
    """Return what the honest people and the process's memory saw of one attack on a fresh server of `checkout`."""
    folder = Path(mkdtemp(prefix="abuse-", dir=MADE))
    try:
        if name == "words":
            with teahouse(None, checkout=checkout, inside=folder) as server:
                asyncio.run(fill(House(f"http://127.0.0.1:{server.port}"), MESSAGES_BEFORE))
            (folder / "ready.json").unlink()
        with teahouse(None, checkout=checkout, limits={}, inside=folder, **SETTINGS) as server:
            return asyncio.run(_measure(name, server))
    finally:
        shutil.rmtree(folder)


async def _measure(name: str, server: Server) -> Result:
    house = House(f"http://127.0.0.1:{server.port}")
    honest, memory = Honest(house), Memory(server.pid)
    await honest.arrive()
    with _attacker(name, house) as attack:
        await asyncio.wait_for(asyncio.to_thread(attack.until_ready), PREPARE_LIMIT_S)
        before = await honest.post(CALM_S)
        memory.note_rest()
        watching = asyncio.create_task(memory.watch())
        attack.begin()
        during = await honest.post(ATTACK_S)
        watching.cancel()
    honest.leave()
    return {
        "calm_p50_ms": max(waits.at(0.5) for waits in before.values()),
        "calm_p99_ms": max(waits.at(0.99) for waits in before.values()),
        "p50_ms": max(waits.at(0.5) for waits in during.values()),
        "socket_p99_ms": during["socket"].at(0.99),
        "anew_p99_ms": during["anew"].at(0.99),
        "missing": sum(waits.missing for waits in during.values()),
        "posts": sum(len(waits.ms) for waits in during.values()),
        "rest_mib": memory.rest / MIB,
        "highest_mib": memory.highest / MIB,
    }


class Memory:
    """What the server's process has resident: at rest, and at most since."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.rest = self.highest = 0

    def note_rest(self) -> None:
        self.rest = self.highest = self._resident()

    async def watch(self) -> None:
        while self.highest < self.rest + ENOUGH:
            await asyncio.sleep(LOOK_S)
            self.highest = max(self.highest, self._resident())
        os.kill(self.pid, signal.SIGKILL)  # before it takes the whole machine

    def _resident(self) -> int:
        try:
            return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:  # it is gone: the posts that were not answered tell
            return 0


class Attacker:
    """The process that attacks."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def until_ready(self) -> None:
        if self._process.stdout is None or self._process.stdout.readline() != "ready\n":
            raise Skipped("the attacker did not get ready")

    def begin(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write("go\n")
            self._process.stdin.flush()


@contextmanager
def _attacker(name: str, house: House) -> Iterator[Attacker]:
    program = [sys.executable, str(BENCH / "abuse" / "attacks.py"), name, house.address, str(ATTACK_S)]
    command = ["taskset", "--cpu-list", str(GENERATOR_CORE), *program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            yield Attacker(process)
        finally:
            process.kill()


def abuse_all(beside: Path | None, only: tuple[str, ...], tell: Callable[[str], None]) -> dict[str, Result]:
    """Return the results by row of the table; `beside` is another checkout, whose server is attacked just before ours each time."""
    found: dict[str, Result] = {}
    for name in only or ATTACKS:
        title = ATTACKS[name][0]
        tell(title)
        if beside is not None:
            found[f"{title}|before"] = abuse(name, beside)
        found[f"{title}|after"] = abuse(name, BENCH.parent)
    return found
