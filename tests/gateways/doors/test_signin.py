"""The door `signin`: its pages, its cookie, its room with faces and a robot."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import websockets

from tests.faults.server import GENEROUS, Server
from tests.gateways.doors.visitor import Visitor, address_of
from tests.gateways.house import LOBBY, Arrive, say

SETTINGS = {**GENEROUS, "DOORS": "signin@0"}
BIRD = {"id": 0, "name": "机器人小小鸟", "imageid": "bot"}


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address_of(server, "signin").replace("ws", "http", 1), trust_env=False) as client:
        yield client


class Guest(Visitor):
    """Someone who signed in by the form, with nothing but the cookie afterwards."""

    def __init__(self, server: Server, name: str, imgid: str = "5", *, token: str = "") -> None:
        base = address_of(server, "signin").replace("ws", "http", 1)
        shown = {"Authorization": f"Bearer {token}"} if token else {}
        answer = httpx.post(f"{base}/signin", data={"name": name, "imgid": imgid}, headers=shown, trust_env=False)
        assert answer.status_code == 303, answer.text
        self.cookie = answer.headers["set-cookie"].partition(";")[0]
        super().__init__(server, "signin", "/chat", additional_headers={"Cookie": self.cookie})

    async def told(self, kind: str, name: str = "") -> dict[str, Any]:
        """Return the next event of this kind, about `name` if one is given."""
        while True:
            event = await self.hear_json()
            if event["type"] == kind and name in ("", event["user"]["name"]):
                return event


def test_whoever_is_not_signed_in_is_sent_to_sign_in(http: httpx.Client) -> None:
    answer = http.get("/")

    assert (answer.status_code // 100, answer.headers["location"]) == (3, "/signin")


def test_a_slash_at_the_end_of_the_forms_address_leads_to_it_with_its_ticket(http: httpx.Client) -> None:
    assert http.get("/signin/?token=once").headers["location"] == "/signin?token=once"


@pytest.mark.parametrize(("accepted", "language"), [("en;q=0.5, zh", "zh"), ("fr;q=0.1, en-GB;q=0.9", "en"), ("", "zh")])
def test_the_form_is_in_the_language_that_weighs_most(http: httpx.Client, accepted: str, language: str) -> None:
    assert f'lang="{language}"' in http.get("/signin", headers={"Accept-Language": accepted}).text


def test_the_form_offers_a_random_chinese_nickname_and_27_faces_or_more(http: httpx.Client) -> None:
    pages = [http.get("/signin").text for _ in range(5)]
    names = {match[1] for page in pages if (match := re.search(r'name="name" value="([\u4e00-\u9fff]{2,5})"', page))}
    faces = re.findall(r'name="imgid" value="(\d+)"', pages[0])

    assert len(names) > 1
    assert len(set(faces)) >= 27
    assert pages[0].count(" checked") == 1
    for imageid in (*faces, "bot"):
        picture = http.get(f"/static/images/{imageid}.jpg")
        assert (picture.status_code, picture.headers["content-type"].startswith("image/")) == (200, True)


def test_signing_in_sets_an_http_only_cookie_and_opens_the_room_until_sign_out(http: httpx.Client) -> None:
    answer = http.post("/signin", data={"name": "赵小茶", "imgid": "7"})
    assert (answer.status_code // 100, answer.headers["location"]) == (3, "/")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert http.get("/").status_code == 200

    answer = http.get("/signout")
    assert (answer.status_code // 100, answer.headers["location"]) == (3, "/signin")
    assert http.get("/").status_code // 100 == 3


def test_a_cookie_that_was_changed_or_kept_is_nobodys(http: httpx.Client) -> None:
    http.post("/signin", data={"name": "钱小叶", "imgid": "7"})
    [(name, value)] = http.cookies.items()
    http.get("/signout")
    for wrong in (value, value[:-1] + ("A" if value[-1] != "A" else "B"), "", "x" * 500):
        assert httpx.get(f"{http.base_url}/", headers={"Cookie": f"{name}={wrong}"}, trust_env=False).status_code // 100 == 3


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"name": "", "imgid": "5"}, 400),
        ({"name": "x" * 33, "imgid": "5"}, 400),
        ({"name": "孙小花", "imgid": "999"}, 400),
        ({"name": "孙小花", "imgid": "bot"}, 400),
        ({"name": "孙小花"}, 400),
        ({}, 400),
        ({"name": "小小鸟", "imgid": "5"}, 409),
        ({"name": "机器人小小鸟", "imgid": "5"}, 409),
        ({"name": "Bіrdie", "imgid": "5"}, 409),
        ({"name": "l27.0.0.1", "imgid": "5"}, 409),
        ({"name": "127.0.0.1", "imgid": "5"}, 409),
    ],
)
def test_what_cannot_be_is_told_on_the_form(http: httpx.Client, fields: dict[str, str], status: int) -> None:
    answer = http.post("/signin", data=fields)

    assert (answer.status_code, 'role="alert"' in answer.text, "set-cookie" in answer.headers) == (status, True, False)


@pytest.mark.parametrize(
    "form",
    [
        b"name=%ff&imgid=1",
        b"name=\xff&imgid=1",
        b"%ff=a&name=Fay&imgid=1",
        b"name=%c3\x80&imgid=1",
        b"name=\xc3%80&imgid=1",
        b"name=Fay&imgid=1&x=" + b"x" * 4096,
    ],
)
def test_a_form_that_is_no_utf8_or_too_long_signs_nobody_in(http: httpx.Client, form: bytes) -> None:
    answer = http.post("/signin", content=form, headers={"Content-Type": "application/x-www-form-urlencoded"})

    assert (answer.status_code, "set-cookie" in answer.headers) == (400, False)
    assert answer.text.startswith("expected a form")


async def test_a_name_that_someone_has_is_told_on_the_form(server: Server, http: httpx.Client, arrive: Arrive) -> None:
    await arrive("Aiko Taken")
    async with httpx.AsyncClient(base_url=http.base_url, trust_env=False) as client:
        for name in ("aiko taken", "Aіko Taken", "Аiko Taken"):
            answer = await client.post("/signin", data={"name": name, "imgid": "5"})
            assert (answer.status_code, 'role="alert"' in answer.text) == (409, True), name


def test_hostile_names_stay_text(http: httpx.Client) -> None:
    page = http.post("/signin", data={"name": '"><script>alert(1)</script>' + "x" * 40, "imgid": "5"}).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_form_of_another_page_is_refused(http: httpx.Client) -> None:
    for origin in ("https://evil.example", "null"):
        assert http.post("/signin", data={"name": "李小鱼", "imgid": "5"}, headers={"Origin": origin}).status_code == 403


def test_other_paths_and_methods_are_404(http: httpx.Client) -> None:
    for path in ("/x", "/static/", "/static/../words.py", "/static/images/5.png", "/static/images/..%2f5.jpg", "/api/v1/house"):
        assert http.get(path).status_code == 404, path
    assert http.post("/").status_code == 404


async def test_without_the_cookie_the_socket_is_closed_with_4001(server: Server) -> None:
    for headers in ({}, {"Cookie": "teahouse_door=wrong"}):
        async with Visitor(server, "signin", "/chat", additional_headers=headers) as stranger:
            assert await stranger.closed() == (4001, "Invalid user")


async def test_a_foreign_page_is_refused_with_the_cookie(server: Server) -> None:
    guest = Guest(server, "周小舟")
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with Visitor(server, "signin", "/chat", additional_headers={"Cookie": guest.cookie}, origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403


async def test_list_join_chat_and_left(server: Server) -> None:
    async with Guest(server, "吴小云", "3") as one:
        listing = await one.hear_json()
        assert (listing["type"], listing["data"][0]) == ("list", BIRD)
        join = await one.told("join")
        me = join["user"]
        assert me == {"id": me["id"], "name": "吴小云", "imageid": "3"}
        assert join["data"] == "吴小云进入了聊天室."
        assert me in listing["data"]
        async with Guest(server, "郑小雨", "4") as two:
            assert (await one.told("join"))["data"] == "郑小雨进入了聊天室."
            assert me in (await two.told("list"))["data"]
            await two.say("  你好 <b> \n")
            for guest in (one, two):
                chat = await guest.told("chat", "郑小雨")
                assert (chat["data"], chat["user"]["imageid"]) == ("你好 <b>", "4")
        left = await one.told("left")
        assert (left["user"]["name"], left["data"]) == ("郑小雨", "郑小雨离开了聊天室.")
        numbers = [json.loads(frame)["id"] for frame in one.heard]
        assert numbers == sorted(set(numbers))


async def test_the_robot_answers_every_message_as_user_0(server: Server) -> None:
    async with Guest(server, "王小雪") as guest:
        for words in ("今天天气真好", "我想喝茶", "hello"):
            await guest.say(words)
            assert (await guest.told("chat", "王小雪"))["data"] == words
            answer = await guest.told("chat", BIRD["name"])
            assert answer["user"] == BIRD
            assert answer["data"]


async def test_it_talks_both_ways_with_the_modern_page(server: Server, arrive: Arrive) -> None:
    async with Guest(server, "冯小风", "9") as guest:
        aiko = await arrive("Aiko")
        join = await guest.told("join", "Aiko")
        assert join["user"]["imageid"] in {str(number) for number in range(1, 60)}
        await say(aiko, LOBBY, "你好")
        assert (await guest.told("chat", "Aiko"))["data"] == "你好"
        await guest.say("欢迎")
        await aiko.until(lambda: "欢迎" in aiko.texts(LOBBY))
        await aiko.close()
        assert (await guest.told("left", "Aiko"))["data"] == "Aiko离开了聊天室."


async def test_signing_out_ends_the_socket_at_once(server: Server) -> None:
    guest = Guest(server, "陈小星")
    async with guest:
        await guest.told("list")
        base = address_of(server, "signin").replace("ws", "http", 1)
        async with httpx.AsyncClient(base_url=base, trust_env=False) as http:
            await http.get("/signout", headers={"Cookie": guest.cookie})
        assert (await guest.closed())[0] == 4001
