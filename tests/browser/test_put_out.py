"""A room or a house that goes while someone writes: the rest of their sentence reaches nobody, and their words stay at hand."""

from uuid import uuid4

import pytest
from playwright.async_api import expect

from tests.browser.guests import NETWORK, REFUSED, Guests
from tests.browser.person import Person
from tests.browser.words import Language
from tests.gateways.house import LOBBY, Arrive
from tests.gateways.stranger import Stranger

BEGUN, REST = "the cake is hidden ", "in the cellar /seeker"
KEY_DELAY_MS = 20


async def private_room(owner: Stranger, name: str, *people: int) -> int:
    room = int((await owner.ask("create_room", kind="private", name=name, client_id=str(uuid4())))["room"]["id"])
    for person in people:
        await owner.ask("add_member", room=room, user=person)
    return room


async def bring_in(person: Person, owner: Stranger, name: str) -> tuple[int, int]:
    """Open to someone, on their page, a private room of the owner's; return the room and who they are."""
    user = await id_of(person, owner)
    room = await private_room(owner, name, user)
    await person.open_room(name)
    return room, user


async def id_of(person: Person, someone: Stranger) -> int:
    found = (await someone.ask("members", room=LOBBY, query=person.name))["members"]
    return int(found[0]["user"]["id"])


async def write_on(person: Person) -> None:
    """As someone does who looks at their fingers."""
    await person.page.keyboard.type(REST, delay=KEY_DELAY_MS)
    await person.page.keyboard.press("Enter")
    await person.page.keyboard.type("and more", delay=KEY_DELAY_MS)
    await person.page.keyboard.press("Enter")


async def said_by(person: Person, someone: Stranger, room: int = LOBBY) -> list[str]:
    page = await someone.ask("page", room=room, limit=100)
    return [message["text"] for message in page["messages"] if message["by"]["name"] == person.name]


@pytest.mark.parametrize(("language", "phone"), [("en", False), ("zh", True)])
async def test_who_is_put_out_while_writing_says_it_to_nobody(guests: Guests, arrive: Arrive, language: Language, phone: bool) -> None:
    aiko, ben = await guests.arrive(f"Aiko {language}"), await guests.arrive(f"Ben {language}", language, phone=phone)
    listener = await arrive(f"Listener {language}")
    await aiko.create_room(f"Party {language}", "private")
    await aiko.button("room.add").click()
    await aiko.dialog.get_by_role("listitem").filter(has_text=ben.name).get_by_role("button").click()
    await expect(aiko.dialog.get_by_text(aiko.t("room.added"), exact=True)).to_be_visible()
    await aiko.button("dialog.close").click()
    await ben.open_room(f"Party {language}")
    await ben.composer.click()
    await ben.page.keyboard.type(BEGUN, delay=KEY_DELAY_MS)

    await aiko.page.locator(".people .person").filter(has_text=ben.name).click()
    await aiko.button("people.remove").click()
    await aiko.dialog.get_by_role("button", name=aiko.t("people.remove"), exact=True).click()
    await expect(ben.page.get_by_role("alert")).to_contain_text(ben.t("gone.put_out", by=aiko.name, name=f"Party {language}"))
    await write_on(ben)

    await expect(ben.composer).to_have_value(BEGUN)
    await expect(ben.composer).to_be_focused()
    await expect(ben.dialog).to_have_count(0)
    await expect(aiko.log.locator("article[data-seq]")).to_have_count(0)
    assert await said_by(ben, listener) == []
    await ben.button("gone.copy").click()
    await expect(ben.page.locator(".toast")).to_have_text(ben.t("message.copied"))
    await ben.button("gone.lobby").click()
    await expect(ben.title).to_have_text(ben.t("room.lobby"))
    await expect(ben.composer).to_have_value("")
    await ben.say(f"nothing but this, {language}")
    assert await said_by(ben, listener) == [f"nothing but this, {language}"]


async def test_who_is_let_in_again_chooses_when_to_go_on(guests: Guests, arrive: Arrive) -> None:
    cora = await guests.arrive("Cora")
    owner = await arrive("Owner")
    room, user = await bring_in(cora, owner, "Revolving door")
    await cora.page.keyboard.type(BEGUN)

    await owner.ask("remove_member", room=room, user=user)
    await expect(cora.page.get_by_role("alert")).to_be_visible()
    await owner.ask("add_member", room=room, user=user)
    await expect(cora.room("Revolving door")).to_be_visible()
    await write_on(cora)

    assert await said_by(cora, owner, room) == []
    await cora.button("gone.again").click()
    await expect(cora.composer).to_have_value(BEGUN)
    await cora.composer.press("Enter")
    await cora.sees(BEGUN.strip())


async def test_who_leaves_on_another_device_is_told_so_on_this_one(guests: Guests, arrive: Arrive) -> None:
    dan = await guests.arrive("Dan")
    owner = await arrive("Owner of two")
    await private_room(owner, "Two devices", await id_of(dan, owner))
    tablet = await guests.second_device(dan)
    await dan.open_room("Two devices")
    await dan.page.keyboard.type(BEGUN)

    await tablet.open_room("Two devices")
    await tablet.page.locator(".room-about").click()
    await tablet.button("room.leave").click()
    await tablet.dialog.get_by_role("button", name=tablet.t("room.leave"), exact=True).click()
    await expect(tablet.title).to_have_text(tablet.t("room.lobby"))
    await expect(dan.page.get_by_role("alert")).to_contain_text(dan.t("gone.left", name="Two devices"))
    await write_on(dan)

    await expect(dan.composer).to_have_value(BEGUN)
    assert await said_by(dan, owner) == []


async def test_who_was_put_out_while_offline_hears_of_it_before_their_words_go_anywhere(guests: Guests, arrive: Arrive) -> None:
    guests.expected = NETWORK
    ivo = await guests.arrive("Ivo")
    owner = await arrive("Owner in the meantime")
    room, user = await bring_in(ivo, owner, "Tunnel")
    await ivo.context.set_offline(True)
    await expect(ivo.banner).to_be_visible()
    await ivo.write("sent from the tunnel")
    await ivo.page.keyboard.type(BEGUN)

    await owner.ask("remove_member", room=room, user=user)
    await ivo.context.set_offline(False)
    await expect(ivo.page.locator(".gone").get_by_role("alert").first).to_be_visible()
    await write_on(ivo)

    await expect(ivo.composer).to_have_value(BEGUN)
    await expect(ivo.page.locator(".kept textarea")).to_have_value("sent from the tunnel")
    assert [await said_by(ivo, owner, log) for log in (LOBBY, room)] == [[], []]


async def test_words_of_an_edit_stay_at_hand_too(guests: Guests, arrive: Arrive) -> None:
    emil = await guests.arrive("Emil")
    owner = await arrive("Owner of edits")
    room, user = await bring_in(emil, owner, "Second thoughts")
    await emil.say("as it was")
    await emil.composer.press("ArrowUp")
    await emil.page.keyboard.type(", and better")

    await owner.ask("remove_member", room=room, user=user)
    await expect(emil.page.get_by_role("alert")).to_be_visible()
    await write_on(emil)

    await expect(emil.page.locator(".kept textarea")).to_have_value("as it was, and better")
    await expect(emil.dialog).to_have_count(0)
    assert await said_by(emil, owner) == []


async def test_who_is_added_somewhere_writes_on_where_they_are(guests: Guests, arrive: Arrive) -> None:
    fumi = await guests.arrive("Fumi")
    owner = await arrive("Owner who adds")
    await fumi.page.keyboard.type(BEGUN)

    await private_room(owner, "Surprise", await id_of(fumi, owner))
    await expect(fumi.room("Surprise")).to_be_visible()
    await fumi.page.keyboard.type("here")

    await expect(fumi.composer).to_have_value(f"{BEGUN}here")
    await expect(fumi.title).to_have_text("Lobby")


async def test_back_to_a_room_that_is_gone_opens_no_other(guests: Guests, arrive: Arrive) -> None:
    gina = await guests.arrive("Gina")
    owner = await arrive("Owner of the past")
    room, user = await bring_in(gina, owner, "Past")
    await gina.open_room("Lobby")
    await owner.ask("remove_member", room=room, user=user)
    await expect(gina.room("Past")).to_have_count(0)

    await gina.page.go_back()
    await expect(gina.page.locator(".toast")).to_have_text(gina.t("gone.unknown"))
    await write_on(gina)

    await expect(gina.composer).to_have_count(0)
    assert await said_by(gina, owner) == []


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_whose_session_ends_elsewhere_keeps_their_words_on_the_screen(guests: Guests, arrive: Arrive, language: Language) -> None:
    guests.expected = REFUSED
    hugo = await guests.arrive(f"Hugo {language}", language)
    owner = await arrive(f"Owner of the end {language}")
    await private_room(owner, f"Last words {language}", await id_of(hugo, owner))
    await hugo.composer.fill("for the lobby, later")
    await hugo.open_room(f"Last words {language}")
    await hugo.page.keyboard.type(BEGUN)
    other = await guests.second_tab(hugo)
    await other.inside()  # or its handshake might come after the end, and be refused: a complaint of the browser's

    await other.page.evaluate("() => fetch('/api/v1/session', { method: 'DELETE', headers: { 'Content-Type': 'application/json' } })")
    await expect(hugo.page.locator(".door").get_by_role("alert").first).to_contain_text(hugo.t("link.ended"))
    await write_on(hugo)

    await expect(hugo.page.locator(".kept textarea")).to_have_count(2)
    await expect(hugo.page.get_by_label(f"Last words {language}")).to_have_value(BEGUN)
    await expect(hugo.page.get_by_label(hugo.t("room.lobby"))).to_have_value("for the lobby, later")
    assert await said_by(hugo, owner) == []
