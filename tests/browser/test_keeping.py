"""Owners and admins stop an abuser from the page, and whoever is shut out is told so in words, with their own words at hand."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.guests import NETWORK, REFUSED, Guests
from tests.browser.person import Person
from tests.browser.test_accessibility import AXE, LAYER, judge
from tests.browser.words import Language
from tests.faults.server import Server
from tests.gateways.house import LOBBY, Arrive, say
from tests.gateways.stranger import Session, sign_in

OWNER = "Olga"
REASON = "advertising, 广告"
CHUNK = 64
"""Numbers of entries that rows.js draws in one piece."""


async def owner_at(guests: Guests, server: Server, language: Language = "en", *, phone: bool = False, dark: bool = False) -> Person:
    """The owner of this file's house, at a browser of their own; the link works once, so the session is lent."""
    if "owner" not in server.ready:
        key = server.ready["owner_link"].partition("#owner=")[2]
        server.ready["owner"] = await sign_in(server.address, OWNER, owner_key=key)
    session: Session = server.ready["owner"]
    person = await guests.outside(language, phone=phone, dark=dark)
    await guests.lend_session(person, session.cookie)
    person.name = OWNER
    await person.look_in()
    await person.inside()
    return person


async def set_clock_wrong(keeper: Person) -> None:
    """Let the keeper's machine think that it is two hours later than it is."""
    await keeper.page.evaluate("() => { const now = Date.now; Date.now = () => now() + 2 * 3600000; }")


async def open_card(keeper: Person, name: str) -> None:
    await keeper.page.locator(".people .person").filter(has=keeper.page.get_by_text(name, exact=True)).click()
    await expect(keeper.dialog).to_be_visible()


async def open_keeping(keeper: Person) -> None:
    await keeper.page.locator(".myself .person").click()
    await keeper.button("keeping.title").click()
    await expect(keeper.dialog.get_by_role("switch")).to_be_visible()


async def confirm(keeper: Person, key: str) -> None:
    await keeper.dialog.get_by_role("button", name=keeper.t(key), exact=True).click()


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_who_is_banned_reads_so_at_once_and_comes_again_when_it_is_lifted(guests: Guests, server: Server, language: Language) -> None:
    guests.expected = REFUSED + NETWORK
    owner, bob = await owner_at(guests, server), await guests.arrive(f"Bob {language}", language)
    await bob.say(f"buy this, {language}")
    await bob.page.keyboard.type("and buy ")

    await set_clock_wrong(owner)
    await open_card(owner, bob.name)
    await owner.button("keep.ban").click()
    await owner.dialog.get_by_role("textbox").fill(REASON)
    await owner.dialog.get_by_role("button", name=owner.t("ban.week"), exact=True).click()
    await owner.dialog.get_by_role("button", name=owner.t("clear.hour"), exact=True).click()
    await confirm(owner, "ban.submit")
    shut_out = bob.page.locator(".door-ended")
    await expect(shut_out.get_by_role("alert")).to_contain_text(bob.t("banned.user"))
    await expect(shut_out.get_by_role("alert")).to_contain_text(bob.t("banned.reason", reason=REASON))
    await bob.page.keyboard.type("that")
    await bob.page.keyboard.press("Enter")

    await expect(bob.page.get_by_label(bob.t("room.lobby"))).to_have_value("and buy ")
    await expect(owner.message(f"buy this, {language}")).to_have_count(0)
    await bob.button("banned.retry").click()
    await expect(bob.page.locator(".toast")).to_have_text(bob.t("banned.still"))
    await bob.page.reload()
    await expect(shut_out.get_by_role("alert")).to_contain_text(bob.t("banned.reason", reason=REASON))
    await open_keeping(owner)
    await owner.button("keeping.liftOne", name=bob.name).click()
    await expect(owner.dialog.get_by_role("listitem").filter(has_text=bob.name)).to_have_count(0)
    await expect(owner.page.locator("[role=dialog] :focus")).to_have_count(1)
    await bob.button("banned.retry").click()
    await bob.inside()
    await expect(bob.composer).to_have_value("and buy ")


async def test_what_someone_said_goes_without_them(guests: Guests, server: Server, arrive: Arrive) -> None:
    owner = await owner_at(guests, server)
    carl = await arrive("Carl")
    await say(carl, LOBBY, "words of Carl")
    await owner.sees("words of Carl")

    await set_clock_wrong(owner)
    await open_card(owner, "Carl")
    await owner.button("keep.removeMessages").click()
    await confirm(owner, "clear.submit")

    await expect(owner.message("words of Carl")).to_have_count(0)


async def test_a_name_that_was_cleared_away_stands_in_no_open_list_or_card(guests: Guests, server: Server, arrive: Arrive) -> None:
    owner, caller = await owner_at(guests, server), await arrive("Name caller")
    room = (await caller.ask("create_room", kind="public", name="Good room", client_id="bad-room"))["room"]["id"]
    await caller.ask("change_room", room=room, name="BADROOM", topic="BADTOPIC")
    peer = await arrive("Peer")
    await peer.ask("join", room=room)
    seq = await say(peer, room, "what a name")
    for number in range(CHUNK):  # what comes next is drawn in another piece of the list
        await peer.ask("react", room=room, message=seq, emoji="🍵", on=number % 2 == 0)
    await owner.button("rooms.find").click()
    found = owner.dialog.get_by_role("listitem").filter(has_text="BADROOM")
    await found.get_by_role("button").click()
    await expect(owner.title).to_have_text("BADROOM")
    await owner.page.locator(".room-about").click()
    name, topic = (owner.dialog.get_by_label(owner.t(key), exact=True) for key in ("create.name", "create.topic"))
    await expect(name).to_have_value("BADROOM")
    await topic.fill("What I was about to write")
    reader = await guests.arrive("Reader")
    await reader.button("rooms.find").click()
    await reader.dialog.get_by_role("listitem").filter(has_text="BADROOM").get_by_role("button").click()
    await reader.button("rooms.find").click()
    await expect(reader.dialog).to_contain_text("BADTOPIC")

    keeper = await guests.second_device(owner)
    await open_card(keeper, "Name caller")
    await keeper.button("keep.removeMessages").click()
    await confirm(keeper, "clear.submit")

    await expect(name).to_have_value("…")
    await expect(topic).to_have_value("What I was about to write")
    for person in (owner, reader):
        await expect(person.title).to_have_text("…")
        await expect(person.message("what a name")).to_be_visible()
        await expect(person.page.get_by_text(re.compile("BADROOM|BADTOPIC"))).to_have_count(0)


async def test_whose_sessions_are_ended_is_at_the_door(guests: Guests, server: Server) -> None:
    guests.expected = REFUSED + NETWORK
    owner, dora = await owner_at(guests, server), await guests.arrive("Dora")

    await open_card(owner, "Dora")
    await owner.button("keep.endSessions").click()
    await confirm(owner, "keep.endSessions")

    await expect(dora.page.locator(".door-ended").get_by_role("alert")).to_contain_text(dora.t("link.ended"))


async def test_a_newcomer_reads_that_the_house_is_closed(guests: Guests, server: Server) -> None:
    guests.expected = REFUSED
    owner, inside = await owner_at(guests, server), await guests.arrive("Early")
    await open_keeping(owner)
    switch = owner.dialog.get_by_role("switch")
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "true")

    late = await guests.at_the_door("zh")
    await expect(late.page.get_by_role("alert")).to_have_text(late.t("refused.house_closed"))
    await expect(late.name_field).not_to_have_value("")
    await late.name_field.fill("Late")
    await late.button("signin.enter").click()
    await expect(late.page.get_by_role("alert")).to_have_text(late.t("refused.house_closed"))
    await inside.say("still here")
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "false")
    await late.button("signin.enter").click()
    await late.inside()


async def test_an_admin_is_made_and_may_ban_but_not_the_owner(guests: Guests, server: Server) -> None:
    guests.expected = NETWORK
    owner, anna = await owner_at(guests, server), await guests.arrive("Anna")
    await anna.page.keyboard.type("half a sentence")

    await open_card(owner, "Anna")
    await owner.button("keep.makeAdmin").click()
    await confirm(owner, "keep.makeAdmin")
    await expect(owner.page.locator(".toast")).to_have_text(owner.t("keep.roleSet"))
    await anna.page.locator(".myself .person").click()
    await expect(anna.button("keeping.title")).to_be_visible()
    await anna.page.keyboard.press("Escape")

    await expect(anna.composer).to_have_value("half a sentence")
    await open_card(anna, OWNER)
    await expect(anna.button("keep.ban")).to_have_count(0)
    await anna.page.keyboard.press("Escape")
    await open_keeping(owner)
    await owner.button("keeping.log").click()
    await expect(owner.dialog.get_by_role("listitem").first).to_contain_text(owner.t("log.admin", by=OWNER, who="Anna"))


async def test_a_network_is_banned_with_an_end(guests: Guests, server: Server) -> None:
    owner = await owner_at(guests, server)
    await open_keeping(owner)

    await owner.button("keeping.newBan").click()
    await owner.dialog.get_by_label(owner.t("ban.network"), exact=True).fill("203.0.113.0/24")
    await confirm(owner, "ban.submit")

    banned = owner.dialog.get_by_role("listitem").filter(has_text="203.0.113.0/24")
    await expect(banned).to_be_visible()
    await expect(banned).not_to_contain_text(owner.t("keeping.noEnd"))


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: bin/setup --dev")
@pytest.mark.parametrize(("language", "phone", "dark"), [("zh", True, True), ("en", False, False)])
async def test_axe_finds_nothing_where_the_peace_is_kept(
    guests: Guests, server: Server, arrive: Arrive, language: Language, phone: bool, dark: bool
) -> None:
    owner = await owner_at(guests, server, language, phone=phone, dark=dark)
    await arrive(f"Eve {language}")
    await owner.page.evaluate(AXE.read_text())
    await open_keeping(owner)
    await judge(owner, "keeping", LAYER)
    await owner.button("keeping.log").click()
    await judge(owner, "log", LAYER)
    await owner.button("keeping.bans").click()
    await owner.button("keeping.newBan").click()
    await judge(owner, "ban a network", LAYER)
    await owner.page.keyboard.press("Escape")
    if phone:
        await owner.open_room(owner.t("room.lobby"))
        await owner.page.locator(".people-button").click()
        await owner.page.locator(".people-sheet .person").filter(has_text=f"Eve {language}").click()
    else:
        await open_card(owner, f"Eve {language}")
    await expect(owner.button("keep.ban")).to_be_visible()
    await judge(owner, "card", LAYER)
    await owner.button("keep.ban").click()
    await judge(owner, "ban", LAYER)
