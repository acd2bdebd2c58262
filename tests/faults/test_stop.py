"""A house that is told to stop ends in order and soon, whatever other programs do to its database."""

import asyncio
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from teahouse.model import LOBBY
from tests.faults.server import Server
from tests.faults.told import health, number
from tests.gateways.http.raw_http import Line
from tests.gateways.stranger import Cut, Refused, Stranger
from tests.support.patience import PATIENCE_S


@contextmanager
def hangups(handler: signal.Handlers) -> Iterator[None]:
    """What children inherit for SIGHUP, whichever way these tests were started: `nohup` ignores it for all of them."""
    before = signal.signal(signal.SIGHUP, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_stop_waits_for_no_other_programs_lock(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server, closing(sqlite3.connect(server.data / "teahouse.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert server.stop() == 0
        assert "the house's clock was not stored" in server.log, "which costs it an hour at most"


async def test_a_stop_gives_up_for_those_who_wait_for_it_already(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server, closing(sqlite3.connect(server.data / "teahouse.db", isolation_level=None)) as other:
        async with await Stranger.arrive(server.address, "Mia") as mia:
            other.execute("BEGIN IMMEDIATE")
            said = asyncio.create_task(mia.ask("post", room=LOBBY, text="tea?", client_id="1"))
            after = [asyncio.create_task(mia.ask("find_rooms")) for _ in range(2)]
            async with asyncio.timeout(PATIENCE_S):
                while await number(server, "teahouse_commands_waiting") == 0:  # noqa: ASYNC110 -- for the one that waits for the post
                    await asyncio.sleep(0.02)
            assert await asyncio.to_thread(server.stop) == 0
            with pytest.raises((Refused, Cut)):
                await said
            await asyncio.gather(*after, return_exceptions=True)


def test_a_terminal_that_is_closed_is_a_stop_in_order_however_often_it_says_so(tmp_path: Path) -> None:
    with hangups(signal.SIG_DFL), Server(tmp_path / "data") as server:
        assert server.process is not None
        for _ in range(2):
            server.process.send_signal(signal.SIGHUP)
        assert server.process.wait(PATIENCE_S) == 0
        assert "the house is closed" in server.log


async def test_two_signals_in_one_instant_are_one_stop_in_order(tmp_path: Path) -> None:
    """Somebody who stops the process lets both come to it together: two of one kind would come as one."""
    with Server(tmp_path / "data") as server:
        assert server.process is not None
        async with await Stranger.arrive(server.address, "Mia"):
            for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, signal.SIGCONT):
                server.process.send_signal(number)
            assert await asyncio.to_thread(server.process.wait, PATIENCE_S) == 0
        assert "the house is closed" in server.log


LAST = """
import builtins, os, signal
from teahouse.cli import main

class Last:
    def __del__(self, kill=os.kill, process=os.getpid(), number=signal.SIGINT):
        kill(process, number)

builtins.last = Last()
main()
"""


class SaidAgain(Server):
    """A house that hears Ctrl-C once more when it is closed, from what the interpreter drops last."""

    program = ("-c", LAST)


def test_a_signal_that_comes_when_the_house_is_closed_changes_nothing(tmp_path: Path) -> None:
    with SaidAgain(tmp_path / "data") as server:
        assert server.stop() == 0


class EndlessStop(Server):
    """A house that waits for the requests under way as long as they take."""

    program = ("-c", "from teahouse import serving; serving.REQUESTS_FINISH_S = 600.0; from teahouse.cli import main; main()")


def test_a_later_signal_ends_it_at_once(tmp_path: Path) -> None:
    with EndlessStop(tmp_path / "data", {"BODY_TIMEOUT_S": "600"}) as server, Line(server.address) as half_body:
        head = f"POST /api/v1/session HTTP/1.1\r\nHost: {half_body.host}\r\nContent-Type: application/json\r\n"
        half_body.send(f"{head}Content-Length: 9\r\nExpect: 100-continue\r\n\r\n".encode())
        assert half_body.socket.recv(12) == b"HTTP/1.1 100", "the request is under way"
        process, deadline = server.process, time.monotonic() + PATIENCE_S
        assert process is not None
        while process.poll() is None and time.monotonic() < deadline:
            process.terminate()
            time.sleep(0.05)
        assert process.returncode == 128 + signal.SIGTERM


async def test_a_house_that_was_to_outlive_its_terminal_does(tmp_path: Path) -> None:
    with hangups(signal.SIG_IGN), Server(tmp_path / "data") as server:
        assert server.process is not None
        server.process.send_signal(signal.SIGHUP)
        assert await health(server) == (200, "ok")
        assert server.stop() == 0
