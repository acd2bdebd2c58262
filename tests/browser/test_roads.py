"""The page on networks that break WebSockets, and event streams too: it finds the next road by itself and says so."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from teahouse.settings import Settings
from tests.browser.blocker import Blocker, Fate
from tests.browser.guests import NETWORK, REFUSED, Guests
from tests.browser.held import RefusedHellos
from tests.browser.person import Person
from tests.browser.words import Language
from tests.faults.server import Server


@pytest_asyncio.fixture(loop_scope="session")
async def blocker(server: Server) -> AsyncIterator[Blocker]:
    async with Blocker(server.port) as blocker:
        yield blocker


@pytest_asyncio.fixture(loop_scope="session")
async def behind(browser: Browser, blocker: Blocker) -> AsyncIterator[Guests]:
    """People behind the blocker."""
    async with Guests(browser, blocker.address) as guests:
        guests.expected = (*NETWORK, *REFUSED)
        yield guests


async def come_impatiently(guests: Guests, name: str) -> Person:
    """Arrive with a page that comes back soon each time: what it waits grows with chance, to more than a test has patience for."""
    person = await guests.outside()
    await person.context.add_init_script("Math.random = () => 0.05")
    await person.look_in()
    await person.come_in(name)
    return person


async def road(person: Person) -> str:
    """What the page says of its connection."""
    await person.page.locator(".myself .person").click()
    words = await person.page.locator(".menu-road").inner_text()
    await person.page.keyboard.press("Escape")
    return words


@pytest.mark.parametrize(("language", "phone"), [("en", False), ("zh", True)])
async def test_who_is_asked_to_wait_reads_so_and_comes_in_by_the_same_socket(guests: Guests, language: Language, phone: bool) -> None:
    person = await guests.arrive(f"Patient {language}", language, phone=phone)
    hellos = await RefusedHellos.of(person.context, after_s=0.5)
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.url.partition("/api/v1")[2].partition("?")[0]))

    await person.page.reload()
    await expect(person.banner).to_contain_text(person.t("link.patience"))
    await expect(person.page.get_by_text(person.t("app.loading"))).to_be_visible()
    hellos.refusing = False

    await person.inside()
    assert hellos.opened == 1
    assert not {"/events", "/polls"} & set(asked)


@pytest.mark.parametrize("fate", ["refuse", "cut", "hang"])
async def test_without_websockets_people_talk_over_an_event_stream(behind: Guests, guests: Guests, blocker: Blocker, fate: Fate) -> None:
    blocker.websocket = fate
    aiko, ben = await behind.arrive(f"Aiko {fate}"), await guests.arrive(f"Ben {fate}", "zh")

    await aiko.say(f"no sockets here: {fate}")
    await ben.sees(f"no sockets here: {fate}")
    await ben.say(f"听得到 {fate}")
    await aiko.sees(f"听得到 {fate}")

    detour = "detour.silent" if fate == "hang" else "detour.blocked"
    assert await road(aiko) == f"{aiko.t('road.now', transport=aiko.t('road.events'))} {aiko.t(detour)}"
    assert ben.t("road.websocket") in await road(ben)


async def test_without_websockets_what_is_too_long_is_refused_and_holds_up_nothing(behind: Guests, blocker: Blocker) -> None:
    blocker.websocket = "refuse"
    cora = await behind.arrive("Cora long")

    await cora.write('"' * Settings().max_text_bytes)  # which JSON doubles
    await expect(cora.page.locator(".messages").get_by_text(cora.t("refused.text_too_long"))).to_be_visible()
    await cora.inside()
    await cora.say("short enough for events")


async def test_with_event_streams_held_back_as_well_people_talk_by_polling(behind: Guests, guests: Guests, blocker: Blocker) -> None:
    blocker.websocket, blocker.events = "refuse", "hang"
    aiko, ben = await behind.arrive("Aiko polls", "zh"), await guests.arrive("Ben hears")

    await aiko.say("一问一答")
    await ben.sees("一问一答")
    await ben.say("and back")
    await aiko.sees("and back")

    assert aiko.t("road.polls") in await road(aiko)


async def test_what_was_written_while_roads_were_cut_and_changed_arrives_once(behind: Guests, guests: Guests, blocker: Blocker) -> None:
    aiko, ben = await come_impatiently(behind, "Aiko wanders"), await guests.arrive("Ben waits")
    said = []
    for number, (websocket, events) in enumerate([("pass", "pass"), ("refuse", "pass"), ("refuse", "refuse"), ("pass", "pass")]):
        blocker.websocket, blocker.events = websocket, events  # type: ignore[assignment]
        await blocker.cut()
        said.append(f"wandering {number}")
        await aiko.say(said[-1])

    for text in said:
        await expect(aiko.message(text)).to_have_count(1)
        await expect(ben.message(text)).to_have_count(1)
    texts = await ben.log.locator("article[data-seq] .text").all_inner_texts()
    assert [text for text in texts if text.startswith("wandering")] == said
