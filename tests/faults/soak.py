"""The mix for long: talk through a network that tears, kill -9, storms of connections, readers that stop. `bin/test --soak MINUTES`.

A soak is a row of rounds. Each ends at rest: everyone catches up, the checker goes through the round's history, and the
next one begins where every reader stands; so a soak of hours needs the memory of one round. Kills are over after the first
quarter, so that what the process holds in the second and in the last can be compared. Exit code 0 means clean and flat.
"""

import asyncio
import random
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.faults.checker import Stay, check
from tests.faults.crowd import all_caught_up, chance_of_this_run, come_back, composer, crowd, settle
from tests.faults.people import Author, Words
from tests.faults.proxy import Proxy, any_fault
from tests.faults.recorder import Recorder
from tests.faults.server import GENEROUS, Server
from tests.faults.soak_report import Report, Sample
from tests.faults.storm import Storm, descriptors, resident_bytes
from tests.gateways.stranger import Session, sign_in

AUTHORS = 8
SLOW_READERS = 2
STORM = 1000
STORM_PEOPLE = 50
KILLS_PER_ROUND = 2
ROUNDS = 16
SHORTEST_ROUND_S, LONGEST_ROUND_S = 10.0, 60.0
PAUSE_S = 0.05
"""How long an author rests between two batches: a soak is for hours and not for speed."""

SETTINGS = GENEROUS | {"SOCKETS_PER_USER": "100", "SOCKETS_PER_ADDRESS": "20000", "PING_TIMEOUT_S": "600"}
"""Whoever does not read does not answer pings either."""


class CalmAuthor(Author):
    """An author who rests now and then."""

    async def empty_outbox(self) -> None:
        await super().empty_outbox()
        await asyncio.sleep(PAUSE_S)


class Soak:
    """One run against one server; `report` has what came of it."""

    def __init__(self, minutes: float, server: Server, proxy: Proxy, chance: random.Random) -> None:
        self.report = Report(minutes)
        self._recorder = Recorder()
        self._server = server
        self._proxy = proxy
        self._chance = chance
        self._began_s = time.monotonic()
        self._up, self._enough = asyncio.Event(), asyncio.Event()
        self._up.set()
        self._authors: list[Author] = []
        self._slow: list[Author] = []
        self._composers: list[Callable[[], list[Words]]] = []
        self._strangers: list[Session] = []
        self._rooms: list[int] = []

    @property
    def passed_s(self) -> float:
        return time.monotonic() - self._began_s

    async def run(self) -> None:
        """Go through all rounds, or up to the first that is not clean."""
        address = self._server.address
        self._strangers = [await sign_in(address, f"Stranger {number}") for number in range(STORM_PEOPLE)]
        async with crowd(address, self._recorder, AUTHORS + SLOW_READERS, self._proxy.address, CalmAuthor) as everyone:
            await self._settle(everyone)
            await self._talk()

    async def _talk(self) -> None:
        end_s = self.report.minutes * 60
        length_s = min(max(end_s / ROUNDS, SHORTEST_ROUND_S), LONGEST_ROUND_S)
        self._began_s = time.monotonic()
        async with owned(self._watch()):
            while self.passed_s < end_s and not self.report.findings:
                kills = KILLS_PER_ROUND if self.passed_s + length_s < end_s / 4 else 0
                await self._round(length_s, kills)
                print(f"{self.passed_s:6.0f} s  round {self.report.rounds:3}  {self.report.acknowledged:,} messages", flush=True)

    async def _settle(self, everyone: list[Author]) -> None:
        self._authors, self._slow = everyone[:AUTHORS], everyone[AUTHORS:]
        self._rooms = await settle(everyone)
        self._composers = [composer(author, self._rooms, self._chance, self._enough) for author in self._authors]
        for reader in self._slow:  # what is slow for long is not torn as well
            reader.session = replace(reader.session, address=self._server.address)
        self._turn_the_page()

    async def _round(self, length_s: float, kills: int) -> None:
        """Faults for a while, then rest, then proof."""
        self._enough.clear()
        self._proxy.choose = lambda: any_fault(self._chance)
        self._proxy.reset_all()
        if not kills:
            await self._stop_reading()
        async with asyncio.TaskGroup() as talking:
            for author, compose in zip(self._authors, self._composers, strict=True):
                talking.create_task(author.talk(compose, self._up))
            for _ in range(kills):
                await asyncio.sleep(self._chance.uniform(0.5, 1) * length_s / (kills + 2))
                await self._kill()
            await asyncio.sleep(self._chance.uniform(0.5, 1) * length_s / (kills + 2))
            await self._storm()
            await asyncio.sleep(self._chance.uniform(0.5, 1) * length_s / (kills + 2))
            self._enough.set()
            self._proxy.calm()
        for reader in self._slow:
            reader.read_on()
        await all_caught_up([*self._authors, *self._slow], self._rooms)
        self._prove(slow=not kills)

    async def _stop_reading(self) -> None:
        for reader in self._slow:
            await come_back(reader)
            reader.stop_reading()

    async def _kill(self) -> None:
        self._up.clear()
        self._server.kill()
        await asyncio.to_thread(self._server.start)
        self._up.set()
        self.report.kills += 1

    async def _storm(self) -> None:
        async with Storm() as storm:
            await storm.rage(self._strangers, STORM)
            await storm.pass_by()
        self.report.storms += storm.outcomes
        if storm.outcomes["welcome"] < STORM:
            self.report.findings.append(f"a storm that was not let in: {storm.outcomes}")

    def _prove(self, slow: bool) -> None:
        """Look at the round's history, and count."""
        report, recorder, everyone = self.report, self._recorder, [*self._authors, *self._slow]
        report.findings += check(recorder.history())
        report.findings += [fault for reader in everyone for fault in reader.faults]
        report.findings += [f"{send.client_id} was never acknowledged" for send in recorder.sends.values() if send.outcome != "ok"]
        report.rounds += 1
        report.acknowledged += recorder.acknowledged
        report.resent += recorder.resent
        report.seen += sum(len(reader.record.seen) for reader in everyone)
        report.caught_up += sum(len(reader.record.seen) for reader in self._slow) if slow else 0
        report.faults = self._proxy.happened
        self._turn_the_page()

    def _turn_the_page(self) -> None:
        """Forget what is proven: the next round's history begins where everyone stands."""
        self._recorder.sends.clear()
        self._recorder.attempts.clear()
        self._recorder.refusals.clear()
        for reader in [*self._authors, *self._slow]:
            reader.record.stays = [Stay(log, seq) for log, seq in reader.seen.items()]
            reader.record.seen.clear()
            reader.entries.clear()
            reader.others.clear()

    async def _watch(self) -> None:
        while True:
            process = self._server.process
            if process is not None and self._up.is_set():
                with suppress(OSError):  # it was killed in between
                    held = Sample(self.passed_s, process.pid, resident_bytes(process.pid), descriptors(process.pid))
                    self.report.samples.append(held)
            await asyncio.sleep(1)


@asynccontextmanager
async def owned(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let `work` run beside the body, and no longer."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def soak(minutes: float) -> int:
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, Server(Path(folder) / "data", SETTINGS) as server:
        async with Proxy(server.port) as proxy:
            run = Soak(minutes, server, proxy, chance_of_this_run())
            await run.run()
            for finding in run.report.findings[:20]:
                print(finding)
            print(run.report.table())
            return 1 if run.report.findings or run.report.unsteady() else 0


def main(arguments: list[str]) -> int:
    try:
        minutes = float(*arguments)
    except (TypeError, ValueError):
        minutes = 0
    if minutes < 1:
        print("how many minutes? At least one: bin/test --soak 20")
        return 2
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return asyncio.run(soak(minutes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
