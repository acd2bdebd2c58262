"""The room is in the address: a reload, a link and Back find it; and one's own message is always seen."""

from playwright.async_api import expect

from tests.browser.guests import Guests

MANY = """async () => {
  const { rooms } = await (await fetch('/api/v1/rooms')).json();
  const { id } = rooms.find(({ room }) => room.name === 'Long').room;
  const headers = { 'Content-Type': 'application/json' };
  const body = (text, more) => JSON.stringify({ text, client_id: text.replaceAll(' ', '-'), ...more });
  const say = (text, more) => fetch(`/api/v1/rooms/${id}/messages`, { method: 'POST', headers, body: body(text, more) })
    .then((answer) => answer.json());
  const first = await say('the first of many');
  for (let n = 0; n < 90; n += 1) await say(`number ${n}`);
  await say('an answer', { reply_to: first.seq });
}"""


async def test_on_a_phone_back_closes_what_lies_on_top_and_a_reload_stays(guests: Guests) -> None:
    nia = await guests.arrive("Nia", phone=True)
    before = await nia.page.evaluate("history.length")
    for _ in range(3):
        await nia.open_room("Lobby")
        await nia.page.locator(".back").click()
        await expect(nia.rooms).to_be_visible()
    assert await nia.page.evaluate("history.length") <= before + 1
    await nia.open_room("Lobby")
    await nia.page.locator(".people-button").click()
    await expect(nia.dialog).to_be_visible()
    await nia.page.go_back()
    await expect(nia.dialog).to_have_count(0)
    await expect(nia.composer).to_be_visible()
    await nia.page.reload()
    await expect(nia.composer).to_be_visible()
    await nia.page.locator(".back").click()
    await expect(nia.rooms).to_be_visible()
    assert "#room=" not in nia.page.url


async def test_a_link_opens_the_room_that_it_names(guests: Guests) -> None:
    olaf = await guests.arrive("Olaf")
    await olaf.create_room("Elsewhere", "private")
    link = olaf.page.url
    assert "#room=" in link
    await olaf.open_room("Lobby")
    other = await olaf.context.new_page()
    await other.goto(link)
    await expect(other.get_by_role("heading", name="Elsewhere")).to_be_visible()
    await other.goto(f"{olaf.address}/#room=999999")
    await other.reload()
    await expect(other.get_by_role("heading", name="Elsewhere")).to_be_visible()


async def test_ones_own_message_is_seen_however_far_above_one_was(guests: Guests) -> None:
    mia = await guests.arrive("Mia")
    await mia.create_room("Long", "private")
    await mia.page.evaluate(MANY)
    await mia.page.reload()
    await mia.inside()
    await mia.message("an answer").locator(".quote").click()
    await mia.sees("the first of many")
    await mia.say("MY NEW MESSAGE")
    await expect(mia.message("MY NEW MESSAGE")).to_be_in_viewport()
