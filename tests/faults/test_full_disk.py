"""A full disk is answered in words, costs nothing that was acknowledged, and is over when there is space again."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest

from teahouse.troubles import KINDS
from tests.faults.checker import check
from tests.faults.disk import Disk, SizeLimit, SmallDisk, small_disk
from tests.faults.people import Author, Words
from tests.faults.recorder import Recorder
from tests.faults.server import Server
from tests.faults.told import examined, lines, traces, until_chores_are_done, until_health
from tests.gateways.stranger import Refused, Stranger, sign_in

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a tmpfs, or prlimit(2)")

LOBBY = 1
FILLER = "w" * 4000


@pytest.fixture(params=["no space left", "file too large"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """The disk on which `tmp_path / "data"` lies."""
    if request.param == "file too large":
        yield SizeLimit()
        return
    with small_disk(tmp_path / "data") as disk:
        if disk is None:
            pytest.skip("only root may mount a small disk")
        yield disk


async def test_a_full_disk_is_told_in_words_and_costs_nothing_acknowledged(disk: Disk, tmp_path: Path) -> None:
    recorder = Recorder()
    with Server(tmp_path / "data") as server:
        async with Author(await sign_in(server.address, "Aiko"), recorder) as author:
            await author.connect()
            await say(author, "before")
            disk.fill(server)

            with log_in_use(server):
                refusal = await talk_until_refused(author)
                assert (refusal.code, refusal.retry) == ("unavailable", True)
                assert "send it again" in str(refusal)
                with pytest.raises(Refused, match="unavailable"):
                    await author.ask("edit", room=LOBBY, message=author.facts(LOBBY, "posted")[0]["seq"], text=FILLER)
            await reading_goes_on(author)
            assert server.process is not None and server.process.poll() is None

            disk.empty(server)
            await say(author, "after")
            await author.close()
            server.kill()
            server.start()
            assert await texts_on_page(server) == author.texts(LOBBY)
    assert check(recorder.history()) == []


async def test_a_full_disk_is_told_to_whoever_runs_the_house_once_while_it_lasts(disk: Disk, tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        author = Author(await sign_in(server.address, "Aiko"), Recorder())
        await author.connect()
        disk.fill(server)
        kind = "full" if isinstance(disk, SmallDisk) else "disk"
        with log_in_use(server):
            await talk_until_refused(author)
            assert KINDS[kind] in await until_health(server, 503)
            if isinstance(disk, SmallDisk):  # a limit on the size of files leaves room for short ones, and the doctor is not bound by it
                await until_chores_are_done(server)
                assert KINDS[kind] in await until_health(server, 503)
                assert [line["level"] for line in lines(server, kind)] == ["error"]
                code, words = await examined(server)
                assert (code, "nothing can be written in" in words, "No space left on device" in words) == (1, True, True)
        disk.empty(server)
        assert await until_health(server, 200) == "ok"
        assert [line["level"] for line in lines(server, kind)][:2] == ["error", "warning"]
        assert traces(server) == []
        await author.close()


async def test_a_house_that_was_killed_on_a_full_disk_comes_back_with_all_it_had_acknowledged(disk: Disk, tmp_path: Path) -> None:
    recorder = Recorder()
    with Server(tmp_path / "data") as server:
        async with Author(await sign_in(server.address, "Aiko"), recorder) as author:
            await author.connect()
            disk.fill(server)
            await talk_until_refused(author)
            server.kill()
            disk.empty(server)
            server.start()
            await author.connect()
            await say(author, "after")
            await author.close()
            assert await texts_on_page(server) == author.texts(LOBBY)
    assert check(recorder.history()) == []


@contextmanager
def log_in_use(server: Server) -> Iterator[None]:
    """Read what is stored now, and go on reading: so the house cannot empty its log into the database, and finds no room that way."""
    with closing(sqlite3.connect(server.data / "teahouse.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entries").fetchone()
        yield


async def talk_until_refused(author: Author) -> Refused:
    """Say long things until one is refused; return the refusal."""
    for number in count():
        name, text = f"long-{number}", f"{number} {FILLER}"
        author.recorder.invoke(name, author.id, LOBBY, text)
        try:
            stored = await author.ask("post", room=LOBBY, text=text, client_id=name)
        except Refused as refusal:
            author.recorder.fail(name)
            return refusal
        author.recorder.ok(name, stored["seq"])
    raise AssertionError("never refused")


async def reading_goes_on(author: Author) -> None:
    stored = [message["text"] for message in (await author.ask("page", room=LOBBY, limit=200))["messages"]]
    await author.until(lambda: author.texts(LOBBY) == stored)
    assert (await author.connect())["resumed"]
    assert (await author.ask("find_rooms"))["rooms"]


async def say(author: Author, text: str) -> None:
    author.outbox = [Words(f"say-{text}", LOBBY, text)]
    await author.empty_outbox()
    assert not author.outbox, "refused"
    await author.until(lambda: text in author.texts(LOBBY))


async def texts_on_page(server: Server) -> list[str]:
    async with await Stranger.arrive(server.address, "Ben") as newcomer:
        page = await newcomer.ask("page", room=LOBBY, limit=200)
    return [message["text"] for message in page["messages"]]
