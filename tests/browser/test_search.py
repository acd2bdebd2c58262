"""Searching on the page: found, marked, led to; by keyboard, on a phone, in both languages; and what is found is only text."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.guests import Guests
from tests.browser.held import HeldAnswers
from tests.browser.person import Person
from tests.browser.test_accessibility import AXE, DEVICES, LAYER, judge
from tests.browser.test_put_out import id_of, private_room
from tests.browser.words import Language
from tests.gateways.house import LOBBY, Arrive, room_with, say


def field(person: Person) -> Locator:
    return person.dialog.get_by_role("searchbox")


def hits(person: Person) -> Locator:
    return person.dialog.locator(".search-hit")


async def test_a_word_is_found_marked_and_led_to_far_above(guests: Guests, arrive: Arrive) -> None:
    talker = await arrive("Talker")
    await say(talker, LOBBY, "the **needle** is here, 一根针")
    for number in range(120):
        await say(talker, LOBBY, f"hay {number}")
    aiko = await guests.arrive("Aiko")
    await expect(aiko.message("hay 119")).to_be_visible()
    await expect(aiko.message("needle")).to_have_count(0)

    await aiko.button("search.here").click()
    await expect(field(aiko)).to_be_focused()
    await field(aiko).fill("need")
    await expect(hits(aiko)).to_have_count(1)
    await expect(hits(aiko).locator("mark")).to_have_text(["need"])
    await field(aiko).fill("针")
    await expect(hits(aiko).locator("mark")).to_have_text(["针"])
    await hits(aiko).click()

    await expect(aiko.dialog).to_have_count(0)
    await expect(aiko.message("needle")).to_be_in_viewport()
    await expect(aiko.composer).to_be_focused()


async def test_all_of_it_goes_by_keyboard(guests: Guests, arrive: Arrive) -> None:
    talker = await arrive("Typist")
    for number in range(3):
        await say(talker, LOBBY, f"keyboardword {number}")
    ben = await guests.arrive("Ben")
    await ben.sees("keyboardword 2")
    await ben.composer.focus()
    keys = ben.page.keyboard

    await keys.press("ControlOrMeta+k")
    await expect(field(ben)).to_be_focused()
    await keys.type("keyboardword")
    await expect(hits(ben)).to_have_count(3)
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    await expect(hits(ben).nth(1)).to_be_focused()
    await keys.press("ArrowUp")
    await keys.press("ArrowUp")
    await expect(field(ben)).to_be_focused()
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(ben.message("keyboardword 1")).to_be_focused()

    await keys.press("/")
    await expect(field(ben)).to_be_focused()
    await keys.press("Escape")
    await expect(ben.message("keyboardword 1")).to_be_focused()
    await ben.composer.focus()
    await keys.press("/")
    await expect(ben.dialog).to_have_count(0)
    await expect(ben.composer).to_have_value("/")


async def test_everywhere_means_all_of_ones_rooms_and_leads_there_and_back(guests: Guests, arrive: Arrive) -> None:
    cora = await guests.arrive("Cora")
    talker = await arrive("Neighbour")
    member = (await talker.ask("members", room=LOBBY, query="Cora"))["members"][0]["user"]["id"]
    room = await room_with(talker)
    await say(talker, room, "everywhereword in a private room")
    await talker.ask("add_member", room=room, user=member)
    secret = await talker.ask("create_room", kind="private", name="Elsewhere", client_id="elsewhere")
    await talker.until(lambda: secret["room"]["id"] in talker.seen)
    await say(talker, secret["room"]["id"], "everywhereword where Cora is not")
    await say(talker, LOBBY, "everywhereword in the lobby")
    await cora.sees("everywhereword in the lobby")

    await cora.button("search.here").click()
    await field(cora).fill("everywhereword")
    await expect(hits(cora)).to_have_count(1)
    await cora.button("search.inAll").click()
    await expect(hits(cora)).to_have_count(2)
    await expect(hits(cora).locator(".search-place")).to_have_text(["Lobby", f"Room of {talker.id}"])
    await hits(cora).last.click()
    await expect(cora.title).to_have_text(f"Room of {talker.id}")
    await expect(cora.message("everywhereword in a private room")).to_be_in_viewport()
    await cora.page.go_back()
    await expect(cora.title).to_have_text("Lobby")


async def test_a_room_is_found_by_its_name_too(guests: Guests) -> None:
    dan = await guests.arrive("Dan")
    await dan.create_room("Gardening corner", "public")
    await dan.open_room("Lobby")
    await dan.page.keyboard.press("ControlOrMeta+k")
    await field(dan).fill("corner")
    await dan.page.keyboard.press("ArrowDown")
    await dan.page.keyboard.press("Enter")
    await expect(dan.title).to_have_text("Gardening corner")


async def test_older_results_come_when_asked_for_and_nothing_is_said_so(guests: Guests, arrive: Arrive) -> None:
    talker = await arrive("Chatterbox")
    for number in range(25):
        await say(talker, LOBBY, f"olderword {number}")
    emil = await guests.arrive("Emil")
    await emil.button("search.here").click()
    await field(emil).fill("olderword")
    await expect(hits(emil)).to_have_count(20)
    await emil.button("search.older").click()
    await expect(hits(emil)).to_have_count(25)
    await expect(emil.button("search.older")).to_have_count(0)
    await field(emil).fill("nowhereword")
    await expect(emil.dialog.get_by_role("status")).to_have_text(emil.t("search.foundNone"))
    await field(emil).fill("***")
    await expect(emil.dialog.get_by_role("status")).to_have_text(emil.t("search.hint"))


@pytest.mark.parametrize("phone", [False, True])
async def test_what_was_removed_stays_removed_whatever_the_room_forgets(guests: Guests, arrive: Arrive, phone: bool) -> None:
    word = f"nastyword{int(phone)}"
    talker = await arrive(f"Mallory {int(phone)}")
    gil = await guests.outside(phone=phone)
    answers = await HeldAnswers.of(gil.context)
    await gil.look_in()
    await gil.come_in(f"Gil {int(phone)}")
    room = await private_room(talker, f"Nasty room {int(phone)}", await id_of(gil, talker))
    await talker.until(lambda: room in talker.seen)
    seqs = [await say(talker, room, f"{word} {number}") for number in range(3)]
    await expect(gil.room(f"Nasty room {int(phone)}")).to_be_visible()
    await gil.button("search.all").click()
    await field(gil).fill(word)
    await expect(hits(gil)).to_have_count(3)
    seq = (await talker.ask("remove", room=room, message=seqs[1]))["seq"]
    gone = hits(gil).filter(has_text=gil.t("message.removed"))
    await expect(gone).to_have_count(1)

    nothing = {"type": "reacted", "message": seqs[0], "emoji": "🍵", "on": False}
    end = {"type": "edited", "message": seqs[0], "text": "the mark of the end"}
    for number, fact in enumerate([nothing] * 1001 + [end], start=seq + 1):
        answers.say({"type": "entry", "log": room, "seq": number, "at": 1, "by": talker.welcome["you"], "fact": fact})
    await expect(hits(gil).filter(has_text="the mark of the end")).to_have_count(1)
    await expect(gone).to_have_count(1)
    answers.say({"type": "reset", "log": room, "why": "too_far", "head": seq})
    await expect(hits(gil)).to_have_text([re.compile(f"{word} 2"), re.compile(f"{word} 0")])


async def test_what_is_removed_while_the_house_looks_is_not_shown(guests: Guests, arrive: Arrive) -> None:
    talker = await arrive("Regretful")
    seq = await say(talker, LOBBY, "hastyword one")
    for number in range(60):
        await say(talker, LOBBY, f"straw {number}")
    await say(talker, LOBBY, "hastyword two")
    hal = await guests.outside()
    answers = await HeldAnswers.of(hal.context)
    await hal.look_in()
    await hal.come_in("Hal")
    await hal.sees("hastyword two")
    await hal.button("search.here").click()
    answers.hold('"found"')
    await field(hal).fill("hastyword")
    await answers.until_held()
    head = (await talker.ask("remove", room=LOBBY, message=seq))["seq"]
    by, nothing = talker.welcome["you"], {"type": "reacted", "message": seq, "emoji": "🍵", "on": False}
    await say(talker, LOBBY, "the last straw")
    await expect(hal.log.get_by_text("the last straw")).to_be_attached()
    for number in range(head + 2, head + 1003):
        answers.say({"type": "entry", "log": LOBBY, "seq": number, "at": 1, "by": by, "fact": nothing})
    end = {"type": "posted", "text": "the end of straw"}
    answers.say({"type": "entry", "log": LOBBY, "seq": head + 1003, "at": 1, "by": by, "fact": end})
    await expect(hal.log.get_by_text("the end of straw")).to_be_attached()

    answers.release()
    await expect(hits(hal)).to_have_count(2)
    await expect(hits(hal).last).to_contain_text(hal.t("message.removed"))


async def test_what_is_found_is_only_text(guests: Guests, arrive: Arrive) -> None:
    talker = await arrive("<b>Rascal</b>")
    await say(talker, LOBBY, "<img src=x onerror=alert(1)> hostileword <script>alert(2)</script>")
    fumi = await guests.arrive("Fumi")
    await fumi.button("search.here").click()
    await field(fumi).fill("hostileword <img")
    await expect(hits(fumi).locator(".search-text")).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(hits(fumi).locator(".search-text img, .search-text script, strong b")).to_have_count(0)


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: bin/setup --dev")
@pytest.mark.parametrize(("language", "phone", "dark"), DEVICES)
async def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    guests: Guests, arrive: Arrive, language: Language, phone: bool, dark: bool
) -> None:
    number = DEVICES.index((language, phone, dark))
    talker = await arrive(f"Judge {number}")
    await say(talker, LOBBY, f"axeword{number} 喝茶 " + "long" * 60)
    person = await guests.arrive(f"Axel {number}", language, phone=phone, dark=dark)
    await person.page.evaluate(AXE.read_text())
    if phone:
        await person.open_room(person.t("room.lobby"))
    await person.button("search.here").click()
    await judge(person, "search, empty", LAYER)
    await field(person).fill(f"axeword{number} 茶")
    await expect(hits(person)).to_have_count(1)
    await judge(person, "search, found", LAYER)
    await person.button("search.inAll").click()
    await expect(hits(person).locator(".search-place")).to_be_visible()
    await judge(person, "search, everywhere", LAYER)
    assert await person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
