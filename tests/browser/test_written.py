"""What people write is drawn as they mean it."""

from playwright.async_api import expect

from tests.browser.guests import Guests
from tests.gateways.house import LOBBY, Arrive, say

SHAPED = """# Plan
- [ ] buy `mochi`
- [x] boil **water**

1. pour
2. wait

> slowly

| cup | who |
|-----|-----|
| blue | Mira |

~~coffee~~ ![the pot](https://example.org/pot.png)"""


async def test_markdown_is_drawn_and_nothing_is_loaded_from_elsewhere(guests: Guests, arrive: Arrive) -> None:
    await say(await arrive("Mira"), LOBBY, SHAPED)
    reader = await guests.outside()
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    await reader.look_in()
    assert not [url for url in asked if "markdown" in url], "nobody reads before they are inside"
    await reader.come_in("Ria")
    text = reader.message("slowly").locator(".text")

    await expect(text.locator(".heading")).to_have_text("Plan")
    await expect(text.locator("ul li.task")).to_have_text(["buy mochi", "boil water"])
    await expect(text.get_by_role("img", name=reader.t("message.taskDone"))).to_have_count(1)
    await expect(text.locator("ol li")).to_have_text(["pour", "wait"])
    await expect(text.locator("blockquote")).to_have_text("slowly")
    await expect(text.locator("tbody td")).to_have_text(["blue", "Mira"])
    await expect(text.locator("del")).to_have_text("coffee")
    await expect(text.get_by_role("link", name="the pot")).to_have_attribute("href", "https://example.org/pot.png")
    assert not [url for url in asked if "example.org" in url]


async def test_without_the_reader_a_text_is_shown_as_it_was_written(guests: Guests, arrive: Arrive) -> None:
    guests.expected = ("net::ERR_FAILED",)
    await say(await arrive("Nora"), LOBBY, "**plain**\nas *written*")
    reader = await guests.outside()
    await reader.context.route("**/markdown.js", lambda route: route.abort())
    await reader.look_in()
    await reader.come_in("Olaf")

    assert await reader.message("plain").locator(".text").inner_text() == "**plain**\nas *written*"


async def test_an_answer_quotes_what_is_said_without_its_marks(guests: Guests) -> None:
    pia, quin = await guests.arrive("Pia"), await guests.arrive("Quin")
    await pia.write("**green** tea `now`")
    await quin.sees("green tea now")

    await quin.choose("green tea now", "message.reply")
    await quin.say("gladly")

    await expect(pia.message("gladly").locator(".quote-text")).to_have_text("green tea now")
