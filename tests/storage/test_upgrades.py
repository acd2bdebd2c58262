"""Upgrades from every earlier schema: nothing of what was there is missing, it is said, and one can go back by the copy."""

import json
import os
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from structlog.testing import capture_logs

from teahouse.model import LOBBY
from teahouse.storage import invites, migrations, upgrading
from teahouse.storage.database import Database, UnusableDatabase
from teahouse.storage.tables import SCHEMA_VERSION
from tests.storage.earlier import (
    AIKO,
    BEN,
    COOKIE,
    EPOCH,
    FIRST,
    INVITE,
    OWNER_KEY,
    REVISIONS,
    ROBOT,
    SAID,
    TICKET,
    TOKEN,
    Dump,
    Row,
    make_earlier,
    read_all,
)
from tests.storage.house import living

LAST = REVISIONS[-1]
COPY = f"teahouse-before-{SCHEMA_VERSION}.db"


def bring_up_to_date(url: str, **how: bool) -> str:
    """Open and close a database as a start does; return its epoch."""
    database = Database.at(url)
    try:
        database.open(**how)
        return database.epoch
    finally:
        database.close()


@pytest.fixture
def url(empty_url: str) -> str:
    """Each test makes a database of an earlier schema in it."""
    return empty_url


@pytest.fixture
def files(tmp_path: Path, url: str) -> Path:
    """The folder of a database of SQLite. Copies of PostgreSQL are its administrator's."""
    if not url.startswith("sqlite"):
        pytest.skip("about files of SQLite")
    return tmp_path


@pytest.mark.parametrize("revision", REVISIONS)
async def test_from_every_schema_all_is_there_after_the_upgrade_and_in_the_copy(url: str, tmp_path: Path, revision: str) -> None:
    before = make_earlier(url, revision)

    assert bring_up_to_date(url) == EPOCH, "who comes back goes on where they were"
    if url.startswith("sqlite"):
        assert copy_of(tmp_path) == before
    after = read_all(url)
    assert missing(as_now(before), after) == []
    counts = {name: len(rows) for name, rows in as_now(before).items() if name != "about"}  # where the house's clock is kept too by now
    assert counts == {name: len(after[name]) for name in counts}
    assert after["alembic_version"] == [{"version_num": SCHEMA_VERSION}]

    async with living(url) as house:
        aiko = (await house.auth.identify(COOKIE)).user
        assert (aiko.id, aiko.role) == (AIKO, "owner")
        if revision >= "0003":
            assert (await house.auth.identify_token(TOKEN)).user.id == BEN
            assert (await house.auth.identify_ticket(TICKET)).user.id == BEN
        assert [entry.seq for entry in await house.entries(LOBBY)] == list(range(1, FIRST + SAID + 4))
        page = await house.chat.page(aiko, LOBBY, limit=200)
        assert [message.text for message in page.messages][2:4] == ["@Ben, is there tea?", "the last of the oolong"]
        assert page.messages[2].mentions == (BEN,)
        assert page.messages[2].reactions[0].emoji == "❤️" and page.messages[3].reply_to is not None
        assert await house.say(aiko, LOBBY, "and on we go") == FIRST + SAID + 4
        again = await house.chat.post(aiko, LOBBY, "sent again", "say-0", None)
        assert again.seq == FIRST, "and what was sent before the upgrade is not stored twice"
        await house.search.catch_up()
        assert [found.message.seq for found in (await house.search.find(aiko, "oolong")).found] == [FIRST + 3]
        await house.auth.sign_in("Invited", "f01", invite=INVITE)
        [invited] = await house.database.read(invites.page, house.clock(), None, 10)
        assert (invited.used, invited.by.id, invited.max_uses, invited.at_start) == (1, ROBOT, None, False)
        assert (await house.auth.sign_in("Heir", "f01", owner_key=OWNER_KEY))[1].user.role == "owner"


def test_who_went_back_by_the_copy_may_upgrade_again(url: str, files: Path) -> None:
    before = make_earlier(url, LAST)
    bring_up_to_date(url)
    (files / COPY).rename(files / "teahouse.db")

    assert bring_up_to_date(url) != EPOCH
    assert missing(as_now(before) | {"about": []}, read_all(url)) == []
    assert read_version(files, COPY) == LAST


def test_it_is_said_from_what_to_what_and_where_the_copy_is(url: str, files: Path) -> None:
    make_earlier(url, LAST)
    with capture_logs() as logged:
        bring_up_to_date(url)
        bring_up_to_date(url)

    first, second = ({name: value for name, value in line.items() if name != "event"} for line in logged)
    assert first == {"log_level": "warning", "schema_was": LAST, "schema": SCHEMA_VERSION}
    assert second == first | {"copy": str(files / COPY)}


def test_a_new_database_leaves_no_copy_and_says_nothing(url: str, tmp_path: Path) -> None:
    with capture_logs() as logged:
        bring_up_to_date(url)

    assert logged == []
    assert list(tmp_path.glob("teahouse-before*")) == []


def test_a_copy_that_does_not_fit_is_told_with_the_way_on(url: str, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = make_earlier(url, LAST)
    size = (files / "teahouse.db").stat().st_size
    monkeypatch.setattr(upgrading.shutil, "disk_usage", lambda _place: shutil._ntuple_diskusage(10 * size, 9 * size, size))

    with pytest.raises(UnusableDatabase, match=rf"from schema {LAST} to {SCHEMA_VERSION}.*MiB are free.*COPY_BEFORE_UPGRADE=false"):
        bring_up_to_date(url)
    assert read_all(url) == before
    assert not (files / COPY).exists()
    bring_up_to_date(url, copy_first=False)
    assert missing(as_now(before), read_all(url)) == []
    assert not (files / COPY).exists()


@pytest.mark.parametrize("error", [sqlite3.OperationalError("database or disk is full"), OSError(28, "No space left on device")])
def test_a_copy_that_fails_is_told_and_nothing_is_changed(url: str, files: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    before = make_earlier(url, LAST)

    def fail(*_where: Any, **_how: Any) -> None:
        raise error

    monkeypatch.setattr(upgrading, "copy_database", fail)
    with pytest.raises(UnusableDatabase, match=r"(disk is full|No space).*Make room"):
        bring_up_to_date(url)
    assert read_all(url) == before


def test_a_damaged_database_is_not_upgraded(url: str, files: Path) -> None:
    make_earlier(url, LAST)
    with closing(sqlite3.connect(files / "teahouse.db")) as connection:
        [(page,)] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'messages'").fetchall()
    with (files / "teahouse.db").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)

    with pytest.raises(UnusableDatabase, match=r"is damaged \(.*Run teahouse doctor"):
        bring_up_to_date(url)
    assert read_version(files) == LAST
    assert list(files.glob("teahouse-before*")) == []


def test_a_migration_that_fails_leaves_the_schema_that_was_there(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = make_earlier(url, REVISIONS[0])
    upgrade = migrations.upgrade

    def fail(connection: Connection) -> None:
        upgrade(connection)
        raise RuntimeError("the machine is on fire")

    monkeypatch.setattr(migrations, "upgrade", fail)
    with pytest.raises(RuntimeError, match="fire"):
        bring_up_to_date(url)
    assert read_all(url) == before


def test_only_the_newest_copy_is_kept(url: str, files: Path) -> None:
    make_earlier(url, LAST)
    for name in ("teahouse-before-0001.db", "teahouse-before-0002.db.half", "teahouse-before-easter.db", COPY):
        (files / name).write_bytes(b"earlier")
    bring_up_to_date(url)

    assert sorted(path.name for path in files.glob("teahouse-before*")) == [COPY, "teahouse-before-easter.db"]
    assert read_version(files, COPY) == LAST


def test_what_somebody_keeps_beside_under_a_name_of_their_own_is_theirs(url: str, files: Path) -> None:
    (files / "teahouse-before-0001.db.gz").touch()
    (files / "teahouse-before-0002.db").symlink_to("on/a/disk/that/is/not/mounted")
    (files / "teahouse-before-0003.db").mkdir()
    theirs = sorted(files.iterdir())
    make_earlier(url, LAST)
    bring_up_to_date(url)
    upgrading.forget_copy(files, int(time.time() * 1000) + 100 * upgrading.DAY_MS)

    assert sorted(files.glob("teahouse-before*")) == theirs


def test_the_copy_goes_after_its_days(url: str, files: Path) -> None:
    make_earlier(url, LAST)
    bring_up_to_date(url)
    (files / "teahouse-before-easter.db").touch()
    os.utime(files / "teahouse-before-easter.db", (0, 0))
    now_ms, days_ms = int(time.time() * 1000), upgrading.COPY_KEPT_DAYS * upgrading.DAY_MS

    upgrading.forget_copy(files, now_ms + days_ms - 60_000)
    assert (files / COPY).exists()
    with capture_logs() as logged:
        upgrading.forget_copy(files, now_ms + days_ms + 60_000)
    assert sorted(path.name for path in files.iterdir()) == ["teahouse-before-easter.db", "teahouse.db"]
    assert [line["copy"] for line in logged] == [str(files / COPY)]


@pytest.mark.parametrize("days", [-400, 400], ids=["behind", "ahead"])
def test_a_clock_that_was_wrong_when_the_copy_was_made_neither_takes_nor_keeps_it(
    url: str, files: Path, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    def copy_in_the_wrong_year(*where: Any, **how: Any) -> None:
        copy_database(*where, **how)
        os.utime(files / COPY, (wrong_s, wrong_s))

    now_ms, copy_database = int(time.time() * 1000), upgrading.copy_database
    wrong_s = now_ms / 1000 + days * 86_400
    monkeypatch.setattr(upgrading, "copy_database", copy_in_the_wrong_year)
    make_earlier(url, LAST)
    bring_up_to_date(url)

    upgrading.forget_copy(files, now_ms + 60_000)
    assert (files / COPY).exists()
    upgrading.forget_copy(files, now_ms + (upgrading.COPY_KEPT_DAYS + 1) * upgrading.DAY_MS)
    assert not (files / COPY).exists()


def test_what_does_not_serve_upgrades_nothing(url: str, tmp_path: Path) -> None:
    before = make_earlier(url, LAST)

    with pytest.raises(UnusableDatabase, match=rf"schema {LAST}, this Teahouse wants {SCHEMA_VERSION}.*teahouse serve"):
        bring_up_to_date(url, may_upgrade=False)
    assert read_all(url) == before
    assert list(tmp_path.glob("teahouse-before*")) == []


def test_what_does_not_serve_makes_a_new_database_all_the_same(url: str) -> None:
    bring_up_to_date(url, may_upgrade=False)

    assert read_all(url)["alembic_version"] == [{"version_num": SCHEMA_VERSION}]


def copy_of(folder: Path) -> Dump:
    """Return what is in the copy, which is all that there is beside the database; its own epoch as that of the database."""
    assert sorted(path.name for path in folder.iterdir()) == [COPY, "teahouse.db"]
    copy = read_all(f"sqlite:///{folder / COPY}")
    [epoch] = [row for row in copy["about"] if row["key"] == "epoch"]
    assert epoch["value"] != EPOCH, "who has read on since must not go on where they were"
    epoch["value"] = EPOCH
    return copy


def as_now(before: Dump) -> Dump:
    """Return what of `before` has another place today: until 0014 invites were keys of a kind, and whom texts call is another table."""
    before = {name: rows for name, rows in before.items() if name != "calls"}
    if "invites" in before:
        return before
    keys = {kind: [without_kind(row) for row in before["keys"] if row["kind"] == kind] for kind in ("owner", "invite")}
    return before | {"keys": keys["owner"], "invites": keys["invite"]}


def without_kind(row: Row) -> Row:
    return {column: value for column, value in row.items() if column != "kind"}


def missing(before: Dump, after: Dump) -> list[tuple[str, Row]]:
    """Return every row of `before` that is not in `after` with all its columns."""
    rows = ((name, row) for name, rows in before.items() if name != "alembic_version" for row in rows)
    return [(name, row) for name, row in rows if not any(holds(other, row) for other in after[name])]


def holds(other: Row, row: Row) -> bool:
    """Say whether a row is what it was. The body of a fact may have gained fields."""
    body = row.get("body") is None or json.loads(other["body"] or "{}").items() >= json.loads(row["body"]).items()
    return body and all(other[column] == value for column, value in row.items() if column != "body")


def read_version(folder: Path, name: str = "teahouse.db") -> str:
    with closing(sqlite3.connect(folder / name)) as connection:
        [(version,)] = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        return str(version)
