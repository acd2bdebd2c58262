"""Direct rooms, what is unread in them, and one person at two devices."""

from playwright.async_api import Locator, expect

from tests.browser.guests import Guests
from tests.browser.person import Person


def unread(person: Person, room: str) -> Locator:
    return person.room(room).locator(".badge:not(.is-mention)")


async def test_a_direct_room_opens_from_a_name_and_stays_between_two(guests: Guests) -> None:
    aiko, ben = await guests.arrive("Aiko"), await guests.arrive("Ben", "zh")

    await aiko.open_direct("Ben")
    await aiko.say("just between us")
    await ben.open_room("Aiko")
    await ben.say("只有我们")

    await aiko.sees("只有我们")
    await expect(ben.page.locator(".room-topic")).to_have_text(ben.t("room.directKind"))
    await aiko.open_room(aiko.t("room.lobby"))
    await expect(aiko.message("just between us")).to_have_count(0)


async def test_unread_counts_and_read_marks_are_the_same_on_two_devices(guests: Guests) -> None:
    cora, laptop = await guests.arrive("Cora"), await guests.arrive("Dan")
    tablet = await guests.second_device(laptop)

    await cora.open_direct("Dan")
    for text in ("one", "two", "three"):
        await cora.say(text)
    for device in (laptop, tablet):
        await expect(unread(device, "Cora")).to_have_text("3")
        await expect(device.page).to_have_title("(3) Lobby · Teahouse")
    await laptop.open_room("Cora")

    for device in (laptop, tablet):
        await expect(unread(device, "Cora")).to_have_count(0)
    await expect(laptop.page).to_have_title("Cora · Teahouse")
    await expect(tablet.page).to_have_title("Lobby · Teahouse")
    await laptop.open_room("Lobby")
    await cora.say("four")
    await expect(unread(laptop, "Cora")).to_have_text("1")
    await tablet.open_room("Cora")
    await expect(unread(laptop, "Cora")).to_have_count(0)


async def test_a_mention_marks_the_room_until_it_is_read(guests: Guests) -> None:
    emil, fumi = await guests.arrive("Emil"), await guests.arrive("Fumi")
    await fumi.create_room("Elsewhere", "public")
    lobby = fumi.room("Lobby")

    await emil.say("does anybody listen?")
    await expect(unread(fumi, "Lobby")).to_have_text("1")
    await expect(lobby.locator(".is-mention")).to_have_count(0)
    await emil.say("@fumi do you?")
    await expect(unread(fumi, "Lobby")).to_have_text("2")
    await expect(lobby.locator(".is-mention")).to_have_count(1)
    await fumi.open_room("Lobby")

    await expect(fumi.message("do you?").locator(".mention.is-me")).to_have_text("@fumi")
    await expect(lobby.locator(".badge")).to_have_count(0)


async def test_a_name_is_completed_by_keys(guests: Guests) -> None:
    gina, _hugo = await guests.arrive("Gina"), await guests.arrive("Hugo Long")

    await gina.composer.press_sequentially("@hug")
    await expect(gina.page.get_by_role("option", selected=True)).to_have_text("Hugo Long")
    await gina.composer.press("Enter")
    await gina.composer.press_sequentially("hi")
    await gina.composer.press("Enter")

    await expect(gina.message("@Hugo Long hi").locator(".mention")).to_have_text("@Hugo Long")
