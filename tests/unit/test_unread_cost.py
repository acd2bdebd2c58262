"""What it costs to count what is unread, in steps of SQLite's machine: they grow with what is counted, not with its square."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from teahouse.storage import rooms
from tests.storage.house import living

STEPS_A_TICK = 100


async def test_counting_takes_steps_by_the_messages_that_are_counted(tmp_path: Path) -> None:
    async with living(f"sqlite:///{tmp_path / 'teahouse.db'}") as house:
        aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
        room = await house.room(aiko, ben)
        took = []
        for _ in range(3):
            seqs = [await house.say(aiko, room, "tea") for _ in range(200)]
            await house.chat.remove(aiko, room, seqs[0])
            took.append(await house.database.read(steps, ben.id, room))
        assert took[2] <= 6 * took[0], f"three times as many would take nine times as long by the square: {took}"


def steps(connection: Connection, user_id: int, room: int) -> int:
    """Return how many steps a standing takes, in hundreds."""
    ticks = 0

    def tick() -> int:
        nonlocal ticks
        ticks += 1
        return 0

    driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(tick, STEPS_A_TICK)
    try:
        rooms.standing(connection, user_id, room)
    finally:
        driver.set_progress_handler(None, 0)
    return ticks
