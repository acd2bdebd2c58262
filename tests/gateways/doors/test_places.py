"""Where doors are: ports of their own or the house's, rooms of their own, ports that someone has, tokens that open them."""

import socket
from pathlib import Path

import httpx
import pytest
import websockets

from tests.faults.server import GENEROUS, Server
from tests.gateways.doors.visitor import Visitor, address_of
from tests.gateways.house import LOBBY, say
from tests.gateways.stranger import Stranger, sign_in


def house(folder: Path, doors: str) -> Server:
    config = folder / "teahouse.toml"
    config.write_text(doors)
    return Server(folder / "data", {**GENEROUS, "CONFIG": str(config)})


def test_doors_without_a_port_lie_under_doors_on_the_houses_own(tmp_path: Path) -> None:
    with Server(tmp_path / "data", {**GENEROUS, "DOORS": "relay,signin"}) as server:
        base = f"{server.address}/doors/signin"
        with httpx.Client(trust_env=False, follow_redirects=True) as http:
            assert http.get(base).url == f"{base}/signin"
            assert http.post(f"{base}/signin", data={"name": "赵小茶", "imgid": "5"}).url == f"{base}/"
            assert http.get(f"{server.address}/doors/relay/ws").status_code == 426
            assert http.get(f"{server.address}/doors/shout/").status_code == 404
            assert http.get(f"{server.address}/api/v1/house").json()["signed_in"] is False


async def test_the_native_socket_and_the_doors_share_a_port(tmp_path: Path) -> None:
    with Server(tmp_path / "data", {**GENEROUS, "DOORS": "relay"}) as server:
        async with await Stranger.arrive(server.address, "Aiko") as aiko, Visitor(server, "relay", "/ws") as old:
            await say(aiko, LOBBY, "hello")
            assert await old.hear() == "hello"


async def test_a_door_may_have_a_room_of_its_own_which_is_made_for_it(tmp_path: Path) -> None:
    with house(tmp_path, '[[doors]]\ndialect = "relay"\nroom = "Old friends"\n') as server:
        async with await Stranger.arrive(server.address, "Aiko") as aiko:
            async with Visitor(server, "relay", "/ws") as old:
                [found] = (await aiko.ask("find_rooms", query="old friends"))["rooms"]
                room = (await aiko.ask("join", room=found["room"]["id"]))["room"]["id"]
                await aiko.until(lambda: room in aiko.seen)
                await say(aiko, LOBBY, "not for the door")
                await say(aiko, room, "for the door")
                assert await old.hear() == "for the door"
                await old.say("heard")
                await aiko.until(lambda: "heard" in aiko.texts(room))
            server.kill()
            server.start()
            assert address_of(server, "relay").endswith("/doors/relay")


async def test_who_is_put_out_of_the_room_is_closed_with_4001_and_stays_out_until_they_are_let_in(tmp_path: Path) -> None:
    with house(tmp_path, '[[doors]]\ndialect = "nickname"\nroom = "Old friends"\n') as server:
        key = server.ready["owner_link"].partition("#owner=")[2]
        async with Stranger(await sign_in(server.address, "Owner", owner_key=key)) as owner:
            await owner.connect()
            async with Visitor(server, "nickname", "/conn/ws/Pest") as pest:
                await pest.say({"message": "here"})
                await pest.hear()
                [found] = (await owner.ask("find_rooms", query="old friends"))["rooms"]
                room = (await owner.ask("join", room=found["room"]["id"]))["room"]["id"]
                member = (await owner.ask("members", room=room, query="Pest"))["members"][0]["user"]["id"]
                await owner.ask("remove_member", room=room, user=member)
                assert (await pest.closed())[0] == 4001
            async with Visitor(server, "nickname", "/conn/ws/Pest") as pest:
                code, reason = await pest.closed()
                assert code == 4001 and "put out of this room" in str(reason)
            await owner.ask("add_member", room=room, user=member)
            async with Visitor(server, "nickname", "/conn/ws/Pest") as pest:
                await pest.say({"message": "again"})
                assert (await pest.hear_json())["message"] == "again"


@pytest.mark.parametrize("then", ["stop", "go_on"])
def test_a_port_in_use_stops_the_start_or_not_and_the_door_is_named(tmp_path: Path, then: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = house(tmp_path, f'[[doors]]\ndialect = "shout"\nlisten = {port}\non_port_in_use = "{then}"\n')
        if then == "stop":
            with pytest.raises(RuntimeError):
                server.start()
            assert f"The door shout cannot open: Port {port} on 127.0.0.1 is in use" in server.log
        else:
            with server:
                assert address_of(server, "shout").startswith(f"not open: Port {port}")
                assert "not open" in server.log


async def test_a_door_with_tokens_opens_for_a_token_or_a_ticket_that_is_good_once(tmp_path: Path) -> None:
    with house(tmp_path, '[[doors]]\ndialect = "nickname"\naccess = "token"\n') as server:
        session = await sign_in(server.address, "Aiko")
        headers = {"Cookie": f"teahouse_session={session.cookie}", "Origin": server.address}
        async with httpx.AsyncClient(base_url=f"{server.address}/api/v1", headers=headers, trust_env=False) as http:
            made = {
                scope: (await http.post("/tokens", json={"name": scope, "scope": scope, "days": 1})).json() for scope in ("read", "write")
            }
            doomed = (await http.post("/tokens", json={"name": "doomed", "scope": "write", "days": 1})).json()
            ticket = (await http.post("/tickets", json={})).json()["ticket"]
        token = made["write"]["secret"]

        async with Visitor(server, "nickname", "/conn/ws/Ann", additional_headers={"Authorization": f"Bearer {token}"}) as ann:
            await ann.say({"message": "in"})
            assert (await ann.hear_json())["from_user"] == "Ann"
        async with Visitor(server, "nickname", "/conn/ws/Dee", additional_headers={"Authorization": f"Bearer {doomed['secret']}"}) as dee:
            await dee.say({"message": "in"})
            await dee.hear()
            async with httpx.AsyncClient(base_url=f"{server.address}/api/v1", headers=headers, trust_env=False) as http:
                (await http.delete(f"/tokens/{doomed['token']['id']}", headers={"Content-Type": "application/json"})).raise_for_status()
            assert (await dee.closed())[0] == 4001
        async with Visitor(server, "nickname", f"/conn/ws/Ben?token={ticket}") as ben:
            await ben.say({"message": "in"})
            assert (await ben.hear_json())["from_user"] == "Ben"
        for path, given in (
            ("/conn/ws/Eve", {}),
            (f"/conn/ws/Eve?token={ticket}", {}),
            (f"/conn/ws/Eve?token={token}", {}),
            ("/conn/ws/Eve", {"Authorization": "Bearer wrong"}),
            ("/conn/ws/Eve", {"Authorization": f"Bearer {made['read']['secret']}"}),
            ("/conn/ws/Eve", {"Cookie": f"teahouse_session={session.cookie}"}),
        ):
            with pytest.raises(websockets.InvalidStatus) as refused:
                async with Visitor(server, "nickname", path, additional_headers=given):
                    pass
            assert refused.value.response.status_code in (401, 403), path
        assert ticket not in server.log and token not in server.log
