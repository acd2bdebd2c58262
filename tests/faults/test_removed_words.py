"""What was removed is in no file of a quiet house within a minute."""

import asyncio
from pathlib import Path

from teahouse.model import LOBBY
from tests.faults.server import Server
from tests.gateways.stranger import Stranger

WORD = "quetzalcoatlus"
WITHIN_S = 60


def holding(folder: Path) -> list[str]:
    """The files that have the word."""
    return [path.name for path in folder.iterdir() if WORD.encode() in path.read_bytes()]


async def test_a_removed_text_leaves_a_house_in_which_nothing_else_happens(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        mia = await Stranger.arrive(server.address, "Mia")
        seq = (await mia.ask("post", room=LOBBY, text=WORD, client_id="c1"))["seq"]
        assert holding(server.data)
        await mia.ask("remove", room=LOBBY, message=seq)
        async with asyncio.timeout(WITHIN_S):
            while holding(server.data):  # noqa: ASYNC110 -- nothing tells of it
                await asyncio.sleep(0.1)
        await mia.close()
