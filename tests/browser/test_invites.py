"""Keepers of a closed house invite from the page: the link is shown once, lets a stranger in, and is ended."""

from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.browser.guests import REFUSED, Guests
from tests.browser.person import Person
from tests.browser.test_accessibility import AXE, DEVICES, LAYER, judge
from tests.browser.test_keeping import open_keeping, owner_at
from tests.browser.words import Language
from tests.faults.server import GENEROUS, Server
from tests.gateways.stranger import Refused, Stranger


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("house") / "data", GENEROUS | {"OPEN": "false"}) as running:
        yield running


async def open_invites(keeper: Person) -> None:
    await open_keeping(keeper)
    await keeper.button("keeping.invites").click()
    await expect(keeper.button("invites.new")).to_be_visible()


async def invite(keeper: Person, note: str, *choices: str) -> str:
    """Make an invite; return its link, as the page shows it."""
    await keeper.button("invites.new").click()
    for choice in choices:
        await keeper.dialog.get_by_role("button", name=choice, exact=True).click()
    await keeper.dialog.get_by_role("textbox").fill(note)
    await keeper.button("invites.make").click()
    await expect(keeper.dialog.locator("[data-secret]")).to_be_focused()
    return await keeper.dialog.locator("[data-secret]").input_value()


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_link_lets_one_in_and_is_ended(guests: Guests, server: Server, language: Language) -> None:
    guests.expected = REFUSED
    owner = await owner_at(guests, server, language)
    await open_invites(owner)
    link = await invite(owner, f"the club {language}", owner.t("ban.day"), "5")
    assert link.startswith(f"{server.address}/#invite=")
    await expect(owner.dialog).to_contain_text(owner.t("invites.hereOnly"))

    for name in (f"Ann {language}", f"Ben {language}"):
        guest = await guests.outside(language)
        await guest.page.goto(link)
        await guest.come_in(name)
    await owner.button("programs.done").click()
    listed = owner.dialog.get_by_role("listitem").filter(has_text=f"the club {language}")
    await expect(listed).to_contain_text(owner.t("invites.cameOf", used=2, most=5))
    assert link not in await owner.page.content()

    await owner.button("invites.endOne", name=f"the club {language}").click()
    await owner.dialog.get_by_role("button", name=owner.t("invites.end"), exact=True).click()
    await expect(owner.button("invites.new")).to_be_visible()
    await expect(listed).to_have_count(0)
    late = await guests.outside(language)
    await late.page.goto(link)
    await expect(late.name_field).not_to_have_value("")
    await late.button("signin.enter").click()
    await expect(late.page.get_by_role("alert")).to_have_text(late.t("refused.bad_key"))

    await owner.button("keeping.log").click()
    entry = owner.dialog.get_by_role("listitem").first
    await expect(entry).to_contain_text(owner.t("log.uninvited", by="Olga", invite="").rstrip())
    await expect(entry).to_contain_text(f"the club {language}")


async def test_the_link_can_be_copied(guests: Guests, server: Server) -> None:
    owner = await owner_at(guests, server)
    await owner.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await open_invites(owner)
    link = await invite(owner, "")
    await owner.button("invites.copy").click()
    await expect(owner.page.get_by_text(owner.t("programs.copied"))).to_be_visible()
    assert await owner.page.evaluate("navigator.clipboard.readText()") == link


async def test_who_may_make_no_more_is_told_what_to_do(guests: Guests, server: Server) -> None:
    owner, beside = await owner_at(guests, server), Stranger(server.ready["owner"])
    await beside.connect()
    made: list[int] = []
    with pytest.raises(Refused):
        while True:
            made.append((await beside.ask("invite"))["invite"]["id"])
    await open_invites(owner)
    await owner.button("keeping.more").click()
    await expect(owner.dialog.get_by_text(owner.t("invites.nameless", id=made[0]), exact=True)).to_be_visible()
    await owner.button("invites.new").click()
    await owner.button("invites.make").click()
    await expect(owner.page.locator(".toast")).to_have_text(owner.t("invites.full"))
    for invite in made:
        await beside.ask("end_invite", invite=invite)
    await beside.close()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: bin/setup --dev")
@pytest.mark.parametrize(("language", "phone", "dark"), DEVICES)
async def test_axe_finds_nothing(guests: Guests, server: Server, language: Language, phone: bool, dark: bool) -> None:
    owner = await owner_at(guests, server, language, phone=phone, dark=dark)
    await owner.page.evaluate(AXE.read_text())
    await open_invites(owner)
    await judge(owner, "invites", LAYER)
    await owner.button("invites.new").click()
    await judge(owner, "a new invite", LAYER)
    await owner.button("dialog.cancel").click()
    await invite(owner, "棋社 the chess club and whoever they bring along " * 3)
    await judge(owner, "a link, once", LAYER)
    await owner.button("programs.done").click()
    await expect(owner.dialog.get_by_role("listitem").filter(has_text="棋社").first).to_be_visible()
    await judge(owner, "invites, some", LAYER)
    assert await owner.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
