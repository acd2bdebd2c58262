"""Durable, numbered, idempotent."""

from tests.mutants.mutant import Edit, Mutant

LOG = "tests/storage/test_log.py"
ROOMS = "tests/storage/test_rooms.py"
MENTIONS = "tests/storage/test_mentions.py"
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
    # Whom a text calls is noted small, read within bounds, and erased with the text
    Mutant(
        "note-all-calls",
        "what is noted of a text is small, however many it calls",
        (Edit("storage/mentions.py", "islice(_CALL.finditer(text), MAX_CALLS)", "islice(_CALL.finditer(text), None)"),),
        (MENTIONS,),
    ),
    Mutant(
        "keep-calls-of-the-removed",
        "nothing of a removed text stays",
        (Edit("storage/history.py", '    mentions.note_again(tx, room, seq, "")\n', ""),),
        (MENTIONS,),
    ),
    Mutant(
        "call-by-the-old-text",
        "an edited message calls whom it calls now",
        (Edit("storage/history.py", "    mentions.note_again(tx, room, seq, text)\n", ""),),
        (MENTIONS,),
    ),
    Mutant(
        "look-at-every-call",
        "a room's calls are looked at within bounds",
        (Edit("storage/mentions.py", 'newest.limit(bindparam("most", type_=Integer()))', "newest"),),
        (MENTIONS,),
    ),
    Mutant(
        "every-room-its-hundred",
        "all rooms together have a bound too",
        (Edit("storage/mentions.py", "min(MAX_TRIED, MAX_TRIED_IN_ALL // max(1, len(marks)))", "MAX_TRIED"),),
        (MENTIONS,),
    ),
    Mutant(
        "count-mentions-in-all-rooms",
        "who asks about one room is counted that room",
        (Edit("storage/rooms.py", "last_mentions(connection, user_id, only)", "last_mentions(connection, user_id)"),),
        (MENTIONS,),
    ),
    Mutant(
        "call-from-long-ago",
        "a name called longer ago than the look-back is history",
        (Edit("storage/mentions.py", "case((members.c.read_seq > horizon, members.c.read_seq), else_=horizon)", "members.c.read_seq + 0"),),
        (MENTIONS,),
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
