"""An old half-open socket that dies late does no harm to what replaced it (Socket.IO lost the session that way)."""

from dataclasses import replace
from pathlib import Path

from tests.faults.proxy import Proxy
from tests.faults.server import Server
from tests.gateways.stranger import Stranger, sign_in

LOBBY = 1


async def test_an_old_half_open_socket_that_dies_late_leaves_its_successor_alone(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        async with Proxy(server.port) as proxy:
            session = await sign_in(server.address, "Aiko")
            async with Stranger(replace(session, address=proxy.address)) as aiko, await Stranger.arrive(server.address, "Ben") as ben:
                await aiko.connect()
                [old] = proxy.links
                old.freeze()
                await ben.ask("post", room=LOBBY, text="lost on the way", client_id="b1")
                old.lose_client()
                await aiko.until(lambda: not aiko.connected)

                welcome = await aiko.connect()
                assert welcome["resumed"]
                await aiko.until(lambda: aiko.texts(LOBBY) == ["lost on the way"])
                assert old.state == "orphaned", "the server must not know of the old socket's end before now"
                old.reset()
                async with await Stranger.arrive(server.address, "Chen") as chen:
                    await ben.until(lambda: chen.id in came(ben))  # whoever went with the old socket would have been told of before

                    assert aiko.id not in went(ben)
                    assert aiko.id in await who_is_here(ben)
                    await ben.ask("post", room=LOBBY, text="still there?", client_id="b2")
                    await aiko.ask("post", room=LOBBY, text="of course", client_id="a1")
                    await aiko.until(lambda: aiko.texts(LOBBY) == ["lost on the way", "still there?", "of course"])
                    assert aiko.connected
                    assert (await aiko.connect())["resumed"], "the session is still good"
                    assert aiko.faults == ben.faults == []

                    await aiko.close()
                    await ben.until(lambda: aiko.id in went(ben))  # and the count is right: with the last one they are gone
                    assert aiko.id not in await who_is_here(ben)


def came(reader: Stranger) -> set[int]:
    return {user["id"] for event in reader.others if event["type"] == "here" for user in event.get("came", [])}


def went(reader: Stranger) -> set[int]:
    return {user for event in reader.others if event["type"] == "here" for user in event.get("went", [])}


async def who_is_here(reader: Stranger) -> set[int]:
    return {member["user"]["id"] for member in (await reader.ask("members", room=LOBBY))["members"] if member["here"]}
