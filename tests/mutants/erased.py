"""What was erased is in no file of the house."""

from tests.mutants.mutant import Edit, Mutant

ERASED = "tests/storage/test_erased.py"
ERASES = "    tx.erases = True\n"


def _forgets(name: str, file: str, promise: str, before: str) -> Mutant:
    """Return the mutant of one place that does not say that it erases; `before` is the line before it."""
    return Mutant(f"erase-unheard-{name}", promise, (Edit(file, before + ERASES, before),), (ERASED,))


MUTANTS = (
    _forgets(
        "removal",
        "storage/history.py",
        "a removed text leaves the write-ahead log too",
        '    """Remove a message\'s text and reactions for good; its number stays, with nothing in it."""\n',
    ),
    _forgets(
        "edit",
        "storage/history.py",
        "so does an edited one",
        '    """Let a message read `text` from here on, and return whom it names now."""\n',
    ),
    _forgets(
        "terms",
        "storage/search/index.py",
        "so do the words of a long one in the search index, which go later",
        '    """Take a message\'s place out of the terms `drop` of a part, and put it into `add`. Done again, it changes nothing."""\n',
    ),
    _forgets(
        "half",
        "storage/search/writing.py",
        "so does what a server that died had half written into the index",
        '    """Delete some of what is half written, first of all its writer\'s claim on it. Say whether it is all gone."""\n',
    ),
    Mutant(
        "erase-unheard-address",
        "so does a network that somebody came from",
        (Edit("storage/addresses.py", "addresses.c.at < at)).rowcount > 0", "addresses.c.at < at)).rowcount > 9"),),
        (ERASED,),
    ),
    Mutant(
        "erase-unheard-commit",
        "what a transaction erased is known when it is committed",
        (Edit("storage/committer.py", "        if tx.erases:\n            self._database.holds_erased = True\n", ""),),
        (ERASED,),
    ),
    Mutant(
        "erase-unhelped-by-start",
        "a start finishes what one that was killed left",
        (Edit("storage/database.py", "\n        self.holds_erased = True\n", "\n        self.holds_erased = False\n"),),
        (ERASED,),
    ),
    Mutant(
        "erase-once-only",
        "when somebody reads an old state, emptying the write-ahead log is tried again",
        (Edit("storage/database.py", "            self.holds_erased = self.holds_erased or not is_empty\n", "            pass\n"),),
        (ERASED,),
    ),
    Mutant(
        "erase-but-keep-the-log",
        "the write-ahead log is emptied, not only copied",
        (
            Edit(
                "storage/database.py", 'is_empty = await loop.run_in_executor(self.writer, self._files.checkpoint, "TRUNCATE")\n', "pass\n"
            ),
        ),
        (ERASED,),
    ),
    Mutant(
        "erase-behind-readers-who-overlap",
        "where readers overlap without end new ones wait once",
        (Edit("storage/gate.py", "        self._is_open.clear()\n", ""),),
        (ERASED,),
    ),
    Mutant(
        "erase-never-in-turn",
        "after some tries that failed new readers wait",
        (Edit("storage/database.py", "            if self._failed < TRIES:", "            if True:"),),
        (ERASED,),
    ),
    Mutant(
        "erase-always-in-turn",
        "nobody waits for the log unless tries have failed",
        (Edit("storage/database.py", "            if self._failed < TRIES:", "            if False:"),),
        (ERASED,),
    ),
    Mutant(
        "erase-before-readers-leave",
        "the log is emptied when those who read have left",
        (Edit("storage/gate.py", "            if self._inside:\n", "            if False:\n"),),
        (ERASED,),
    ),
    Mutant(
        "erase-whoever-waits",
        "readers wait a moment, and go on whatever happened",
        (Edit("storage/gate.py", "async with asyncio.timeout(at_most_s):", "async with asyncio.timeout(None):"),),
        (ERASED,),
    ),
    Mutant(
        "erase-behind-a-long-write",
        "readers wait for no writer",
        (Edit("storage/database.py", "await asyncio.wait([emptying], timeout=READS_WAIT_S)", "await emptying"),),
        (ERASED,),
    ),
    Mutant(
        "erase-among-searches",
        "searches wait first, which read for long",
        (Edit("search.py", "async with self._database.searches:", "async with self._database.reads:"),),
        (ERASED,),
    ),
    Mutant(
        "log-without-end",
        "the write-ahead log's file does not grow without end",
        (Edit("storage/database.py", "self._files.log_bytes() > MAX_LOG_BYTES", "False"),),
        (ERASED,),
    ),
    Mutant(
        "erase-all-the-time",
        "it is emptied for what was erased alone",
        (Edit("storage/database.py", "not (self.holds_erased or self._files", "not (True or self._files"),),
        (ERASED,),
    ),
    Mutant(
        "unlink-only",
        "what is deleted is overwritten in the database's file",
        (Edit("storage/engines.py", "PRAGMA secure_delete=ON", "PRAGMA secure_delete=OFF"),),
        (ERASED,),
    ),
    Mutant(
        "erase-by-chance",
        "a house that runs empties the write-ahead log now and then",
        (Edit("app.py", '        self._chores.begin("checkpoint", CHECKPOINT_S, self.database.checkpoint)\n', ""),),
        ("tests/unit/test_app.py",),
    ),
    Mutant(
        "erase-unheard-name",
        "so does what somebody called a room",
        (Edit("storage/room_names.py", ERASES, ""),),
        (ERASED,),
    ),
    Mutant(
        "erase-unheard-reaction",
        "so does a reaction",
        (Edit("storage/clearings.py", "        return []\n    tx.erases = True\n", "        return []\n"),),
        (ERASED,),
    ),
)
