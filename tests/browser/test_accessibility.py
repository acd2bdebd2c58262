"""axe-core finds nothing in any view: both languages, both themes, phone and desktop, each with each other at least once."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.guests import Guests
from tests.browser.person import Person
from tests.browser.test_put_out import id_of
from tests.browser.words import Language
from tests.gateways.house import LOBBY, Arrive, say
from tests.gateways.stranger import Stranger

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

pytestmark = pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: bin/setup --dev")

RUN = """async (where) => {
  const { violations } = await axe.run(where, { resultTypes: ['violations'] });
  return violations.map(({ id, help, nodes }) => `${id}: ${help}\\n  ` + nodes.slice(0, 3).map(({ html, any }) => html.slice(0, 200)
    + any.map(({ message }) => `\\n    ${message}`).join('')).join('\\n  '));
}"""

LAYER = "[role=dialog]"

DEVICES: list[tuple[Language, bool, bool]] = [("zh", True, False), ("en", True, True), ("zh", False, True), ("en", False, False)]
"""Language, phone, dark."""


async def judge(person: Person, view: str, where: str = "body") -> None:
    findings: list[Any] = await person.page.evaluate(RUN, where)
    assert findings == [], f"{view}:\n" + "\n".join(findings)


@pytest.mark.parametrize(("language", "phone", "dark"), DEVICES)
async def test_axe_finds_nothing(guests: Guests, arrive: Arrive, language: Language, phone: bool, dark: bool) -> None:
    number = DEVICES.index((language, phone, dark))
    talker = await arrive(f"Talker {number}")
    person = await guests.at_the_door(language, phone=phone, dark=dark)
    await person.page.evaluate(AXE.read_text())  # as the debugger does, which the page's policy does not bind

    await judge(person, "door")
    await person.come_in(f"Axel {number}")
    await liven_up(talker)
    await judge(person, "rooms")
    if phone:
        await person.open_room(person.t("room.lobby"))
    await expect(person.log.locator(".reaction").last).to_be_visible()
    await judge(person, "lobby")
    await layers_of_the_room(person)
    await direct_room(person, talker)


async def test_axe_would_find_a_button_without_a_name(guests: Guests) -> None:
    person = await guests.at_the_door()
    await person.page.evaluate(AXE.read_text())
    await person.page.evaluate("document.querySelector('.dice').removeAttribute('aria-label')")
    await person.page.evaluate("document.querySelector('.dice').removeAttribute('title')")

    with pytest.raises(AssertionError, match="button-name"):
        await judge(person, "door")


async def layers_of_the_room(person: Person) -> None:
    """The emoji picker, a message's menu and its question, people, the room's card; on a desk also those of the list of rooms."""
    await open_and_judge(person, "composer.emoji")
    await person.log.locator("[data-seq] .bubble").last.click(button="right")
    await judge(person, "message menu", LAYER)
    await person.page.keyboard.press("Escape")
    await person.page.locator(".room-about").click()
    await judge(person, "room card", LAYER)
    await person.page.keyboard.press("Escape")
    if await person.page.locator(".back").is_visible():
        await person.page.locator(".people-button").click()
        await judge(person, "people", LAYER)
        await person.page.keyboard.press("Escape")
        await person.page.locator(".back").click()
    await open_and_judge(person, "rooms.find")
    await open_and_judge(person, "rooms.create")
    await person.page.locator(".myself .person").click()
    await judge(person, "menu", LAYER)
    await person.button("menu.signOut").click()
    await judge(person, "question", LAYER)
    await person.button("dialog.cancel").click()


async def direct_room(person: Person, talker: Stranger) -> None:
    name = str(talker.session.you["name"])
    room = (await talker.ask("open_direct", user=await id_of(person, talker)))["room"]["id"]
    await say(talker, room, "a word in private, `with code` and https://example.org")
    await person.open_room(name)
    await expect(person.log.locator("[data-seq]")).to_have_count(1)
    await judge(person, "direct room")
    await person.page.locator(".room-about").click()
    await judge(person, "profile", LAYER)


async def open_and_judge(person: Person, key: str) -> None:
    await person.button(key).click()
    await expect(person.dialog).to_be_visible()
    await judge(person, key, LAYER)
    await person.page.keyboard.press("Escape")
    await expect(person.dialog).to_have_count(0)


async def liven_up(talker: Stranger) -> None:
    """One message of every kind."""
    seq = await say(talker, LOBBY, "**bold**, _idle_, `code`, https://example.org and @Axel\n```\na block of code\n```")
    await say(talker, LOBBY, "这是回答", reply_to=seq)
    removed = await say(talker, LOBBY, "gone")
    await talker.ask("remove", room=LOBBY, message=removed)
    last = await say(talker, LOBBY, "🍵")
    await talker.ask("react", room=LOBBY, message=last, emoji="🎉")
