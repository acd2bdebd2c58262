"""The door `directed`: one to one by user id, between old programs and with people on the modern page."""

import asyncio

import pytest
import websockets

from tests.faults.server import GENEROUS, Server
from tests.gateways.doors.visitor import Visitor
from tests.gateways.house import Arrive, say

SETTINGS = {**GENEROUS, "DOORS": "directed@0"}


class Directed(Visitor):
    """A client of this dialect, and nothing of any other."""

    def __init__(self, server: Server, name: str = "") -> None:
        super().__init__(server, "directed")
        self.name = name

    async def __aenter__(self) -> "Directed":
        await super().__aenter__()
        if self.name:
            await self.say({"user_id": self.name, "login": "1"})
        return self

    async def tell(self, name: str, text: str) -> None:
        await self.say({"to_user_id": name, "msg": text})


async def test_the_receiver_gets_the_bare_text_and_the_sender_nothing(server: Server) -> None:
    async with Directed(server, "WebSocket1") as one, Directed(server, "WebSocket2") as two:
        await one.tell("WebSocket2", "hi")
        await two.tell("WebSocket1", '{"not": "wrapped"}')

        assert await two.hear() == "hi"
        assert await one.hear() == '{"not": "wrapped"}'
        assert (one.heard, two.heard) == (['{"not": "wrapped"}'], ["hi"])


async def test_it_talks_both_ways_with_a_person_on_the_modern_page(server: Server, arrive: Arrive) -> None:
    aiko = await arrive("Aiko")
    async with Directed(server, "Old Ben") as ben:
        await ben.tell("aiko", "hello, page 🍵")
        await aiko.until(lambda: any(entry["by"]["name"] == "Old Ben" for entry in aiko.entries if entry["fact"]["type"] == "posted"))
        [heard] = [entry for entry in aiko.entries if entry["fact"]["type"] == "posted"]
        await say(aiko, heard["log"], "hello, old page")

        assert heard["fact"]["text"] == "hello, page 🍵"
        assert await ben.hear() == "hello, old page"


async def test_messages_to_someone_away_come_at_their_next_login_in_order_and_once(server: Server) -> None:
    async with Directed(server, "Sender") as sender:
        async with Directed(server, "Traveller") as traveller:
            await sender.tell("Traveller", "before")
            assert await traveller.hear() == "before"
        for number in range(5):
            await sender.tell("Traveller", f"while away {number}")
        async with Directed(server, "Traveller") as traveller:
            assert [await traveller.hear() for _ in range(5)] == [f"while away {number}" for number in range(5)]
        async with Directed(server, "Traveller") as traveller:
            await sender.tell("Traveller", "after")
            assert await traveller.hear() == "after"


async def test_what_was_sent_and_never_arrived_is_sent_again(server: Server) -> None:
    async with Directed(server, "Keeper") as keeper:
        async with Directed(server, "Lost") as lost:
            await keeper.tell("Lost", "first")
            assert await lost.hear() == "first"
        async with Directed(server, "Lost") as deaf:
            await deaf.tell("Lost", "in")
            assert await deaf.hear() == "in"  # or the name would still be held by a login under way, which ends what it began
            deaf._socket.transport.pause_reading()
            await keeper.tell("Lost", "into the void")
            await keeper.tell("Keeper", "still here")
            assert await keeper.hear() == "still here"
            await deaf.vanish()
        async with Directed(server, "Lost") as lost:
            assert await lost.hear() == "into the void"


async def test_a_message_waits_for_someone_who_has_never_come(server: Server, arrive: Arrive) -> None:
    async with Directed(server, "Early") as early:
        await early.tell("Late", "you will come")
        await early.tell("Early", "sent")
        assert await early.hear() == "sent"
        async with Directed(server, "Late") as late:
            assert await late.hear() == "you will come"


async def test_a_name_that_was_only_written_to_is_free_on_the_page(server: Server, arrive: Arrive) -> None:
    async with Directed(server, "Scribe") as scribe:
        await scribe.tell("Mira", "are you there?")
        await scribe.tell("Scribe", "sent")
        assert await scribe.hear() == "sent"
    await arrive("Mira")
    async with Directed(server, "Mira") as thief:
        assert (await thief.closed())[0] == 4003


async def test_sending_before_login_closes_with_4001(server: Server) -> None:
    async with Directed(server) as stranger:
        await stranger.tell("WebSocket1", "hi")

        assert (await stranger.closed())[0] == 4001


async def test_a_name_of_someone_who_is_here_is_refused_with_4003(server: Server, arrive: Arrive) -> None:
    await arrive("Rin")
    async with Directed(server, "Mei") as mei:
        for taken in ("Mei", "MEI", "Rin", "rin", "小小鸟", "127.0.0.1", "\u202e", "x" * 33):
            async with Directed(server, taken) as thief:
                assert (await thief.closed())[0] == 4003, taken
        await mei.tell("Mei", "nothing happened to me")
        assert await mei.hear() == "nothing happened to me"


async def test_a_dead_socket_holds_its_name_only_until_someone_asks_for_it(server: Server) -> None:
    dead = Directed(server, "Sleeper")
    async with dead:
        await dead.tell("Sleeper", "in")
        assert await dead.hear() == "in"
        dead._socket.transport.pause_reading()  # no pong will come
        codes = [4003]
        while codes[-1] == 4003:
            async with Directed(server, "Sleeper") as again:
                await again.tell("Sleeper", "back")
                frame = asyncio.create_task(again.hear())
                shut = asyncio.create_task(again.closed())
                await asyncio.wait([frame, shut], return_when=asyncio.FIRST_COMPLETED)
                codes.append((await shut)[0] or 0 if shut.done() else 0)
                for task in (frame, shut):
                    task.cancel()
                await asyncio.gather(frame, shut, return_exceptions=True)
        assert codes.count(4003) > 1
        dead._socket.transport.resume_reading()
        assert (await dead.closed())[0] == 4008


async def test_the_same_name_is_the_same_person_after_a_restart(server: Server) -> None:
    async with Directed(server, "Phoenix") as phoenix:
        await phoenix.tell("Phoenix", "ash")
        assert await phoenix.hear() == "ash"
    async with Directed(server, "Post") as post:
        await post.tell("Phoenix", "egg")
        await post.tell("Post", "sent")
        assert await post.hear() == "sent"
    server.kill()
    server.start()
    async with Directed(server, "Phoenix") as phoenix:
        assert await phoenix.hear() == "egg"


@pytest.mark.parametrize(
    "rubbish",
    [
        "",
        "{",
        "null",
        "[]",
        "7",
        '"text"',
        "[" * 5000,
        '{"user_id": "Someone"}',
        '{"login": "1"}',
        '{"user_id": 7, "login": 1}',
        '{"user_id": null, "login": true}',
        '{"user_id": "Someone", "login": ""}',
        '{"user_id": "Someone", "login": 0}',
        '{"to_user_id": 3, "msg": "x"}',
        '{"to_user_id": "a", "msg": 3}',
        '{"to_user_id": "a"}',
        '{"msg": "a"}',
        '{"user_id": {"a": [1]}, "login": [], "more": 1e999}',
    ],
)
async def test_rubbish_does_no_harm(server: Server, rubbish: str) -> None:
    async with Directed(server) as stranger:
        await stranger.say(rubbish)
        await stranger.say({"user_id": "Patient", "login": "1", "unknown": [1, 2]})
        await stranger.say(rubbish)
        await stranger.tell("Patient", "well")

        assert await stranger.hear() == "well"


async def test_empty_and_huge_texts_and_impossible_names_are_dropped(server: Server) -> None:
    async with Directed(server, "Giver") as giver, Directed(server, "Taker") as taker:
        for text in ("", " \n", "x" * 40_000):
            await giver.tell("Taker", text)
        for name in ("", "\n", "x" * 100, "127.0.0.1"):
            await giver.tell(name, "hm")
        await giver.tell("Taker", "the end")

        assert await taker.hear() == "the end"


async def test_a_flood_arrives_whole_and_in_order_because_the_door_reads_slower(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = {**SETTINGS, "MESSAGE_RATE_PER_S": "50", "MESSAGE_BURST": "10"}
    with Server(tmp_path_factory.mktemp("house") / "data", settings) as slow:
        async with Directed(slow, "Fast") as fast, Directed(slow, "Sink") as sink:
            for number in range(60):
                await fast.tell("Sink", str(number))

            assert [await sink.hear() for _ in range(60)] == [str(number) for number in range(60)]


async def test_binary_frames_and_bad_utf8_close_that_socket_alone(server: Server) -> None:
    async with Directed(server, "Bystander") as bystander:
        for frame, code in ((b"bytes", 1003), (b"\x00", 1003)):
            async with Visitor(server, "directed") as rascal:
                await rascal._socket.send(frame)
                assert (await rascal.closed())[0] == code
        await bystander.tell("Bystander", "fine")
        assert await bystander.hear() == "fine"


async def test_a_page_of_another_origin_is_refused(server: Server) -> None:
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with Visitor(server, "directed", origin=origin):
                pass
        assert refused.value.response.status_code == 403
