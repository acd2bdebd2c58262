"""Whatever people write is shown as the text it is, and harms neither the page nor its neighbours.

Every test of this folder fails on a violated content policy or an error in the console; here the words provoke them.
"""

import json

from playwright.async_api import expect

from tests.browser.guests import Guests
from tests.gateways.house import LOBBY, Arrive, say

SCRIPTS = (
    "<img src=x onerror=window.harm=1>",
    "<script>window.harm=1</script>",
    "<svg/onload=window.harm=1>",
    "</textarea><b onmouseover=window.harm=1>bold</b>",
    "{{constructor.constructor('window.harm=1')()}}",
)
NO_LINKS = (
    "javascript:window.harm=1",
    "[tea](javascript:window.harm=1)",
    "JaVaScRiPt://example.org/%0Awindow.harm=1",
    "data:text/html,<script>window.harm=1</script>",
    "vbscript:window.harm=1",
)
RIGHT_TO_LEFT = "\u202e"
MAX_TEXT_BYTES = 32_768

WALLS = ("*", "[", "<", "`", "_", "> ", "](", "**a ", "@", "http://", "\u202e", "`` ` ")
"""Pieces that parsers choke on when each of them may begin something."""


async def test_markup_is_shown_as_it_was_written(guests: Guests, arrive: Arrive) -> None:
    rascal = await arrive("Rascal")
    for text in SCRIPTS:
        await say(rascal, LOBBY, text)
    reader = await guests.arrive("Reader")

    await expect(reader.log.locator("[data-seq] .text")).to_have_text(SCRIPTS)
    assert await reader.page.evaluate("window.harm") is None


async def test_markup_in_names_and_topics_is_shown_as_it_was_written(guests: Guests, arrive: Arrive) -> None:
    name = "<img src=x onerror=harm()>"
    rascal = await arrive(name)
    room = (await rascal.ask("create_room", kind="public", name="<b>Bold</b>", topic="<i>idle</i>", client_id="bold"))["room"]["id"]
    await say(rascal, room, "in here")
    reader = await guests.arrive("Bookworm")

    await expect(reader.page.locator(".people .person-name").filter(has_text=name)).to_have_text(name)
    await reader.button("rooms.find").click()
    await reader.dialog.get_by_role("listitem").filter(has_text="<b>Bold</b>").get_by_role("button").click()
    await expect(reader.title).to_have_text("<b>Bold</b>")
    await expect(reader.page.locator(".room-topic")).to_have_text("<i>idle</i>")
    await expect(reader.message("in here").locator(".message-author bdi")).to_have_text(name)


async def test_only_harmless_addresses_become_links(guests: Guests, arrive: Arrive) -> None:
    rascal = await arrive("Linker")
    for text in NO_LINKS:
        await say(rascal, LOBBY, text)
    await say(rascal, LOBBY, "see https://example.org/tea")
    reader = await guests.arrive("Clicker")

    link = reader.log.get_by_role("link", name="https://example.org/tea")
    await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    schemes = await reader.log.locator("a").evaluate_all("(links) => links.map((link) => link.protocol)")
    assert set(schemes) <= {"https:", "http:", "mailto:"}


async def test_a_name_cannot_turn_the_words_around_it(guests: Guests, arrive: Arrive) -> None:
    rascal = await arrive(f"evil{RIGHT_TO_LEFT}eman")
    await say(rascal, LOBBY, f"turned {RIGHT_TO_LEFT}around")
    reader = await guests.arrive("Straight")

    author = reader.message("turned").locator(".message-author bdi")
    await expect(author).not_to_contain_text(RIGHT_TO_LEFT)
    await expect(author).to_have_text("evileman")


async def test_the_longest_texts_of_one_sign_are_drawn_and_can_be_answered(guests: Guests, arrive: Arrive) -> None:
    mason = await arrive("Mason")
    reader = await guests.arrive("Patience")

    for number, piece in enumerate(WALLS):
        await say(mason, LOBBY, wall(number, piece))
        await expect(reader.log.locator("[data-seq]").last).to_contain_text(f"{number}: ")
        await reader.say(f"still here after {number}")


async def test_a_page_that_breaks_its_policy_would_be_noticed(guests: Guests) -> None:
    guests.expected = ("Content Security Policy",)
    victim = await guests.arrive("Victim")

    await victim.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<b style=color:red>red</b>')")

    await expect(victim.page.get_by_text("red", exact=True)).to_be_attached()
    assert len(victim.watch.complaints) == 1


def wall(number: int, piece: str) -> str:
    """As many of `piece` as one message holds, in bytes of JSON, where some signs take more than in UTF-8."""
    size = len(json.dumps(piece)) - 2
    return f"{number}: " + (piece * ((MAX_TEXT_BYTES - 8) // size)).rstrip()
