"""Search."""

from tests.mutants.mutant import Edit, Mutant

SEARCH = "tests/storage/test_search.py"

MUTANTS = (
    # Search
    Mutant(
        "search-from-outside",
        "who is not in a room searches nothing there",
        (
            Edit(
                "storage/search/find.py",
                "        rooms.head_for(connection, user_id, room)\n        places = [room]\n",
                "        places = [room]\n",
            ),
        ),
        (SEARCH,),
    ),
    Mutant(
        "search-what-is-indexed-alone",
        "a message is found from its acknowledgement on",
        (Edit("storage/search/find.py", "        yield from self._read(room, and_(*fresh))\n", ""),),
        (SEARCH,),
    ),
    Mutant(
        "index-the-removed",
        "a removed message leaves nothing in the index",
        (Edit("storage/history.py", "    index.replace(tx, room, seq, None)\n", ""),),
        (SEARCH,),
    ),
    Mutant(
        "index-what-was-prepared",
        "an edit while a batch is prepared is indexed",
        (Edit("storage/search/index.py", "        if _changed_since(tx.connection, part):", "        if False:"),),
        (SEARCH,),
    ),
)
