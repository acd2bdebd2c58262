"""A database that does not serve is told to whoever runs the house: once in its log, by /healthz while it lasts, and by the doctor."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from teahouse.model import LOBBY
from tests.faults.server import Server
from tests.faults.told import examined, health, lines, number, started, traces, until_chores_are_done, until_health
from tests.gateways.house import rest
from tests.gateways.stranger import PATIENCE_S, Stranger

WAITING = 7


async def test_a_lock_held_from_outside_is_told_while_it_lasts_and_keeps_nobody_waiting_for_others(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server, closing(sqlite3.connect(tmp_path / "data/teahouse.db", isolation_level=None)) as other:
        people = [await Stranger.arrive(server.address, f"Person {number}") for number in range(WAITING)]
        other.execute("BEGIN IMMEDIATE")

        answers = await asyncio.gather(*(post(person, "tea?") for person in people))
        assert answers == [(503, "unavailable", True)] * WAITING
        assert await number(server, 'teahouse_troubles_total{kind="locked"}') == 1
        assert await number(server, "teahouse_healthy") == 0
        assert await health(server) == (503, "another program holds the database's write lock")
        code, words = await examined(server)
        assert (code, "another program holds the write lock: database is locked" in words) == (1, True)
        assert "the house says of itself: another program holds the database's write lock" in words
        [told] = lines(server, "locked")
        assert "teahouse.db: database is locked" in told["words"]

        other.execute("ROLLBACK")
        assert await until_health(server, 200) == "ok"
        assert [line["level"] for line in lines(server, "locked")] == ["error", "warning"]
        assert traces(server) == []
        assert (await post(people[0], "tea at last"))[0] == 201
        for person in people:
            await person.close()


async def test_damage_is_told_once_and_is_nothing_to_try_again(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        mia = await Stranger.arrive(server.address, "Mia")
        for number_ in range(100):
            await mia.ask("post", room=LOBBY, text=f"{number_} {'words ' * 100}", client_id=f"c{number_}")
        await mia.close()
        server.stop()
        damage(server.data / "teahouse.db", "messages")
        server.start()

        async with rest(mia) as http:
            for path in (f"/api/v1/rooms/{LOBBY}/messages", f"/api/v1/rooms/{LOBBY}/messages", "/healthz"):
                answer = await http.get(path)
                assert (answer.status_code, answer.json()["code"], answer.json()["retry"]) == (503, "damaged", False)
        await until_chores_are_done(server)
        assert await health(server) == (503, "the database is damaged")
        [told] = lines(server, "damaged")
        assert "teahouse.db: database disk image is malformed" in told["words"]
        assert traces(server) == []
        code, words = await examined(server)
        assert (code, "teahouse.db is damaged" in words) == (1, True)


def test_a_start_that_does_not_get_the_lock_names_the_path_and_what_to_do(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        assert server.stop() == 0
        with closing(sqlite3.connect(tmp_path / "data/teahouse.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            code, words = started(tmp_path / "data")
    assert (code, words) == (
        2,
        f"The database {tmp_path}/data/teahouse.db cannot be used: database is locked. Run teahouse doctor to see why.\n",
    )


async def test_words_for_people_name_neither_files_nor_sql(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        (server.data / "teahouse.db").unlink()
        words = await until_health(server, 503)
    assert str(tmp_path) not in words and "teahouse.db" not in words


def damage(path: Path, table: str) -> None:
    """Overwrite the first page of a table, as a disk might."""
    with closing(sqlite3.connect(path)) as database:
        [(root,)] = database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,))
        [(size,)] = database.execute("PRAGMA page_size")
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xa5" * 64)


async def post(person: Stranger, text: str) -> tuple[int, str, bool]:
    async with rest(person) as http:
        message = {"text": text, "client_id": f"c{len(text)}-{person.id}"}
        answer = await http.post(f"/api/v1/rooms/{LOBBY}/messages", json=message, timeout=2 * PATIENCE_S)
    said = answer.json()
    return answer.status_code, said.get("code", ""), said.get("retry", False)
