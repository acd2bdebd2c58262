"""Once and in order, to whoever may read it."""

from tests.mutants.mutant import Edit, Mutant

STORIES = "tests/delivery/test_stories.py"
RETURNS = "tests/delivery/test_returns.py"
WORLDS = "tests/delivery/test_hostile_worlds.py"
SLICES = "tests/delivery/test_slices.py"
FORMER = "tests/delivery/test_former_members.py"
TURNS = "tests/delivery/test_turns.py"
READING = "tests/storage/test_former_members.py"
RESUME = "tests/gateways/connection/test_resume.py"
MACHINE = "tests/faults/test_state_machine.py"
NTH_CALL = "tests/faults/test_nth_call.py"

MUTANTS = (
    # Once and in order
    Mutant(
        "admit-any-later",
        "only the next number may be written live",
        (Edit("delivery/cursor.py", "return seq == self.seen + 1", "return seq > self.seen"),),
        (STORIES,),
    ),
    Mutant(
        "admit-any",
        "a repeated packet is written once",
        (Edit("delivery/cursor.py", "return seq == self.seen + 1", "return True"),),
        (STORIES,),
    ),
    Mutant(
        "no-sweep",
        "a lost last packet is found by the sweep",
        (Edit("delivery/hub.py", "        await self._compare_heads(list(self.channels))\n", ""),),
        (STORIES,),
    ),
    Mutant(
        "fall-behind-too-far-on",
        "who falls behind misses nothing of what was queued",
        (Edit("delivery/channel.py", "fall_behind(self, self.position.seen)", "fall_behind(self, self.heard.seen)"),),
        (STORIES,),
    ),
    Mutant(
        "live-too-soon",
        "who is behind is not live before they meet the position",
        (
            Edit(
                "delivery/subscriber.py",
                "is cursor and cursor.seen == channel.position.seen:",
                "is cursor:",
            ),
        ),
        (STORIES, WORLDS),
    ),
    # Slow
    Mutant(
        "write-while-congested",
        "a congested reader is not written live",
        (
            Edit(
                "delivery/channel.py",
                "            if outlet.congested:\n                congested.append(subscriber)\n                continue\n",
                "",
            ),
        ),
        (STORIES,),
    ),
    Mutant(
        "catch-up-while-congested",
        "a congested reader is not written from the log",
        (Edit("delivery/subscriber.py", "            if self.outlet.congested or self.closed:\n", "            if self.closed:\n"),),
        (STORIES, WORLDS),
    ),
    # In slices
    Mutant(
        "enter-past-a-slice",
        "who becomes live while a run is written is written it as well",
        (
            Edit(
                "delivery/channel.py",
                "        self.live.add(subscriber)\n        if self.writing is not None:\n            self.writing.left.add(subscriber)\n",
                "        self.live.add(subscriber)\n",
            ),
        ),
        (SLICES, WORLDS),
    ),
    Mutant(
        "write-who-parted",
        "who goes between two slices is written no more",
        (Edit("delivery/channel.py", "            self.writing.left.discard(subscriber)\n", "            pass\n"),),
        (SLICES,),
    ),
    Mutant(
        "forget-the-slice",
        "who was written a run stands behind it",
        (Edit("delivery/channel.py", "            return self.writing.run[-1].seq\n", "            pass\n"),),
        (SLICES,),
    ),
    Mutant(
        "advance-with-the-first-slice",
        "a position moves when everyone live was written",
        (Edit("delivery/channel.py", "            if not writing.left:\n", "            if True:\n"),),
        (SLICES, WORLDS),
    ),
    Mutant(
        "write-large-rooms-whole",
        "each turn of the loop has its share of writes",
        (Edit("delivery/channel.py", "        if len(writing.left) <= most:\n", "        if True:\n"),),
        (SLICES,),
    ),
    # Leaving and coming back
    Mutant(
        "read-past-leaving",
        "nothing is written past one's own `left`",
        (Edit("delivery/subscriber.py", "if last.closes_for == self.user.id:", "if False:"),),
        (RETURNS,),
    ),
    Mutant(
        "write-on-past-leaving",
        "a write ends at a leaving",
        (Edit("delivery/frames.py", "if weight >= max_weight or frame.closes_for is not None or", "if weight >= max_weight or"),),
        (RETURNS,),
    ),
    Mutant(
        "resume-before-membership",
        "nothing from before the membership is replayed",
        (Edit("gateways/connection.py", "if seen is not None and seen < since - 1:", "if False:"),),
        (RESUME,),
    ),
    Mutant(
        "resume-where-one-left",
        "a room that was left is not followed",
        (
            Edit(
                "gateways/connection.py",
                "        rooms, cursors = self._rooms(), dict(hello.cursors)\n",
                "        rooms, cursors = dict.fromkeys(hello.cursors, 1), dict(hello.cursors)\n",
            ),
        ),
        (RESUME,),
    ),
    Mutant(
        "keep-what-a-room-was-called",
        "an erased name of a room is told to nobody who reads later",
        (Edit("delivery/frames.py", "        if isinstance(frame.entry.fact, Added):\n            return\n", ""),),
        ("tests/unit/test_frames.py",),
    ),
    Mutant(
        "leave-the-tail-as-it-was",
        "a removed text is told to nobody who reads later",
        (Edit("delivery/frames.py", "isinstance(frame.entry.fact, Removed | Added):", "isinstance(frame.entry.fact, Added):"),),
        (RETURNS,),
    ),
    # Former members
    Mutant(
        "follow-without-asking",
        "a reader becomes live, jumps and is read to only as a member",
        (
            Edit(
                "delivery/subscriber.py",
                "return channel.log == self.inbox or self._hub.member_since(self.user.id, channel.log) == self._since(channel)",
                "return True",
            ),
            Edit("delivery/subscriber.py", "if self._hub.member_since(self.user.id, log) == since:", "if True:"),
        ),
        (WORLDS,),
    ),
    Mutant(
        "jump-without-asking",
        "no jump crosses one's own `left`",
        (
            Edit(
                "delivery/subscriber.py", "        if not self.is_member(channel):\n            self._end(channel)\n", "        if False:\n"
            ),
        ),
        (FORMER,),
    ),
    Mutant(
        "open-by-an-old-added",
        "an old `added` is history, not a ticket",
        (Edit("delivery/subscriber.py", "if self._hub.member_since(self.user.id, log) == since:", "if True:"),),
        (FORMER,),
    ),
    Mutant(
        "read-on-under-a-later-added",
        "a membership that is over ends when a later one is told of",
        (Edit("delivery/subscriber.py", "elif channel is not None and followed < since:", "elif False:"),),
        (FORMER, WORLDS),
    ),
    Mutant(
        "live-before-the-joining",
        "a server that lags behind a joining shows nothing from before it",
        (Edit("delivery/subscriber.py", "max(cursor.seen, cursor.since) > channel", "cursor.seen > channel"),),
        (FORMER,),
    ),
    Mutant(
        "fill-a-gap-with-edits",
        "a gap that is read for all shows former members no edits",
        (Edit("delivery/hub.py", " or any(shows_edits(entry) for entry in entries):", ":"),),
        (FORMER,),
    ),
    Mutant(
        "stuck-at-what-was-trimmed",
        "what was trimmed unheard stops nobody",
        (Edit("delivery/hub.py", "if first > channel.heard.seen + 1 or ", "if "),),
        (FORMER,),
    ),
    Mutant(
        "read-as-anybody",
        "membership is asked for where a log is read",
        (Edit("storage/log.py", '    if _find_since.all(connection, {"user": user_id, "room": room}) == [(since,)]:\n', "    if True:\n"),),
        (READING,),
    ),
    Mutant(
        "read-past-an-earlier-leaving",
        "a membership that ended before the cursor reads nothing",
        (Edit("storage/log.py", 'if not ends or ends[0][0] != "left":', "if not ends:"),),
        (READING,),
    ),
    Mutant(
        "tell-former-members-what-was-edited",
        "a former member is not told texts that were edited",
        (Edit("storage/log.py", "limit(limit), withhold_edited=True), False)", "limit(limit)), False)"),),
        (READING,),
    ),
    Mutant(
        "tell-former-members-what-rooms-are-called-now",
        "an old `added` does not tell what a private room is called now",
        (Edit("storage/log.py", "(inbox, room.id) not in inside:", "False:"),),
        (READING,),
    ),
    # State plus events is fresh state
    Mutant(
        "quotes-stay",
        "a quote of what was removed is empty, on the page as well",
        (Edit("web/timeline.js", "      requote(draft, room, fact.message, '');\n", ""),),
        (MACHINE,),
    ),
    Mutant(
        "count-ones-own",
        "one's own messages are not unread",
        (Edit("web/unread.js", " && !isYours(draft, message.by.id)) {", ") {"),),
        (MACHINE,),
    ),
    Mutant(
        "page-counts-the-removed",
        "what was removed is not unread in the page either",
        (Edit("web/unread.js", "  if (message > room.read) room.unread = Math.max(0, room.unread - 1);\n", ""),),
        (MACHINE,),
    ),
    Mutant(
        "page-names-by-old-pages",
        "who is named is read off the window, not off a page that came late",
        (
            Edit(
                "web/fold.js",
                "  for (const { seq } of event.page.messages) {\n    const message = room.messages[indexOf(room.messages, seq)];\n",
                "  for (const message of event.page.messages) {\n",
            ),
        ),
        ("tests/page/test_page.py::test_in_node[fold_random]",),
    ),
    Mutant(
        "page-ends-the-stream",
        "what came while a page was on its way is applied to it",
        (Edit("web/timeline.js", "  for (const entry of room.recent) if (entry.seq > page.head) show(draft, room, entry, isNew);\n", ""),),
        (MACHINE,),
    ),
    Mutant(
        "reactions-outlive",
        "a removal takes the reactions with it",
        (
            Edit(
                "storage/history.py",
                "    reactions.erase(tx, room, seq)\n",
                "",
            ),
        ),
        ("tests/storage/test_history.py",),
    ),
    Mutant(
        "read-and-tell-nobody-how-many",
        "a read mark tells how many are unread after it",
        (Edit("storage/rooms.py", "Read(room, mark, unread, head)", "Read(room, mark, 0, head)"),),
        (MACHINE,),
    ),
    Mutant(
        "read-the-old-snapshot",
        "after rows that could not be fetched a connection reads what is so now",
        (Edit("storage/prepared.py", "            cursor.close()  # or, as long as", "            pass  # or, as long as"),),
        (NTH_CALL,),
    ),
    Mutant(
        "leave-a-cycle",
        "a socket that is gone leaves nothing for the garbage collector",
        (Edit("gateways/websocket.py", "        self._protocol.parser_exc = self._protocol.handshake_exc = None\n", ""),),
        ("tests/gateways/test_garbage.py",),
    ),
    # Reading up in turn
    Mutant(
        "pages-without-a-share",
        "those who are behind hold up nobody: a turn of the loop writes no more pages than its share",
        (Edit("delivery/subscriber.py", "        await self._hub.turns.share()\n", ""),),
        (TURNS,),
    ),
    Mutant(
        "pages-first-come",
        "nobody reads up before others by having more connections",
        (Edit("delivery/turns.py", "self._lines.setdefault(user, deque())", "self._lines.setdefault(0, deque())"),),
        (TURNS,),
    ),
    Mutant(
        "place-taken-along",
        "who is cut off while a page waits gives its place back",
        (
            Edit(
                "delivery/turns.py",
                "            if not turn.cancelled():  # it was given a place, and does not take it\n                self.end()\n",
                "",
            ),
        ),
        (TURNS,),
    ),
    Mutant(
        "nothing-new-is-trimmed",
        "who reads a page of nothing stands where the page ended",
        (
            Edit(
                "delivery/subscriber.py",
                "        if is_member and not frames and cursor.seen == upto:\n            return False, True\n",
                "",
            ),
        ),
        (TURNS,),
    ),
    Mutant(
        "pages-of-any-size",
        "a page of the log is bounded in characters",
        (Edit("storage/rows.py", "(kept and max_chars is not None and chars > max_chars)", "False"),),
        ("tests/storage/test_log.py", "tests/storage/test_history.py"),
    ),
    Mutant(
        "letters-weigh-one",
        "a write is bounded in bytes, whatever the script",
        (Edit("delivery/frames.py", "(len(fact.text) if fact.text.isascii() else len(fact.text.encode()))", "len(fact.text)"),),
        ("tests/unit/test_frames.py",),
    ),
    Mutant(
        "repeats-cut-short",
        "what was said before is found, however long it is",
        (Edit("storage/log.py", "for author, _ in wanted})), whole=True)", "for author, _ in wanted})))"),),
        ("tests/storage/test_log.py",),
    ),
)
