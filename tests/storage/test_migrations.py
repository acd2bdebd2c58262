"""Opening a database: migrations make the schema of tables.py, a second start finds everything, strangers are refused in words."""

import json
import os
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from teahouse.clearing import clear
from teahouse.model import LOBBY, NAMELESS, Reacted
from teahouse.moderation import CONSOLE
from teahouse.storage import files, history, invites, migrations, people, rooms
from teahouse.storage.database import Database, NewerDatabase, UnusableDatabase
from teahouse.storage.log import Transaction
from teahouse.storage.tables import SCHEMA_VERSION, metadata
from tests.storage.conftest import Another
from tests.storage.house import House, living


async def test_migrations_make_the_schema_of_the_tables(empty_url: str) -> None:
    def differences(connection: Any) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))

    async with living(empty_url) as house:
        assert await house.database.read(differences) == []


async def test_what_must_be_unique_is_unique_in_the_database(house: House) -> None:
    def unique(connection: Any) -> set[tuple[str, frozenset[str]]]:
        found = inspect(connection)
        return {
            (table, frozenset(constraint["column_names"]))
            for table in found.get_table_names()
            for constraint in found.get_unique_constraints(table)
        }

    wanted = {("entries", frozenset({"author_id", "client_id"})), ("users", frozenset({"name_key"})), ("rooms", frozenset({"unique_key"}))}
    assert wanted < await house.database.read(unique)


def test_the_newest_migration_is_the_version_that_the_tables_claim() -> None:
    assert max(migrations.versions()) == SCHEMA_VERSION


async def test_what_was_noted_of_calls_names_those_who_are_in_the_room(house: House, another: Another) -> None:
    aiko, ben, smith = [await house.guest(name) for name in ("Aiko", "Ben", "Ben Smith")]
    gone = await house.guest("Carol")
    room = await house.room(aiko, ben, smith)
    called = {"ben, tea?\n小明": [ben], "BEN SMITH!\nben": [smith, ben], "aiko": [aiko], "benny": [], "carol": []}
    seqs = [await house.say(aiko, room, "tea") for _ in called]

    def go_back(tx: Transaction) -> None:
        forget_mentions(tx)
        tx.connection.execute(text("UPDATE alembic_version SET version_num = '0016'"))
        for seq, each in zip(seqs, called, strict=True):
            row = {"room": room, "seq": seq, "author": aiko.id, "called": each}
            tx.connection.execute(text("INSERT INTO calls VALUES (:room, :seq, :author, :called)"), row)

    await house.committer.run(go_back)
    again = await another()
    found = await again.database.read(lambda connection: history.messages_at(connection, room, seqs))
    assert [message.mentions for message in found] == [tuple(user.id for user in named) for named in called.values()]
    [now] = [await again.database.read(rooms.standing, user.id, room) for user in (ben,)]
    assert now.mentioned == seqs[1]
    assert (await again.database.read(rooms.standing, aiko.id, room)).mentioned == 0, "nobody is told of their own words"
    assert gone.id not in {user for message in found for user in message.mentions}


async def test_twins_of_a_reaction_are_joined_and_told_so(house: House, another: Another) -> None:
    aiko, ben, carol = [await house.guest(name) for name in ("Aiko", "Ben", "Carol")]
    room = await house.room(aiko, ben, carol)
    seq, alone = [await house.say(aiko, room, "tea") for _ in range(2)]
    for user, emoji in ((ben, "❤️"), (aiko, "👍"), (carol, "❤️")):
        await house.chat.react(user, room, seq, emoji)
    await house.chat.react(ben, room, alone, "☺️")

    def go_back(tx: Transaction) -> None:
        forget_removed(tx)
        tx.connection.execute(text("UPDATE alembic_version SET version_num = '0017'"))
        bare = f"UPDATE reactions SET emoji = '❤' WHERE user_id = {ben.id} AND emoji = '❤️'"
        tx.connection.execute(text(bare))
        twins = f"INSERT INTO reactions VALUES ({room}, {seq}, '❤', {carol.id}, 90), ({room}, {seq}, '✓✓', {carol.id}, 91)"
        tx.connection.execute(text(twins))
        tx.connection.execute(text("UPDATE reactions SET emoji = '☺' WHERE emoji = '☺️'"))
        for emoji, old in (("❤️", "❤"), ("☺️", "☺")):
            put = "UPDATE entries SET body = replace(body, :emoji, :old) WHERE kind = 'reacted' AND author_id = :ben"
            tx.connection.execute(text(put), {"emoji": emoji, "old": old, "ben": ben.id})

    await house.committer.run(go_back)
    again = await another()
    page = await again.chat.page(aiko, room)
    given = {message.seq: [(each.emoji, [user.id for user in each.users]) for each in message.reactions] for message in page.messages}
    assert given[seq] == [("❤️", [ben.id, carol.id]), ("👍", [aiko.id]), ("✓✓", [carol.id])]
    assert given[alone] == [("☺️", [ben.id])]
    facts = [entry.fact for entry in await again.entries(room)]
    assert [fact.emoji for fact in facts if isinstance(fact, Reacted)] == ["❤️", "👍", "❤️", "☺️"]
    assert await again.chat.react(carol, room, seq, "❤", False) is not None
    assert await again.chat.react(carol, room, seq, "✓✓", False) is not None, "what was let in once may be taken back"


async def test_an_older_database_learns_who_gave_its_rooms_their_names(house: House, another: Another) -> None:
    """What is noted when a room is renamed is what can be told from its log, also where something was erased between."""
    aiko, gus = await house.guest("Aiko"), await house.guest("Gus")
    busy, quiet = await house.room(aiko), await house.room(aiko)
    for name, topic in (("Tea", "green"), (None, "black"), (None, "茶"), ("Cake", None), ("Tea", None), (None, "black")):
        await house.chat.change_room(aiko, busy, name, topic)
        await house.say(aiko, busy, "tea")
    lost = (await house.chat.create_room(gus, "private", "Tea", "green", "l")).room.id
    house.clock.ms += 1000
    await house.chat.change_room(gus, lost, None, "abuse")
    await house.moderation.remove_messages(CONSOLE, gus.id, house.clock.ms)
    await clear(house.committer)
    noted = await house.database.read(_given_by)
    del noted[lost, 3]
    assert noted[lost, None] == noted[lost, 4] == (1, 4)
    assert noted[busy, None] == (11, 13) and noted[quiet, None] == (1, 1)
    assert [noted[busy, seq] for seq in range(3, 14, 2)] == [(3, 3), (3, 5), (3, 7), (9, 7), (11, 7), (11, 13)]

    def go_back(tx: Transaction) -> None:
        forget_invites(tx)
        forget_givers(tx)
        tx.connection.execute(text("UPDATE alembic_version SET version_num = '0013'"))
        plain = "SELECT log_id, seq, body FROM entries WHERE kind = 'renamed'"
        for row in tx.connection.execute(text(plain)).all():
            body = {field: value for field, value in json.loads(row.body).items() if field in ("name", "topic")}
            if (row.log_id, row.seq) == (lost, 3):
                body = {"name": NAMELESS, "topic": ""}  # what an older version erased was the whole
            put = text("UPDATE entries SET body = :body WHERE log_id = :log AND seq = :seq")
            tx.connection.execute(put, {"body": json.dumps(body), "log": row.log_id, "seq": row.seq})

    await house.committer.run(go_back)
    again = await another()
    assert await again.database.read(_given_by) == noted


async def test_invites_that_an_older_version_gave_out_stay_good_whatever_starts_follow(house: House, another: Another) -> None:
    sent, old, owners, later = b"s" * 32, b"o" * 32, b"k" * 32, house.clock() + 1000

    def go_back(tx: Transaction) -> None:
        forget_invites(tx)
        tx.connection.execute(text("UPDATE alembic_version SET version_num = '0014'"))
        put = text("INSERT INTO keys (token_hash, kind, at, expires_at) VALUES (:hash, :kind, :at, :until)")
        for key, kind, until in ((sent, "invite", later), (old, "invite", house.clock()), (owners, "owner", later)):
            tx.connection.execute(put, {"hash": key, "kind": kind, "at": house.clock(), "until": until})

    await house.committer.run(go_back)
    again = await another()
    for _ in range(3 * invites.START_INVITES_KEPT):
        await again.auth.make_invite()
    assert await again.committer.run(lambda tx: invites.use(tx, sent))
    assert not await again.committer.run(lambda tx: invites.use(tx, old) or invites.use(tx, owners))
    assert not await again.committer.run(lambda tx: people.use_owner_key(tx, sent))
    assert await again.committer.run(lambda tx: people.use_owner_key(tx, owners))
    [kept] = [each for each in await again.database.read(invites.page, house.clock(), None, 100) if not each.at_start]
    assert (kept.by.role, kept.until, kept.max_uses, kept.used) == ("bot", later, None, 1)


def forget_removed(tx: Transaction) -> None:
    tx.connection.execute(text("DROP INDEX ix_entries_removed"))


def forget_mentions(tx: Transaction) -> None:
    forget_removed(tx)
    tx.connection.execute(text("ALTER TABLE messages DROP COLUMN mentions"))
    tx.connection.execute(text("DROP TABLE mentions"))
    tx.connection.execute(
        text("CREATE TABLE calls (room_id BIGINT, seq BIGINT, author_id BIGINT, called TEXT, PRIMARY KEY (room_id, seq))")
    )


def forget_search_keys(tx: Transaction) -> None:
    forget_mentions(tx)
    tx.connection.execute(text("DROP INDEX ix_users_search_key"))
    tx.connection.execute(text("ALTER TABLE users DROP COLUMN search_key"))


def forget_invites(tx: Transaction) -> None:
    forget_search_keys(tx)
    tx.connection.execute(text("DROP TABLE invites"))
    tx.connection.execute(text("ALTER TABLE keys ADD COLUMN kind VARCHAR(10) NOT NULL DEFAULT ''"))


def forget_givers(tx: Transaction) -> None:
    for column in ("name_seq", "topic_seq"):
        tx.connection.execute(text(f"ALTER TABLE rooms DROP COLUMN {column}"))


def _given_by(connection: Any) -> dict[tuple[int, int | None], tuple[int, int]]:
    """Which entries gave name and topic, by room and the seq of the `renamed` that says so, None for the room itself."""
    found = {(row.id, None): (row.name_seq, row.topic_seq) for row in connection.execute(text("SELECT * FROM rooms"))}
    for row in connection.execute(text("SELECT * FROM entries WHERE kind = 'renamed'")):
        body = json.loads(row.body)
        if body["name"] == NAMELESS:
            continue  # it was emptied
        found[row.log_id, row.seq] = body["name_seq"], body["topic_seq"]
    return found


async def test_a_second_start_finds_the_same_epoch_and_everything_said(house: House, another: Another) -> None:
    aiko = await house.guest("Aiko")
    await house.say(aiko, LOBBY, "still here?")
    again = await another()
    assert again.database.epoch == house.database.epoch != ""
    assert await again.entries(LOBBY) == await house.entries(LOBBY)
    assert again.roster.since(aiko.id) == house.roster.since(aiko.id)


async def test_two_databases_have_two_epochs(tmp_path: Path) -> None:
    epochs = set()
    for name in ("one", "two"):
        database = Database.in_folder(tmp_path / name)
        database.open()
        epochs.add(database.epoch)
        database.close()
    assert len(epochs) == 2


def test_a_database_of_a_newer_teahouse_is_left_alone(url: str) -> None:
    start(url).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    database = Database.at(url)
    with pytest.raises(NewerDatabase, match="9999"):
        database.open()
    database.close()


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "teahouse.db").write_bytes(b"this is a shopping list, not a database" * 100)
    database = Database.in_folder(tmp_path)
    with pytest.raises(
        UnusableDatabase, match=rf"^the database {tmp_path}/teahouse\.db cannot be used: file is not a database\. Run teahouse"
    ):
        database.open()
    database.close()


def test_a_folder_that_cannot_be_made_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusableDatabase, match=r"cannot write .*: File exists\. Run teahouse doctor to see why\.$"):
        Database.in_folder(tmp_path / "file")


def test_a_file_that_is_another_users_sends_nobody_to_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "teahouse.db").touch()
    monkeypatch.setattr(files.os, "access", lambda *_: False)  # whoever runs the tests may be root, who can write anywhere
    with pytest.raises(UnusableDatabase, match=r"cannot write .*teahouse\.db: Permission denied\. Run teahouse doctor to see why\.$"):
        Database.in_folder(tmp_path)


def test_a_disk_that_is_read_only_is_no_matter_of_rights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "teahouse.db").touch()
    monkeypatch.setattr(files.os, "access", lambda *_: False)
    monkeypatch.setattr(files.os, "statvfs", lambda _: Mock(f_flag=os.ST_RDONLY | os.ST_NOSUID))
    with pytest.raises(UnusableDatabase, match=r"cannot write .*teahouse\.db: Read-only file system\. Run teahouse doctor to see why\.$"):
        Database.in_folder(tmp_path)


def start(url: str) -> Database:
    database = Database.at(url)
    database.open()
    return database
