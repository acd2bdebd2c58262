"""The page of a house that shares its host with others and lies at /chat/."""

from collections.abc import Iterator

import pytest

from tests.browser.guests import Guests
from tests.faults.server import GENEROUS, Server
from tests.support.ports import free_port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port = free_port()
    below = {**GENEROUS, "PUBLIC_URL": f"http://127.0.0.1:{port}/chat", "OPEN": "true"}
    with Server(tmp_path_factory.mktemp("house") / "data", below, port) as running:
        yield running


async def test_people_talk_and_see_faces_and_the_page_asks_for_nothing_outside(guests: Guests) -> None:
    aiko, ben = await guests.arrive("Aiko"), await guests.arrive("Ben")
    asked: list[str] = []
    ben.page.on("request", lambda request: asked.append(request.url))

    await aiko.say("below a path")
    await ben.sees("below a path")
    await ben.page.reload()
    await ben.sees("below a path")

    assert [url for url in asked if "/faces/" in url]
    assert [url for url in asked if not url.startswith(f"{guests.address}/")] == []
