"""A house is backed up while people talk, and its copy opens elsewhere: nothing acknowledged before is missing, and everybody learns it."""

import asyncio
import sys
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

import teahouse
from teahouse.backup import archive
from tests.backup.houses import change, epoch, look
from tests.faults.checker import check
from tests.faults.crowd import Alarm, all_caught_up, chance_of_this_run, composer, crowd, settle
from tests.faults.people import Author
from tests.faults.recorder import Recorder
from tests.faults.server import Server

PEOPLE = 8
BEFORE, AFTER = 400, 300
"""Events before the backup begins, and after it was made."""


@pytest.mark.parametrize("how", ["restored", "put back by hand"])
async def test_a_backup_made_under_load_opens_elsewhere_and_readers_with_old_cursors_all_learn_it(tmp_path: Path, how: str) -> None:
    chance, alarm = chance_of_this_run(), Alarm()
    recorder, enough, up = Recorder(on_event=alarm.tick), asyncio.Event(), asyncio.Event()
    up.set()
    file, copy = tmp_path / "house.backup", tmp_path / "copy"
    async with AsyncExitStack() as leaving:
        with Server(tmp_path / "data") as server:
            authors = await leaving.enter_async_context(crowd(server.address, recorder, PEOPLE))
            rooms = await settle(authors)
            async with asyncio.TaskGroup() as talking:
                for author in authors:
                    talking.create_task(author.talk(composer(author, rooms, chance, enough), up))
                await alarm.after(BEFORE)
                acknowledged = {send.text for send in recorder.sends.values() if send.outcome == "ok"}
                await run("backup", str(file), "--data", str(server.data))
                while not await everybody_has_heard_more(authors, rooms, file, tmp_path):
                    await alarm.after(AFTER)
                enough.set()
            await all_caught_up(authors, rooms)
        assert check(recorder.history()) == []

        await run("restore", str(file), "--data", str(copy))
        if how == "put back by hand":
            change(copy, f"UPDATE about SET value = '{epoch(server.data)}' WHERE key = 'epoch'")
        restored = {str(text) for (text,) in look(copy, "SELECT text FROM messages")}
        assert acknowledged <= restored <= {send.text for send in recorder.sends.values()}
        assert len(acknowledged) > PEOPLE

        anew = Recorder()
        with Server(copy) as elsewhere:
            for author in authors:
                author.session = replace(author.session, address=elsewhere.address)
                author.recorder, author.record = anew, anew.reader(author.session.you["name"])
                welcome = await author.connect()
                assert (welcome["resumed"], welcome["other_life"]) == (False, True)
                assert (welcome["epoch"] == epoch(server.data)) == (how == "put back by hand")
                author.entries.clear()
            enough.clear()
            numbers = iter(range(10 * PEOPLE))
            for author in authors:
                compose = composer(author, rooms, chance, enough)
                author.outbox = [replace(words, client_id=f"anew-{next(numbers)}") for words in compose()]
                await author.empty_outbox()
            await all_caught_up(authors, rooms)
        assert check(anew.history()) == []
        assert anew.acknowledged >= PEOPLE
        assert [author.faults for author in authors if author.faults] == []


async def everybody_has_heard_more(authors: list[Author], rooms: list[int], file: Path, folder: Path) -> bool:
    """Whether each has read more of some room than the backup holds: else their cursors would say nothing."""
    unpacked = folder / "unpacked"
    if not unpacked.exists():
        unpacked.mkdir()
        with file.open("rb") as packed, (unpacked / "teahouse.db").open("wb") as out:
            archive.read(packed, lambda _name: out)
    heads = dict(look(unpacked, "SELECT id, head FROM logs"))
    return all(any(author.seen[room] > heads[room] for room in rooms) for author in authors)  # type: ignore[operator]


async def run(*words: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "teahouse",
        *words,
        env={"PYTHONPATH": str(Path(teahouse.__file__).parents[1])},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
