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
        .locator("p")
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
