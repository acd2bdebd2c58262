"""What is said among some reaches nobody else: not their page, and not their wire either."""

from typing import Any

from playwright.async_api import expect

from tests.browser.guests import REFUSED, Guests
from tests.browser.person import Person

SECRETS = ("the-cake-is-in-the-cellar", "the-surprise-is-for-mallory", "勿忘灯笼")

ASK_FOR_ROOM = """async (room) => {
  const answers = await Promise.all(['', '/members', '/messages'].map((what) => fetch(`/api/v1/rooms/${room}${what}`)));
  return answers.map(({ status }) => status);
}"""


async def test_a_third_receives_nothing_of_a_private_or_a_direct_room(guests: Guests) -> None:
    guests.expected = REFUSED
    mallory = await guests.arrive("Mallory")
    aiko, ben = await guests.arrive("Aiko"), await guests.arrive("Ben")

    await whisper(aiko, ben)
    await plan(aiko, ben)
    seen = await mallory.watch.everything() + await mallory.page.content()
    await look_everywhere(mallory)

    seen += await mallory.watch.everything() + await mallory.page.content()
    assert [secret for secret in (*SECRETS, "cellar-party") if secret in seen] == []
    heard = await ben.watch.everything()
    assert [secret for secret in SECRETS if secret not in heard] == []


async def whisper(aiko: Person, ben: Person) -> None:
    """In a direct room."""
    await aiko.open_direct("Ben")
    await aiko.say(SECRETS[0])
    await ben.open_room("Aiko")
    await ben.sees(SECRETS[0])


async def plan(aiko: Person, ben: Person) -> None:
    """In a private room that Aiko makes and adds Ben to."""
    await aiko.create_room("cellar-party", "private")
    await aiko.say(SECRETS[1])
    await aiko.button("room.add").click()
    await aiko.dialog.get_by_role("listitem").filter(has_text="Ben").get_by_role("button", name=aiko.t("room.addOne")).click()
    await expect(aiko.dialog.get_by_text(aiko.t("room.added"), exact=True)).to_be_visible()
    await aiko.page.keyboard.press("Escape")
    await ben.open_room("cellar-party")
    await ben.sees(SECRETS[1])
    await ben.say(SECRETS[2])
    await aiko.sees(SECRETS[2])


async def look_everywhere(mallory: Person) -> None:
    """Search for rooms, load afresh, and ask the API for every room there is."""
    await mallory.button("rooms.find").click()
    await expect(mallory.dialog.get_by_role("listitem")).not_to_have_count(0)
    await mallory.page.keyboard.press("Escape")
    await mallory.look_in()
    await mallory.inside()
    answers: list[Any] = [await mallory.page.evaluate(ASK_FOR_ROOM, room) for room in range(2, 12)]
    assert all(status >= 400 for statuses in answers for status in statuses)
