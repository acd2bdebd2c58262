"""How much room a database takes."""

import os

from teahouse.model import LOBBY
from teahouse.storage.sizes import file_bytes
from tests.storage.house import House


async def test_of_a_database_in_a_file_the_sizes_of_file_and_log_are_told(house: House) -> None:
    aiko = await house.guest("Aiko")
    await house.say(aiko, LOBBY, "hello")
    url = house.database.url

    assert file_bytes(house.database) == (on_disk(str(url.database)) if url.get_backend_name() == "sqlite" else None)


def on_disk(path: str) -> tuple[int, int]:
    return os.path.getsize(path), os.path.getsize(f"{path}-wal")
