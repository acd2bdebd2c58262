"""The page while something changes from outside: nothing moves under the hands of who is writing."""

from tests.mutants.mutant import Edit, Mutant

PUT_OUT = "tests/browser/test_put_out.py"
KEEPING = "tests/browser/test_keeping.py"
CLEARED_NAME = f"{KEEPING}::test_a_name_that_was_cleared_away_stands_in_no_open_list_or_card"
LATE = "tests/browser/test_late_answers.py"
TALK = "tests/browser/test_talk.py"
ROWS = "tests/browser/test_rows.py"
COMPOSER = "tests/browser/test_composer.py"
SEARCH = "tests/browser/test_search.py"
REMOVED_FROM_ANSWERS = f"{TALK}::test_a_removed_message_goes_from_the_answer_that_is_being_written_and_from_what_was_found"
ASKED_TO_WAIT = "tests/browser/test_roads.py::test_who_is_asked_to_wait_reads_so_and_comes_in_by_the_same_socket"

HEARD = "tests/browser/test_heard.py"
READABLE = "tests/browser/test_readable.py"
MARKDOWN = "tests/page/test_page.py::test_in_node[markdown]"

MUTANTS = (
    Mutant(
        "read-old-ones-aloud",
        "what was said before is not announced when a page joins",
        (Edit("web/views/silence.js", "    element.setAttribute('aria-busy', 'true');\n", ""),),
        (HEARD,),
    ),
    Mutant(
        "keep-silent",
        "what is said while a room is open is announced",
        (Edit("web/views/silence.js", "(was.first > 0 && was.first !== first)", "was.first !== first"),),
        (HEARD,),
    ),
    Mutant(
        "lose-the-focus",
        "who presses a button that goes stays in its dialog",
        (Edit("web/views/overlay.js", "  useKeptFocus(panel, (element) => element);\n", ""),),
        (f"{READABLE}::test_the_focus_stays_in_a_dialog_whose_pressed_button_goes",),
    ),
    Mutant(
        "today-for-ever",
        "today ends at midnight",
        (Edit("web/views/message_rows.js", "dayName(at, today.value)", "dayName(at, today.peek())"),),
        (f"{READABLE}::test_today_ends_at_midnight",),
    ),
    Mutant(
        "a-tower-of-lines",
        "a text much higher than the window is folded",
        (Edit("web/views/folded.js", "  const isFolded = isHigh && !isOpen;", "  const isFolded = false;"),),
        (f"{READABLE}::test_a_text_much_higher_than_the_window_is_folded_and_can_be_unfolded",),
    ),
    Mutant(
        "a-room-out-of-view",
        "the open room is in view in a long list",
        (Edit("web/views/rooms.js", "    if (isCurrent) line.current?.scrollIntoView({ block: 'nearest' });\n", ""),),
        (f"{READABLE}::test_the_open_room_is_in_view_in_a_long_list",),
    ),
    Mutant(
        "open-any-address",
        "only addresses of the web and of mail are opened, whoever let others through",
        (
            Edit("web/markdown_reader.js", "reader.validateLink = (link) => safeHref(link) !== null;", "reader.validateLink = () => true;"),
            Edit("web/markdown.js", "  const href = safeHref(address);\n", "  const href = address;\n"),
        ),
        (MARKDOWN,),
    ),
    Mutant(
        "swallow-a-quotation-mark",
        "a link ends where a person sees it end",
        (Edit("web/links.js", "[\\p{L}\\p{M}\\p{N}\\p{So}]", "[\\p{L}\\p{M}\\p{N}\\p{So}\\p{P}]"),),
        (MARKDOWN,),
    ),
    Mutant(
        "draw-without-end",
        "what would be too much to draw is shown as it was written",
        (Edit("web/markdown.js", "this.nodes > MAX_NODES || ", ""),),
        (MARKDOWN,),
    ),
    Mutant(
        "draw-without-a-floor",
        "what would be too deep to draw is shown as it was written",
        (Edit("web/markdown.js", " || this.open.length > MAX_DEPTH", ""),),
        (MARKDOWN,),
    ),
    Mutant(
        "read-a-growing-reply-anew",
        "of a reply that grows only the end is read again",
        (
            Edit("web/markdown.js", "    this.#start += settled > 0 ? starts[lines[settled]] : 0;\n", ""),
            Edit(
                "web/markdown.js",
                "    this.#settled.push(...blocks.slice(0, settled));\n",
                "    this.#settled = blocks.slice(0, settled);\n",
            ),
        ),
        (MARKDOWN,),
    ),
    Mutant(
        "answer-a-text-of-before",
        "what is removed goes from the answer that is being written, and from what was found",
        (
            Edit("web/reads_now.js", "    if (fact.type === 'removed') this.#texts.set(key, '');\n", ""),
            Edit("web/views/composer.js", "messageOf(room, replying)?.text ?? replying.text;", "replying.text;"),
        ),
        (REMOVED_FROM_ANSWERS,),
    ),
    Mutant(
        "find-a-text-of-before",
        "what was found forgets what was removed when it happens, and for good",
        (
            Edit(
                "web/views/search.js",
                "  useEffect(() => store.listen((events) => change(shown.current, new Changes(store.state.peek().you, events))), []);\n",
                "",
            ),
        ),
        (f"{SEARCH}::test_what_was_removed_stays_removed_whatever_the_room_forgets",),
    ),
    Mutant(
        "trust-a-stream-with-a-hole",
        "what was found is asked for again where the stream left something out",
        (Edit("web/reads_now.js", "      else if (event.type === 'reset') this.#lostRooms.add(event.log);\n", ""),),
        (f"{SEARCH}::test_what_was_removed_stays_removed_whatever_the_room_forgets",),
    ),
    Mutant(
        "find-what-goes-meanwhile",
        "what is removed while the house looks for it is not shown when the answer comes",
        (
            Edit(
                "web/views/search.js", "    const stop = store.listen((events) => meanwhile.add(events));\n", "    const stop = () => {};\n"
            ),
        ),
        (f"{SEARCH}::test_what_is_removed_while_the_house_looks_is_not_shown",),
    ),
    Mutant(
        "draw-a-name-of-before",
        "a notice whose name was cleared away is drawn again",
        (
            Edit(
                "web/rows.js",
                "some.length === others.length && some.every((entry, index) => entry === others[index])",
                "some.length === others.length",
            ),
        ),
        (CLEARED_NAME,),
    ),
    Mutant(
        "list-a-name-of-before",
        "a list of rooms that is open calls one's own as they are called now",
        (Edit("web/views/find_rooms.js", ".map(nowOf).map(", ".map("),),
        (CLEARED_NAME,),
    ),
    Mutant(
        "save-a-name-of-before",
        "a field of a room's card that nobody touched reads as the room does now",
        (
            Edit(
                "web/views/room_card.js",
                "useState(/** @type {{name?: string, topic?: string}} */ ({}))",
                "useState({ name: state?.room.name, topic: state?.room.topic })",
            ),
        ),
        (CLEARED_NAME,),
    ),
    Mutant(
        "answer-an-empty-line",
        "the line above an answer says what is answered, wherever the window is",
        (Edit("web/views/composer.js", "messageOf(room, replying)?.text ?? replying.text;", "messageOf(room, replying)?.text;"),),
        (f"{TALK}::test_what_is_answered_is_still_named_when_the_window_is_elsewhere",),
    ),
    Mutant(
        "hours-of-the-keepers-clock",
        "the last hour is the house's, whatever the keeper's clock says",
        (Edit("web/views/clear.js", "hour: { minutes: HOUR }", "hour: { since: Date.now() - HOUR * 60000 }"),),
        (KEEPING,),
    ),
    Mutant(
        "open-another-room",
        "a room that goes puts no other under falling keys",
        (Edit("web/app.js", "  if (phase === atPhase) return;\n", "  if (store.current.value !== null) return;\n"),),
        (PUT_OUT,),
    ),
    Mutant(
        "write-on-in-a-gone-room",
        "the field of a room that went takes no keys",
        (Edit("web/views/composer.js", "readOnly=${gone}", "readOnly=${false}"),),
        (PUT_OUT,),
    ),
    Mutant(
        "reopen-by-itself",
        "who is let in again goes on when they choose to",
        (
            Edit(
                "web/views/house.js",
                "  const gone = store.gone.value;\n",
                "  const gone = store.gone.value && rooms[store.gone.value.room.room.id] ? null : store.gone.value;\n"
                "  if (store.gone.value && !gone) queueMicrotask(() => ui.openRoom(store.gone.value.room.room.id));\n",
            ),
        ),
        (PUT_OUT,),
    ),
    Mutant(
        "search-for-a-secret",
        "the rest of a sentence whose field is gone opens no search",
        (Edit("web/views/house.js", "      if (isSlash && store.gone.peek()) return;\n", ""),),
        (PUT_OUT,),
    ),
    Mutant(
        "words-end-with-the-session",
        "who is signed out from outside still has their words",
        (Edit("web/views/ended.js", "    draftOf(person, room.id).text,\n", ""),),
        (PUT_OUT,),
    ),
    Mutant(
        "take-a-refusal-for-silence",
        "a hello that is refused for now is said again when the house says, and no road is to blame",
        (
            Edit(
                "web/connection.js",
                "    else if (event.type === 'error' && event.id === this.#helloId) this.#refusedHello(event);\n",
                "",
            ),
        ),
        (ASKED_TO_WAIT,),
    ),
    Mutant(
        "open-another-for-a-refusal",
        "who waits with a hello keeps the socket that it was refused on",
        (Edit("web/connection.js", "    if (retry_after_s === 0) return this.#lose(code);\n", "    return this.#lose(code);\n"),),
        (ASKED_TO_WAIT,),
    ),
    Mutant(
        "nothing-but-the-kettle",
        "a page that cannot come in yet says why while it loads",
        (Edit("web/app.js", "</p><${Banner} /></main>", "</p></main>"),),
        (ASKED_TO_WAIT,),
    ),
    # Answers that come late
    Mutant(
        "go-there-anyway",
        "an answer that comes late takes nobody from where they are by now",
        (Edit("web/ui.js", "(isStill() ? go : stay)(result)", "(isStill() || true ? go : stay)(result)"),),
        (f"{LATE}::test_a_room_that_comes_late_is_listed_and_takes_no_keys",),
    ),
    Mutant(
        "go-nowhere",
        "who does nothing but wait is taken to what they asked for",
        (Edit("web/ui.js", "const isStill = acts.mark();", "const isStill = () => false;"),),
        (f"{LATE}::test_who_does_nothing_but_wait_is_taken_there",),
    ),
    Mutant(
        "open-after-waiting",
        "no view opens a room after it waited without asking first",
        (
            Edit(
                "web/views/enter_room.js",
                "return ui.follow(asked, go, tell);",
                "return asked.then(({ room }) => void ui.openRoom(room.id));",
            ),
        ),
        ("tests/contract/test_late_answers.py",),
    ),
    Mutant(
        "writing-is-no-act",
        "who wrote since they asked is somewhere else",
        (Edit("web/acts.js", "['keydown', 'pointerdown', 'click', 'input', 'popstate']", "['pointerdown', 'click', 'popstate']"),),
        (f"{LATE}::test_an_edit_that_is_stored_late_leaves_what_is_written_by_then",),
    ),
    Mutant(
        "save-over-what-is-written",
        "an edit that is stored late leaves the words that were written by then",
        (
            Edit(
                "web/views/editor.js",
                "return ui.follow(store.edit(room, seq, said), close, () => keep(null));",
                "return store.edit(room, seq, said).finally(close);",
            ),
        ),
        (f"{LATE}::test_an_edit_that_is_stored_late_leaves_what_is_written_by_then",),
    ),
    Mutant(
        "editor-takes-the-caret-back",
        "an editor that is drawn again takes the caret from nobody",
        (Edit("web/views/editor.js", "    if (editing?.isDrawn) return;\n", ""),),
        (f"{LATE}::test_an_editor_that_is_drawn_again_takes_no_caret",),
    ),
    Mutant(
        "dice-over-a-name",
        "a name that somebody wrote is not overwritten by dice that fall late",
        (Edit("web/views/door.js", "(written.current !== before && isOwn())", "(before === '' && isOwn())"),),
        (f"{LATE}::test_dice_that_fall_late_overwrite_no_name",),
    ),
    # Keeping the peace
    Mutant(
        "ban-without-a-word",
        "whoever is banned is told so at once, and why",
        (Edit("web/engine.js", "    if (event.type === 'error' && event.code === BANNED) this.#shutOut = event;\n", ""),),
        (KEEPING,),
    ),
    Mutant(
        "keep-ones-keepers",
        "nobody is offered to act on someone of their own rank or above",
        (Edit("web/keepers.js", "rank(you) > rank(user)", "isKeeper(you)"),),
        (KEEPING,),
    ),
    Mutant(
        "the-house-is-closed-in-silence",
        "a newcomer reads that the house is closed",
        (Edit("web/views/door.js", "(isFull && t('refused.house_closed')) || ", ""),),
        (KEEPING,),
    ),
    Mutant(
        "keys-after-a-click",
        "a row that was clicked leaves its letters to the field",
        (
            Edit(
                "web/views/row_events.js", "    if (row === this.pointed && !event.key.startsWith('Arrow')) return typeBelow(event);\n", ""
            ),
        ),
        (f"{ROWS}::test_letters_after_a_click_on_a_message_go_to_the_field",),
    ),
    Mutant(
        "focus-a-row-after-a-click",
        "a jump by a click gives the focus to the field",
        (Edit("web/views/messages.js", "jump.isStill() && !jump.byPointer", "jump.isStill()"),),
        (f"{ROWS}::test_letters_after_a_jump_by_click_go_to_the_field",),
    ),
    Mutant(
        "sheet-under-a-finger",
        "a finger that rests in an edit opens no sheet",
        (Edit("web/views/row_events.js", ".closest(OF_ITS_OWN) ? null", ".closest('#none') ? null"),),
        (f"{ROWS}::test_a_finger_held_in_an_edit_opens_no_sheet",),
    ),
    Mutant(
        "enter-of-a-desk",
        "Enter breaks the line on a phone",
        (Edit("web/fields.js", "(!shiftKey && hasKeyboard())", "!shiftKey"),),
        (f"{COMPOSER}::test_enter_breaks_the_line_on_a_phone",),
    ),
    Mutant(
        "take-keys-of-an-input-method",
        "keys of an input method are its own",
        (Edit("web/fields.js", "    if (event.isComposing || event.keyCode === 229) event.stopImmediatePropagation();\n", ""),),
        (f"{COMPOSER}::test_keys_of_an_input_method_are_its_own_in_an_edit_and_a_layer",),
    ),
    Mutant(
        "choose-who-does-not-fit",
        "Enter takes nobody whom the words after the @ do not fit",
        (Edit("web/views/suggestions.js", "fitting(known, begun.query)", "known"),),
        (f"{COMPOSER}::test_enter_takes_nobody_whom_the_words_do_not_fit",),
    ),
    Mutant(
        "undo-nothing",
        "the browser's undo takes back an emoji and a name",
        (Edit("web/fields.js", "document.execCommand('insertText', false, text)) return;", "false) return;"),),
        (f"{COMPOSER}::test_undo_takes_back_an_emoji_and_a_name",),
    ),
    Mutant(
        "touch-what-is-forbidden",
        "the page is drawn where the browser forbids storing",
        (Edit("web/storage.js", "  } catch {\n    return otherwise;\n", "  } catch (error) {\n    throw error;\n"),),
        ("tests/browser/test_door.py::test_the_door_is_drawn_where_storing_is_forbidden",),
    ),
    Mutant(
        "lose-an-edit",
        "an edit is kept through another room and a reload",
        (Edit("web/views/editor.js", "    keep(edit.text === was ? null : edit);\n", ""),),
        ("tests/browser/test_drafts.py::test_an_edit_survives_another_room_and_a_reload",),
    ),
    Mutant(
        "lose-what-is-answered",
        "a reply is kept through a reload",
        (Edit("web/views/composer.js", "    if (seq && !ui.replying.peek()[id]) ui.reply(id, { seq });\n", ""),),
        ("tests/browser/test_drafts.py::test_a_reply_survives_a_reload",),
    ),
    Mutant(
        "leave-drafts-behind",
        "who signs out leaves no draft",
        (Edit("web/ui.js", "      forgetDrafts(person);\n", ""),),
        ("tests/browser/test_drafts.py::test_who_signs_out_leaves_no_draft",),
    ),
)
