"""Durable, numbered, idempotent."""

from tests.mutants.mutant import Edit, Mutant

LOG = "tests/storage/test_log.py"
ROOMS = "tests/storage/test_rooms.py"
COMMITTER = "tests/storage/test_committer.py"
UNIQUE = """        sa.UniqueConstraint("client_id", "author_id", name="uq_entries_client_id_author_id"),
"""

MUTANTS = (
    # Durable, numbered, idempotent
    Mutant(
        "answer-before-commit",
        "acknowledged means durable",
        (
            Edit(
                "storage/committer.py",
                "        committed = loop.run_in_executor(",
                "        for work, answer in batch:\n            _resolve(answer, None)\n        committed = loop.run_in_executor(",
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
                "        if tx.erases:\n            self._database.holds_erased = True\n        return outcomes, tx.entries\n",
                "                    outcomes.append(_run(tx, group))\n"
                "            self._on_commit(tx.entries)\n        return outcomes, []\n",
            ),
        ),
        (COMMITTER,),
    ),
    Mutant(
        "fail-together",
        "one author's error stays theirs",
        (
            Edit(
                "storage/committer.py",
                "        except Exception:\n            self._database.forget_write_connection()\n",
                "        except Exception as error:\n            self._database.forget_write_connection()\n"
                "            return [_in_words(error)] * len(batch), []\n",
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
)
