"""What was begun and not sent yet is kept, by room and by message, and nobody else finds it."""

from playwright.async_api import Locator, expect

from tests.browser.guests import Guests
from tests.browser.person import Person


def editor_of(person: Person) -> Locator:
    return person.page.get_by_role("textbox", name=person.t("composer.editing"))


async def test_an_edit_survives_another_room_and_a_reload(guests: Guests) -> None:
    aiko = await guests.arrive("Aiko")
    await aiko.create_room("Study", "public")
    await aiko.say("hello")
    await aiko.composer.press("ArrowUp")
    await editor_of(aiko).fill("hello and ten minutes of work")

    await aiko.open_room("Lobby")
    await expect(editor_of(aiko)).to_have_count(0)
    await aiko.open_room("Study")
    await expect(editor_of(aiko)).to_have_value("hello and ten minutes of work")
    await aiko.page.reload()
    await aiko.inside()
    await expect(editor_of(aiko)).to_have_value("hello and ten minutes of work")
    await editor_of(aiko).press("Enter")

    await aiko.sees("hello and ten minutes of work")
    await expect(editor_of(aiko)).to_have_count(0)
    await aiko.page.reload()
    await aiko.sees("hello and ten minutes of work")
    await expect(editor_of(aiko)).to_have_count(0)


async def test_an_edit_made_elsewhere_is_said_with_both_texts_at_hand(guests: Guests) -> None:
    ben = await guests.arrive("Ben")
    await ben.say("three o'clock")
    phone = await guests.second_device(ben)
    await ben.composer.press("ArrowUp")
    await editor_of(ben).fill("four o'clock")

    await phone.choose("three o'clock", "message.edit")
    await editor_of(phone).fill("five o'clock")
    await editor_of(phone).press("Enter")

    await expect(ben.page.get_by_text(ben.t("message.changedMeanwhile"))).to_be_visible()
    await expect(ben.page.locator(".editor-now")).to_have_text("five o'clock")
    await expect(editor_of(ben)).to_have_value("four o'clock")


async def test_a_reply_survives_a_reload(guests: Guests) -> None:
    cora = await guests.arrive("Cora")
    await cora.say("shall we?")
    await cora.choose("shall we?", "message.reply")
    await cora.composer.fill("yes, all three")

    await cora.page.reload()
    await cora.inside()
    await expect(cora.page.locator(".reply-bar")).to_contain_text("shall we?")
    await cora.composer.press("Enter")

    await expect(cora.message("yes, all three").locator(".quote")).to_contain_text("shall we?")


async def test_who_signs_out_leaves_no_draft(guests: Guests) -> None:
    dan = await guests.arrive("Dan")
    await dan.composer.fill("a very private draft")

    await dan.page.locator(".myself button").click()
    await dan.button("menu.signOut").click()
    await dan.button("menu.signOut").click()
    await expect(dan.name_field).to_be_visible()

    await dan.page.wait_for_function("!Object.values(localStorage).some((kept) => kept.includes('private draft'))")


async def test_a_pasted_picture_is_not_ignored_in_silence(guests: Guests) -> None:
    emil = await guests.arrive("Emil")

    await emil.composer.evaluate("""(field) => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File(['x'], 'tea.png', {type: 'image/png'}));
      field.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true}));
    }""")

    await expect(emil.page.get_by_text(emil.t("composer.noFiles"))).to_be_visible()
