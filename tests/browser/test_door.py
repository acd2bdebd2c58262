"""The way in and the way out."""

import asyncio

from playwright.async_api import Route, expect

from tests.browser.guests import REFUSED, Guests


async def test_a_name_that_someone_holds_is_refused_in_words(guests: Guests) -> None:
    guests.expected = REFUSED
    await guests.arrive("Kim")
    other = await guests.at_the_door("zh")

    await expect(other.name_field).not_to_have_value("")
    await other.name_field.fill("ＫＩＭ")
    await other.button("signin.enter").click()

    await expect(other.page.get_by_role("alert")).to_have_text(other.t("refused.name_taken"))
    await other.come_in("Kimberley")


async def test_dice_give_a_name_of_the_pages_language(guests: Guests) -> None:
    visitor = await guests.at_the_door("zh")
    await expect(visitor.name_field).not_to_have_value("")
    first = await visitor.name_field.input_value()

    await visitor.button("signin.dice").click()
    await expect(visitor.name_field).not_to_have_value(first)
    second = await visitor.name_field.input_value()
    await visitor.page.get_by_role("button", name="English", exact=True).click()
    visitor.language = "en"
    await expect(visitor.name_field).not_to_have_value(second)

    assert not first.isascii() and not second.isascii()
    assert (await visitor.name_field.input_value()).isascii()


async def test_a_random_name_that_comes_late_does_not_overwrite_what_was_typed(guests: Guests) -> None:
    typed = asyncio.Event()

    async def slow(route: Route) -> None:
        await typed.wait()
        await route.continue_()

    visitor = await guests.outside()
    await visitor.context.route("**/api/v1/nickname*", slow)
    await visitor.look_in()
    await visitor.name_field.fill("Lara")
    async with visitor.page.expect_response("**/api/v1/nickname*") as answer:
        typed.set()
    await (await answer.value).finished()
    await visitor.button("signin.enter").click()

    await expect(visitor.rooms.locator(".myself")).to_have_text("Lara")


async def test_who_returns_with_the_cookie_is_the_same_person(guests: Guests) -> None:
    mika = await guests.arrive("Mika")
    await mika.say("back in a minute")

    await mika.page.close()
    again = await guests.second_tab(mika)
    await again.inside()

    await expect(again.message("back in a minute")).to_have_class("message is-mine is-first is-last")


async def test_signing_out_in_one_tab_ends_the_other(guests: Guests) -> None:
    nora = await guests.arrive("Nora")
    other = await guests.second_tab(nora)
    await other.inside()

    await nora.button("menu.open", name="Nora").click()
    await nora.button("menu.signOut").click()
    await nora.dialog.get_by_role("button", name=nora.t("menu.signOut"), exact=True).click()

    for tab in (nora, other):
        await expect(tab.page.locator(".door")).to_be_visible()
        await expect(tab.log).to_have_count(0)


async def test_the_door_is_drawn_where_storing_is_forbidden(guests: Guests) -> None:
    stranger = await guests.outside()
    await stranger.page.add_init_script("""for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
      Object.defineProperty(window, name, {get() { throw new DOMException('denied', 'SecurityError'); }});
      window.BroadcastChannel = class { constructor() { throw new DOMException('denied', 'SecurityError'); } };
      Object.defineProperty(navigator, 'cookieEnabled', {get: () => false});""")

    await stranger.look_in()
    await expect(stranger.page.get_by_text(stranger.t("signin.cookies"))).to_be_visible()
    await stranger.come_in("Stranger")
    await stranger.say("kept by the house alone")
