"""The door `nickname`: one to one, or everyone; and the socket that echoes."""

from typing import Any
from urllib.parse import quote

import pytest
import websockets

from tests.faults.server import GENEROUS, Server
from tests.gateways.doors.visitor import Visitor
from tests.gateways.house import LOBBY, Arrive, say

SETTINGS = {**GENEROUS, "DOORS": "nickname@0"}


class Nick(Visitor):
    def __init__(self, server: Server, nick: str) -> None:
        super().__init__(server, "nickname", f"/conn/ws/{quote(nick)}")

    async def tell(self, to: str | None, text: str) -> None:
        await self.say({"from_user": "somebody else", "message": text} | ({} if to is None else {"to_user": to}))


def frame(by: str, to: str, text: str) -> dict[str, Any]:
    return {"from_user": by, "to_user": to, "message": text}


async def test_with_a_receiver_it_reaches_that_one_alone(server: Server) -> None:
    async with Nick(server, "小茶") as tea, Nick(server, "Ben") as ben, Nick(server, "Cem") as cem:
        await tea.tell("Ben", "psst")
        assert await ben.hear_json() == frame("小茶", "Ben", "psst")
        await ben.tell("小茶", "what?")
        assert await tea.hear_json() == frame("Ben", "小茶", "what?")
        await cem.tell("", "nothing for me?")
        assert await cem.hear_json() == frame("Cem", "", "nothing for me?")


@pytest.mark.parametrize("to", ["", None])
async def test_without_a_receiver_everyone_hears_it_the_sender_too(server: Server, to: str | None) -> None:
    async with Nick(server, "Ann") as ann, Nick(server, "Ben") as ben:
        await ann.tell(to, "to all")

        assert await ann.hear_json() == frame("Ann", "", "to all")
        assert await ben.hear_json() == frame("Ann", "", "to all")


async def test_a_person_on_the_modern_page_is_heard_in_the_same_shape(server: Server, arrive: Arrive) -> None:
    aiko = await arrive("Aiko")
    async with Nick(server, "Dee") as dee:
        await dee.tell("", "hello, page")
        await aiko.until(lambda: "hello, page" in aiko.texts(LOBBY))
        assert await dee.hear_json() == frame("Dee", "", "hello, page")
        await say(aiko, LOBBY, "hello, nick")
        assert await dee.hear_json() == frame("Aiko", "", "hello, nick")
        await dee.tell("Aiko", "between us")
        await aiko.until(lambda: any(entry["fact"].get("text") == "between us" for entry in aiko.entries))
        room = next(entry["log"] for entry in aiko.entries if entry["fact"].get("text") == "between us")
        await say(aiko, room, "only us")
        assert await dee.hear_json() == frame("Aiko", "Dee", "only us")


async def test_a_letter_waits_for_its_receiver(server: Server) -> None:
    async with Nick(server, "Eve") as eve:
        await eve.tell("Fay", "later")
        await eve.tell("", "sent")
        assert (await eve.hear_json())["message"] == "sent"
        async with Nick(server, "Fay") as fay:
            assert await fay.hear_json() == frame("Eve", "Fay", "later")


async def test_a_nick_that_is_taken_is_refused_with_4003(server: Server, arrive: Arrive) -> None:
    await arrive("Hana")
    async with Nick(server, "Ian"):
        for nick in ("Ian", "ian", "Hana", "小小鸟 birdie"):
            async with Nick(server, nick) as thief:
                assert (await thief.closed())[0] == 4003, nick


async def test_the_echo_gives_every_message_back_unchanged_and_nobody_else_hears_it(server: Server) -> None:
    async with Nick(server, "Jun") as jun, Visitor(server, "nickname", "/conn_ws") as echo:
        for words in ("hi", "", " \u0000 e\u0301 ", '{"to_user": "Jun", "message": "x"}', "x" * 60_000):
            await echo.say(words)
            assert await echo.hear() == words
        await jun.tell("", "quiet here")
        assert (await jun.hear_json())["message"] == "quiet here"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 404), ("/conn/ws/", 404), ("/conn/ws/a/b", 404), ("/chat", 404), ("/conn/ws/%ff", 400), ("/conn_ws?x=%ff", 400)],
)
async def test_paths_that_lead_nowhere_are_refused(server: Server, path: str, status: int) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with Visitor(server, "nickname", path):
            pass
    assert refused.value.response.status_code == status


async def test_rubbish_does_no_harm(server: Server) -> None:
    async with Nick(server, "Kim") as kim:
        for rubbish in ("", "nothing", "[]", "{}", "null", '{"message": 1}', '{"message": "x", "to_user": []}', "[" * 9999):
            await kim.say(rubbish)
        await kim.tell("Kim", "to myself")

        assert await kim.hear_json() == frame("Kim", "Kim", "to myself")
