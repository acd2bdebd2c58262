"""An answer that comes late finds people writing elsewhere by then: it takes no field from them, opens no room, closes no layer."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest
from playwright.async_api import Locator, expect

from tests.browser.guests import Guests
from tests.browser.held import HeldAnswers, HeldRequests
from tests.browser.person import Person
from tests.browser.test_put_out import id_of, private_room, said_by, write_on
from tests.gateways.house import Arrive
from tests.gateways.stranger import Stranger

Ask = Callable[[Person, str], Awaitable[None]]


async def come(guests: Guests, name: str) -> tuple[Person, HeldAnswers]:
    person = await guests.outside()
    answers = await HeldAnswers.of(person.context)
    await person.look_in()
    await person.come_in(name)
    return person, answers


async def in_a_secret_room(guests: Guests, owner: Stranger, name: str) -> tuple[Person, HeldAnswers, int]:
    person, answers = await come(guests, name)
    room = await private_room(owner, f"Secret of {name}", await id_of(person, owner))
    await person.open_room(f"Secret of {name}")
    return person, answers, room


def toast(person: Person) -> Locator:
    return person.page.locator(".toast")


def person_in_the_column(person: Person, name: str) -> Locator:
    return person.page.locator(".people .person").filter(has=person.page.get_by_text(name, exact=True))


async def ask_for_a_direct_room(person: Person, name: str) -> None:
    await person_in_the_column(person, name).click()
    await person.button("people.message").click()


async def ask_for_a_new_room(person: Person, name: str) -> None:
    await person.button("rooms.create").click()
    await person.dialog.get_by_label(person.t("create.name"), exact=True).fill(name)
    await person.dialog.get_by_label(person.t("create.name"), exact=True).press("Enter")


async def ask_to_join(person: Person, name: str) -> None:
    """The list of rooms came before the line went bad."""
    await person.dialog.get_by_role("listitem").filter(has_text=name).get_by_role("button").click()


@pytest.mark.parametrize(("ask", "name"), [(ask_for_a_direct_room, "Dirk"), (ask_for_a_new_room, "Newton"), (ask_to_join, "Joiners")])
async def test_a_room_that_comes_late_is_listed_and_takes_no_keys(guests: Guests, arrive: Arrive, ask: Ask, name: str) -> None:
    peer = await arrive("Dirk" if ask is ask_for_a_direct_room else f"Peer of {name}")
    ana, answers, secret = await in_a_secret_room(guests, peer, f"Ana for {name}")
    if ask is ask_to_join:
        await peer.ask("create_room", kind="public", name=name, client_id=str(uuid4()))
        await ana.button("rooms.find").click()
        await expect(ana.dialog.get_by_role("listitem").filter(has_text=name)).to_be_visible()
    if ask is ask_for_a_direct_room:
        await expect(person_in_the_column(ana, name)).to_be_visible()

    answers.hold()
    await ask(ana, name)
    await ana.page.keyboard.press("Escape")
    await ana.composer.click()
    answers.release()
    await expect(toast(ana)).to_contain_text(ana.t("rooms.waits", name=name))
    await expect(ana.room(name)).to_be_visible()
    await write_on(ana)

    await expect(ana.title).to_have_text(f"Secret of {ana.name}")
    await expect(ana.composer).to_be_focused()
    await expect(ana.log.locator("article[data-seq]")).to_have_count(2)
    assert len(await said_by(ana, peer, secret)) == 2
    await toast(ana).get_by_role("button", name=ana.t("rooms.open"), exact=True).click()
    await expect(ana.title).to_have_text(name)
    await expect(ana.composer).to_be_focused()
    await expect(toast(ana)).to_have_count(0)


async def test_who_does_nothing_but_wait_is_taken_there(guests: Guests, arrive: Arrive) -> None:
    await arrive("Patient peer")
    bea, answers = await come(guests, "Bea")
    answers.hold()
    await bea.button("rooms.create").click()
    await bea.dialog.get_by_label(bea.t("create.name"), exact=True).fill("Slow room")
    await bea.dialog.get_by_label(bea.t("create.name"), exact=True).press("Enter")
    await bea.page.keyboard.press("Alt")
    answers.release()

    await expect(bea.title).to_have_text("Slow room")
    await expect(bea.composer).to_be_focused()
    await expect(bea.dialog).to_have_count(0)


async def test_an_edit_that_is_stored_late_leaves_what_is_written_by_then(guests: Guests, arrive: Arrive) -> None:
    reader = await arrive("Reader of edits")
    cleo, answers, room = await in_a_secret_room(guests, reader, "Cleo")
    await cleo.say("one")
    answers.hold()
    await cleo.composer.press("ArrowUp")
    editor = cleo.log.locator(".editor textarea")
    await editor.fill("one two")
    await editor.press("Enter")
    await cleo.page.keyboard.type(" three")
    await reader.until(lambda: reader.facts(room, "edited"))
    answers.release()
    await reader.ask("post", room=room, text="heard after the answer", client_id=str(uuid4()))
    await cleo.sees("heard after the answer")
    await cleo.page.keyboard.type(" four")

    await expect(editor).to_have_value("one two three four")
    await expect(cleo.composer).to_have_value("")


async def test_an_edit_that_is_stored_late_ends_no_other(guests: Guests, arrive: Arrive) -> None:
    reader = await arrive("Reader of two edits")
    dora, answers, _ = await in_a_secret_room(guests, reader, "Dora")
    await dora.say("first")
    await dora.say("second")
    await dora.choose("first", "message.edit")
    editor = dora.log.locator(".editor textarea")
    answers.hold()
    await editor.fill("first, better")
    await editor.press("Enter")
    await dora.choose("second", "message.edit")
    await dora.page.keyboard.type(" thoughts")
    answers.release()
    await expect(dora.message("first, better")).to_be_visible()

    await expect(editor).to_have_value("second thoughts")
    await expect(editor).to_be_focused()


async def test_an_editor_that_is_drawn_again_takes_no_caret(guests: Guests, arrive: Arrive) -> None:
    """A jump far up takes its message out of the list, and the way back brings it again."""
    talker = await arrive("Talker")
    eli, answers = await come(guests, "Eli")
    room = await private_room(talker, "Long talk", await id_of(eli, talker))
    first = (await talker.ask("post", room=room, text="the very first", client_id=str(uuid4())))["seq"]
    for number in range(120):
        await talker.ask("post", room=room, text=f"number {number}", client_id=str(uuid4()))
    await talker.ask("post", room=room, text="look up there", client_id=str(uuid4()), reply_to=first)
    await eli.open_room("Long talk")
    await eli.page.locator(".end-button").click()
    await eli.sees("look up there")
    await eli.say("mine")
    await eli.composer.press("ArrowUp")
    await eli.page.keyboard.type(" and better")
    await eli.message("look up there").locator(".quote").click()
    await expect(eli.message("the very first")).to_be_visible()
    await expect(eli.log.locator(".editor")).to_have_count(0)

    answers.hold()
    await eli.page.locator(".end-button").click()
    await eli.composer.click()
    await eli.page.keyboard.type("half ")
    answers.release()
    await expect(eli.log.locator(".editor textarea")).to_have_value("mine and better")
    await eli.page.keyboard.type("sentence")

    await expect(eli.composer).to_have_value("half sentence")


async def test_a_card_that_is_saved_late_closes_no_other_layer(guests: Guests) -> None:
    fay, answers = await come(guests, "Fay")
    await fay.create_room("Old name", "private")
    await fay.page.locator(".room-about").click()
    answers.hold()
    await fay.dialog.get_by_label(fay.t("create.name"), exact=True).fill("New name")
    await fay.dialog.get_by_label(fay.t("create.name"), exact=True).press("Enter")
    await fay.page.keyboard.press("Escape")
    await fay.page.keyboard.press("Control+k")
    await fay.page.keyboard.type("where ")
    answers.release()
    await expect(toast(fay)).to_have_text(fay.t("room.saved"))
    await fay.page.keyboard.type("is it")

    await expect(fay.dialog.get_by_role("searchbox")).to_have_value("where is it")
    await expect(fay.composer).to_have_value("")


async def test_a_token_that_is_revoked_late_opens_no_layer(guests: Guests) -> None:
    gus = await guests.outside()
    requests = await HeldRequests.of(gus.context, "**/api/v1/tokens/*")
    await gus.look_in()
    await gus.come_in("Gus")
    await gus.page.locator(".myself .person").click()
    await gus.button("programs.title").click()
    await gus.button("programs.new").click()
    await gus.page.keyboard.type("kettle")
    await gus.page.keyboard.press("Enter")
    await gus.button("programs.done").click()
    await gus.button("programs.revoke", name="kettle").click()
    requests.hold()
    await gus.dialog.get_by_role("button", name=gus.t("programs.revokeShort"), exact=True).click()
    await gus.composer.click()
    await gus.page.keyboard.type("half ")
    async with gus.page.expect_response("**/api/v1/tokens/*"):
        await requests.release()
    await gus.page.keyboard.type("sentence")

    await expect(gus.composer).to_have_value("half sentence")
    await expect(gus.dialog).to_have_count(0)


async def test_dice_that_fall_late_overwrite_no_name(guests: Guests) -> None:
    hana = await guests.outside()
    requests = await HeldRequests.of(hana.context, "**/api/v1/nickname*")
    await hana.look_in()
    await expect(hana.name_field).not_to_have_value("")
    requests.hold()
    await hana.button("signin.dice").click()
    await hana.name_field.fill("Han")
    async with hana.page.expect_response("**/api/v1/nickname*"):
        await requests.release()
    await hana.name_field.press_sequentially("a")

    await expect(hana.name_field).to_have_value("Hana")
