"""Tokens on the page: made, shown once, listed, revoked; a program comes in with one and is put out at once."""

import httpx
import pytest
from playwright.async_api import expect

from tests.browser.guests import Guests
from tests.browser.person import Person
from tests.browser.test_accessibility import AXE, DEVICES, LAYER, judge
from tests.browser.words import Language
from tests.faults.server import Server


async def open_programs(person: Person) -> None:
    await person.page.locator(".myself .person").click()
    await person.button("programs.title").click()
    await expect(person.dialog.get_by_role("heading", name=person.t("programs.title"))).to_be_visible()


async def make(person: Person, name: str) -> str:
    """Make a token and return its secret, as the page shows it."""
    await person.button("programs.new").click()
    await expect(person.dialog.get_by_role("textbox", name=person.t("programs.name"))).to_be_focused()
    await person.page.keyboard.type(name)
    await person.page.keyboard.press("Enter")
    secret = person.dialog.locator("[data-secret]")
    await expect(secret).to_be_visible()
    return await secret.input_value()


def status(server: Server, secret: str, path: str = "me", method: str = "GET") -> int:
    with httpx.Client(base_url=f"{server.address}/api/v1/", trust_env=False) as http:
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        return http.request(method, path, headers=headers).status_code


def rooms_of(server: Server, secret: str) -> list[str]:
    with httpx.Client(base_url=server.address, headers={"Authorization": f"Bearer {secret}"}, trust_env=False) as http:
        return [standing["room"]["name"] for standing in http.get("/api/v1/rooms").json()["rooms"]]


async def test_a_token_is_shown_once_works_and_is_revoked(guests: Guests, server: Server) -> None:
    aiko = await guests.arrive("Aiko")
    await open_programs(aiko)
    secret = await make(aiko, "weather bot")
    assert secret.startswith("tea_")
    assert status(server, secret) == 200
    assert status(server, secret, "directs", "POST") == 403, "the page's first choice is to read only"

    await aiko.button("programs.done").click()
    await expect(aiko.dialog.locator(".tokens strong")).to_have_text("weather bot")
    await aiko.page.keyboard.press("Escape")
    await open_programs(aiko)
    await expect(aiko.dialog.locator(".tokens strong")).to_have_text("weather bot")
    assert secret not in await aiko.page.content()

    await aiko.button("programs.revoke", name="weather bot").click()
    await aiko.button("programs.revokeShort").click()
    await expect(aiko.dialog.locator(".tokens li")).to_have_count(0)
    assert status(server, secret) == 401


async def test_a_token_can_be_copied_where_pages_have_no_clipboard(guests: Guests) -> None:
    """As on plain http in a LAN."""
    cora = await guests.outside()
    await cora.page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    await cora.look_in()
    await cora.come_in("Cora")
    await open_programs(cora)
    secret = await make(cora, "copied")
    await cora.button("programs.copy").click()
    await expect(cora.page.get_by_text(cora.t("programs.copied"))).to_be_visible()
    await expect(cora.button("programs.copy")).to_be_focused()

    await cora.page.keyboard.press("Escape")
    await cora.composer.focus()
    await cora.page.keyboard.press("ControlOrMeta+v")
    await expect(cora.composer).to_have_value(secret)


async def test_a_token_for_some_rooms_sees_those(guests: Guests, server: Server) -> None:
    ben = await guests.arrive("Ben")
    await ben.create_room("Ben's cellar", "private")
    await open_programs(ben)
    await ben.button("programs.new").click()
    await ben.button("programs.some").click()
    await expect(ben.dialog.get_by_role("checkbox", name="Ben's cellar")).to_be_checked()
    await ben.dialog.get_by_role("checkbox", name="Ben's cellar").uncheck()
    await expect(ben.button("programs.make")).to_be_disabled()
    await ben.dialog.get_by_role("checkbox", name="Lobby").check()
    await ben.dialog.get_by_role("textbox").fill("lobby reader")
    await ben.button("programs.make").click()
    secret = await ben.dialog.locator("[data-secret]").input_value()
    assert rooms_of(server, secret) == ["Lobby"]


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: bin/setup --dev")
@pytest.mark.parametrize(("language", "phone", "dark"), DEVICES)
async def test_axe_finds_nothing(guests: Guests, language: Language, phone: bool, dark: bool) -> None:
    person = await guests.arrive(f"Axel {DEVICES.index((language, phone, dark))}", language, phone=phone, dark=dark)
    await person.page.evaluate(AXE.read_text())
    await open_programs(person)
    await judge(person, "programs, none", LAYER)
    await person.button("programs.new").click()
    await person.button("programs.some").click()
    await judge(person, "a new token", LAYER)
    await person.button("programs.everywhere").click()
    await person.dialog.get_by_role("textbox").fill("天气 bot")
    await person.button("programs.make").click()
    await expect(person.dialog.locator("[data-secret]")).to_be_visible()
    await judge(person, "a token, once", LAYER)
    await person.button("programs.done").click()
    await judge(person, "programs, one", LAYER)
    assert await person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
