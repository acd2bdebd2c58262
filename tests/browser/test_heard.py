"""What a screen reader says of a room: each message once, while it is open, and nothing of what was said before."""

from playwright.async_api import expect

from tests.browser.guests import Guests
from tests.browser.person import Person
from tests.gateways.house import LOBBY, Arrive, say

LISTEN = """() => {
  window.heard = [];
  const isLive = (node) => {
    for (let one = node; one instanceof Element; one = one.parentElement) {
      const of = (name) => one.getAttribute(name);
      if (of('aria-busy') === 'true' || of('aria-live') === 'off' || of('aria-hidden') === 'true') return false;
      if (['polite', 'assertive'].includes(of('aria-live')) || ['log', 'status', 'alert'].includes(of('role'))) return true;
    }
    return false;
  };
  new MutationObserver((changes) => {
    for (const { addedNodes, target } of changes) for (const node of addedNodes) {
      if (isLive(node instanceof Element ? node : target) && node.textContent.trim()) window.heard.push(node.textContent);
    }
  }).observe(document, { childList: true, subtree: true });
}"""
"""What is added to a region that is live then, as browsers tell screen readers."""

MORE_THAN_A_PAGE = 120


async def heard(person: Person, words: str) -> int:
    return await person.page.evaluate("(words) => heard.filter((text) => text.includes(words)).length", words)


async def test_ones_own_message_and_another_s_are_heard_once(guests: Guests, arrive: Arrive) -> None:
    talker = await arrive("Tess")
    hearer = await guests.arrive("Hearer")
    await expect(hearer.log).not_to_have_attribute("aria-busy", "true")
    await hearer.page.evaluate(LISTEN)

    await hearer.say("said by me")
    await say(talker, LOBBY, "said by **another**")
    await hearer.sees("said by another")
    await expect(hearer.pending).to_have_count(0)

    assert await heard(hearer, "said by me") == 1
    assert await heard(hearer, "said by another") == 1


async def test_what_was_said_before_is_not_heard_when_a_room_opens_or_an_older_page_joins(guests: Guests, arrive: Arrive) -> None:
    talker = await arrive("Told")
    for number in range(MORE_THAN_A_PAGE):
        await say(talker, LOBBY, f"said before {number}.")
    hearer = await guests.outside()
    await hearer.page.add_init_script(f"({LISTEN})()")
    await hearer.look_in()
    await hearer.come_in("Lately")
    await hearer.sees(f"said before {MORE_THAN_A_PAGE - 1}.")
    await expect(hearer.log).not_to_have_attribute("aria-busy", "true")

    await hearer.scroller.evaluate("(scroller) => (scroller.scrollTop = 0)")
    await hearer.sees("said before 25.")

    assert await heard(hearer, "said before") == 0
