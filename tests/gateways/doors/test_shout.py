"""The door `shout`, over today's WebSocket protocol; test_draft76.py has the older one."""

from tests.faults.server import GENEROUS, Server
from tests.gateways.doors.visitor import Visitor
from tests.gateways.house import LOBBY, Arrive, say

SETTINGS = {**GENEROUS, "DOORS": "shout@0"}
US = "127.0.0.1"


def shout(server: Server) -> Visitor:
    return Visitor(server, "shout")


async def test_the_room_of_2011(server: Server) -> None:
    async with shout(server) as one:
        assert await one.hear() == f"Welcome, {US} !"
        async with shout(server) as two:
            assert await one.hear() == f"Welcome, {US} !"
            assert await two.hear() == f"Welcome, {US} !"
            await two.say("tea: 茶")
            assert await one.hear() == f"{US}:tea: 茶"
            assert await two.hear() == f"{US}:tea: 茶"
            await two.say("quit")
            assert await two.hear() == f"{US} Logout"
            assert (await two.closed())[0] == 1000
        assert await one.hear() == f"{US} Logout"


async def test_who_vanishes_is_said_to_have_left(server: Server) -> None:
    async with shout(server) as one:
        assert await one.hear() == f"Welcome, {US} !"
        async with shout(server) as two:
            assert await one.hear() == f"Welcome, {US} !"
            await two.vanish()
            assert await one.hear() == f"{US} Logout"


async def test_it_talks_both_ways_with_the_modern_page(server: Server, arrive: Arrive) -> None:
    async with shout(server) as old:
        aiko = await arrive("Aiko")
        await old.until("Welcome, Aiko !")
        await say(aiko, LOBBY, "hello, 2011")
        await old.until("Aiko:hello, 2011")
        await old.say("hello, page")
        await aiko.until(lambda: "hello, page" in aiko.texts(LOBBY))
        await aiko.close()
        await old.until("Aiko Logout")


async def test_quit_ends_what_was_said_before_it_in_order(server: Server, arrive: Arrive) -> None:
    aiko = await arrive("Ben")
    async with shout(server) as old:
        for words in ("one", "two", "quit", "three"):
            await old.say(words)
        assert (await old.closed())[0] == 1000
    await say(aiko, LOBBY, "mark")
    assert [text for text in aiko.texts(LOBBY) if text in ("one", "two", "quit", "three")] == ["one", "two"]
