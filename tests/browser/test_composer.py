"""Writing: what the keys do, and what is kept of a text that is not sent yet."""

from typing import Any

from playwright.async_api import CDPSession, expect

from tests.browser.guests import Guests

KEY_OF_AN_INPUT_METHOD = 229
"""What browsers give as `keyCode` of a key that the input method took (UI Events, appendix A.2)."""


async def test_enter_sends_and_shift_enter_breaks_the_line(guests: Guests) -> None:
    aiko, ben = await guests.arrive("Aiko"), await guests.arrive("Ben")

    await aiko.composer.press_sequentially("two lines,")
    await aiko.composer.press("Shift+Enter")
    await aiko.composer.press_sequentially("one message")
    assert await aiko.composer.input_value() == "two lines,\none message"
    await aiko.composer.press("Enter")

    await expect(ben.message("one message").locator(".text")).to_have_text("two lines,one message", use_inner_text=False)
    await expect(ben.message("one message").locator(".text br")).to_have_count(1)
    await expect(aiko.composer).to_have_value("")
    await expect(aiko.composer).to_be_focused()


async def test_enter_that_chooses_characters_does_not_send(guests: Guests) -> None:
    cora = await guests.arrive("可可", "zh")
    keyboard = await cora.context.new_cdp_session(cora.page)
    await cora.composer.focus()

    await keyboard.send("Input.imeSetComposition", {"text": "nihao", "selectionStart": 5, "selectionEnd": 5})
    await press_in_input_method(keyboard, "Enter")
    await keyboard.send("Input.insertText", {"text": "你好"})
    assert await cora.composer.input_value() == "你好"
    await cora.composer.press("Enter")

    await expect(cora.log.locator("[data-seq].is-mine .text")).to_have_text(["你好"])


async def test_blank_text_is_not_sent(guests: Guests) -> None:
    dan = await guests.arrive("Dan")

    await dan.write("  \n ")

    await expect(dan.button("composer.send")).to_be_disabled()
    await dan.say("something at last")
    await expect(dan.log.locator(".is-mine")).to_have_count(1)


async def test_each_room_keeps_its_draft_over_a_reload(guests: Guests) -> None:
    emil = await guests.arrive("Emil")
    await emil.composer.fill("for the lobby")
    await emil.create_room("Quiet corner", "public")
    await expect(emil.composer).to_have_value("")
    await emil.composer.fill("写给角落")

    await emil.page.reload()
    await emil.inside()

    await expect(emil.title).to_have_text("Quiet corner")
    await expect(emil.composer).to_have_value("写给角落")
    await emil.open_room("Lobby")
    await expect(emil.composer).to_have_value("for the lobby")


async def test_arrow_up_edits_the_last_message_and_escape_leaves_it(guests: Guests) -> None:
    fumi = await guests.arrive("Fumi")
    for text in ("an older one", "the last oen"):
        await fumi.say(text)
    editor = fumi.page.get_by_role("textbox", name=fumi.t("composer.editing"))

    await fumi.composer.press("ArrowUp")
    await expect(editor).to_have_value("the last oen")
    await editor.fill("never mind")
    await editor.press("Escape")
    await fumi.sees("the last oen")
    await expect(fumi.composer).to_be_focused()
    await fumi.composer.press("ArrowUp")
    await editor.fill("the last one")
    await editor.press("Enter")

    await fumi.sees("the last one")
    await fumi.sees("an older one")


async def test_an_emoji_found_by_its_chinese_name_goes_where_the_caret_is(guests: Guests) -> None:
    gina = await guests.arrive("吉娜", "zh")
    await gina.composer.fill("请喝！")
    await gina.composer.press("ArrowLeft")

    await gina.button("composer.emoji").click()
    await gina.dialog.get_by_role("searchbox").fill("喝茶")
    await gina.dialog.get_by_role("searchbox").press("Enter")

    await expect(gina.composer).to_have_value("请喝🍵！")
    await expect(gina.composer).to_be_focused()


async def test_enter_breaks_the_line_on_a_phone(guests: Guests) -> None:
    hana = await guests.arrive("Hana", phone=True)
    await hana.open_room("Lobby")
    editor = hana.page.get_by_role("textbox", name=hana.t("composer.editing"))

    await expect(hana.composer).to_have_attribute("enterkeyhint", "enter")
    await hana.composer.press_sequentially("line one\nline two")
    await expect(hana.composer).to_have_value("line one\nline two")
    await hana.button("composer.send").tap()
    await hana.sees("line one")
    await hana.choose("line one", "message.edit")
    await editor.press("Enter")
    await expect(editor).to_have_value("line one\nline two\n")


async def test_keys_of_an_input_method_are_its_own_in_an_edit_and_a_layer(guests: Guests) -> None:
    ines = await guests.arrive("伊娜", "zh")
    keyboard = await ines.context.new_cdp_session(ines.page)
    await ines.say("茶")
    editor = ines.page.get_by_role("textbox", name=ines.t("composer.editing"))

    await ines.composer.press("ArrowUp")
    await editor.fill("喝茶")
    await press_in_input_method(keyboard, "Enter")
    await press_in_input_method(keyboard, "Escape")
    await expect(editor).to_have_value("喝茶")
    await editor.press("Escape")
    await ines.page.keyboard.press("Control+k")
    await expect(ines.dialog.get_by_role("searchbox")).to_be_focused()
    await press_in_input_method(keyboard, "Escape")
    await expect(ines.dialog.get_by_role("searchbox")).to_be_focused()


async def test_enter_takes_nobody_whom_the_words_do_not_fit(guests: Guests) -> None:
    await guests.arrive("Anabel")
    jo = await guests.arrive("Jo")
    people = jo.page.get_by_role("option")

    await jo.composer.press_sequentially("@Anab")
    await expect(people).to_have_text(["Anabel"])
    await jo.context.set_offline(True)
    await jo.composer.press_sequentially("xyz")
    await expect(people).to_have_count(0)
    await jo.composer.press("Enter")
    await expect(jo.pending).to_contain_text("@Anabxyz")
    await jo.context.set_offline(False)
    await jo.sees("@Anabxyz")


async def test_the_list_belongs_to_the_words_before_the_caret(guests: Guests) -> None:
    await guests.arrive("Zed Zulu")
    ken = await guests.arrive("Ken")
    people = ken.page.get_by_role("option")

    await ken.composer.press_sequentially("hi @Zed")
    await expect(people).to_have_count(1)
    for key in ("Home", "End", "ArrowLeft", "Shift+ArrowRight"):
        await ken.composer.press(key)
    await expect(people).to_have_count(0)
    await ken.composer.press("End")
    await ken.composer.press_sequentially(" Z")
    await expect(people).to_have_count(1)
    await ken.composer.press("Enter")

    await expect(ken.composer).to_have_value("hi @Zed Zulu ")


async def test_undo_takes_back_an_emoji_and_a_name(guests: Guests) -> None:
    await guests.arrive("Quentin")
    lea = await guests.arrive("Lea")

    await lea.composer.press_sequentially("hello @Quen")
    await expect(lea.page.get_by_role("option")).to_have_count(1)
    await lea.composer.press("Tab")
    await expect(lea.composer).to_have_value("hello @Quentin ")
    await lea.button("composer.emoji").click()
    await lea.dialog.get_by_role("searchbox").fill("tea")
    await lea.dialog.get_by_role("searchbox").press("Enter")
    await expect(lea.composer).not_to_have_value("hello @Quentin ")
    await lea.composer.press("ControlOrMeta+z")
    await expect(lea.composer).to_have_value("hello @Quentin ")
    await lea.composer.press("ControlOrMeta+z")

    await expect(lea.composer).to_have_value("hello @Quen")


async def test_the_indent_of_the_first_line_stays(guests: Guests) -> None:
    mia = await guests.arrive("Mia")

    await mia.write("\n  indented\n    more \n")

    await mia.sees("indented")
    stored = "fetch('/api/v1/rooms/1/messages?limit=1').then((answer) => answer.json()).then(({ messages }) => messages[0].text)"
    assert await mia.page.evaluate(stored) == "  indented\n    more"


async def test_the_field_is_as_high_as_its_text_at_every_width(guests: Guests) -> None:
    nia = await guests.arrive("Nia")
    await nia.composer.fill("a rather long text that needs several lines on a phone held upright but only one or two when it is flat")
    low = await nia.composer.evaluate("(field) => field.clientHeight")

    await nia.page.set_viewport_size({"width": 360, "height": 740})

    await nia.page.wait_for_function("(low) => document.querySelector('.composer textarea').clientHeight > low", arg=low)
    assert await nia.composer.evaluate("(field) => field.clientHeight >= field.scrollHeight - 1")


async def press_in_input_method(keyboard: CDPSession, name: str) -> None:
    key: dict[str, Any] = {"key": name, "code": name, "windowsVirtualKeyCode": KEY_OF_AN_INPUT_METHOD}
    for kind in ("rawKeyDown", "keyUp"):
        await keyboard.send("Input.dispatchKeyEvent", {"type": kind, **key})
