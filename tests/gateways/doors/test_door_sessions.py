"""What a guest of an old door may do: what the door does, in the door's room, and nothing else on any road."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets

from tests.faults.server import GENEROUS, Server
from tests.gateways.doors.test_signin import Guest
from tests.gateways.doors.visitor import Visitor, address_of
from tests.gateways.house import LOBBY, rest, say
from tests.gateways.stranger import Stranger, sign_in

SETTINGS = {**GENEROUS, "OPEN": "false"}
OWN_ROOM = '[[doors]]\ndialect = "signin"\nlisten = 0\nroom = "Birds"\n'
JSON = {"Content-Type": "application/json"}
ASKED: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "me", {}),
    ("GET", "rooms", {}),
    ("GET", "rooms/find", {}),
    ("GET", "search?q=tea", {}),
    ("GET", "tokens", {}),
    ("POST", "tokens", {"name": "t", "scope": "write"}),
    ("POST", "tickets", {}),
    ("POST", "directs", {"user": 1}),
    ("POST", "rooms", {"kind": "public", "name": "mine", "client_id": "c"}),
    ("DELETE", "session", {}),
]


def house(folder: Path, doors: str, settings: dict[str, str] = SETTINGS) -> Server:
    config = folder / "teahouse.toml"
    config.write_text(doors)
    return Server(folder / "data", {**settings, "CONFIG": str(config)})


def owner_key(server: Server) -> str:
    return str(server.ready["owner_link"]).partition("#owner=")[2]


def status(address: str, headers: dict[str, str]) -> int:
    return httpx.get(address, headers=headers, trust_env=False).status_code


def value_of(cookie: str) -> str:
    return cookie.partition("=")[2]


async def test_the_value_of_the_doors_cookie_opens_nothing_of_the_house(tmp_path: Path) -> None:
    with house(tmp_path, OWN_ROOM) as server:
        async with Guest(server, "赵小茶") as guest:
            await guest.say("hello")
            assert (await guest.told("chat", "赵小茶"))["data"] == "hello"
            secret = value_of(guest.cookie)
            origin = {"Origin": server.address}
            ways = (
                {"Cookie": f"teahouse_session={secret}", **origin},
                {"Cookie": f"__Host-teahouse_session={secret}", **origin},
                {"Cookie": f"teahouse_door={secret}", **origin},
                {"Authorization": f"Bearer {secret}"},
            )
            async with httpx.AsyncClient(base_url=f"{server.address}/api/v1", trust_env=False) as http:
                for headers in ways:
                    for room_path in (f"rooms/{LOBBY}", "rooms/4"):
                        for path in (f"{room_path}/members", f"{room_path}/messages"):
                            assert (await http.get(path, headers=headers)).status_code in (401, 403), path
                    for method, path, body in ASKED:
                        answer = await http.request(method, f"/{path}", headers=headers | JSON, content=json.dumps(body))
                        assert answer.status_code in (401, 403), (path, headers, answer.text)
                    assert (await http.get("/house", headers=headers)).json()["signed_in"] is False
                    answer = await http.get("/events", headers=headers)
                    assert answer.status_code in (400, 401, 403, 404), answer.text
            for headers in ways:
                with pytest.raises(websockets.InvalidStatus) as refused:
                    await websockets.connect(server.address.replace("http", "ws", 1) + "/ws", additional_headers=headers, proxy=None)
                assert refused.value.response.status_code in (401, 403)
            for way in (f"?ticket={secret}", f"?token={secret}"):
                with pytest.raises(websockets.InvalidStatus) as refused:
                    await websockets.connect(server.address.replace("http", "ws", 1) + f"/ws{way}", proxy=None)
                assert refused.value.response.status_code in (401, 403)


async def test_a_guest_is_in_the_doors_room_and_not_in_the_lobby_and_is_added_elsewhere_in_vain(tmp_path: Path) -> None:
    with house(tmp_path, OWN_ROOM) as server:
        async with come(server, "Keeper", owner_key=owner_key(server)) as owner, Guest(server, "钱小叶") as guest:
            await guest.told("list")
            members = (await owner.ask("members", room=LOBBY))["members"]
            assert "钱小叶" not in {member["user"]["name"] for member in members}
            [birds] = [found["room"]["id"] for found in (await owner.ask("find_rooms", query="Birds"))["rooms"]]
            await owner.ask("join", room=birds)
            [me] = [each["user"] for each in (await owner.ask("members", room=birds))["members"] if each["user"]["name"] == "钱小叶"]
            secret = (await owner.ask("create_room", kind="private", name="secret", client_id="s"))["room"]["id"]
            await owner.until(lambda: secret in owner.seen and birds in owner.seen)
            await owner.ask("add_member", room=secret, user=me["id"])
            await owner.ask("add_member", room=LOBBY, user=me["id"])
            await say(owner, secret, "not for the door")
            await say(owner, LOBBY, "nor this")
            await say(owner, birds, "for the door")
            assert (await guest.told("chat", "Keeper"))["data"] == "for the door"
            headers = {"Cookie": f"teahouse_session={value_of(guest.cookie)}"}
            for room in (secret, LOBBY, birds):
                assert status(f"{server.address}/api/v1/rooms/{room}/messages", headers) in (401, 403)


async def test_a_session_is_for_the_doors_to_one_room(tmp_path: Path) -> None:
    other = OWN_ROOM.replace("Birds", "Fish")
    with house(tmp_path, OWN_ROOM + other) as server:
        birds, fish = (door["address"].replace("ws", "http", 1) for door in server.ready["doors"])
        cookie = {"Cookie": Guest(server, "孙小花").cookie}
        assert (status(f"{birds}/", cookie), status(f"{fish}/", cookie)) == (200, 303)
        async with websockets.connect(fish.replace("http", "ws", 1) + "/chat", additional_headers=cookie, proxy=None) as socket:
            await socket.wait_closed()
            assert (socket.close_code, socket.close_reason) == (4001, "Invalid user")


async def test_a_persons_session_and_token_open_no_door_by_its_cookie(tmp_path: Path) -> None:
    with house(tmp_path, OWN_ROOM, {**GENEROUS}) as server:
        session = await sign_in(server.address, "Aiko")
        cookie = {"Cookie": f"teahouse_door={session.cookie}"}
        async with Visitor(server, "signin", "/chat", additional_headers=cookie) as stranger:
            assert await stranger.closed() == (4001, "Invalid user")


async def test_a_door_guests_session_is_no_token_at_a_door_that_wants_one(tmp_path: Path) -> None:
    with house(tmp_path, OWN_ROOM + '[[doors]]\ndialect = "relay"\nlisten = 0\nroom = "Birds"\naccess = "token"\n') as server:
        guest = Guest(server, "李小鱼")
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with Visitor(
                server, "relay", "/ws/li", additional_headers={"Authorization": f"Bearer {value_of(guest.cookie)}", "Cookie": guest.cookie}
            ):
                pass
        assert refused.value.response.status_code in (401, 403)


async def test_a_token_opens_a_door_while_its_person_is_in_the_room(tmp_path: Path) -> None:
    with house(tmp_path, '[[doors]]\ndialect = "nickname"\nlisten = 0\nroom = "Den"\naccess = "token"\n', {**GENEROUS}) as server:
        async with come(server, "Keeper", owner_key=owner_key(server)) as owner, come(server, "Mal") as mal:
            den = next(found["room"]["id"] for found in (await owner.ask("find_rooms"))["rooms"] if found["room"]["name"] == "Den")
            async with rest(mal) as http:
                token = (await http.post("/api/v1/tokens", json={"name": "door", "scope": "write"})).json()["secret"]
            at_the_door = partial(Visitor, server, "nickname", "/conn/ws/Ann", additional_headers={"Authorization": f"Bearer {token}"})

            async def refused() -> int:
                with pytest.raises(websockets.InvalidStatus) as answer:
                    async with at_the_door():
                        pass
                return answer.value.response.status_code

            assert await refused() == 403
            for client in (owner, mal):
                await client.ask("join", room=den)
            async with at_the_door() as ann:
                await say(owner, den, "for all of us")
                assert (await ann.hear_json())["message"] == "for all of us"
                await owner.ask("remove_member", room=den, user=mal.id)
                assert await ann.hear_out() == (4001, "put out of the room")  # at once, before anything is said there
            assert await refused() == 403


async def test_whom_a_token_let_in_is_at_the_door_while_it_is_good_and_its_person_in_the_room(tmp_path: Path) -> None:
    with house(tmp_path, OWN_ROOM + 'access = "token"\n', {**GENEROUS}) as server:
        async with come(server, "Keeper", owner_key=owner_key(server)) as owner, come(server, "Mal") as mal:
            birds = (await rooms(owner))["Birds"]["id"]
            for client in (owner, mal):
                await client.ask("join", room=birds)
            async with rest(mal) as http, rest(owner) as keeper:
                made = [(await http.post("/api/v1/tokens", json={"name": name, "scope": "write"})).json() for name in "ab"]
                first, second = (Guest(server, name, token=token["secret"]) for name, token in zip(("赵小茶", "钱小叶"), made, strict=True))

                async def is_gone(guest: Guest, code: int, reason: str) -> None:
                    """See that the socket ends, and that nothing was said there any more."""
                    await say(owner, birds, f"without {guest.cookie}")
                    assert await guest.hear_out() == (code, reason)
                    assert not any(guest.cookie in frame for frame in guest.heard)

                async def comes_again(guest: Guest) -> tuple[int | None, str]:
                    async with Visitor(server, "signin", "/chat", additional_headers={"Cookie": guest.cookie}) as again:
                        return await again.closed()

                async with first, second:
                    for guest in (first, second):
                        await guest.told("list")
                    await say(owner, birds, "for all of us")
                    assert (await first.told("chat", "Keeper"))["data"] == "for all of us"
                    await http.delete(f"/api/v1/tokens/{made[0]['token']['id']}")
                    await is_gone(first, 4001, "the session has ended")
                    assert await comes_again(first) == (4001, "Invalid user")

                    await owner.ask("remove_member", room=birds, user=mal.id)
                    await is_gone(second, 4001, "put out of the room")
                    assert await comes_again(second) == (4001, "put out of the room")
                await owner.ask("add_member", room=birds, user=mal.id)
                async with Visitor(server, "signin", "/chat", additional_headers={"Cookie": second.cookie}) as again:
                    assert "list" in await again.hear()
                    ban = (await keeper.post("/api/v1/bans", json={"user": mal.id})).json()["id"]
                    assert (await again.closed())[0] == 4004
                assert (await comes_again(second))[0] == 4004
                await keeper.delete(f"/api/v1/bans/{ban}")
                async with Visitor(server, "signin", "/chat", additional_headers={"Cookie": second.cookie}) as again:
                    assert "list" in await again.hear()


async def test_who_is_refused_by_the_form_tries_again_with_the_same_ticket(tmp_path: Path) -> None:
    with house(tmp_path, OWN_ROOM + 'access = "token"\n', {**GENEROUS}) as server:
        async with come(server, "Mal") as mal:
            await mal.ask("join", room=(await rooms(mal))["Birds"]["id"])
            async with rest(mal) as http:
                ticket = (await http.post("/api/v1/tickets")).json()["ticket"]
            await mal.close()
            form = address_of(server, "signin").replace("ws", "http", 1) + f"/signin?token={ticket}"
            tries = [("Mal", "5", 409), ("赵小茶", "", 400), ("赵小茶", "5", 303), ("钱小叶", "5", 401)]
            async with httpx.AsyncClient(trust_env=False) as browser:
                for name, imgid, wanted in tries:
                    assert (await browser.post(form, data={"name": name, "imgid": imgid})).status_code == wanted, name


async def test_people_named_at_other_doors_are_in_the_doors_room_and_not_in_the_lobby(tmp_path: Path) -> None:
    with house(tmp_path, '[[doors]]\ndialect = "nickname"\nlisten = 0\nroom = "Nicks"\n') as server:
        async with come(server, "Keeper", owner_key=owner_key(server)) as owner:
            async with Visitor(server, "nickname", "/conn/ws/Ann") as ann:
                await ann.say({"message": "in"})
                assert (await ann.hear_json())["from_user"] == "Ann"
                members = (await owner.ask("members", room=LOBBY))["members"]
                assert "Ann" not in {member["user"]["name"] for member in members}
            async with Visitor(server, "nickname", "/conn/ws/Ann") as again:
                await again.say({"message": "again"})
                assert (await again.hear_json())["message"] == "again"


async def test_when_a_door_leads_elsewhere_its_guests_sessions_end_and_the_robot_is_as_before(tmp_path: Path) -> None:
    server = house(tmp_path, OWN_ROOM)
    with server:
        guest = Guest(server, "周小舟")
        async with come(server, "Keeper", owner_key=owner_key(server)) as owner:
            assert {name: robot(found) for name, found in (await rooms(owner)).items()} == {"Lobby": "mention", "Birds": "always"}
            await owner.close()
            server.stop()
            (tmp_path / "teahouse.toml").write_text(OWN_ROOM.replace("Birds", "Fish"))
            server.start()
            base = address_of(server, "signin").replace("ws", "http", 1)
            assert status(f"{base}/", {"Cookie": guest.cookie}) == 303
            await owner.connect()
            found = await rooms(owner)
            assert {name: robot(each) for name, each in found.items()} == {"Lobby": "mention", "Birds": "mention", "Fish": "always"}
            await owner.ask("join", room=found["Birds"]["id"])
            members = await owner.ask("members", room=found["Birds"]["id"])
            assert {member["user"]["name"] for member in members["members"]} == {"小小鸟 Birdie", "Keeper"}
            Guest(server, "周小舟")  # the name is free again


async def test_what_people_chose_for_the_robot_outlives_a_start_and_the_door(tmp_path: Path) -> None:
    server = house(tmp_path, '[[doors]]\ndialect = "signin"\nlisten = 0\n')
    with server:
        async with come(server, "Keeper", owner_key=owner_key(server)) as owner:
            assert robot((await rooms(owner))["Lobby"]) == "always"
            await owner.ask("set_robot", room=LOBBY, mode="never")
            for doors in ('[[doors]]\ndialect = "signin"\nlisten = 0\n', ""):
                await owner.close()
                server.stop()
                (tmp_path / "teahouse.toml").write_text(doors)
                server.start()
                await owner.connect()
                assert robot((await rooms(owner))["Lobby"]) == "never"


@asynccontextmanager
async def come(server: Server, name: str, **keys: str) -> AsyncIterator[Stranger]:
    async with Stranger(await sign_in(server.address, name, **keys)) as client:
        await client.connect()
        yield client


async def rooms(person: Stranger) -> dict[str, dict[str, Any]]:
    return {found["room"]["name"]: found["room"] for found in (await person.ask("find_rooms"))["rooms"]}


def robot(room: dict[str, Any]) -> str:
    return str(room.get("robot", "mention"))
