"""deploy/Caddyfile in a real Caddy, where there is one: every road, and who called."""

from collections.abc import Iterator

import httpx
import pytest

from tests.deploy.caddy import PROGRAM, Caddy
from tests.faults.server import GENEROUS, Server
from tests.gateways.house import LOBBY, say
from tests.gateways.stranger import Stranger, sign_in

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Caddy on this machine (Debian, Ubuntu: apt-get install caddy)")


@pytest.fixture(scope="module")
def caddy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caddy]:
    trusting = {**GENEROUS, "TRUSTED_PROXIES": "127.0.0.1"}
    with (
        Server(tmp_path_factory.mktemp("house") / "data", trusting) as server,
        Caddy(tmp_path_factory.mktemp("caddy"), server.port) as running,
    ):
        yield running


@pytest.mark.parametrize("road", ["websocket", "events", "polls"])
async def test_people_talk_through_caddy(caddy: Caddy, road: str) -> None:
    async with Stranger(await sign_in(caddy.address, f"Aiko {road}")) as aiko, Stranger(await sign_in(caddy.address, f"Ben {road}")) as ben:
        for someone in (aiko, ben):
            someone.road = road
            await someone.connect()

        seq = await say(aiko, LOBBY, f"through Caddy, {road}")
        await ben.until(lambda: ben.seen[LOBBY] >= seq)

        assert ben.entries[-1]["fact"]["text"] == f"through Caddy, {road}"


def test_the_page_may_call_sockets_at_the_address_that_people_typed(caddy: Caddy) -> None:
    page = httpx.get(caddy.address, trust_env=False)

    assert f"ws://127.0.0.1:{caddy.port}" in page.headers["content-security-policy"]
