"""The robot thinks before people's eyes: its reply grows on every page, can be stopped, and leaves one message."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Locator, expect

from tests.browser.guests import NETWORK, Guests
from tests.browser.person import Person
from tests.browser.test_accessibility import AXE, judge
from tests.faults.server import GENEROUS, Server
from tests.model import Model

AXE_SCRIPT = AXE.read_text() if AXE.exists() else ""

ANNOUNCED = """() => {
  window.announced = [];
  const log = document.querySelector('[role=log]');
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node.nodeType === 1) window.announced.push(node.textContent);
  }).observe(log, { childList: true, subtree: true });
}"""
"""Takes down what a screen reader hears of: elements that are added to the log (aria-relevant)."""


@pytest.fixture(scope="module")
def server(running_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {"ROBOT_BASE_URL": running_model.base_url, "ROBOT_MODEL": "bird-1"}
    with Server(tmp_path_factory.mktemp("house") / "data", GENEROUS | settings) as running:
        yield running


def growing(person: Person) -> Locator:
    return person.page.locator(".is-growing")


async def test_a_reply_grows_on_every_page_and_a_page_that_comes_late_has_it_whole(guests: Guests, model: Model) -> None:
    aiko, ben = await guests.arrive("Aiko"), await guests.arrive("小本", "zh")
    await aiko.page.evaluate(ANNOUNCED)
    await aiko.say("@Birdie which tea?")
    await expect(growing(aiko)).to_contain_text("is thinking")
    model.say("**Green** ")
    await expect(growing(aiko).locator("strong")).to_have_text("Green")
    await expect(growing(ben)).to_contain_text("正在回答")

    carl = await guests.arrive("Carl")
    await expect(growing(carl).locator(".text")).to_have_text("Green ")
    await expect(growing(carl).locator(".quote")).to_contain_text("@Birdie which tea?")
    model.say("tea, ")
    for person in (aiko, ben, carl):
        await expect(growing(person).locator(".text")).to_have_text("Green tea, ")
    model.say("of course.")
    model.finish()

    for person in (aiko, ben, carl):
        await person.sees("Green tea, of course.")
        await expect(growing(person)).to_have_count(0)
    announced = await aiko.page.evaluate("window.announced.filter((words) => words.includes('Green'))")
    assert len(announced) == 1 and "of course." in announced[0]


async def test_a_page_that_was_offline_in_the_middle_goes_on_with_it(guests: Guests, model: Model) -> None:
    guests.expected = NETWORK
    dora = await guests.arrive("Dora")
    await dora.say("@Birdie tell me of mountains")
    model.say("High ")
    await expect(growing(dora).locator(".text")).to_have_text("High ")
    await dora.context.set_offline(True)
    await expect(dora.banner).to_be_visible()
    model.say("and ")
    await dora.context.set_offline(False)
    await expect(dora.banner).to_have_count(0)
    await expect(growing(dora).locator(".text")).to_have_text("High and ")
    model.say("quiet.")
    model.finish()
    await dora.sees("High and quiet.")
    await expect(growing(dora)).to_have_count(0)


async def test_who_asked_stops_it_by_key_and_goes_on_writing_and_others_have_no_button(guests: Guests, model: Model) -> None:
    emil, fay = await guests.arrive("Emil"), await guests.arrive("Fay")
    await emil.say("@Birdie a long story")
    model.say("Once upon a time")
    await expect(growing(fay).locator(".text")).to_have_text("Once upon a time")
    await expect(fay.button("reply.stop")).to_have_count(0)
    await emil.button("reply.stop").focus()
    await emil.page.keyboard.press("Enter")
    for person in (emil, fay):
        await expect(person.message("Once upon a time")).to_contain_text("(Stopped.)")
        await expect(growing(person)).to_have_count(0)
    await expect(emil.composer).to_be_focused()
    model.finish()


async def test_the_end_stays_in_view_while_it_grows_unless_one_reads_above(guests: Guests, model: Model) -> None:
    gus = await guests.arrive("Gus", phone=True)
    await gus.open_room(gus.t("room.lobby"))
    await gus.say("@Birdie count")
    for number in range(40):
        model.say(f"number {number}\n")
    await expect(growing(gus)).to_contain_text("number 39")
    await expect(growing(gus).locator(".growing-foot")).to_be_in_viewport()
    await gus.scroller.evaluate("(one) => { one.scrollTop -= 400; }")
    before = await gus.scroller.evaluate("(one) => one.scrollTop")
    model.say("number 40\nnumber 41\nnumber 42\n")
    await expect(growing(gus)).to_contain_text("number 42")
    assert abs(await gus.scroller.evaluate("(one) => one.scrollTop") - before) < 2
    model.finish()
    await gus.sees("number 42")


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: bin/setup --dev")
@pytest.mark.parametrize(("phone", "dark"), [(False, True), (True, False)])
async def test_axe_finds_nothing_while_it_thinks_speaks_and_was_stopped(guests: Guests, model: Model, phone: bool, dark: bool) -> None:
    hana = await guests.arrive(f"Hana {phone}", "zh", phone=phone, dark=dark)
    await hana.page.evaluate(AXE_SCRIPT)
    if phone:
        await hana.open_room(hana.t("room.lobby"))
    await hana.say(f"@小小鸟 讲讲茶 {phone}")
    await expect(growing(hana)).to_contain_text("正在思考")
    await judge(hana, "thinking")
    model.say("```\n一二三\n```\n茶")
    await expect(growing(hana).locator(".text")).to_contain_text("茶")
    await judge(hana, "speaking")
    await hana.button("reply.stop").click()
    await expect(hana.message("（已停止。）").filter(has_text=f"讲讲茶 {phone}")).to_have_count(1)  # the other Hana's is there as well
    await judge(hana, "stopped")
    model.finish()


async def test_the_rooms_owner_chooses_when_the_robot_answers(guests: Guests, model: Model) -> None:
    iris = await guests.arrive("Iris")
    await iris.create_room("Perch", "public")
    await iris.page.locator(".room-about").click()
    always = iris.button("robot.always")
    await always.click()
    await expect(always).to_have_attribute("aria-pressed", "true")
    await iris.page.keyboard.press("Escape")
    await expect(iris.log.locator(".notice").last).to_have_text(iris.t("notice.robot_always", by="Iris"))
    await iris.say("no name in this one")
    model.say("Still answering.")
    model.finish()
    await iris.sees("Still answering.")
