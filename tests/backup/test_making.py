"""A backup holds one moment of a house, is read back before it counts, and costs the house nothing; or the old one stays."""

import os
import pty
import re
import shutil
import sqlite3
import stat
import tarfile
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from teahouse.backup import archive, making, record
from teahouse.backup.archive import BadBackup, Manifest, Nowhere
from teahouse.backup.folder import HALF, WORK, aside, workshop
from teahouse.backup.making import CannotBackUp, make
from teahouse.backup.restoring import restore
from teahouse.backup.rotation import Rotation
from teahouse.backup.sealing import MAGIC
from teahouse.storage import copying
from tests.backup.houses import AT_MS, backup, change, command, epoch, look, names, said, talk
from tests.faults.disk import small_disk


@pytest.fixture
def file_of_root(tmp_path: Path) -> Path:
    """A file that is no part of the house, in a folder that is none."""
    (tmp_path / "of the machine").mkdir()
    (tmp_path / "of the machine" / "shadow").write_text("secret")
    return tmp_path / "of the machine" / "shadow"


def read(file: Path) -> Manifest:
    with file.open("rb") as packed:
        return archive.read(packed, lambda _name: Nowhere())


def test_a_backup_says_what_it_holds_and_only_its_owner_may_read_it(data: Path, tmp_path: Path) -> None:
    old_mask = os.umask(0)
    try:
        made = make(data, tmp_path / "house.backup", AT_MS)
    finally:
        os.umask(old_mask)
    assert read(tmp_path / "house.backup") == made
    holds = made.contents
    assert (made.at, holds.messages, holds.people, holds.epoch, holds.lacking) == (AT_MS, 30, 1, epoch(data), [])
    assert [(holds.entries, holds.last_entry_at)] == look(data, "SELECT count(*), max(at) FROM entries")
    assert stat.S_IMODE((tmp_path / "house.backup").stat().st_mode) == 0o600
    assert names(tmp_path) == {"data", "house.backup"} and WORK not in names(data)


def test_what_is_said_while_it_is_copied_is_not_in_it_and_does_not_begin_it_anew(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit between any two pages, without waiting for anybody. Were it to begin anew, it would do so for as long as people talk."""
    monkeypatch.setattr(copying, "PAGES_AT_ONCE", 1)
    copied: list[int] = []
    with closing(sqlite3.connect(data / "teahouse.db", 0, isolation_level=None)) as other:

        def meanwhile(what: str, done: int, _total: int) -> None:
            if what == "copying" and len(copied) < 500:
                copied.append(done)
                other.execute("INSERT INTO about VALUES (?, 'x')", (f"meanwhile {len(copied)}",))

        make(data, tmp_path / "house.backup", AT_MS, tell=meanwhile)
    assert len(copied) > 20
    assert copied == sorted(copied), "it began anew"
    restore(tmp_path / "house.backup", tmp_path / "copy")
    assert look(tmp_path / "copy", "SELECT count(*) FROM about WHERE key LIKE 'meanwhile%'") == [(0,)]
    assert look(data, "SELECT count(*) FROM about WHERE key LIKE 'meanwhile%'") == [(len(copied),)]


def test_what_a_house_has_not_yet_copied_from_its_log_is_in_it(data: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data / "teahouse.db", isolation_level=None)) as house:
        house.execute("PRAGMA wal_autocheckpoint = 0")
        house.execute("UPDATE messages SET text = 'in the log' WHERE seq = (SELECT max(seq) FROM messages)")
        backup(data, tmp_path / "house.backup")
    restore(tmp_path / "house.backup", tmp_path / "copy")
    assert said(tmp_path / "copy")[-1] == "in the log"


DAMAGES = {
    "a hole in a log": "DELETE FROM entries WHERE log_id = 1 AND seq = 10",
    "a last entry that is gone": "DELETE FROM entries WHERE log_id = 1 AND seq = (SELECT max(seq) FROM entries WHERE log_id = 1)",
    "a log that is empty": "DELETE FROM entries WHERE log_id = 1",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_house_that_lacks_entries_is_backed_up_by_whoever_says_so_alone(data: Path, tmp_path: Path, damage: str) -> None:
    change(data, DAMAGES[damage])
    with pytest.raises(CannotBackUp, match=r"entries are missing .* \(in log 1\): .*--incomplete"):
        backup(data, tmp_path / "house.backup")
    assert names(tmp_path) == {"data"}
    done = command(data, "backup", str(tmp_path / "house.backup"), "--incomplete")
    assert (done.returncode, "entries in all (not all of them in 1 logs)" in done.stdout) == (0, True), done.stderr
    restore(tmp_path / "house.backup", tmp_path / "copy")
    assert said(tmp_path / "copy") == said(data)


def test_a_damaged_house_makes_no_backup_and_the_old_one_stays(data: Path, tmp_path: Path) -> None:
    before = backup(data, tmp_path / "house.backup").read_bytes()
    with (data / "teahouse.db").open("r+b") as file:
        file.seek(3 * 4096)
        file.write(os.urandom(8 * 4096))
    with pytest.raises(CannotBackUp, match="is damaged"):
        backup(data, tmp_path / "house.backup")
    assert (tmp_path / "house.backup").read_bytes() == before
    assert names(tmp_path) == {"data", "house.backup"} and WORK not in names(data)


def test_a_copy_that_reads_otherwise_makes_no_backup(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = copying.copy_database

    def copy(source: Path, target: Path, **how: Any) -> None:
        real(source, target, **how)
        with closing(sqlite3.connect(target, isolation_level=None)) as file:
            file.execute("UPDATE messages SET text = 'other' WHERE seq = (SELECT max(seq) FROM messages)")

    monkeypatch.setattr(making, "copy_database", copy)
    with pytest.raises(CannotBackUp, match="read back from the copy"):
        backup(data, tmp_path / "house.backup")


def test_a_file_that_reads_otherwise_than_it_was_written_takes_nobodys_place(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = backup(data, tmp_path / "house.backup").read_bytes()

    def reread(half: Any) -> None:
        half.seek(5000)
        byte = half.read(1)
        half.seek(5000)
        half.write(bytes([byte[0] ^ 1]))
        half.seek(0)

    monkeypatch.setattr(making, "_reread", reread)
    with pytest.raises(CannotBackUp, match="damaged"):
        backup(data, tmp_path / "house.backup")
    assert (tmp_path / "house.backup").read_bytes() == before


def test_only_one_is_made_at_a_time_and_what_a_killed_one_left_goes(data: Path, tmp_path: Path) -> None:
    with workshop(data), pytest.raises(CannotBackUp, match=r"another backup or restore of .* is under way"):
        backup(data, tmp_path / "house.backup")
    (data / WORK).mkdir()
    (data / WORK / "teahouse.db").write_bytes(b"half a copy")
    (tmp_path / HALF).write_bytes(b"half a backup of another name")
    backup(data, tmp_path / "house.backup")
    assert names(tmp_path) == {"data", "house.backup"} and WORK not in names(data)


def test_what_another_house_writes_into_the_same_folder_is_left_alone(data: Path, tmp_path: Path) -> None:
    with aside(tmp_path / "theirs.backup") as theirs:
        theirs.write(b"theirs")
        with pytest.raises(CannotBackUp, match=rf"another backup is being written in {tmp_path}"):
            backup(data, tmp_path / "house.backup")
    assert (tmp_path / "theirs.backup").read_bytes() == b"theirs"
    assert names(tmp_path) == {"data", "theirs.backup"}


def test_a_half_written_file_is_nobodys_who_waits_for_it(data: Path, tmp_path: Path) -> None:
    """Whoever may write in the folder could have put something under its name."""
    (tmp_path / "victim").write_bytes(b"precious")
    (tmp_path / HALF).symlink_to(tmp_path / "victim")
    with pytest.raises(CannotBackUp, match=HALF):
        backup(data, tmp_path / "house.backup")
    (tmp_path / HALF).unlink()
    os.link(tmp_path / "victim", tmp_path / HALF)
    backup(data, tmp_path / "house.backup")
    assert (tmp_path / "victim").read_bytes() == b"precious"
    assert (tmp_path / "victim").stat().st_nlink == 1


def test_where_there_is_no_house_there_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(CannotBackUp, match="it was never opened"):
        backup(tmp_path / "data", tmp_path / "house.backup")
    assert list(tmp_path.iterdir()) == []


def test_a_place_where_a_backup_does_not_belong_is_refused_before_anything_is_done(data: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis").write_bytes(b"two years of work")
    (tmp_path / "other.age").write_bytes(MAGIC + b"-> X25519 of somebody\n--- \n")
    with tarfile.open(tar := tmp_path / "image.tar", "w") as image:
        image.add(tmp_path / "thesis", archive.MANIFEST)
    (tmp_path / "to the house").symlink_to(data / "teahouse.db")
    (tmp_path / "round").symlink_to(tmp_path / "about")
    (tmp_path / "about").symlink_to(tmp_path / "round")
    for place, words in {
        data / "teahouse.db": "own folder",
        data / "house.backup": "own folder",
        data / "teahouse.db-wal": "own folder",
        tmp_path / "round": "leads to itself",
        tmp_path / "round" / "house.backup": "there is no folder",
        tmp_path / "to the house": "own folder",
        tmp_path / "x" / ".." / "data" / "house.backup": "own folder",
        tmp_path / "none" / "house.backup": "there is no folder",
        tmp_path: "is a folder: name a file",
        **dict.fromkeys((tmp_path / "thesis", Path("/dev/null"), tar, tmp_path / "other.age"), "nothing says that it is a backup"),
    }.items():
        with pytest.raises(CannotBackUp, match=words):
            backup(data, place)
    assert (tmp_path / "thesis").read_bytes() == b"two years of work"
    assert tarfile.is_tarfile(tar) and (tmp_path / "other.age").exists()
    assert len(said(data)) == 30 and WORK not in names(data)


@pytest.mark.parametrize("name", ["house.backup", "house of monday"])
def test_a_backup_takes_the_place_of_an_older_one_whatever_it_is_called(data: Path, tmp_path: Path, name: str) -> None:
    first = backup(data, tmp_path / name).read_bytes()
    talk(data, "more")
    assert backup(data, tmp_path / name).read_bytes() != first


def test_a_name_that_leads_elsewhere_is_followed(data: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "house.backup").symlink_to(tmp_path / "disk" / "house.backup")
    for _ in range(2):
        backup(data, tmp_path / "house.backup")
    assert (tmp_path / "house.backup").is_symlink()
    assert read(tmp_path / "disk" / "house.backup").contents.messages == 30


def test_a_disk_that_a_copy_would_fill_is_left_alone(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "SPARE_BYTES", 1 << 60)
    with pytest.raises(CannotBackUp, match=rf"it needs [\d,.]+ MiB in {data}, and [\d,.]+ MiB are free"):
        backup(data, tmp_path / "house.backup")


def test_a_full_disk_leaves_the_old_backup_and_nothing_else(data: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        if disk is None:
            pytest.skip("only root may mount a small disk")
        file, ballast = tmp_path / "disk" / "house.backup", tmp_path / "disk" / "ballast"
        before = backup(data, file).read_bytes()
        talk(data, *("w" * 900 for _ in range(300)))

        def fill(what: str, *_: int) -> None:
            if what == "writing" and not ballast.exists():
                room = os.statvfs(file)
                ballast.write_bytes(bytes(room.f_bavail * room.f_frsize - (64 << 10)))

        with pytest.raises(CannotBackUp, match="No space left on device"):
            make(data, file, AT_MS, tell=fill)
        assert file.read_bytes() == before
        assert names(file.parent) == {"house.backup", "ballast"}
        with pytest.raises(CannotBackUp, match=rf"it needs [\d,.]+ MiB in {file.parent}, and [\d,.]+ MiB are free"):
            backup(data, file)


def test_files_that_may_not_grow_leave_the_old_backup_and_nothing_else(data: Path, tmp_path: Path) -> None:
    before = backup(data, tmp_path / "house.backup").read_bytes()
    talk(data, *("w" * 900 for _ in range(200)))
    done = command(data, "backup", str(tmp_path / "house.backup"), file_size=len(before) // 2)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("No backup: ")
    assert (tmp_path / "house.backup").read_bytes() == before
    assert names(tmp_path) == {"data", "house.backup"} and WORK not in names(data)


def test_the_command_says_what_the_backup_holds(data: Path, tmp_path: Path) -> None:
    done = command(data, "backup", str(tmp_path / "house.backup"))
    assert done.returncode == 0, done.stderr
    assert f"{tmp_path}/house.backup holds 30 messages of 1 person, " in done.stdout
    assert done.stderr == "", "nobody looks at a terminal"


def test_on_a_terminal_it_says_how_far_it_is_and_leaves_the_line_empty(data: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    done = command(data, "backup", str(tmp_path / "house.backup"), stderr=theirs)
    told = os.read(ours, 10_000).decode()
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 0
    assert re.match(r"\rcopying +\d+ %", told)
    assert told.endswith("\r") and told.split("\r")[-2].strip() == ""


def test_with_every_one_is_made_when_it_is_due_and_the_newest_stay(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    missing = command(data, "backup", str(folder), "--every", "1d")
    assert (missing.returncode, missing.stderr) == (2, f"There is no folder {folder}: with --every it is one in which backups are kept.\n")
    folder.mkdir()
    ours = Rotation(folder, epoch(data))
    for _ in range(2):
        ours.next_file(AT_MS - 400 * 24 * 3_600_000).touch()
    (folder / HALF).write_bytes(b"left by one that was killed")
    for _ in range(2):  # the second is not due
        assert command(data, "backup", str(folder), "--every", "1d", "--keep", "2").returncode == 0
    assert [name[:15] for name in sorted(names(folder))] == ["teahouse-000002", "teahouse-000003"]


def test_a_house_that_began_anew_leaves_the_backups_of_the_one_before_it_and_says_so(data: Path, tmp_path: Path) -> None:
    """As after a start without the disk that the house is on: nothing is left of that but its backups."""
    folder = tmp_path / "backups"
    folder.mkdir()
    assert command(data, "backup", str(folder), "--every", "1d", "--keep", "1").returncode == 0
    before = names(folder)
    talk(tmp_path / "fresh", "hello?")
    done = command(tmp_path / "fresh", "backup", str(folder), "--every", "1d", "--keep", "1")
    assert done.returncode == 0
    assert f"Backups of another house or life in {folder}: 1. They stay until you remove them." in done.stdout
    assert before < names(folder) and len(names(folder)) == 2


def test_backups_made_elsewhere_in_between_make_none_more_and_none_fewer(data: Path, tmp_path: Path) -> None:
    """By `backup.json` alone, which knows the last one only, two folders would each have found the other's."""
    for where in ("here", "there") * 2:
        (tmp_path / where).mkdir(exist_ok=True)
        assert command(data, "backup", str(tmp_path / where), "--every", "1d").returncode == 0
    assert [len(names(tmp_path / where)) for where in ("here", "there")] == [1, 1]


def test_what_a_killed_one_left_takes_no_room_from_the_next(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a disk that has room for so much and no more, none would ever be made again."""
    (tmp_path / HALF).write_bytes(b"left by one that was killed")
    looked: list[bool] = []
    real = shutil.disk_usage
    monkeypatch.setattr(shutil, "disk_usage", lambda path: looked.append((tmp_path / HALF).exists()) or real(path))
    backup(data, tmp_path / "house.backup")
    assert looked and not any(looked)


def test_a_backup_at_a_path_that_is_no_text_is_made_and_noted(data: Path, tmp_path: Path) -> None:
    file = backup(data, tmp_path / os.fsdecode(b"house \xff.backup"))
    noted = record.last(data)
    assert noted is not None
    assert (noted.file, noted.bytes) == (f"{tmp_path}/house \\udcff.backup", file.stat().st_size)


def test_the_last_good_backup_is_noted_in_the_house(data: Path, tmp_path: Path) -> None:
    backup(data, tmp_path / "house.backup")
    noted = record.last(data)
    assert noted is not None
    assert (noted.at, noted.file, noted.epoch) == (AT_MS, str(tmp_path / "house.backup"), epoch(data))
    change(data, "DELETE FROM entries WHERE log_id = 1 AND seq = 10")
    with suppress(CannotBackUp):
        make(data, tmp_path / "house.backup", AT_MS + 1)
    assert record.last(data) == noted


def test_a_mistaken_copy_is_told_apart_from_a_whole_one(data: Path, tmp_path: Path) -> None:
    (tmp_path / "house.backup").write_bytes((data / "teahouse.db").read_bytes())
    with pytest.raises(BadBackup, match="no backup of Teahouse"):
        read(tmp_path / "house.backup")


@pytest.mark.skipif(os.getuid() != 0, reason="only root may give a file away")
def test_what_root_makes_in_the_house_belongs_to_the_house(data: Path, tmp_path: Path) -> None:
    for path in (data, *data.iterdir()):
        os.chown(path, 12345, 12345)
    backup(data, tmp_path / "house.backup")
    restore(tmp_path / "house.backup", data)
    everything = [data, *data.rglob("*")]
    assert {path.name for path in everything} >= {"teahouse.db", "teahouse.lock", record.FILE, "before-restore-1"}
    assert {path.stat().st_uid for path in everything} == {12345}


@pytest.mark.skipif(os.getuid() != 0, reason="only root may give a file away")
def test_what_links_of_the_house_lead_to_is_not_given_to_the_house(data: Path, file_of_root: Path, tmp_path: Path) -> None:
    """Root may put back the house of somebody who would like to have another file of the machine."""
    os.chown(data, 12345, 12345)
    backup(data, tmp_path / "house.backup")
    (data / "teahouse.db").unlink()
    (data / "teahouse.db-shm").symlink_to(file_of_root)
    restore(tmp_path / "house.backup", data)
    assert (data / "before-restore-1" / "teahouse.db-shm").is_symlink()
    assert file_of_root.stat().st_uid == 0


def test_a_link_in_the_place_of_the_workshop_is_not_followed(data: Path, file_of_root: Path, tmp_path: Path) -> None:
    (data / WORK).symlink_to(file_of_root.parent)
    with pytest.raises(CannotBackUp, match=r"\.backup: Not a directory"):
        make(data, tmp_path / "house.backup", AT_MS)
    assert names(file_of_root.parent) == {file_of_root.name}
