"""Rows of the list under a pointer and under keys: plain typing changes no old message."""

from playwright.async_api import expect

from tests.browser.guests import Guests


async def test_letters_after_a_click_on_a_message_go_to_the_field(guests: Guests) -> None:
    aiko = await guests.arrive("Aiko")
    await aiko.say("see you at three")
    bubble = aiko.message("see you at three").locator(".text")

    await bubble.click()
    await aiko.page.keyboard.type("/ever better, really")
    await expect(aiko.composer).to_have_value("/ever better, really")
    await bubble.click()
    for key in ("Delete", "Enter"):
        await aiko.page.keyboard.press(key)

    await expect(aiko.dialog).to_have_count(0)
    await aiko.sees("see you at three")


async def test_letters_after_a_jump_by_click_go_to_the_field(guests: Guests) -> None:
    ben = await guests.arrive("Ben")
    await ben.say("the menu")
    await ben.choose("the menu", "message.reply")
    await ben.say("about that")

    await ben.message("about that").locator(".quote").click()
    await expect(ben.composer).to_be_focused()
    await ben.page.keyboard.type("edit")
    await expect(ben.composer).to_have_value("edit")


async def test_a_row_that_the_keyboard_led_to_keeps_its_letters(guests: Guests) -> None:
    cora = await guests.arrive("Cora")
    for text in ("the first one", "the second one"):
        await cora.say(text)

    await cora.message("the second one").locator(".text").click()
    await cora.page.keyboard.press("ArrowUp")
    await cora.page.keyboard.press("e")

    await expect(cora.page.get_by_role("textbox", name=cora.t("composer.editing"))).to_have_value("the first one")


async def test_a_finger_held_in_an_edit_opens_no_sheet(guests: Guests) -> None:
    dan = await guests.arrive("Dan", phone=True)
    await dan.open_room("Lobby")
    await dan.composer.fill("hold me")
    await dan.button("composer.send").tap()
    await dan.choose("hold me", "message.edit")
    await dan.page.clock.install()
    editor = dan.page.get_by_role("textbox", name=dan.t("composer.editing"))

    await editor.dispatch_event("touchstart")
    await dan.page.clock.run_for(1000)
    await expect(dan.dialog).to_have_count(0)
    await dan.log.locator(".is-mine .message-author").dispatch_event("touchstart")
    await dan.page.clock.run_for(1000)
    await expect(dan.dialog).to_have_count(1)
