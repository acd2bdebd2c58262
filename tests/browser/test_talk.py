"""People talk in the lobby: what one of them does, the other sees, once."""

from playwright.async_api import expect

from tests.browser.guests import Guests
from tests.browser.held import HeldAnswers
from tests.gateways.house import LOBBY, Arrive, say


async def test_two_people_of_two_languages_see_each_message_once(guests: Guests) -> None:
    aiko, ben = await guests.arrive("爱子", "zh"), await guests.arrive("Ben")

    await aiko.say("大家好，茶泡好了！")
    await ben.say("hello, thank you for the tea")

    for person in (aiko, ben):
        await person.sees("大家好，茶泡好了！")
        await person.sees("hello, thank you for the tea")
        await expect(person.pending).to_have_count(0)
    await expect(aiko.title).to_have_text("大堂")
    await expect(ben.title).to_have_text("Lobby")


async def test_an_edit_replaces_the_text_where_it_stands(guests: Guests) -> None:
    cora, dan = await guests.arrive("Cora"), await guests.arrive("Dan")
    await cora.say("green tea at fourr")

    await dan.sees("green tea at fourr")
    await cora.choose("green tea at fourr", "message.edit")
    await cora.page.get_by_role("textbox", name=cora.t("composer.editing")).fill("green tea at four")
    await cora.button("message.save").click()

    for person in (cora, dan):
        await expect(person.message("green tea at four").locator(".edited")).to_have_text(person.t("message.edited"))
        await expect(person.message("green tea at fourr")).to_have_count(0)


async def test_a_removed_message_leaves_no_words_behind(guests: Guests) -> None:
    emil, fumi = await guests.arrive("Emil"), await guests.arrive("Fumi", "zh")
    await emil.say("words to be regretted")
    await fumi.sees("words to be regretted")

    await emil.choose("words to be regretted", "message.remove")
    await emil.dialog.get_by_role("button", name=emil.t("message.remove"), exact=True).click()

    for person in (emil, fumi):
        await expect(person.log.get_by_text(person.t("message.removed"))).to_have_count(1)
        assert "regretted" not in await person.page.content()


async def test_a_reaction_is_counted_for_both_and_taken_back(guests: Guests) -> None:
    gina, hugo = await guests.arrive("Gina"), await guests.arrive("Hugo")
    await gina.say("shall we have cake?")
    reaction = hugo.message("shall we have cake?").locator(".reaction")

    await hugo.message("shall we have cake?").locator(".bubble").click(button="right")
    await hugo.dialog.get_by_role("button", name=f"{hugo.t('message.react')} 🎉").click()
    await gina.message("shall we have cake?").locator(".reaction").click()

    await expect(reaction).to_have_text("🎉2")
    await expect(reaction).to_have_attribute("aria-pressed", "true")
    await reaction.click()
    await expect(reaction).to_have_attribute("aria-pressed", "false")
    await expect(gina.message("shall we have cake?").locator(".reaction")).to_have_text("🎉1")


async def test_a_reply_shows_the_words_it_answers_and_leads_to_them(guests: Guests) -> None:
    ines, jan = await guests.arrive("Ines", "zh"), await guests.arrive("Jan")
    await ines.say("谁有乌龙茶？")
    await jan.sees("谁有乌龙茶？")

    await jan.choose("谁有乌龙茶？", "message.reply")
    await jan.say("I do, at the window")

    answer = ines.message("I do, at the window")
    await expect(answer.locator(".quote")).to_contain_text("谁有乌龙茶？")
    await answer.locator(".quote").click()
    await expect(ines.message("谁有乌龙茶？").first).to_be_in_viewport()
    await expect(ines.composer).to_be_focused()


async def test_whoever_types_and_whoever_is_here_is_shown(guests: Guests) -> None:
    kim = await guests.arrive("Kim")
    lars = await guests.arrive("Lars")
    here = kim.page.locator(".people .person:not(.is-away) .person-name")
    await expect(here.get_by_text("Lars", exact=True)).to_have_count(1)

    await lars.composer.press_sequentially("well, ")
    await expect(kim.page.get_by_text(kim.t("typing.one", name="Lars"))).to_be_visible()
    await lars.say("well, here I am")
    await expect(kim.page.get_by_text(kim.t("typing.one", name="Lars"))).to_have_count(0)

    await lars.context.close()
    await expect(here.get_by_text("Lars", exact=True)).to_have_count(0)


async def test_a_removed_message_goes_from_the_answer_that_is_being_written_and_from_what_was_found(guests: Guests) -> None:
    xenia, yuri = await guests.arrive("Xenia"), await guests.arrive("Yuri")
    await xenia.say("a thing to be rued")
    await yuri.sees("a thing to be rued")
    await yuri.choose("a thing to be rued", "message.reply")
    await expect(yuri.page.locator(".reply-bar")).to_contain_text("rued")
    await yuri.page.keyboard.press("Control+k")
    await yuri.dialog.get_by_role("searchbox").fill("rued")
    await expect(yuri.dialog.locator(".search-hit")).to_contain_text("rued")

    await xenia.choose("a thing to be rued", "message.remove")
    await xenia.dialog.get_by_role("button", name=xenia.t("message.remove"), exact=True).click()

    await expect(yuri.dialog.locator(".search-hit")).to_contain_text(yuri.t("message.removed"))
    await expect(yuri.page.locator(".reply-bar")).to_contain_text(yuri.t("composer.quoteGone"))
    assert "rued" not in await yuri.page.content()


async def test_what_is_answered_is_still_named_when_the_window_is_elsewhere(guests: Guests, arrive: Arrive) -> None:
    talker = await arrive("Quoted")
    first = await say(talker, LOBBY, "the very first words")
    for number in range(120):
        await say(talker, LOBBY, f"chatter {number}")
    seqs = [await say(talker, LOBBY, "to be answered"), await say(talker, LOBBY, "look up there", reply_to=first)]
    zoe = await guests.outside()
    answers = await HeldAnswers.of(zoe.context)
    await zoe.look_in()
    await zoe.come_in("Zoe")
    bar = zoe.page.locator(".reply-bar")
    await zoe.sees("look up there")
    await zoe.choose("to be answered", "message.reply")

    await zoe.message("look up there").locator(".quote").click()
    await expect(zoe.message("the very first words")).to_be_visible()
    await expect(zoe.message("to be answered")).to_have_count(0)
    await expect(bar).to_contain_text("to be answered")
    await talker.ask("edit", room=LOBBY, message=seqs[0], text="better said")
    await expect(bar).to_contain_text("better said")
    head = (await talker.ask("edit", room=LOBBY, message=seqs[0], text="best said"))["seq"]
    await expect(bar).to_contain_text("best said")
    answers.hold()
    answers.say({"type": "reset", "log": LOBBY, "why": "too_far", "head": head})
    await expect(bar).to_contain_text(zoe.t("composer.quoteFar"))
    answers.release()
    await expect(bar).to_contain_text("best said")
