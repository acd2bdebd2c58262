"""A copy of the house is put back under the eyes of those who talk: what it does not have is not taken for read, sent or another's."""

import asyncio
import shutil
from pathlib import Path

from playwright.async_api import expect

from tests.browser.guests import NETWORK, Guests
from tests.faults.server import Server


async def test_after_a_copy_was_put_back_everybody_reads_what_it_has_and_queued_words_wait_for_their_writer(
    guests: Guests, server: Server, tmp_path: Path
) -> None:
    guests.expected = NETWORK
    aiko, ben = await guests.arrive("Aiko"), await guests.arrive("Ben")
    await aiko.say("in the copy")
    await ben.sees("in the copy")
    await asyncio.to_thread(server.stop)
    shutil.copytree(server.data, tmp_path / "copy")
    await asyncio.to_thread(server.start)
    for person in (aiko, ben):
        await expect(person.banner).to_have_count(0)
    await aiko.say("after the copy")
    await ben.sees("after the copy")
    await asyncio.to_thread(server.stop)
    for person in (aiko, ben):
        await expect(person.banner).to_be_visible()
    await aiko.write("queued meanwhile")
    await expect(aiko.pending).to_have_count(1)

    shutil.rmtree(server.data)
    shutil.copytree(tmp_path / "copy", server.data)
    await asyncio.to_thread(server.start)

    failed = aiko.pending
    await expect(failed).to_contain_text(aiko.t("refused.other_life"))
    for person in (aiko, ben):
        await expect(person.log.locator("article[data-seq] .text")).to_have_text(["in the copy"])
    await ben.say("first again")
    await aiko.sees("first again")
    await failed.get_by_role("button", name=aiko.t("message.retry")).click()
    await ben.sees("queued meanwhile")
    await expect(aiko.pending).to_have_count(0)


async def test_what_another_person_of_the_same_number_began_to_write_is_not_found(guests: Guests) -> None:
    """The number was given to somebody else in another life, in which this browser's person came at another time."""
    cora = await guests.arrive("Cora")
    await cora.composer.fill("half a thought")
    again = await guests.second_tab(cora)
    await expect(again.composer).to_have_value("half a thought")
    drafts = "Object.keys(localStorage).filter((key) => key.includes('draft.'))"
    aged = f"for (const key of {drafts}) localStorage[key] = localStorage[key].replace(/[0-9]+/, '1')"
    await again.page.evaluate(aged)
    await again.page.reload()
    await again.inside()
    await expect(again.composer).to_have_value("")
