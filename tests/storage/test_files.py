"""The files of a house under its feet: nothing is acknowledged into a file that nobody finds, and no other file is touched."""

import asyncio
import errno
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import pytest
from sqlalchemy import Connection, text

from teahouse.errors import Unavailable
from teahouse.model import LOBBY
from teahouse.storage import rooms
from teahouse.storage.database import READERS, Database, UnusableDatabase
from teahouse.storage.files import RESCUED, OpenFiles
from teahouse.storage.sizes import file_bytes
from teahouse.watch import Watch
from tests.storage.house import House, living, refusal

NAMES = ("teahouse.db", "teahouse.db-wal", "teahouse.db-shm")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
async def home(folder: Path) -> AsyncIterator[House]:
    """A house on SQLite, whose files a test takes away."""
    async with living(f"sqlite:///{folder}/teahouse.db") as house:
        files = unnoticed(house)
        house.database._files = files
        yield house
        house.database._files = None  # or it would not close what is no longer its own, as in a process that is about to end
    files.close()


def unnoticed(house: House) -> OpenFiles:
    """Let a house no longer look where its files are; return what looked."""
    files, house.database._files = house.database._files, None
    assert files is not None
    return files


def replaced(path: Path) -> None:
    copy = path.with_name("copy")
    shutil.copy(path, copy)
    os.replace(copy, path)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("take", [Path.unlink, replaced], ids=["removed", "replaced"])
async def test_nothing_is_acknowledged_or_read_once_a_file_is_not_its_own(home: House, folder: Path, name: str, take: object) -> None:
    mia = await home.guest("Mia")
    take(folder / name)  # type: ignore[operator]
    assert await refusal(home.say(mia, LOBBY, "into the void")) == "unavailable"
    with pytest.raises(Unavailable):
        await home.database.read(rooms.every)
    with pytest.raises(Unavailable):
        await home.database.checkpoint()
    assert home.database.troubles.lasting == ["files"]


async def test_a_log_that_is_cut_is_noticed_and_nothing_is_saved_of_what_is_left(home: House, folder: Path) -> None:
    mia = await home.guest("Mia")
    await home.say(mia, LOBBY, "one")
    home.database.check_files()
    os.truncate(folder / "teahouse.db-wal", 4096)
    assert await refusal(home.say(mia, LOBBY, "two")) == "unavailable"
    await Watch(home.database, home.committer, folder, 0).look()
    assert home.database.troubles.lasting == ["files"]
    assert not [name for name in os.listdir(folder) if name.startswith(RESCUED)]


async def test_the_log_of_a_database_that_is_a_link_is_looked_at_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk/house.db").touch()
    (tmp_path / "teahouse.db").symlink_to("disk/house.db")
    async with living(f"sqlite:///{tmp_path}/teahouse.db") as home:
        mia = await home.guest("Mia")
        await home.say(mia, LOBBY, "one")
        sizes = file_bytes(home.database)
        assert sizes is not None and sizes[1] > 0
        os.rename(tmp_path / "disk/house.db-wal", tmp_path / "taken")
        assert await refusal(home.say(mia, LOBBY, "two")) == "unavailable"
        assert home.database.troubles.lasting == ["files"]
        os.rename(tmp_path / "taken", tmp_path / "disk/house.db-wal")


def test_a_link_to_a_database_that_is_not_there_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "teahouse.db").symlink_to("unmounted/teahouse.db")
    with pytest.raises(UnusableDatabase, match=r"it is a link to .*/unmounted/teahouse\.db, which is not there"):
        Database.in_folder(tmp_path)


async def test_what_was_committed_as_the_files_went_is_not_acknowledged(home: House, folder: Path) -> None:
    await home.guest("Mia")
    home.announced.clear()
    taking_away = home.committer.run(lambda tx: (folder / NAMES[0]).unlink())
    assert await refusal(taking_away) == "unavailable"
    assert home.announced == []


async def test_a_copy_that_is_written_over_the_database_is_noticed_and_nothing_is_saved_of_the_mixture(home: House, folder: Path) -> None:
    mia = await home.guest("Mia")
    watch = Watch(home.database, home.committer, folder, 0)
    await home.database.checkpoint()
    shutil.copyfile(folder / NAMES[0], folder / "copy")
    for _ in range(2):
        await watch._mark()
        await home.say(mia, LOBBY, "and on")
        await home.database.checkpoint()
        watch._looks = 0
        assert home.database.troubles.lasting == [], "its own writing is nobody else's"
    shutil.copyfile(folder / "copy", folder / NAMES[0])
    assert await refusal(home.say(mia, LOBBY, "into the void")) == "unavailable"
    await watch.look()
    assert home.database.troubles.lasting == ["files"]
    assert not [name for name in os.listdir(folder) if name.startswith(RESCUED)]


async def test_a_mark_that_is_not_in_the_file_yet_is_no_other_databases(home: House, folder: Path) -> None:
    mia = await home.guest("Mia")
    watch = Watch(home.database, home.committer, folder, 0)
    for _ in range(3):
        watch._looks = 0
        await watch._mark()
        assert await home.say(mia, LOBBY, "on")
    await home.database.checkpoint()
    assert await home.say(mia, LOBBY, "on")


async def test_a_mark_that_a_killed_house_left_in_the_log_alone_is_its_own(home: House, folder: Path) -> None:
    await Watch(home.database, home.committer, folder, 0)._mark()
    killed = shutil.copytree(folder, folder.with_name("killed"))
    async with living(f"sqlite:///{killed}/teahouse.db") as again:
        assert again.database._files is not None
        again.database._files.next_mark()  # and the log is copied before it is stored
        await again.database.checkpoint()
        assert await again.guest("Mia")


async def test_a_program_beside_the_house_takes_its_new_mark_for_no_strangers(home: House, folder: Path) -> None:
    async with living(f"sqlite:///{folder}/teahouse.db") as beside:
        await Watch(home.database, home.committer, folder, 0)._mark()
        await home.database.checkpoint()
        assert await beside.guest("Mia")


async def test_programs_that_come_and_go_beside_the_house_leave_its_files_as_they_are(home: House, folder: Path) -> None:
    """What SQLite's shell, a backup or a command of the house does: they close the database, checkpoint it, rewrite it."""
    mia = await home.guest("Mia")
    for what in (
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "VACUUM",
        "PRAGMA journal_mode=DELETE",  # is refused while somebody else has it open
        f"VACUUM INTO '{folder / 'copy'}'",
        "PRAGMA incremental_vacuum",
    ):
        home.database.forget_write_connection()
        home.database._read_engine.dispose()
        await asyncio.to_thread(in_another_process, folder / NAMES[0], what)
        assert await home.say(mia, LOBBY, "on"), what
        await Watch(home.database, home.committer, folder, 0)._mark()
    assert home.database.troubles.lasting == []


def in_another_process(database: Path, statement: str) -> None:
    program = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None).execute(sys.argv[2])"
    done = subprocess.run([sys.executable, "-c", program, str(database), statement], capture_output=True, text=True, check=False)
    assert done.returncode == 0 or "database is locked" in done.stderr, done.stderr


async def test_a_file_that_its_file_system_numbers_anew_is_the_same(home: House) -> None:
    assert home.database._files is not None
    home.database._files._known = dict.fromkeys(home.database._files._known, (0, 0))
    assert await home.guest("Mia")


async def test_another_file_than_its_own_does_not_tell_of_damage(home: House, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await home.guest("Mia")
    await Watch(home.database, home.committer, folder, 0)._mark()
    await home.database.checkpoint()
    monkeypatch.setattr("teahouse.storage.database.LATELY_S", 60)
    home.database.check_files()
    (folder / NAMES[0]).write_bytes(b"a shopping list" * 10_000)
    home.database._read_engine.dispose()
    with pytest.raises(Unavailable):
        await home.database.read(rooms.every)
    assert home.database.troubles.lasting == ["files"]


async def test_files_that_are_back_serve_again(home: House, folder: Path) -> None:
    mia = await home.guest("Mia")
    watch = Watch(home.database, home.committer, folder, 0)
    os.rename(folder, folder.with_name("elsewhere"))
    assert await refusal(home.say(mia, LOBBY, "not now")) == "unavailable"
    await watch.look()
    assert home.database.troubles.lasting == ["files"]
    os.rename(folder.with_name("elsewhere"), folder)
    await watch.look()
    assert await home.say(mia, LOBBY, "here again")
    assert home.database.troubles.lasting == []


async def test_no_empty_database_takes_the_place_of_one_that_was_taken_away(home: House, folder: Path) -> None:
    mia = await home.guest("Mia")
    for name in NAMES:
        (folder / name).unlink()
    home.database.forget_write_connection()
    unnoticed(home)  # as in the moment between a look and what it was for
    assert await refusal(home.say(mia, LOBBY, "into the void")) == "unavailable"
    assert os.listdir(folder) == []


async def test_other_files_that_came_between_a_look_and_what_it_was_for_are_neither_read_nor_touched(
    home: House, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia = await home.guest("Mia")
    shutil.copytree(folder, folder.with_name("backup"))
    await home.say(mia, LOBBY, "after the backup")
    monkeypatch.setattr(home.database, "check_files", Mock())
    os.rename(folder, folder.with_name("old"))
    os.rename(folder.with_name("backup"), folder)
    before = what_is_in(folder)
    home.database.holds_erased = True
    await home.database.checkpoint()
    assert not home.database.holds_erased
    together = threading.Barrier(READERS)
    assert await asyncio.gather(*(home.database.read(count_messages, together) for _ in range(READERS))) == [1] * READERS
    assert what_is_in(folder) == before


def what_is_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def count_messages(connection: Connection, together: threading.Barrier) -> int:
    """Each on a connection of its own."""
    together.wait()
    return int(connection.scalar(text("SELECT count(*) FROM messages")))


async def test_all_that_was_acknowledged_is_saved_beside_where_it_was_once(home: House, folder: Path) -> None:
    mia = await home.guest("Mia")
    await home.say(mia, LOBBY, "kept")
    for name in NAMES:
        (folder / name).unlink()
    assert await refusal(home.say(mia, LOBBY, "into the void")) == "unavailable"
    watch = Watch(home.database, home.committer, folder, 0)
    for _ in range(3):
        await watch.look()
    [name] = os.listdir(folder)
    saved = folder / name
    assert saved.name.startswith(RESCUED) and saved.suffix == ".db" and stat.S_IMODE(saved.stat().st_mode) == 0o600
    async with living(f"sqlite:///{saved}") as again:
        assert [message.text for message in (await again.chat.page(mia, LOBBY)).messages][-1] == "kept"


async def test_what_was_saved_goes_when_the_files_are_back(home: House, folder: Path) -> None:
    mia = await home.guest("Mia")
    await home.say(mia, LOBBY, "kept")
    watch = Watch(home.database, home.committer, folder, 0)
    for _ in range(2):
        os.rename(folder / "teahouse.db", folder / "away.db")
        await watch.look()
        assert [name for name in os.listdir(folder) if name.startswith(RESCUED)]
        os.rename(folder / "away.db", folder / "teahouse.db")
        await watch.look()
        assert sorted(os.listdir(folder)) == sorted(NAMES), "or what is removed from now on would be in it for good"


async def test_what_could_not_be_saved_is_told_and_saved_once_it_can_be(home: House, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await home.guest("Mia")
    for name in NAMES:
        (folder / name).unlink()
    monkeypatch.setattr("teahouse.watch.RESCUE_AGAIN", 2)
    watch, seen = Watch(home.database, home.committer, folder, 0), []
    with monkeypatch.context() as full:
        full.setattr("teahouse.storage.files.os.rename", Mock(side_effect=OSError(errno.ENOSPC, "No space left on device")))
        await watch.look()
        assert os.listdir(folder) == [], "half a database would only take the room that is left"
    for _ in range(2):
        seen.append(home.database.troubles.lasting)
        await watch.look()
    assert seen == [["files", "unsaved"]] * 2
    assert home.database.troubles.lasting == ["files"]
    assert [Path(name).suffix for name in os.listdir(folder)] == [".db"]


async def test_what_is_in_a_folder_that_was_moved_need_not_be_saved(home: House, folder: Path) -> None:
    os.rename(folder, folder.with_name("elsewhere"))
    os.mkdir(folder)
    await Watch(home.database, home.committer, folder, 0).look()
    assert (os.listdir(folder), home.database.troubles.lasting) == ([], ["files"])


async def test_before_the_end_what_nobody_else_has_is_saved(home: House, folder: Path) -> None:
    watch = Watch(home.database, home.committer, folder, 0)
    await watch.finish()
    assert set(os.listdir(folder)) == set(NAMES)
    for name in NAMES:
        (folder / name).unlink()
    await watch.finish()
    assert [Path(name).suffix for name in os.listdir(folder)] == [".db"]


def test_no_empty_house_is_opened_beside_what_another_saved(tmp_path: Path) -> None:
    saved = tmp_path / f"{RESCUED}x.db"
    saved.touch()
    for _ in range(2):
        with pytest.raises(UnusableDatabase, match=rf"{saved.name} has what was in it\. Rename that to teahouse\.db"):
            Database.in_folder(tmp_path)
        (tmp_path / NAMES[0]).touch()
    saved.rename(tmp_path / NAMES[0])
    Database.in_folder(tmp_path)


async def test_a_database_that_is_not_its_own_keeps_its_log_when_the_house_closes(folder: Path) -> None:
    async with living(f"sqlite:///{folder}/teahouse.db") as house:
        await house.guest("Mia")
        for name in NAMES:
            (folder / name).unlink()
        with closing(sqlite3.connect(folder / NAMES[0], isolation_level=None)) as other:
            other.execute("PRAGMA journal_mode=WAL")
            other.execute("CREATE TABLE theirs (words TEXT)")
            before = {name: (folder / name).read_bytes() for name in NAMES[:2]}
            house.database.close()
            assert house.database.is_left_open
            assert {name: (folder / name).read_bytes() for name in NAMES[:2]} == before
        files = unnoticed(house)
    files.close()


@pytest.mark.parametrize("is_there_before", [False, True])
def test_files_are_for_their_owner_alone_whatever_the_umask(tmp_path: Path, is_there_before: bool) -> None:
    folder, before = tmp_path / "house", os.umask(0)
    try:
        if is_there_before:
            folder.mkdir(mode=0o755)
        database = Database.in_folder(folder)
        database.open()
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
        database.close()
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(NAMES, 0o600)
