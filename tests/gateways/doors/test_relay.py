"""The door `relay`: everyone but me, and one to one by name."""

from tests.faults.server import GENEROUS, Server
from tests.gateways.doors.visitor import Visitor
from tests.gateways.house import LOBBY, Arrive, say

SETTINGS = {**GENEROUS, "DOORS": "relay@0"}


class ToAll(Visitor):
    def __init__(self, server: Server) -> None:
        super().__init__(server, "relay", "/ws")


class ToOne(Visitor):
    def __init__(self, server: Server, name: str) -> None:
        super().__init__(server, "relay", f"/ws/{name}")

    async def tell(self, name: str, text: str, sender: str = "whoever") -> None:
        await self.say({"receiver": name, "sender": sender, "data": text})


async def test_a_slash_at_the_end_makes_no_difference(server: Server) -> None:
    async with (
        ToAll(server) as one,
        Visitor(server, "relay", "/ws/") as two,
        Visitor(server, "relay", "/ws/Slash/") as slash,
        ToOne(server, "Dot") as dot,
    ):
        await one.say("hello")
        await dot.say({"receiver": "Slash", "sender": "", "data": "you"})

        assert await two.hear() == "hello"
        assert (await slash.hear_json())["data"] == "you"


async def test_a_frame_goes_unchanged_to_every_other_socket_and_not_back(server: Server) -> None:
    async with ToAll(server) as one, ToAll(server) as two, ToAll(server) as three:
        # All three come from the same address: what is not sent back is known by the socket.
        await one.say('{"any": "thing"}')
        assert await two.hear() == '{"any": "thing"}'
        await two.say("  spaces stay ")

        assert await three.hear() == '{"any": "thing"}'
        assert await one.hear() == "  spaces stay "
        assert await three.hear() == "  spaces stay "


async def test_the_room_is_the_lobby_of_the_modern_page(server: Server, arrive: Arrive) -> None:
    aiko = await arrive("Aiko")
    async with ToAll(server) as old:
        await old.say("hello, page")
        await aiko.until(lambda: "hello, page" in aiko.texts(LOBBY))
        await say(aiko, LOBBY, "hello, relay")

        assert await old.hear() == "hello, relay"
        [entry] = [entry for entry in aiko.facts(LOBBY, "posted") if entry["fact"]["text"] == "hello, page"]
        assert entry["by"]["name"] == "127.0.0.1"


async def test_nobody_hides_a_message_from_a_socket_by_its_client_ids(server: Server, arrive: Arrive) -> None:
    eve = await arrive("Eve")
    async with ToAll(server) as old, ToAll(server) as other:
        await old.say("my client id is seen")
        await eve.until(lambda: "my client id is seen" in eve.texts(LOBBY))
        [mine] = [entry["client_id"] for entry in eve.facts(LOBBY, "posted") if entry["fact"]["text"] == "my client id is seen"]
        await eve.ask("post", room=LOBBY, text="behind your back", client_id=f"{mine.rpartition('-')[0]}-99")
        await eve.ask("post", room=LOBBY, text="this too", client_id=mine)
        await other.say("from my neighbour, who has my address")
        await old.say("not to myself")
        await eve.until(lambda: {"from my neighbour, who has my address", "not to myself"} <= set(eve.texts(LOBBY)))
        await eve.ask("post", room=LOBBY, text="end", client_id="end")

        assert await old.until("end") == ["behind your back", "this too", "from my neighbour, who has my address", "end"]


async def test_what_is_said_right_before_leaving_is_heard(server: Server, arrive: Arrive) -> None:
    aiko = await arrive("Aiko at the exit")
    async with ToAll(server) as hasty:
        for word in ("one", "two", "bye"):
            await hasty.say(f"{word} from hasty")
    async with ToAll(server) as hastier:
        await hastier.say("and gone")
        await hastier.vanish()

    await aiko.until(lambda: {"bye from hasty", "and gone"} <= set(aiko.texts(LOBBY)))
    assert [text for text in aiko.texts(LOBBY) if text.endswith("from hasty")] == ["one from hasty", "two from hasty", "bye from hasty"]


async def test_a_named_message_reaches_its_receiver_with_the_true_sender(server: Server) -> None:
    async with ToOne(server, "ann") as ann, ToOne(server, "b%C3%B6b") as bob:
        await ann.tell("böb", "hi", sender="someone else")

        assert await bob.hear_json() == {"receiver": "böb", "sender": "ann", "data": "hi"}
        await bob.tell("ann", "hi yourself")
        assert await ann.hear_json() == {"receiver": "ann", "sender": "böb", "data": "hi yourself"}
        assert len(ann.heard) == 1


async def test_a_named_message_waits_for_its_receiver(server: Server) -> None:
    async with ToOne(server, "carl") as carl:
        await carl.tell("dora", "one")
        await carl.tell("dora", "two")
        await carl.tell("carl", "sent")
        await carl.hear()
        async with ToOne(server, "dora") as dora:
            assert [(await dora.hear_json())["data"] for _ in range(2)] == ["one", "two"]


async def test_names_that_are_taken_are_refused_with_4003(server: Server, arrive: Arrive) -> None:
    await arrive("Ren")
    async with ToOne(server, "eva"):
        for name in (
            "eva",
            "EVA",
            "Ren",
            "%20",
            "127.0.0.1",
            "%D0%B5va",
            "R%D0%B5n",
            "%E6%9C%BA%E5%99%A8%E4%BA%BA%E5%B0%8F%E5%B0%8F%E9%B8%9F",
        ):
            async with ToOne(server, name) as thief:
                assert (await thief.closed())[0] == 4003, name


async def test_rubbish_does_no_harm(server: Server) -> None:
    async with ToOne(server, "finn") as finn:
        for rubbish in ("", "nothing", "[]", "{}", '{"receiver": 1, "data": 2}', '{"receiver": "", "data": "x"}', '{"receiver": "x"}'):
            await finn.say(rubbish)
        await finn.tell("finn", "well")

        assert (await finn.hear_json())["data"] == "well"
