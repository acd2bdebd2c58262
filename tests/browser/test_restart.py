"""The server dies and comes back under the eyes of those who talk."""

import asyncio

from playwright.async_api import expect

from tests.browser.guests import NETWORK, Guests
from tests.browser.person import Person
from tests.faults.server import Server


async def test_a_killed_server_comes_back_and_nothing_is_lost_or_doubled(guests: Guests, server: Server) -> None:
    guests.expected = NETWORK
    aiko, ben = await guests.arrive("爱子", "zh"), await guests.arrive("Ben")
    await aiko.say("before the storm")
    await ben.sees("before the storm")

    server.kill()
    for person in (aiko, ben):
        await expect(person.banner).to_be_visible()
    await aiko.write("风暴之中")
    await ben.write("in the storm")
    await expect(ben.pending).to_have_count(1)
    await expect(aiko.banner).to_contain_text("重连")
    await expect(ben.banner).to_contain_text("Reconnecting in")
    await asyncio.to_thread(server.start)
    for person in (aiko, ben):
        await expect(person.banner).to_have_count(0)
    await aiko.say("after the storm")

    for person in (aiko, ben):
        for text in ("before the storm", "风暴之中", "in the storm", "after the storm"):
            await person.sees(text)
        await expect(person.pending).to_have_count(0)
    assert await texts(aiko) == await texts(ben)


async def test_a_stopping_server_says_so_and_people_find_it_again(guests: Guests, server: Server) -> None:
    guests.expected = NETWORK
    cora = await guests.arrive("Cora")

    assert await asyncio.to_thread(server.stop) == 0
    await expect(cora.banner).to_be_visible()
    await asyncio.to_thread(server.start)
    await expect(cora.banner).to_have_count(0)

    await cora.say("still me")


async def texts(person: Person) -> list[str]:
    return await person.log.locator("article[data-seq] .text").all_text_contents()
