"""Whoever writes without a network loses nothing and says nothing twice, even when the tab is closed in between."""

import sqlite3
from contextlib import closing

from playwright.async_api import expect

from teahouse.settings import Settings
from tests.browser.guests import NETWORK, Guests
from tests.faults.server import Server

WORDS = ["first, from the tunnel", "second, from the tunnel", "第三句，还在隧道里"]
GIVE_UP_MS = 15_000
"""Longer than the page waits for a sign of life before it holds a connection for lost."""


async def test_three_messages_written_offline_are_sent_once_in_order_after_the_tab_was_closed(guests: Guests, server: Server) -> None:
    guests.expected = NETWORK
    aiko, ben = await guests.arrive("Aiko"), await guests.arrive("Ben")
    await aiko.page.clock.install()

    await aiko.context.set_offline(True)
    for text in WORDS:
        await aiko.write(text)
    waiting = [f"{WORDS[0]}{aiko.t('message.sent')}", *(f"{text}{aiko.t('message.queued')}" for text in WORDS[1:])]
    await expect(aiko.pending).to_have_text(waiting)
    await aiko.page.clock.fast_forward(GIVE_UP_MS)
    await expect(aiko.banner).to_contain_text(aiko.t("link.offline"))
    await expect(aiko.pending).to_have_count(3)
    assert stored_texts(server) == []
    await aiko.page.close()  # this ends the emulated tunnel as well, and the first, which was under way, may come out of it

    await aiko.context.set_offline(False)
    again = await guests.second_tab(aiko)
    for text in WORDS:
        await again.sees(text)
        await ben.sees(text)

    await expect(again.pending).to_have_count(0)
    assert stored_texts(server) == WORDS
    for person in (again, ben):
        assert await person.log.locator("article[data-seq] .text").all_text_contents() == WORDS


def stored_texts(server: Server) -> list[str]:
    """All messages in the database, in order."""
    with closing(sqlite3.connect(server.data / "teahouse.db")) as database:
        return [text for (text,) in database.execute("SELECT text FROM messages ORDER BY room_id, seq")]


async def test_what_is_too_long_only_when_written_as_json_is_refused_and_holds_up_nothing(guests: Guests) -> None:
    """Each quote takes two bytes on the wire: the text is within its limit, the command is not."""
    greta = await guests.arrive("Greta")
    await greta.write('"' * Settings().max_text_bytes)
    await expect(greta.pending).to_have_count(1)
    await expect(greta.pending.get_by_text(greta.t("refused.text_too_long"))).to_be_visible()
    await greta.inside()
    await greta.say("shorter")
