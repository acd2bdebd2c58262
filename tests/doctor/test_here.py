"""`teahouse doctor` without an address: the machine and the house that would be served from here."""

import errno
import os
import shutil
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from teahouse.acceptor import FULL
from teahouse.backup.folder import WORK
from teahouse.backup.restoring import OLD
from teahouse.doctor import line, machine, mounts, premises, rights
from teahouse.doctor.command import HERE
from teahouse.doctor.findings import Finding, Step
from teahouse.doctor.robot import robot
from teahouse.doctor.target import target
from teahouse.door_settings import DoorSettings
from teahouse.settings import Secret, Settings
from teahouse.storage.database import Database
from teahouse.storage.files import STAGE
from teahouse.storage.house_clock import calendar_ms
from tests.doctor.examined import findings
from tests.doctor.plain_server import Serve, http
from tests.faults.server import Server


def only(step: Step, check: str) -> Finding:
    return next(finding for finding in step.findings if finding.check == check)


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Settings]:
    """Settings with a data folder of their own and a port that nobody has."""

    def settings(**given: object) -> Settings:
        return Settings(**{"data_dir": tmp_path / "data", "port": 0, **given})  # type: ignore[arg-type]

    return settings


def make_database(settings: Settings) -> Path:
    database = Database.in_folder(settings.data_dir)
    database.open()
    database.close()
    return settings.data_dir / "teahouse.db"


def test_a_new_installation_is_well(settings: Callable[..., Settings]) -> None:
    found = [finding for step in HERE for finding in step(settings(max_connections=100)).findings]

    assert [finding for finding in found if finding.state == "mend"] == []
    assert {"folder", "room", "file-system", "fsync", "files", "database", "descriptors", "port", "address", "clock"} <= {
        each.check for each in found
    }


def test_looking_makes_nothing(settings: Callable[..., Settings], tmp_path: Path) -> None:
    for step in HERE:
        step(settings())

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(
    settings: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_where: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(machine.tempfile, "TemporaryFile", refuse)  # whoever runs the tests may be root, who can write anywhere

    found = only(machine.folder(settings()), "folder")
    assert found.state == "mend"
    assert str(tmp_path) in found.seen
    owner, at = f"-o {os.getuid()} -g {os.getgid()}", tmp_path / "data"
    assert found.mend["shell"] == f"sudo install -d -m 700 {owner} {at}", "what lies above the folder is not ours to change"

    at.mkdir()
    assert only(machine.folder(settings()), "folder").mend["shell"] == f"sudo chown -R {os.getuid()}:{os.getgid()} {at}"


@pytest.mark.parametrize(("free", "state"), [(50 << 20, "mend"), (500 << 20, "note"), (50 << 30, "ok")])
def test_a_disk_that_fills_up_is_noticed(settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _place: machine.shutil._ntuple_diskusage(100 << 30, 0, free))

    assert only(machine.folder(settings()), "room").state == state


@pytest.mark.parametrize(("kind", "state"), [("nfs4", "mend"), ("cifs", "mend"), ("tmpfs", "note"), ("ext4", "ok")])
def test_the_kind_of_file_system_counts(
    settings: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, state: str
) -> None:
    told = tmp_path / "mounts"
    told.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/home {tmp_path} {kind} rw 0 0\n")
    monkeypatch.setattr(mounts, "MOUNTS", told)

    assert only(machine.folder(settings()), "file-system").state == state


def test_a_folder_belongs_to_the_nearest_mount_above_it(tmp_path: Path) -> None:
    inner = tmp_path / "a b"
    inner.mkdir()
    told = ["/dev/sda / ext4 rw 0 0", f"/dev/sdb {tmp_path!s}/a\\040b btrfs rw 0 0", f"x {tmp_path}/a nfs rw 0 0"]

    assert mounts.mount_of(inner / "data", told) == (str(inner), "btrfs")
    assert mounts.mount_of(tmp_path, told) == ("/", "ext4")
    assert mounts.mount_of(tmp_path, []) == ("", "")


def test_a_read_only_file_system_is_not_mended_by_chown(
    settings: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_database(settings())
    told = tmp_path / "mounts"
    told.write_bytes(b"/dev/sda / ext4 ro 0 0\n/dev/sdb /\xff ext4 rw 0 0\n")

    def refuse(*_what: object, **_where: object) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(mounts, "MOUNTS", told)
    monkeypatch.setattr(machine.tempfile, "TemporaryFile", refuse)
    monkeypatch.setattr(rights.os, "open", refuse)
    found = [*machine.folder(settings()).findings, *rights.files(settings()).findings]
    lines = {each.seen: each.mend for each in found if each.state == "mend"}
    mend = {"shell": "sudo mount -o remount,rw /", "settings": 'data_dir = "/a/folder/on/another/disk"'}
    assert lines == {
        f"{path.parent} cannot be written: Read-only file system": mend,
        f"{path} cannot be opened: Read-only file system": mend,
    }

    told.unlink()
    assert only(machine.folder(settings()), "folder").mend == {"settings": mend["settings"]}, "a machine that tells no mounts"


@pytest.mark.parametrize(("limit", "fits"), [(4096, 3584), (1024, 512), (256, 128), (1, 1)])
def test_too_few_open_files_come_with_lines_that_mend_it(
    settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, limit: int, fits: int
) -> None:
    monkeypatch.setattr(machine.resource, "getrlimit", lambda _kind: (limit, limit))

    found = only(machine.descriptors(settings(max_connections=12_000)), "descriptors")
    assert (found.state, f"With {fits:,} inside" in found.why) == ("note", True)
    assert found.mend == {"systemd unit": "LimitNOFILE=12512", "settings": f"max_connections = {fits}"}
    assert only(machine.descriptors(settings(max_connections=fits)), "descriptors").state == "ok", "the line mends it"


def test_a_port_that_another_program_has_is_named(settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "PATIENCE_S", 0.5)  # that program never answers
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0)
        found = only(machine.port(settings(port=other.getsockname()[1])), "port")

    assert found.state == "mend"
    assert "in use" in found.seen


def test_a_port_that_the_house_itself_has_is_well(server: Server, settings: Callable[..., Settings]) -> None:
    found = only(machine.port(settings(port=server.port)), "port")

    assert (found.state, "a Teahouse answers" in found.seen) == ("ok", True)


def test_a_full_house_is_no_foreign_program(settings: Callable[..., Settings], serve: Serve) -> None:
    found = only(machine.port(settings(port=target(serve(FULL)).port)), "port")

    assert (found.state, "a Teahouse answers" in found.seen, "the house is full" in found.seen) == ("note", True, True)
    assert found.mend == {}, "another port would be another house"


def test_a_whole_database_is_well_also_while_it_is_served(server: Server) -> None:
    step = premises.database(Settings(data_dir=server.data))

    assert [finding.state for finding in step.findings] == ["ok", "ok", "ok"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT])
@pytest.mark.parametrize("where", ["making a file", "writing"])
def test_a_full_disk_is_named_as_that_and_the_other_steps_go_on(
    settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, number: int, where: str
) -> None:
    def refuse(*_what: object, **_where: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(*((machine.tempfile, "TemporaryFile") if where == "making a file" else (machine.os, "fsync")), refuse)

    found = [finding for step in HERE for finding in step(settings()).findings]
    [full] = [each for each in found if "nothing can be written" in each.seen]
    assert (full.state, os.strerror(number) in full.seen) == ("mend", True)
    assert not any("chown" in line for each in found for line in each.mend.values()), "it is not the rights that are wrong"
    assert {"room", "file-system", "database", "clock"} <= {each.check for each in found}


def test_what_a_house_saved_of_a_database_that_was_taken_away_is_named(settings: Callable[..., Settings]) -> None:
    path = make_database(settings())
    saved = path.rename(path.with_name("teahouse.rescued-x.db"))
    found = only(premises.database(settings()), "database")
    assert (found.state, found.mend["shell"]) == ("mend", f"mv {saved} {path}")


def test_what_a_house_saved_is_named_beside_another_database_too(settings: Callable[..., Settings]) -> None:
    path = make_database(settings())
    assert [each.check for each in premises.database(settings()).findings] == ["database", "schema", "lock"]
    saved = path.with_name("teahouse.rescued-x.db")
    saved.touch()

    found = only(premises.database(settings()), "saved")
    assert (found.state, f"{saved.name} lies beside teahouse.db" in found.seen) == ("note", True)
    assert found.mend["shell"] == f"mv {saved} /a/safe/place/", "a line that cannot take the other database away"


def test_a_write_lock_that_another_program_holds_is_named(settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(premises, "PATIENCE_S", 0)
    with closing(sqlite3.connect(make_database(settings()), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        found = only(premises.database(settings()), "lock")
        other.execute("ROLLBACK")

    assert (found.state, "locked" in found.seen, "lsof" in found.mend["shell"]) == ("mend", True, True)
    assert only(premises.database(settings()), "lock").state == "ok"


@pytest.mark.parametrize("name", ["teahouse.db", "teahouse.db-wal", "teahouse.db-shm", "teahouse.lock"])
def test_a_file_that_cannot_be_opened_for_writing_is_named_with_the_line_that_mends_it(
    settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = make_database(settings()).with_name(name)
    path.touch()

    def refuse(asked: Path, flags: int) -> int:
        if asked == path:
            raise PermissionError(errno.EACCES, "Permission denied")
        return os_open(asked, flags)

    os_open = os.open
    monkeypatch.setattr(rights.os, "open", refuse)  # whoever runs the tests may be root, who can open anything
    [found] = [each for each in rights.files(settings()).findings if each.state != "ok"]

    assert (found.check, found.state, f"{path} cannot be opened: Permission denied" in found.seen) == ("files", "mend", True)
    assert found.mend["shell"] == f"sudo chown {os.getuid()}:{os.getgid()} {path}"


def test_a_lock_that_is_a_folder_is_named(settings: Callable[..., Settings]) -> None:
    lock = make_database(settings()).with_name("teahouse.lock")
    lock.mkdir()

    assert only(rights.files(settings()), "files").mend["shell"] == f"rmdir {lock}"


@pytest.mark.parametrize("name", ["teahouse.db", "teahouse.db-wal", "teahouse.db-shm", "teahouse.db-journal", "teahouse.lock"])
def test_a_pipe_in_place_of_a_file_is_named_and_no_step_opens_it(
    settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = make_database(settings()).with_name(name)
    path.unlink(missing_ok=True)
    os.mkfifo(path)

    def refuse(what: object, *_how: object, **_more: object) -> None:
        raise AssertionError(f"{what} is opened, which may never end")

    with monkeypatch.context() as without:
        if name != "teahouse.lock":
            without.setattr(sqlite3, "connect", refuse)
        found = [finding for step in HERE for finding in step(settings()).findings]
    assert [(each.seen, each.mend) for each in found if each.check == "files"] == [(f"{path} is no file", {"shell": f"rm {path}"})]
    assert [each.state for each in found if each.check == "unread"] == (["note"] * 2 if name != "teahouse.lock" else [])


@pytest.mark.skipif(os.getuid() != 0, reason="only root may give a file away")
def test_a_file_of_another_user_than_its_folder_is_named_to_root_too(settings: Callable[..., Settings]) -> None:
    path = make_database(settings())
    os.chown(path, 12345, 12345)

    found = only(rights.files(settings()), "files")
    assert (found.state, found.mend["shell"]) == ("mend", f"sudo chown {os.getuid()}:{os.getgid()} {path}")


@pytest.mark.parametrize(("folder", "state"), [(0o755, "note"), (0o711, "note"), (0o700, "ok")])
def test_files_that_others_may_read_are_named_with_the_line_that_mends_it(
    settings: Callable[..., Settings], folder: int, state: str
) -> None:
    path = make_database(settings())
    path.chmod(0o644)
    path.parent.chmod(folder)
    found = only(rights.files(settings()), "private")

    assert found.state == state
    assert found.mend == ({"shell": f"chmod 600 {path}"} if state == "note" else {})
    path.chmod(0o600)
    assert only(rights.files(settings()), "private").state == "ok"


@pytest.mark.parametrize(
    "name",
    [
        "teahouse-before-0019.db",
        "teahouse.rescued-x.db",
        "teahouse.recovered.db",
        "before-restore-1/teahouse.db",
        f"{WORK}/teahouse.db",
        f"{STAGE}/teahouse.db",
        f"{STAGE}/{OLD}/teahouse.db",
    ],
)
@pytest.mark.parametrize("is_alone", [False, True])
def test_whole_copies_that_others_may_read_are_named_too(settings: Callable[..., Settings], name: str, is_alone: bool) -> None:
    path = make_database(settings())
    copy = path.parent / name
    for folder in (path.parent, *reversed(copy.parents[: len(Path(name).parts) - 1])):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
    shutil.copy(path, copy)
    copy.chmod(0o644)
    if is_alone:
        path.unlink()

    found = only(rights.files(settings()), "private")
    assert (found.state, found.seen.endswith(f" may open {name}")) == ("note", True)
    assert found.mend == {"shell": f"chmod 600 {copy}"}
    if copy.parent != path.parent:
        copy.parent.chmod(0o700)
        assert only(rights.files(settings()), "private").state == "ok", "a folder that is shut keeps what is in it"


def test_what_a_link_leads_to_is_no_copy_of_the_house(settings: Callable[..., Settings], tmp_path: Path) -> None:
    folder = make_database(settings()).parent
    folder.chmod(0o755)
    (tmp_path / "another").mkdir(mode=0o755)
    (tmp_path / "another/teahouse.db").touch(mode=0o644)
    (folder / "before-restore-1").symlink_to(tmp_path / "another")
    (folder / "teahouse-before-0019.db").symlink_to(tmp_path / "another/teahouse.db")

    assert only(rights.files(settings()), "private").state == "ok"


def test_a_house_that_is_not_well_is_asked_what_it_has(settings: Callable[..., Settings], serve: Serve) -> None:
    words = '{"faces": [], "name": "Teahouse", "code": "unavailable", "words": "the disk is full", "retry": true}'
    unwell = target(serve(http("503 Service Unavailable", body=words)))

    here = only(machine.port(settings(port=unwell.port)), "health")
    assert (here.state, "the disk is full" in here.seen) == ("mend", True)
    assert "the disk is full" in next(each for each in findings(unwell.url) if each.check == "health").seen


def test_a_damaged_database_is_found(settings: Callable[..., Settings]) -> None:
    path = make_database(settings())
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 40_000)

    found = only(premises.database(settings()), "database")
    assert found.state == "mend"
    assert "damaged" in found.seen


def test_a_database_that_cannot_be_read_is_not_called_damaged(settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(premises, "PATIENCE_S", 0)
    with sqlite3.connect(make_database(settings())) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        found = only(premises.database(settings()), "database")
    other.close()

    assert (found.state, found.mend) == ("mend", {})
    assert "locked" in found.seen


@pytest.mark.parametrize(("version", "state"), [("0000", "note"), ("9999", "mend")])
def test_an_older_and_a_newer_schema_are_told_apart(settings: Callable[..., Settings], version: str, state: str) -> None:
    with sqlite3.connect(make_database(settings())) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    connection.close()

    assert only(premises.database(settings()), "schema").state == state


def test_of_an_older_schema_it_says_whether_the_next_start_leaves_a_copy(settings: Callable[..., Settings]) -> None:
    with sqlite3.connect(make_database(settings())) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.close()

    assert "leaves a copy" in only(premises.database(settings()), "schema").why
    assert "copy the folder first" in only(premises.database(settings(copy_before_upgrade=False)), "schema").why


def test_a_public_address_without_a_trusted_proxy_is_noticed(settings: Callable[..., Settings]) -> None:
    public = settings(public_url="https://chat.example.org")
    behind = settings(public_url="https://chat.example.org", trusted_proxies=("127.0.0.1",))

    assert only(premises.address(public), "trusted-proxies").mend == {"settings": 'trusted_proxies = ["127.0.0.1"]'}
    assert {finding.state for finding in premises.address(behind).findings} == {"ok"}


@pytest.mark.parametrize(
    ("given", "state", "words"),
    [
        ({}, "ok", "may come in without an invite: whoever is on this machine"),
        ({"public_url": "https://chat.example.org"}, "ok", "need an invite"),
        ({"public_url": "https://chat.example.org", "open": True}, "ok", "may come in without an invite (open = true)"),
        ({"host": "0.0.0.0"}, "ok", "need an invite"),
        ({"host": "0.0.0.0", "open": True}, "ok", "may come in without an invite (open = true)"),
        ({"trusted_proxies": ("127.0.0.1",)}, "note", "may come in without an invite"),
        ({"trusted_proxies": ("127.0.0.1",), "open": False}, "ok", "need an invite"),
    ],
)
def test_it_is_told_who_may_come_in(settings: Callable[..., Settings], given: dict[str, object], state: str, words: str) -> None:
    found = only(premises.address(settings(**given)), "strangers")

    assert found.state == state
    assert words in found.seen


def test_doors_that_ask_for_less_than_the_house_are_told(settings: Callable[..., Settings]) -> None:
    doors = (DoorSettings(dialect="shout"), DoorSettings(dialect="relay", access="token"), DoorSettings(dialect="lines"))

    closed = premises.address(settings(host="0.0.0.0", doors=doors))
    assert only(closed, "door-strangers").seen == 'strangers may come in at the doors shout, lines (access = "open")'
    assert all(each.check != "door-strangers" for each in premises.address(settings(doors=doors)).findings), "the house asks for no more"


def test_a_clock_that_was_never_set_is_found(settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "BUILT_IN", 9999)

    assert only(machine.clock(settings()), "clock").state == "mend"


@pytest.mark.parametrize(
    ("hours", "state", "words"),
    [
        (1, "ok", ""),
        (24 * 29, "ok", ""),
        (-1, "note", "before the time when the house was last open"),
        (24 * 61, "note", "more than a month"),
    ],
)
def test_a_clock_that_the_house_would_doubt_at_its_start_is_told(
    settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, hours: int, state: str, words: str
) -> None:
    make_database(settings())
    monkeypatch.setattr(machine, "calendar_ms", lambda: calendar_ms() + hours * 3_600_000)

    found = only(machine.clock(settings()), "clock")
    assert (found.state, words in found.seen) == (state, True)
    assert bool(found.mend) == (state != "ok")


@pytest.mark.parametrize(
    ("status", "body", "state", "words"),
    [
        ("200 OK", '{"data": [{"id": "tea-1"}]}', "ok", "has tea-1"),
        ("200 OK", '{"data": [{"id": "tea-1:latest"}]}', "ok", "has tea-1"),
        ("200 OK", '{"data": [{"id": "models/tea-1"}]}', "ok", "has tea-1"),
        ("200 OK", '{"data": [{"id": "other"}]}', "mend", "no model 'tea-1'"),
        ("200 OK", '{"data": [{"id": "tea-1:8b"}]}', "mend", "no model 'tea-1'"),
        ("401 Unauthorized", "", "mend", "does not take the key"),
        ("404 Not Found", "", "note", "answers 404"),
    ],
)
def test_the_robots_endpoint_is_asked_for_its_models(
    settings: Callable[..., Settings], serve: Serve, status: str, body: str, state: str, words: str
) -> None:
    endpoint = serve(http(status, body=body))
    found = only(robot(settings(robot_base_url=f"{endpoint}/v1", robot_model="tea-1", robot_api_key=Secret("geheim"))), "robot")

    assert found.state == state
    assert words in found.seen
    assert "geheim" not in repr(found)


def test_an_endpoint_that_is_away_is_named(settings: Callable[..., Settings]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"

        assert away in only(robot(settings(robot_base_url=away, robot_model="tea-1")), "robot").seen
