"""bin/screenshots finds every view that it photographs: here in one language at a desk, in the other on a phone."""

import os
from pathlib import Path

from tests.browser.guests import Guests
from tests.browser.scene import playing
from tests.browser.screenshots import photograph
from tests.faults.server import Server

EVERYWHERE = {"door", "lobby", "emoji", "message-menu", "create-room", "programs", "search", "direct"}
ON_A_PHONE = {"rooms", "people"}
"""Views that a desk shows beside the others."""


async def test_every_view_is_photographed(guests: Guests, server: Server, tmp_path: Path) -> None:
    async with playing(server.address) as scene:
        await photograph(guests, scene, tmp_path, "en", phone=False, dark=False)
        await photograph(guests, scene, tmp_path, "zh", phone=True, dark=True)

    wanted = {f"desktop-light-en-{view}.png" for view in EVERYWHERE} | {f"phone-dark-zh-{view}.png" for view in EVERYWHERE | ON_A_PHONE}
    assert set(os.listdir(tmp_path)) == wanted
