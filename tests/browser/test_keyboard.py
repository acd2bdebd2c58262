"""Everything without a mouse, and without ever losing the place where one writes."""

from playwright.async_api import Locator, expect

from tests.browser.guests import Guests
from tests.browser.person import Person

MANY = 60
"""More stops than the Tab key makes from any place to any other of these small rooms."""

IS_FOCUS_DRAWN = """(element) => {
  const look = (one) => {
    const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } = getComputedStyle(one);
    return [outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor].join();
  };
  const boxes = [element, element.parentElement, element.nextElementSibling || element];
  const focused = boxes.map(look).join(';');
  element.blur();
  const blurred = boxes.map(look).join(';');
  element.focus();
  return focused !== blurred;
}"""


"""Whether the element, its frame or the picture beside it looks different while it has the focus."""


async def tab_to(person: Person, target: Locator, key: str = "Tab") -> None:
    """Press Tab until `target` has the focus, which must be visible there."""
    for _ in range(MANY):
        if await target.evaluate("(element) => element === document.activeElement"):
            assert await target.evaluate(IS_FOCUS_DRAWN), "the focus cannot be seen"
            return
        await person.page.keyboard.press(key)
    raise AssertionError(f"{MANY} times {key} do not lead to {target}")


async def test_someone_comes_in_and_talks_by_keyboard_alone(guests: Guests) -> None:
    aiko = await guests.at_the_door()
    keys = aiko.page.keyboard
    await expect(aiko.name_field).not_to_have_value("")

    await tab_to(aiko, aiko.name_field)
    await keys.press("ControlOrMeta+A")
    await keys.type("Aiko")
    await tab_to(aiko, aiko.page.get_by_role("radio", checked=True))
    await keys.press("ArrowRight")
    await keys.press("Enter")
    await aiko.inside()
    await expect(aiko.composer).to_be_focused()
    await keys.type("typed, not clicked")
    await keys.press("Enter")

    await aiko.sees("typed, not clicked")
    await expect(aiko.composer).to_be_focused()


async def test_a_room_is_opened_and_left_again_by_keyboard_alone(guests: Guests) -> None:
    ben = await guests.arrive("Ben")
    await ben.create_room("Garden", "public")
    keys = ben.page.keyboard

    await tab_to(ben, ben.room("Lobby"), "Shift+Tab")
    await keys.press("Enter")
    await expect(ben.title).to_have_text("Lobby")
    await expect(ben.composer).to_be_focused()
    await ben.page.go_back()  # the browser's own key for it does not reach a browser without a window

    await expect(ben.title).to_have_text("Garden")


async def test_someone_reacts_by_keyboard_alone(guests: Guests) -> None:
    cora, dan = await guests.arrive("Cora"), await guests.arrive("Dan")
    await cora.say("who wants cake?")
    await dan.sees("who wants cake?")
    keys = dan.page.keyboard

    await tab_to(dan, dan.message("who wants cake?"), "Shift+Tab")
    await keys.press("Enter")
    await tab_to(dan, dan.dialog.get_by_role("button", name=f"{dan.t('message.react')} 🎉"))
    await keys.press("Enter")

    await expect(cora.message("who wants cake?").locator(".reaction")).to_have_text("🎉1")
    await expect(dan.message("who wants cake?")).to_be_focused()
    await keys.press("Escape")
    await expect(dan.composer).to_be_focused()


async def test_a_layer_keeps_the_focus_and_gives_it_back(guests: Guests) -> None:
    emil = await guests.arrive("Emil")
    keys = emil.page.keyboard
    find = emil.button("rooms.find")
    await tab_to(emil, find, "Shift+Tab")

    await keys.press("Enter")
    await expect(emil.dialog.get_by_role("searchbox")).to_be_focused()
    for _ in range(12):
        await keys.press("Tab")
        await expect(emil.dialog.locator(":focus")).to_have_count(1)
    await keys.press("Escape")

    await expect(find).to_be_focused()


async def test_the_focus_stays_where_it_is_when_messages_come_and_change(guests: Guests) -> None:
    fumi, gina = await guests.arrive("Fumi"), await guests.arrive("Gina")
    for text in ("stay here", "go on"):
        await gina.say(text)
        await fumi.sees(text)
    await fumi.composer.press_sequentially("half a sentence")
    await gina.say("an interruption")
    await gina.choose("stay here", "message.edit")
    await gina.page.get_by_role("textbox", name=gina.t("composer.editing")).fill("stay there")
    await gina.page.keyboard.press("Enter")
    await fumi.sees("stay there")

    await expect(fumi.composer).to_be_focused()
    await expect(fumi.composer).to_have_value("half a sentence")
    await fumi.message("go on").focus()
    await gina.say("another interruption")
    await fumi.sees("another interruption")
    await expect(fumi.message("go on")).to_be_focused()
