"""Search."""

from tests.mutants.mutant import Edit, Mutant

SEARCH = "tests/storage/test_search.py"
INDEX = "tests/storage/test_search_index.py"
BUDGET = "tests/storage/test_search_budget.py"
WORDS = "tests/storage/test_search_words.py"
TURNS = "tests/unit/test_search_turns.py"

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
        (Edit("storage/search/find.py", "        yield from self._fresh(room, parts[0].last if parts else 0, before)\n", ""),),
        (SEARCH,),
    ),
    Mutant(
        "index-the-removed",
        "a removed message leaves nothing in the index",
        (Edit("storage/history.py", "    index.replace(tx, room, seq, None)\n", ""),),
        (INDEX,),
    ),
    # Slices
    Mutant(
        "index-in-one-commit",
        "no commit writes many rows of the index",
        (Edit("storage/search/writing.py", "part.rows[progress.row : progress.row + rows_left]", "part.rows[progress.row :]"),),
        (INDEX,),
    ),
    Mutant(
        "index-any-text-at-once",
        "a batch is bounded by characters",
        (Edit("storage/search/gathering.py", "        left.chars -= len(row.text)\n", ""),),
        (INDEX,),
    ),
    Mutant(
        "index-any-terms-at-once",
        "a batch is bounded by terms",
        (Edit("storage/search/gathering.py", "            left.rows -= len(places) - known\n", ""),),
        (INDEX,),
    ),
    Mutant(
        "index-all-terms-of-a-message",
        "a message has so many terms, and is looked through where it would have more",
        (Edit("storage/search/terms.py", "*of_text[:MAX_TERMS]}", "*of_text}"),),
        (INDEX,),
    ),
    Mutant(
        "search-no-long-messages",
        "a message of too many terms is found",
        (Edit("storage/search/find.py", "_either(found, long or {})", "found"),),
        (INDEX,),
    ),
    Mutant(
        "index-half-written-counts",
        "what is half written is not taken for an index",
        (
            Edit(
                "storage/search/writing.py",
                "            if is_last:\n                _finish",
                "            if not progress.row:\n                _finish",
            ),
        ),
        (INDEX,),
    ),
    Mutant(
        "index-keep-half-written",
        "what a crash left half written is dropped",
        (
            Edit(
                "storage/search/writing.py",
                "select(search_writing.c.batch, search_writing.c.room_id).where(dead)",
                "select(search_writing.c.batch, search_writing.c.room_id).where(dead).limit(0)",
            ),
        ),
        (INDEX,),
    ),
    Mutant(
        "index-twice-at-once",
        "one server catches up once at a time",
        (Edit("search.py", "        async with self._at_work:", "        if True:"),),
        (INDEX,),
    ),
    Mutant(
        "index-by-who-was-given-up",
        "a writer whose announcement is gone writes no more",
        (Edit("storage/search/writing.py", ".values(at=tx.at)).rowcount else 0", ".values(at=tx.at)).rowcount else batch"),),
        (INDEX,),
    ),
    Mutant(
        "index-what-was-prepared",
        "an edit while a part is written is followed",
        (Edit("storage/search/writing.py", "    note_changed(tx, part.room, tx", "    note_changed(tx, part.room, [] and tx"),),
        (INDEX,),
    ),
    Mutant(
        "index-long-edits-at-once",
        "an edit of a long message changes few rows in its commit",
        (Edit("storage/search/index.py", 'len(old.text) + len(text or "") > MAX_CHARS_AT_ONCE or ', ""),),
        (INDEX,),
    ),
    Mutant(
        "search-as-it-was-indexed",
        "a changed message is looked through until the index has followed",
        (
            Edit(
                "storage/search/find.py",
                "        changed = {seq for seq in self._changed.get(room, ())",
                "        changed = {seq for seq in ()",
            ),
        ),
        (INDEX,),
    ),
    Mutant(
        "index-follows-an-old-text",
        "what is edited while the index follows is followed again",
        (Edit("storage/search/following.py", " or _changed_since(tx.connection, difference):", ":"),),
        (INDEX,),
    ),
    # What a search may cost
    Mutant(
        "search-without-end",
        "a search ends when its time is up",
        (Edit("storage/search/purse.py", " or self.is_hurried or self._is_late", " or self.is_hurried"),),
        (BUDGET,),
    ),
    Mutant(
        "search-without-rest",
        "a search rests as long as it works",
        (Edit("storage/search/purse.py", "            self._rest(min(now_s - self._breathed_at, MAX_S))\n", ""),),
        (BUDGET,),
    ),
    Mutant(
        "search-any-text",
        "a search reads so many characters",
        (Edit("storage/search/purse.py", "        self._chars -= len(text)\n", ""),),
        (BUDGET,),
    ),
    Mutant(
        "search-spends-all-on-the-unsure",
        "texts of which the index does not say all hide none of the others",
        (Edit("storage/search/purse.py", "        return self._unsure_chars > 0 and self._unsure_s > 0\n", "        return True\n"),),
        (BUDGET,),
    ),
    Mutant(
        "search-slow-on-the-unsure",
        "texts of which the index does not say all take a part of the time",
        (Edit("storage/search/purse.py", "            self._unsure_s -= now_s - self._looked_at\n", "            pass\n"),),
        (BUDGET,),
    ),
    Mutant(
        "search-silent-on-the-unsure",
        "a search says that it passed something over, and from where to go on",
        (Edit("storage/search/find.py", "        if self._passed_over:  #", "        if False:  #"),),
        (BUDGET,),
    ),
    Mutant(
        "search-unsure-of-the-sure",
        "a long message is looked through only where its first terms leave it open",
        (Edit("storage/search/find.py", "(seqs - _seqs(sure or {}, firsts)) | changed", "seqs | changed"),),
        (BUDGET,),
    ),
    Mutant(
        "search-one-room-for-all",
        "a room full of long texts does not hide what was said in the others",
        (Edit("storage/search/find.py", "        purse.reserve(len(places) - number - 1)\n", ""),),
        (BUDGET,),
    ),
    Mutant(
        "search-answer-of-any-length",
        "an answer carries so many characters",
        (Edit("storage/search/find.py", "if number == 0 or chars <= MAX_ANSWER_CHARS]", "]"),),
        (BUDGET,),
    ),
    Mutant(
        "search-by-pattern",
        "a phrase is found in time that grows with the text alone",
        (
            Edit(
                "storage/search/phrase.py",
                "            return self.needle in text.plain\n",
                "            return re.search(re.escape(self.needle), text.plain) is not None\n",
            ),
            Edit(
                "storage/search/phrase.py",
                "from collections.abc import Iterator, Sequence\n",
                "import re\nfrom collections.abc import Iterator, Sequence\n",
            ),
        ),
        (WORDS,),
    ),
    Mutant(
        "search-fresh-takes-all",
        "in all rooms, what is not indexed yet leaves half for what is",
        (Edit("storage/search/find.py", "if not (self._goes_on or self._purse.may_read_fresh):", "if False:"),),
        (BUDGET,),
    ),
    Mutant(
        "search-fresh-takes-all-time",
        "in all rooms, what is not indexed yet leaves half of the time for what is",
        (Edit("storage/search/purse.py", " and self._looked_at < until_s", ""),),
        (BUDGET,),
    ),
    Mutant(
        "search-passes-over-fresh",
        "in one room nothing that is not indexed yet is passed over",
        (Edit("storage/search/find.py", "if not (self._goes_on or self._purse.may_read_fresh):", "if not self._purse.may_read_fresh:"),),
        (BUDGET,),
    ),
    # Whose turn it is
    Mutant(
        "search-two-of-one-person",
        "one search of a person works at a time",
        (Edit("search_line.py", " if turn.searcher not in self._working), None)", "), None)"),),
        (TURNS,),
    ),
    Mutant(
        "search-older-first",
        "a newer search lets the older come to its end",
        (Edit("search_line.py", "            working.purse.is_hurried = True\n", "            pass\n"),),
        (TURNS,),
    ),
    Mutant(
        "search-for-nobody",
        "a search ends when its asker is gone",
        (Edit("search.py", "            turn.purse.is_hurried = True\n            raise", "            raise"),),
        (TURNS, "tests/gateways/connection/test_searching.py"),
    ),
    Mutant(
        "search-place-given-on-early",
        "a place is free when the work in it has stopped",
        (Edit("search.py", "await asyncio.shield(task)", "await task"),),
        (TURNS,),
    ),
    Mutant(
        "search-crowd",
        "so many searches wait in the whole house",
        (Edit("search_line.py", ">= MAX_WAITING:", ">= 10**9:"),),
        (TURNS,),
    ),
    Mutant(
        "search-first-come",
        "who comes when the line is full takes a place of the largest network",
        (Edit("search_line.py", "        if len(largest) <= len(self._lines.get(network, ())) + 1:\n", "        if True:\n"),),
        (TURNS,),
    ),
    Mutant(
        "search-last-come",
        "nobody gives way to a network that has as many",
        (Edit("search_line.py", "        if len(largest) <= len(self._lines.get(network, ())) + 1:\n", "        if not largest:\n"),),
        (TURNS,),
    ),
    Mutant(
        "search-one-network-first",
        "the networks take turns",
        (Edit("search_line.py", "            self._lines.move_to_end(turn.network)\n", ""),),
        (TURNS,),
    ),
    Mutant(
        "search-waits-to-be-unwanted",
        "a search that has not begun is answered when a newer one comes",
        (Edit("search_line.py", '        self._leave(searcher, "is not wanted")\n\n    def end', "\n    def end"),),
        (TURNS,),
    ),
    Mutant(
        "search-gone-in-line",
        "who goes before their turn leaves the line",
        (Edit("search.py", "            self._line.end(turn)\n            raise", "            raise"),),
        (TURNS,),
    ),
    Mutant(
        "search-behind-a-search",
        "a search that waits in line lets the one before it end",
        (Edit("gateways/connection.py", "        if isinstance(command, wire.Search):\n", "        if False:\n"),),
        ("tests/gateways/connection/test_searching.py",),
    ),
    Mutant(
        "search-for-a-closed-request",
        "a search over REST ends when the connection closes",
        (Edit("gateways/http/waiting.py", "        watch.cancel()\n        task.cancel()\n", "        watch.cancel()\n"),),
        ("tests/unit/test_waiting.py",),
    ),
)
