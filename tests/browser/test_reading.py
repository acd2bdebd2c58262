"""Reading a long room: the words under the reader's eyes stay where they are, whatever is loaded or said."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import expect

from tests.browser.guests import Guests
from tests.browser.person import Person
from tests.faults.server import Server
from tests.gateways.house import LOBBY, say
from tests.gateways.stranger import Stranger

LONG_AGO = 300
NEAR_THE_TOP_PX = 400
"""Close enough to the first row that the page before it is loaded."""
UNMOVED_PX = 3

SCROLL_TO = "(scroller, top) => { scroller.scrollTop = top; }"

FIRST_WHOLE_ROW = """(scroller) => {
  const top = scroller.getBoundingClientRect().top;
  const row = [...scroller.querySelectorAll('[data-seq]')].find((one) => one.getBoundingClientRect().top >= top);
  return { seq: Number(row.dataset.seq), top: row.getBoundingClientRect().top };
}"""

TOP_OF = "(scroller, seq) => scroller.querySelector(`[data-seq='${seq}']`).getBoundingClientRect().top"

AFTER_DRAWING = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def talker(server: Server) -> AsyncIterator[Stranger]:
    """Someone whose words come when the test says so."""
    async with await Stranger.arrive(server.address, "Talker") as client:
        yield client


async def test_older_pages_come_without_a_jump_up_to_the_first_message(guests: Guests, talker: Stranger) -> None:
    for number in range(LONG_AGO):
        await say(talker, LOBBY, f"line {number}" + " and more of it" * (number * 7 % 40))
    reader = await guests.arrive("Reader")
    await reader.sees(f"line {LONG_AGO - 1}")
    rows = reader.log.locator("[data-seq]")
    pages = 0

    while await reader.page.locator(".messages-more").count():
        loaded = await rows.count()
        await reader.scroller.evaluate(SCROLL_TO, NEAR_THE_TOP_PX)
        row = await reader.scroller.evaluate(FIRST_WHOLE_ROW)
        await expect(rows.nth(loaded)).to_be_attached()
        await reader.page.evaluate(AFTER_DRAWING)
        assert abs(await reader.scroller.evaluate(TOP_OF, row["seq"]) - row["top"]) <= UNMOVED_PX
        pages += 1

    assert pages >= 3
    assert await rows.count() == LONG_AGO
    assert len({await row.get_attribute("data-seq") for row in await rows.all()}) == LONG_AGO


async def test_news_are_counted_while_reading_above_and_a_button_leads_to_them(guests: Guests, talker: Stranger) -> None:
    await fill(talker, 40)
    reader = await guests.arrive("Ulla")
    await scroll_up(reader)
    row = await reader.scroller.evaluate(FIRST_WHOLE_ROW)

    for number in range(3):
        await say(talker, LOBBY, f"news {number}")
    await expect(reader.button("list.new", n=3)).to_be_visible()
    assert abs(await reader.scroller.evaluate(TOP_OF, row["seq"]) - row["top"]) <= UNMOVED_PX
    await reader.button("list.new", n=3).click()

    await expect(reader.message("news 2")).to_be_in_viewport()
    await expect(reader.page.locator(".end-button")).to_have_count(0)


async def test_whoever_reads_at_the_end_sees_what_comes(guests: Guests, talker: Stranger) -> None:
    await fill(talker, 40)
    reader = await guests.arrive("Vera")
    await expect(reader.log.locator("[data-seq]").last).to_be_in_viewport()

    await say(talker, LOBBY, "here it comes" + "\nline by line" * 12)

    await expect(reader.message("here it comes")).to_be_in_viewport(ratio=0.9)
    await expect(reader.page.locator(".end-button")).to_have_count(0)


async def test_a_room_opens_at_its_first_unread_message(guests: Guests, talker: Stranger) -> None:
    reader = await guests.arrive("Wanda")
    await say(talker, LOBBY, "the last thing Wanda read")
    await reader.sees("the last thing Wanda read")
    await reader.create_room("Somewhere else", "public")
    await say(talker, LOBBY, "the first thing Wanda missed")
    await fill(talker, 120)

    await reader.page.reload()
    await reader.inside()
    await expect(reader.room("Lobby").locator(".badge")).to_have_text("99+")
    await reader.open_room("Lobby")

    await expect(reader.page.locator(".unread-line")).to_be_in_viewport()
    await expect(reader.message("the first thing Wanda missed")).to_be_in_viewport()
    await expect(reader.page.locator(".end-button")).to_be_visible()


async def fill(talker: Stranger, count: int) -> None:
    for number in range(count):
        await say(talker, LOBBY, f"filling the room {number}")


async def scroll_up(reader: Person) -> None:
    """As far as one page of the screen, away from the end."""
    await expect(reader.log.locator("[data-seq]").last).to_be_in_viewport()
    await reader.scroller.evaluate("(scroller) => { scroller.scrollTop -= scroller.clientHeight; }")
    await expect(reader.page.locator(".end-button")).to_be_visible()
