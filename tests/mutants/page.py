"""The page while something changes from outside: nothing moves under the hands of who is writing."""

from tests.mutants.mutant import Edit, Mutant

PUT_OUT = "tests/browser/test_put_out.py"
KEEPING = "tests/browser/test_keeping.py"

MUTANTS = (
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
        (Edit("web/views/ended.js", "    draftOf(you.id, room.id),\n", ""),),
        (PUT_OUT,),
    ),
    # Keeping the peace
    Mutant(
        "ban-without-a-word",
        "whoever is banned is told so at once, and why",
        (Edit("web/engine.js", "    if (event.type === 'error' && event.code === BANNED) this.#shutOut = event.words;\n", ""),),
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
)
