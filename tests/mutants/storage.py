"""Durable, numbered, idempotent."""

from tests.mutants.mutant import Edit, Mutant

LOG = "tests/storage/test_log.py"
ROOMS = "tests/storage/test_rooms.py"
MENTIONS = "tests/storage/test_mentions.py"
MENTIONS_UNIT = "tests/unit/test_mentions.py"
COMMITTER = "tests/storage/test_committer.py"
TOLD_FIRST = "tests/storage/test_told_first.py"
UNIQUE = """        sa.UniqueConstraint("client_id", "author_id", name="uq_entries_client_id_author_id"),
"""

MUTANTS = (
    # Durable, numbered, idempotent
    Mutant(
        "oldest-are-counted",
        "what was said last is counted among what is unread",
        (Edit("storage/rooms.py", "after.order_by(entries.c.seq.desc())", "after.order_by(entries.c.seq)"),),
        ("tests/storage/test_rooms.py",),
    ),
    Mutant(
        "beyond-is-nothing",
        "nobody is told that nothing is unread where not all was looked at",
        (Edit("storage/rooms.py", "return unread if head - mark <= MAX_COUNTED else max(unread, 1)", "return unread"),),
        ("tests/storage/test_rooms.py",),
    ),
    Mutant(
        "answer-before-commit",
        "acknowledged means durable",
        (
            Edit(
                "storage/committer.py",
                "        try:\n            committed = loop.run_in_executor(",
                "        for work, answer in batch:\n            _resolve(answer, None)\n"
                "        try:\n            committed = loop.run_in_executor(",
            ),
        ),
        (COMMITTER,),
    ),
    Mutant(
        "tell-before-commit",
        "nothing is announced before the commit",
        (
            Edit(
                "storage/committer.py",
                "                    outcomes.append(_run(tx, group))\n"
                "        if tx.erases:\n            self._database.holds_erased = True\n"
                "        self._database.check_files()  # what was committed may be in a file that nobody finds any more\n"
                "        return outcomes, tx.entries\n",
                "                    outcomes.append(_run(tx, group))\n"
                "            self._on_commit(tx.entries)\n        return outcomes, []\n",
            ),
        ),
        (COMMITTER,),
    ),
    Mutant(
        "sweep-before-telling",
        "the sweep tells readers of nothing that the roster has not heard of",
        (Edit("storage/committer.py", "        if self._committing is not None:\n", "        if False:\n"),),
        (TOLD_FIRST,),
    ),
    Mutant(
        "ask-the-disk-alone",
        "so it is in the house as it is served",
        (Edit("app.py", "lambda logs: self.committer.announced(self._heads.of(logs))", "self._heads.of"),),
        (TOLD_FIRST,),
    ),
    Mutant(
        "fail-together",
        "one author's error stays theirs",
        (
            Edit(
                "storage/committer.py",
                "                if kind in failures.OF_ALL:\n                    raise",
                "                if True:\n                    raise",
            ),
        ),
        (COMMITTER,),
    ),
    Mutant(
        "keep-refused-entries",
        "of a refused change nothing remains",
        (Edit("storage/committer.py", "        del tx.entries[kept:]\n", ""),),
        (COMMITTER,),
    ),
    Mutant(
        "drop-unique-index",
        "(author, client_id) is unique in the database",
        (
            Edit("storage/tables.py", '    UniqueConstraint("client_id", "author_id"),', ""),
            Edit("storage/migrations/versions/0001_first.py", UNIQUE, ""),
        ),
        (LOG,),
    ),
    Mutant(
        "forget-repeats",
        "sending again returns the first answer, for ever",
        (Edit("storage/log.py", "    with_such_ids = ", "    return {}\n    with_such_ids = "),),
        (LOG,),
    ),
    Mutant(
        "double-in-batch",
        "of two copies in one batch the first one counts",
        (Edit("storage/posts.py", "        if key in known or key in fresh:\n", "        if key in known:\n"),),
        (LOG,),
    ),
    # The only writer does what only it can do
    Mutant(
        "count-in-the-writer",
        "what is unread is counted after the commit, not in the writer's transaction",
        (
            Edit(
                "rooms.py",
                "        return await self._database.read(rooms.standing, user.id, room)\n",
                "        return await self._committer.run(lambda tx: rooms.standing(tx.connection, user.id, room))\n",
            ),
        ),
        (ROOMS,),
    ),
    Mutant(
        "join-again-in-the-writer",
        "a member who joins again asks nothing of the writer",
        (
            Edit(
                "rooms.py",
                "        if self._roster.seat(user.id, room) is not None:\n            return await self._standing(user, room)\n\n",
                "",
            ),
        ),
        (ROOMS,),
    ),
    # Whom a text names is known when it is written, and erased with the text
    Mutant(
        "look-at-all-calls",
        "what a text costs is bounded, however many it calls",
        (Edit("mentions.py", "islice(_calls(text), MAX_CALLS)", "_calls(text)"),),
        (MENTIONS_UNIT,),
    ),
    Mutant(
        "names-of-any-length",
        "what stands after an at sign is looked at as far as a name reaches",
        (Edit("mentions.py", "min(len(folded), MAX_KEY_CHARS)", "len(folded)"),),
        (MENTIONS_UNIT,),
    ),
    Mutant(
        "names-within-words",
        "a name ends where a word does",
        (Edit("mentions.py", "    return not (_in_word(last) and _in_word(following))\n", "    return True\n"),),
        (MENTIONS_UNIT,),
    ),
    Mutant(
        "names-before-marks",
        "a name does not end before a vowel sign",
        (Edit("mentions.py", 'if last == " " or (following and category(following)[0] == "M"):', 'if last == " ":'),),
        (MENTIONS_UNIT,),
    ),
    Mutant(
        "addresses-name-people",
        "an e-mail address names nobody",
        (Edit("mentions.py", "        if not _in_word(before) and not", "        if not"),),
        (MENTIONS_UNIT,),
    ),
    Mutant(
        "the-shortest-name",
        "of all names that fit the longest is meant",
        (Edit("storage/mentions.py", "for name in names if name in found)", "for name in reversed(names) if name in found)"),),
        (MENTIONS,),
    ),
    Mutant(
        "accents-make-no-names",
        "of two who differ by accents the one who is spelt so is meant",
        (
            Edit(
                "storage/mentions.py", "dict.fromkeys(exact or [user for user, _ in fitting])", "dict.fromkeys(user for user, _ in fitting)"
            ),
        ),
        (MENTIONS,),
    ),
    Mutant(
        "strangers-are-named",
        "only members of a room are named in it",
        (
            Edit(
                "storage/mentions.py",
                'members.c.room_id == bindparam("room", type_=BigInteger())',
                'bindparam("room", type_=BigInteger()) > 0',
            ),
        ),
        (MENTIONS,),
    ),
    Mutant(
        "told-of-ones-own-words",
        "nobody is told of their own words",
        (Edit("storage/mentions.py", " for user in named if user != author]", " for user in named]"),),
        (MENTIONS,),
    ),
    Mutant(
        "keep-mentions-of-the-removed",
        "nothing of a removed text stays",
        (Edit("storage/history.py", "    mentions.note_again(tx, room, seq, ())\n", ""),),
        (MENTIONS,),
    ),
    Mutant(
        "name-by-the-old-text",
        "an edited message names whom it names now",
        (Edit("storage/history.py", "    mentions.note_again(tx, room, seq, named)\n", ""),),
        (MENTIONS,),
    ),
    Mutant(
        "mentions-that-were-read",
        "a mention counts until it is read",
        (Edit("storage/rooms.py", ", mentions.c.seq > members.c.read_seq)", ")"),),
        (MENTIONS,),
    ),
    Mutant(
        "former-members-are-told-whom-edits-named",
        "who left learns nothing of what was edited since",
        (Edit("storage/log.py", 'text, named = ("", ()) if is_withheld', 'text, named = ("", unpacked_ids(row.mentions)) if is_withheld'),),
        ("tests/storage/test_former_members.py",),
    ),
    Mutant(
        "unread-by-the-square",
        "counting what is unread asks each message once whether it was removed",
        (
            Edit(
                "storage/tables.py",
                "literal_column(\"'removed'\")",
                "literal_column(\"'removed' || substr(message_seq, 1, 0)\")",
            ),
        ),
        ("tests/unit/test_unread_cost.py",),
    ),
    Mutant(
        "removed-and-unread",
        "what was removed is not unread",
        (Edit("storage/rooms.py", ", not_(is_gone)", ""),),
        ("tests/storage/test_rooms.py",),
    ),
    Mutant(
        "fill-no-calls",
        "an older database learns whom its last messages call",
        (Edit("storage/migrations/versions/0011_calls.py", "        _fill(room, head - LOOK_BACK)\n", "        del head\n"),),
        ("tests/storage/test_migrations.py",),
    ),
    Mutant(
        "count-what-is-no-message",
        "what is unread are messages by others",
        (Edit("storage/rooms.py", 'said.c.kind == "posted", said.c.author_id', "said.c.author_id"),),
        (ROOMS,),
    ),
)
