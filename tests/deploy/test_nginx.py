"""The configurations of deploy/ in a real nginx: sockets, addresses, limits, and a house below a path."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import websockets

from tests.deploy.nginx import PROGRAM, Nginx
from tests.faults.server import GENEROUS, Server
from tests.gateways.house import LOBBY, say
from tests.gateways.raw import PING, PONG, Raw, command, frame
from tests.gateways.stranger import Stranger, sign_in
from tests.support.patience import PATIENCE_S
from tests.support.ports import free_port

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no nginx on this machine (Debian, Ubuntu: apt-get install nginx-light)")

TRUSTING = {**GENEROUS, "TRUSTED_PROXIES": "127.0.0.1", "PING_INTERVAL_S": "0.5", "SWEEP_INTERVAL_S": "0.2"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("house") / "data", TRUSTING) as running:
        yield running


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Iterator[Nginx]:
    hasty = {"proxy_read_timeout 75s;": "proxy_read_timeout 2s;"}
    with Nginx(tmp_path_factory.mktemp("nginx"), server.port, changes=hasty) as running:
        yield running


@pytest.mark.parametrize("road", ["websocket", "events", "polls"])
async def test_people_talk_through_nginx(nginx: Nginx, road: str) -> None:
    async with Stranger(await sign_in(nginx.address, f"Aiko {road}")) as aiko, Stranger(await sign_in(nginx.address, f"Ben {road}")) as ben:
        for someone in (aiko, ben):
            someone.road = road
            await someone.connect()

        seq = await say(aiko, LOBBY, "through the proxy")
        await ben.until(lambda: ben.seen[LOBBY] >= seq)

        assert ben.entries[-1]["fact"]["text"] == "through the proxy"


async def test_a_silent_socket_outlives_nginxs_patience_because_the_house_pings(nginx: Nginx) -> None:
    async with await Raw.connect(nginx.address) as socket:
        await socket.greet(await sign_in(nginx.address, "Silent"))
        pings = 0

        # Six pings, each at least half a second after the last sign of life, are more than the two seconds that nginx waits.
        while pings < 6:
            opcode, payload = await socket.frame()
            if opcode == PING:
                pings += 1
                await socket.send(frame(PONG, payload))

        assert (await socket.answer(command(type="ping", id=2)))["type"] == "pong"


async def test_a_silent_event_stream_outlives_nginxs_patience_as_well(nginx: Nginx) -> None:
    session = await sign_in(nginx.address, "Silent listener")
    headers, beats = {"Cookie": f"teahouse_session={session.cookie}"}, 0

    async with (
        httpx.AsyncClient(base_url=nginx.address, headers=headers, timeout=PATIENCE_S, trust_env=False) as client,
        client.stream("GET", "/api/v1/events") as answer,
    ):
        async for line in answer.aiter_lines():
            beats += line == ":"
            if beats == 6:
                break

    assert beats == 6


def test_a_body_that_the_house_would_take_passes_and_one_beyond_it_gets_the_houses_own_answer(nginx: Nginx) -> None:
    with httpx.Client(base_url=nginx.address, headers={"Content-Type": "application/json"}, trust_env=False) as client:
        assert client.post("/api/v1/session", json={"name": "Sender", "face": "f01"}).status_code == 201
        largest = client.post("/api/v1/rooms/1/messages", json={"text": "x" * 32_768, "client_id": "largest"})
        beyond = client.post("/api/v1/rooms/1/messages", json={"text": "x" * 65_536, "client_id": "beyond"})

    assert largest.status_code == 201
    assert (beyond.status_code, beyond.json()["code"]) == (413, "invalid")


def test_the_house_hears_who_called_it_by_which_name_and_scheme(nginx: Nginx) -> None:
    headers = {"Content-Type": "application/json", "Host": "chat.example.org", "Origin": "http://chat.example.org"}
    with httpx.Client(base_url=nginx.address, headers=headers, trust_env=False) as client:
        page = client.get("/")
        answer = client.post("/api/v1/session", json={"name": "Named", "face": "f01"})

    # A house on a loopback address answers to names of this machine only: that it said so shows that the name came through.
    assert (page.status_code, page.json()["code"]) == (403, "bad_origin")
    assert "chat.example.org" in page.json()["words"]
    assert answer.status_code == 403


def test_a_house_below_a_path_is_whole_there(tmp_path: Path) -> None:
    port = free_port()
    below = {**TRUSTING, "PUBLIC_URL": f"http://127.0.0.1:{port}/chat", "OPEN": "true"}
    with (
        Server(tmp_path / "data", below, port=free_port()) as server,
        Nginx(tmp_path / "nginx", server.port, port) as nginx,
        httpx.Client(base_url=nginx.address, trust_env=False) as client,
    ):
        assert client.get("/chat").headers["location"].endswith("/chat/")
        script = client.get("/chat/").text.split('type="module" src="')[1].split('"')[0]
        assert script.startswith("/chat/static/")
        assert client.get(script).status_code == 200
        assert client.get("/chat/manifest.webmanifest").json()["start_url"] == "/chat/"


async def test_a_proxy_may_take_the_path_away(tmp_path: Path) -> None:
    port = free_port()
    below = {**TRUSTING, "PUBLIC_URL": f"http://127.0.0.1:{port}/chat", "OPEN": "true"}
    taking = {"proxy_pass http://teahouse;": "proxy_pass http://teahouse/;"}
    with Server(tmp_path / "data", below, port=free_port()) as server, Nginx(tmp_path / "nginx", server.port, port, taking) as nginx:
        async with httpx.AsyncClient(base_url=nginx.address, trust_env=False) as client:
            answer = await client.post("/chat/api/v1/session", json={"name": "Taken", "face": "f01"})
            assert "Path=/chat/;" in answer.headers["set-cookie"]
        cookie = answer.cookies["teahouse_session"]
        async with websockets.connect(
            f"ws://127.0.0.1:{port}/chat/ws",
            origin=websockets.Origin(nginx.address),
            additional_headers={"Cookie": f"teahouse_session={cookie}"},
            proxy=None,
        ) as socket:
            await socket.send('{"type":"hello","id":1}')
            assert json.loads(await socket.recv())["type"] == "welcome"
