"""A restored house is that of the backup, under a new epoch; what was there is kept, and what cannot be restored changes nothing."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from teahouse.backup import archive, record, restoring
from teahouse.backup.archive import Contents, Manifest, PackedFile
from teahouse.backup.contents import contents
from teahouse.backup.folder import WORK, workshop
from teahouse.backup.restoring import CannotRestore, renew_epoch, restore
from teahouse.storage import upgrading
from teahouse.storage.claim import Claim
from teahouse.storage.database import Database
from teahouse.storage.files import STAGE
from teahouse.storage.tables import SCHEMA_VERSION
from tests.backup.houses import AT_MS, backup, change, command, epoch, look, names, said, talk
from tests.faults.server import Server
from tests.storage.earlier import REVISIONS, SAID, make_earlier


@pytest.fixture
def file(data: Path, tmp_path: Path) -> Path:
    return backup(data, tmp_path / "house.backup")


def state(data: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in data.iterdir() if each.is_file()}


def test_a_backup_that_is_restored_elsewhere_is_the_same_house_in_another_life(data: Path, file: Path, tmp_path: Path) -> None:
    done = restore(file, tmp_path / "copy")
    assert done.kept is None
    assert said(tmp_path / "copy") == said(data)
    assert epoch(tmp_path / "copy") not in ("", epoch(data))
    assert stat.S_IMODE((tmp_path / "copy" / "teahouse.db").stat().st_mode) == 0o600
    assert names(tmp_path / "copy") == {"teahouse.db", "teahouse.lock", record.FILE}
    clock = "SELECT value FROM about WHERE key = 'last_open'"
    assert look(tmp_path / "copy", clock) == look(data, clock), "sessions are as old as they were then"
    talk(tmp_path / "copy", "and on")


def test_the_house_as_it_was_is_kept_each_time(data: Path, file: Path) -> None:
    before, lines = epoch(data), said(data)
    talk(data, "after the backup")
    first = restore(file, data)
    assert first.kept == data / "before-restore-1"
    assert said(data) == lines
    assert (said(first.kept), epoch(first.kept)) == ([*lines, "after the backup"], before)
    talk(data, "in the new life")
    second = restore(file, data)
    assert second.kept == data / "before-restore-2"
    assert said(second.kept) == [*lines, "in the new life"]
    assert said(first.kept) == [*lines, "after the backup"]
    assert len({before, epoch(data), epoch(second.kept)}) == 3


def test_what_only_the_log_of_a_killed_house_holds_is_kept_and_not_taken_for_the_new_ones(data: Path, file: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data / "teahouse.db", isolation_level=None)) as house:
        house.execute("PRAGMA wal_autocheckpoint = 0")
        house.execute("UPDATE messages SET text = 'in the log' WHERE seq = (SELECT max(seq) FROM messages)")
        killed = state(data)
    (tmp_path / "killed").mkdir()
    for name, content in killed.items():
        (tmp_path / "killed" / name).write_bytes(content)
    assert "teahouse.db-wal" in killed
    done = restore(file, tmp_path / "killed")
    assert done.kept is not None
    assert said(done.kept)[-1] == "in the log"
    assert said(tmp_path / "killed")[-1] == "line 29"


def test_a_log_without_its_database_is_not_taken_for_the_new_ones(data: Path, file: Path, tmp_path: Path) -> None:
    """Somebody wanted to begin anew, and removed the database alone."""
    with closing(sqlite3.connect(data / "teahouse.db", isolation_level=None)) as house:
        house.execute("PRAGMA wal_autocheckpoint = 0")
        house.execute("UPDATE messages SET text = 'in the log'")
        log = (data / "teahouse.db-wal").read_bytes()
    (tmp_path / "emptied").mkdir()
    (tmp_path / "emptied" / "teahouse.db-wal").write_bytes(log)
    done = restore(file, tmp_path / "emptied")
    assert said(tmp_path / "emptied") == [f"line {number}" for number in range(30)]
    assert done.kept is not None and (done.kept / "teahouse.db-wal").read_bytes() == log


def test_a_house_that_is_too_damaged_to_be_opened_is_replaced_and_kept(data: Path, file: Path) -> None:
    damaged = os.urandom(40_000)
    (data / "teahouse.db").write_bytes(damaged)
    done = restore(file, data)
    assert done.kept is not None and (done.kept / "teahouse.db").read_bytes() == damaged
    assert len(said(data)) == 30


def test_an_open_house_is_left_alone(data: Path, file: Path) -> None:
    claim = Claim(data)
    claim.take()
    before = state(data)
    with pytest.raises(CannotRestore, match=rf"another Teahouse \(process {os.getpid()}\)"):
        restore(file, data)
    assert state(data) == before
    claim.release()


def test_a_house_that_is_being_backed_up_is_left_alone(data: Path, file: Path) -> None:
    with workshop(data), pytest.raises(CannotRestore, match="another backup or restore"):
        restore(file, data)


def test_a_link_in_the_place_of_what_a_restore_leaves_is_not_followed(data: Path, file: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter").write_text("dear")
    (data / STAGE).symlink_to(tmp_path / "other")
    restore(file, data)
    assert (tmp_path / "other" / "letter").read_text() == "dear"


@pytest.mark.parametrize("to", ["{}/elsewhere/teahouse.db", "../elsewhere/teahouse.db"], ids=["absolute", "relative"])
def test_a_database_that_is_a_link_is_left_where_it_is(data: Path, file: Path, tmp_path: Path, to: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    (data / "teahouse.db").rename(tmp_path / "elsewhere" / "teahouse.db")
    (data / "teahouse.db").symlink_to(to.format(tmp_path))
    with pytest.raises(CannotRestore, match=r"teahouse\.db is a link: move it away first; .*elsewhere/teahouse\.db, stays"):
        restore(file, data)
    assert len(said(data)) == 30 and not {STAGE, "before-restore-1"} & names(data)
    (data / "teahouse.db").unlink()
    restore(file, data)


def test_what_another_program_writes_in_the_very_moment_is_not_taken_for_the_new_ones(
    data: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It opened the old one by its name, and leaves a log there that fits the old one's pages."""
    others, lines = [], said(data)

    def replace(source: Path, target: Path) -> None:
        if target == data / "teahouse.db":
            others.append(sqlite3.connect(target, isolation_level=None))
            others[0].execute("UPDATE messages SET text = 'of the old house'")
            others[0].execute("UPDATE users SET name = 'old'")
        os.rename(source, target)

    monkeypatch.setattr("teahouse.backup.restoring.os.replace", replace)
    restore(file, data)
    others[0].close()
    assert said(data) == lines
    assert look(data, "PRAGMA integrity_check") == [("ok",)]


def test_no_command_keeps_a_house_that_is_being_restored(data: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would write into the one that is put away. A restore that was killed is in nobody's way."""
    found = []

    def settle_old(_path: Path) -> None:
        found.append(command(data, "newcomers", "off"))

    monkeypatch.setattr(restoring, "_settle_old", settle_old)
    restore(file, data)
    assert (found[0].returncode, found[0].stderr) == (2, f"A backup is being restored in {data}: wait until that is done.\n")
    (data / STAGE).mkdir()
    assert command(data, "newcomers", "off").returncode == 0


def test_a_link_that_leads_nowhere_takes_the_name_of_no_kept_house(data: Path, file: Path) -> None:
    (data / "before-restore-1").symlink_to("moved away")
    assert restore(file, data).kept == data / "before-restore-2"


def test_a_house_that_another_program_reads_is_left_alone(data: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would go on in a file that is put away, and what it holds of the log could be lost."""
    monkeypatch.setattr(restoring, "PATIENCE_S", 0)
    with closing(sqlite3.connect(data / "teahouse.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM about").fetchall()
        change(data, "INSERT INTO about VALUES ('after', 'the reader began')")
        with pytest.raises(CannotRestore, match=r"another program has .*teahouse\.db open"):
            restore(file, data)
    assert look(data, "SELECT value FROM about WHERE key = 'after'") == [("the reader began",)]
    restore(file, data)


def test_a_house_that_another_program_has_locked_is_left_alone(data: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "PATIENCE_S", 0)
    with closing(sqlite3.connect(data / "teahouse.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CannotRestore, match=r"teahouse\.db cannot be put away: database is locked"):
            restore(file, data)
        other.execute("ROLLBACK")
    assert len(said(data)) == 30 and not {STAGE, "before-restore-1"} & names(data)


def test_a_newer_schema_is_refused_with_what_to_do(data: Path, tmp_path: Path) -> None:
    change(data, "UPDATE alembic_version SET version_num = '9999'")
    file = backup(data, tmp_path / "newer.backup")
    with pytest.raises(CannotRestore, match=rf"schema '9999', this Teahouse knows {SCHEMA_VERSION}: use a newer Teahouse"):
        restore(file, tmp_path / "copy")
    assert not (tmp_path / "copy" / "teahouse.db").exists()


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_older_schema_is_brought_up_to_date_and_not_copied_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, revision: str
) -> None:
    monkeypatch.setattr(upgrading, "leave_copy", lambda *_: pytest.fail("the backup is the copy"))
    (tmp_path / "older").mkdir()
    make_earlier(f"sqlite:///{tmp_path}/older/teahouse.db", revision)
    file = backup(tmp_path / "older", tmp_path / "older.backup")
    restore(file, tmp_path / "copy")
    assert look(tmp_path / "copy", "SELECT version_num FROM alembic_version") == [(SCHEMA_VERSION,)]
    assert said(tmp_path / "copy") == said(tmp_path / "older") and len(said(tmp_path / "copy")) > SAID
    assert names(tmp_path / "copy") == {"teahouse.db", "teahouse.lock", record.FILE}


def forged(tmp_path: Path, data: Path, *members: str, holds: Contents | None = None, **changes: object) -> Path:
    """A backup as somebody else's program may make it, whole and sealed: with these members, and other contents than it has."""
    database, file = data / "teahouse.db", tmp_path / "forged.backup"
    holds = msgspec.structs.replace(holds or contents(database), **changes)
    packed = [PackedFile(name, database.stat().st_size, archive.digest(database)) for name in members]
    made = Manifest(teahouse="0.1.0", at=AT_MS, contents=holds, members=packed)
    file.write_bytes(b"".join(archive.pieces(made, dict.fromkeys(members, database))))
    return file


def test_what_is_forged_well_is_believed(data: Path, tmp_path: Path) -> None:
    """Whoever runs a house says whose backup it becomes. The tests below would show nothing without this."""
    restore(forged(tmp_path, data, "teahouse.db"), tmp_path / "copy")
    assert said(tmp_path / "copy") == said(data)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (["../x"], "holds '../x', which this Teahouse does not know"),
        (["teahouse.db", "../x"], "holds '../x', which this Teahouse does not know"),
        (["/etc/x"], "does not know"),
        (["teahouse.db-wal"], "does not know"),
        (["teahouse.db", "teahouse.db"], "does not hold one database"),
        ([], "does not hold one database"),
    ],
)
def test_a_backup_that_holds_something_else_makes_no_file(data: Path, tmp_path: Path, members: list[str], words: str) -> None:
    file, before = forged(tmp_path, data, *members), names(tmp_path)
    with pytest.raises(CannotRestore, match=words):
        restore(file, tmp_path / "copy")
    assert names(tmp_path / "copy") == {"teahouse.lock"}
    assert names(tmp_path) == {*before, "copy"}


@pytest.mark.parametrize(
    "changes",
    [{"messages": 29}, {"people": 0}, {"entries": 1}, {"last_entry_at": 1}, {"epoch": "another"}, {"lacking": [1]}, {"schema": "0001"}],
    ids=lambda changes: next(iter(changes)),
)
def test_a_manifest_that_says_another_thing_than_the_database_is_refused(data: Path, tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(CannotRestore, match="does not hold what its manifest says"):
        restore(forged(tmp_path, data, "teahouse.db", **changes), tmp_path / "copy")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DROP TABLE messages", "its database cannot be read: no such table"),
        ("UPDATE alembic_version SET version_num = '\x1b[31m'", r"the backup has schema '\\x1b\[31m'"),
    ],
)
def test_a_database_that_is_none_of_a_house_is_refused(data: Path, tmp_path: Path, statement: str, words: str) -> None:
    before = contents(data / "teahouse.db")
    change(data, statement)
    file = forged(tmp_path, data, "teahouse.db", holds=before if statement.startswith("DROP") else None)
    with pytest.raises(CannotRestore, match=words):
        restore(file, tmp_path / "copy")
    assert names(tmp_path / "copy") == {"teahouse.lock"}


@pytest.mark.parametrize("place", [600, 6_000, 60_000, -1_000, -20])
def test_a_backup_with_one_flipped_byte_changes_nothing(data: Path, file: Path, place: int) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 0x80
    file.write_bytes(content)
    before = state(data)
    with pytest.raises(CannotRestore, match=r"house\.backup: it is"):
        restore(file, data)
    assert {name: content for name, content in state(data).items() if name != "teahouse.lock"} == {
        name: content for name, content in before.items() if name != "teahouse.lock"
    }


def test_a_backup_that_is_not_there_changes_nothing(data: Path, tmp_path: Path) -> None:
    before = said(data)
    with pytest.raises(CannotRestore, match=r"none\.backup: No such file"):
        restore(tmp_path / "none.backup", data)
    assert said(data) == before


def test_the_command_says_where_the_house_that_was_is_kept(data: Path, file: Path) -> None:
    done = command(data, "restore", str(file))
    assert done.returncode == 0, done.stderr
    assert "It has a new epoch" in done.stdout
    assert f"is kept in {data}/before-restore-1: remove that when you are sure." in done.stdout
    again = command(data, "restore", str(data / "teahouse.db"))
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert again.stderr.startswith("Nothing was restored: ") and "no backup of Teahouse" in again.stderr


def test_a_restored_house_knows_the_backup_that_it_came_from(data: Path, file: Path, tmp_path: Path) -> None:
    restore(file, tmp_path / "copy")
    noted = record.last(tmp_path / "copy")
    assert noted is not None
    assert (noted.at, noted.file, noted.epoch) == (AT_MS, str(file), epoch(tmp_path / "copy"))


def test_a_copy_that_was_put_back_by_hand_is_given_a_new_epoch(data: Path) -> None:
    before, lines = epoch(data), said(data)
    done = command(data, "new-epoch")
    assert done.returncode == 0, done.stderr
    database = Database.in_folder(data)
    database.open()
    database.close()
    assert epoch(data) not in ("", before) and said(data) == lines


def test_no_new_epoch_for_an_open_house_or_for_none(data: Path, tmp_path: Path) -> None:
    claim, before = Claim(data), epoch(data)
    claim.take()
    with pytest.raises(CannotRestore, match="another Teahouse"):
        renew_epoch(data)
    claim.release()
    assert epoch(data) == before
    with pytest.raises(CannotRestore, match="it was never opened"):
        renew_epoch(tmp_path / "none")


def test_what_is_no_file_is_refused_and_not_waited_for(data: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for each in (tmp_path, Path("/dev/null"), tmp_path / "pipe"):
        with pytest.raises(CannotRestore, match=rf"{each} is no file"):
            restore(each, data)


def test_a_full_disk_under_the_house_is_not_said_of_the_backup(file: Path, tmp_path: Path) -> None:
    done = command(tmp_path / "other", "restore", str(file), file_size=10_000)
    assert (done.returncode, done.stderr) == (2, f"Nothing was restored: {tmp_path / 'other'}: File too large.\n")


def test_what_a_killed_backup_or_restore_left_goes_when_the_house_opens(data: Path) -> None:
    """A copy of all that was said, in which stands what is removed from then on."""
    old = said(data)
    for name in (WORK, STAGE):
        (data / name).mkdir()
        (data / name / "teahouse.db-journal").write_bytes(b"half a copy")
    (data / STAGE / "old").mkdir()
    (data / STAGE / "old" / "teahouse.db").write_bytes((data / "teahouse.db").read_bytes())
    with Server(data) as server:
        assert not {WORK, STAGE} & names(data)
        assert f"A restore was killed here. The house as it was before is kept in {data}/before-restore-1" in server.log
    assert said(data / "before-restore-1") == old


def test_what_is_under_way_is_left_alone_when_the_house_opens(data: Path) -> None:
    with workshop(data) as folder:
        (folder / "teahouse.db").write_bytes(b"half a copy")
        with Server(data):
            assert (folder / "teahouse.db").exists()
