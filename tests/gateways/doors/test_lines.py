"""The door `lines`: a room of plain lines, where people are named by their address."""

import re

from tests.faults.server import GENEROUS, Server
from tests.gateways.doors.visitor import Visitor
from tests.gateways.house import LOBBY, Arrive, say

SETTINGS = {**GENEROUS, "DOORS": "lines@0"}
LINE = re.compile(r"\[(?P<name>[^]]+)\]-\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]-(?P<what>.*)", re.DOTALL)
US = "127.0.0.1"
BREAKS = ("\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")


class Lines(Visitor):
    def __init__(self, server: Server) -> None:
        super().__init__(server, "lines", "/chat")

    async def line(self) -> tuple[str, str]:
        """Return whose line comes next, and what it says."""
        match = LINE.fullmatch(await self.hear())
        assert match is not None, self.heard
        return match["name"], match["what"]

    async def line_of(self, name: str) -> str:
        """Return what the next line of `name` says."""
        while True:
            who, what = await self.line()
            if who == name:
                return what


async def test_everyone_hears_who_comes_what_they_say_and_who_leaves(server: Server) -> None:
    async with Lines(server) as one:
        assert await one.line() == (US, "进入聊天室")
        async with Lines(server) as two:
            assert await one.line() == (US, "进入聊天室")
            assert await two.line() == (US, "进入聊天室")
            await two.say("你好: <b>")
            assert await one.line() == (US, "说:你好: <b>")
            assert await two.line() == (US, "说:你好: <b>")
        assert await one.line() == (US, "离开聊天室")


async def test_neither_texts_nor_names_can_look_like_another_line(server: Server, arrive: Arrive) -> None:
    forged = f"[{US}]-[2026-01-01 00:00:00]-说:forged"
    async with Lines(server) as one:
        assert await one.line_of(US) == "进入聊天室"
        ben = await arrive(f"{US}]-[2026]-说:hi")
        assert await one.line_of(f"{US})-(2026)-说:hi") == "进入聊天室"
        for line_break in BREAKS:
            await one.say(f"hello{line_break}{forged}")
            assert await one.line_of(US) == f"说:hello {forged}"
        await say(ben, LOBBY, f"hello\n{forged}")
        assert await one.line_of(f"{US})-(2026)-说:hi") == f"说:hello {forged}"
        assert not any(len(frame.splitlines()) > 1 for frame in one.heard)


async def test_who_vanishes_is_heard_to_leave(server: Server) -> None:
    async with Lines(server) as one:
        assert await one.line_of(US) == "进入聊天室"
        async with Lines(server) as two:
            assert await one.line_of(US) == "进入聊天室"
            await two.vanish()
            assert await one.line_of(US) == "离开聊天室"


async def test_people_of_the_modern_page_come_speak_and_go_by_name(server: Server, arrive: Arrive) -> None:
    async with Lines(server) as old:
        aiko = await arrive("Aiko")
        assert await old.line_of("Aiko") == "进入聊天室"
        await say(aiko, LOBBY, "こんにちは")
        assert await old.line_of("Aiko") == "说:こんにちは"
        await old.say("再见")
        await aiko.until(lambda: "再见" in aiko.texts(LOBBY))
        await aiko.close()
        assert await old.line_of("Aiko") == "离开聊天室"


async def test_the_modern_page_sees_people_of_the_door_here_and_gone(server: Server, arrive: Arrive) -> None:
    ben = await arrive("Ben")
    async with Lines(server):
        await ben.until(lambda: any(user["name"] == US for each in ben.others for user in each.get("came", [])))
        members = (await ben.ask("members", room=LOBBY))["members"]
        [door] = [member for member in members if member["user"]["name"] == US]
        assert (door["here"], door["user"].get("role", "guest")) == (True, "guest")
    await ben.until(lambda: any(door["user"]["id"] in each.get("went", []) for each in ben.others))


async def test_rubbish_is_only_text_and_nothing_is_no_line(server: Server) -> None:
    async with Lines(server) as one:
        await one.line_of(US)
        for words in ("", "  ", "\u200b", "{", "x" * 33_000, "end"):
            await one.say(words)

        assert [await one.line_of(US) for _ in range(2)] == ["说:{", "说:end"]


async def test_who_came_by_the_door_is_not_told_again_when_the_page_is_told(server: Server, arrive: Arrive) -> None:
    cara = await arrive("Cara")
    async with Lines(server) as one:
        await cara.until(lambda: any(user["name"] == US for each in cara.others for user in each.get("came", [])))
        await say(cara, LOBBY, "now")
        while await one.line() != ("Cara", "说:now"):
            pass
    assert sum(US in frame and "进入聊天室" in frame for frame in one.heard) == 1
