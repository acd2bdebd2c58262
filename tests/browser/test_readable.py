"""Everyone can read it: by keyboard, much enlarged, with colours of their own, on paper, after midnight."""

from playwright.async_api import expect

from tests.browser.guests import Guests
from tests.gateways.house import LOBBY, Arrive, say

A_DAY_AND_MORE_MS = 26 * 3600 * 1000
MORE_ROOMS_THAN_FIT = 8


async def test_the_focus_stays_in_a_dialog_whose_pressed_button_goes(guests: Guests, arrive: Arrive) -> None:
    await arrive("Zed")
    rob = await guests.arrive("Rob")
    await rob.create_room("Rob's own", "private")
    await rob.page.locator(".people-head button").click()
    add = rob.dialog.locator(".choice", has_text="Zed").get_by_role("button")
    await add.focus()

    await rob.page.keyboard.press("Enter")
    await expect(add).to_have_count(0)

    await expect(rob.page.locator("[role=dialog]:focus-within, [role=dialog]:focus")).to_have_count(1)
    await rob.page.keyboard.press("Tab")
    await expect(rob.dialog.locator(":focus")).to_have_count(1)
    await rob.page.keyboard.press("Escape")
    await expect(rob.dialog).to_have_count(0)


async def test_escape_closes_a_dialog_wherever_the_focus_is(guests: Guests) -> None:
    rosa = await guests.arrive("Rosa")
    await rosa.button("rooms.create").click()
    await rosa.page.evaluate("document.activeElement.blur()")

    await rosa.page.keyboard.press("Escape")

    await expect(rosa.dialog).to_have_count(0)


async def test_who_stands_on_the_row_of_somebody_who_goes_stands_on_another(guests: Guests, arrive: Arrive) -> None:
    gone = await arrive("Aaron")
    ruth = await guests.arrive("Ruth")
    row = ruth.page.locator(".people .person:not(.is-away)", has_text="Aaron")
    await row.focus()

    await gone.close()
    await expect(row).to_have_count(0)

    await expect(ruth.page.locator(".people .person:focus")).to_have_count(1)


async def test_today_ends_at_midnight(guests: Guests, arrive: Arrive) -> None:
    ria = await guests.outside()
    await ria.page.clock.install()
    await ria.look_in()
    await ria.come_in("Ria")
    await say(await arrive("Sol"), LOBBY, "before midnight")
    await ria.sees("before midnight")
    await expect(ria.page.locator(".day-line")).to_have_text(ria.t("day.today"))

    await ria.page.clock.fast_forward(A_DAY_AND_MORE_MS)

    await expect(ria.page.locator(".day-line")).not_to_have_text(ria.t("day.today"))


async def test_a_text_much_higher_than_the_window_is_folded_and_can_be_unfolded(guests: Guests, arrive: Arrive) -> None:
    await say(await arrive("Tom"), LOBBY, "line\n" * 500 + "end")
    await say(await arrive("Uma"), LOBBY, "word " * 200 + "whole")
    rita = await guests.arrive("Rita")
    tower, window = rita.message("end"), rita.page.viewport_size
    assert window

    await expect(tower.get_by_role("button", name=rita.t("message.unfold"))).to_be_visible()
    assert await tower.evaluate("(row) => row.offsetHeight") < window["height"]
    await tower.get_by_role("button", name=rita.t("message.unfold")).click()
    assert await tower.evaluate("(row) => row.offsetHeight") > 5 * window["height"]
    await expect(tower.get_by_role("button", name=rita.t("message.fold"))).to_be_visible()
    await expect(rita.message("whole").locator(".fold-button")).to_have_count(0)


async def test_the_open_room_is_in_view_in_a_long_list(guests: Guests) -> None:
    rosa = await guests.arrive("Rosalind")
    await rosa.page.set_viewport_size({"width": 1280, "height": 420})
    for number in range(MORE_ROOMS_THAN_FIT):
        await rosa.create_room(f"room {number}", "private")

    await rosa.page.reload()

    await expect(rosa.page.locator(".room-item.is-current")).to_be_in_viewport(ratio=1)


async def test_each_line_has_the_direction_of_its_first_letter(guests: Guests, arrive: Arrive) -> None:
    await say(await arrive("Noa"), LOBBY, "שלום\nsecond line.")
    reader = await guests.arrive("Reader")
    await reader.sees("second line.")

    is_at_its_end = (
        await reader.message("second line.")
        .locator("p:has(br)")
        .evaluate(
            """(line) => {
          const words = line.lastChild;
          const left = (at) => { const range = document.createRange(); range.setStart(words, at); range.setEnd(words, at + 1);
            return range.getBoundingClientRect().left; };
          return left(words.data.length - 1) > left(0);
        }"""
        )
    )
    assert is_at_its_end


async def test_a_room_is_printed_on_as_many_pages_as_it_needs(guests: Guests, arrive: Arrive) -> None:
    talker = await arrive("Pen")
    for number in range(40):
        await say(talker, LOBBY, f"line {number}\nof\nfour\nlines")
    paula = await guests.arrive("Paula")
    await paula.sees("line 39")

    printed = await paula.page.pdf(format="A4")

    assert printed.count(b"/Type /Page") - printed.count(b"/Type /Pages") > 1


async def test_much_enlarged_the_messages_keep_their_part_of_the_window(guests: Guests) -> None:
    zoe = await guests.arrive("Zoe")
    await zoe.say("still in view")
    await zoe.page.set_viewport_size({"width": 320, "height": 256})  # 1280 × 1024 at 400 %

    await zoe.composer.fill("a\n" * 12)

    assert await zoe.scroller.evaluate("(scroller) => scroller.clientHeight / innerHeight") > 0.3
    await zoe.button("composer.emoji").click()
    assert await zoe.page.locator(".emoji-grid").evaluate("(grid) => grid.clientHeight / innerHeight") > 0.5


async def test_with_colours_of_ones_own_a_state_is_still_seen(guests: Guests) -> None:
    cleo = await guests.arrive("Cleo")
    await cleo.say("in a frame")
    await cleo.page.emulate_media(forced_colors="active")

    of = "(element, name) => getComputedStyle(element)[name]"
    around = await cleo.page.locator(".rooms").evaluate(of, "backgroundColor")
    for state in (".room-item.is-current", ".people-button[aria-pressed=true]"):
        assert await cleo.page.locator(state).evaluate(of, "backgroundColor") != around
    assert await cleo.message("in a frame").locator(".bubble").evaluate(of, "borderTopStyle") == "solid"


async def test_towers_of_marks_and_long_names_stay_where_they_are(guests: Guests, arrive: Arrive) -> None:
    talker = await arrive("Zalgo")
    name = "W" * 32
    room = (await talker.ask("create_room", kind="public", name=name, topic="t" * 100, client_id="long"))["room"]["id"]
    await say(talker, room, "e" + "\u0301" * 30 + " tower")
    lea = await guests.arrive("Lea", phone=True)
    await lea.button("rooms.find").click()
    await lea.dialog.get_by_role("listitem").filter(has_text=name).get_by_role("button").click()
    await lea.sees("tower")

    assert await lea.message("tower").locator(".text").evaluate("(text) => getComputedStyle(text).overflowY") == "clip"
    assert await lea.page.locator(".beginning").evaluate("(one) => one.scrollWidth <= one.clientWidth")


async def test_what_a_translator_took_apart_is_true_after_an_edit(guests: Guests) -> None:
    """Translators put their own elements in place of the words: what the page writes into the old ones is seen no more."""
    tara = await guests.arrive("Tara")
    await tara.say("tea at four")
    await expect(tara.page.locator("#app")).to_have_attribute("translate", "no")
    await tara.message("tea at four").locator(".text[translate=yes] p").evaluate("(line) => (line.innerText = 'thé à quatre heures')")

    await tara.choose("thé à quatre heures", "message.edit")
    await tara.page.get_by_role("textbox", name=tara.t("composer.editing")).fill("tea at five")
    await tara.button("message.save").click()

    await tara.sees("tea at five")
