"""What an older database knew of old doors, and what the migration makes of it."""

import hashlib
import hmac
from typing import Any

from alembic import command
from sqlalchemy import create_engine, insert, select

from teahouse.storage import migrations
from teahouse.storage.database import Database
from teahouse.storage.tables import about, entries, logs, rooms, sessions, users

SECRET = "5" * 64
AT = 1_780_000_000_000
LOBBY, BIRDS = 1, 2
PEOPLE = {1: "小小鸟 Birdie", 2: "Ann", 3: "192.0.2.7", 4: "赵小茶", 5: "Aiko", 6: "Quiet", 7: "Awaited\u200b Ｘ"}
NAMED, BY_ADDRESS, SPOKE, PERSON, QUIET, AWAITED = 2, 3, 4, 5, 6, 7


def test_sessions_of_doors_are_bound_and_their_robots_remembered(empty_url: str) -> None:
    before(empty_url)

    database = Database.at(empty_url)
    database.open()
    database.close()

    engine = create_engine(empty_url)
    with engine.begin() as connection:
        bound = {row.user_id: (row.scope, row.room_ids) for row in connection.execute(select(sessions))}
        modes = {row.key: row.value for row in connection.execute(select(about).where(about.c.key.startswith("door_robot")))}
    engine.dispose()
    nothing, nowhere = (None, None), ("door", "[]")
    assert bound == {
        NAMED: nowhere,
        BY_ADDRESS: nowhere,
        AWAITED: nowhere,
        SPOKE: ("door", f"[{BIRDS}]"),
        PERSON: nothing,
        QUIET: nothing,
    }
    assert modes == {f"door_robot:{BIRDS}": "never"}


def before(url: str) -> None:
    """Make a database as revision 0005 had it."""
    engine = create_engine(url)
    with engine.begin() as connection:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        connection.execute(insert(about).values(key="door_secret", value=SECRET))
        connection.execute(insert(logs), [{"id": log, "head": 9} for log in range(1, 3 + len(PEOPLE))])
        connection.execute(insert(users), [person(user, name) for user, name in PEOPLE.items()])
        connection.execute(insert(rooms), [room(LOBBY), room(BIRDS)])
        connection.execute(insert(sessions), [session(user, name) for user, name in PEOPLE.items() if user != 1])
        connection.execute(insert(entries), said_and_chosen())
    engine.dispose()


def person(user: int, name: str) -> dict[str, Any]:
    key = None if user == AWAITED else name.lower()
    return {"id": user, "name": name, "name_key": key, "face": "f01", "role": "bot" if user == 1 else "guest", "inbox": 2 + user, "at": AT}


def room(number: int) -> dict[str, Any]:
    return {"id": number, "kind": "public", "name": str(number), "topic": "", "unique_key": f"public:{number}", "robot": "always"}


def session(user: int, name: str) -> dict[str, Any]:
    claim = {NAMED: "name:ann", BY_ADDRESS: f"address:{name}", AWAITED: "name:awaited x"}.get(user)
    token = f"token {user}" if claim is None else hmac.new(SECRET.encode(), claim.encode(), "sha256").hexdigest()
    return {"user_id": user, "token_hash": hashlib.sha256(token.encode()).digest(), "at": AT, "used_at": AT}


def said_and_chosen() -> list[dict[str, Any]]:
    chosen = [(LOBBY, 1, "never"), (LOBBY, PERSON, "always"), (BIRDS, PERSON, "never"), (BIRDS, 1, "always")]
    said = [(BIRDS, SPOKE, f"door-{'0a' * 8}-1"), (LOBBY, PERSON, "door-to-door"), (BIRDS, NAMED, f"door-{'0b' * 8}-1")]
    return [
        {"log_id": log, "seq": seq, "at": AT, "author_id": by, "kind": kind, "client_id": client_id, "body": body}
        for seq, (log, by, kind, client_id, body) in enumerate(
            [(log, by, "robot_set", None, f'{{"mode":"{mode}"}}') for log, by, mode in chosen]
            + [(log, by, "posted", client_id, None) for log, by, client_id in said],
            1,
        )
    ]
