"""Ways to break a promise on purpose, each with the tests that must notice. `bin/break` tries them.

A mutant is exact text and what stands there instead. When the text is gone the mutant is mended together with the code.
"""

from dataclasses import dataclass

STORIES = "tests/delivery/test_stories.py"
RETURNS = "tests/delivery/test_returns.py"
WORLDS = "tests/delivery/test_hostile_worlds.py"
SLICES = "tests/delivery/test_slices.py"
LOG = "tests/storage/test_log.py"
COMMITTER = "tests/storage/test_committer.py"
HISTORY = "tests/storage/test_history.py"
RESUME = "tests/gateways/connection/test_resume.py"
AUTH = "tests/unit/test_auth.py"
SEARCH = "tests/storage/test_search.py"
TOKENS = "tests/unit/test_tokens.py"
STREAM = "tests/gateways/stream/test_stream.py"
CLOCK = "tests/faults/test_clock.py"
MACHINE = "tests/faults/test_state_machine.py"
HALF_OPEN = "tests/faults/test_half_open.py"
FULL_DISK = "tests/faults/test_full_disk.py"
NETWORK = "tests/faults/test_network.py"
NTH_CALL = "tests/faults/test_nth_call.py"
STORM = "tests/faults/test_storm.py"
REPLIES = "tests/unit/test_replies.py"
ENDPOINT = "tests/unit/bots/test_endpoint.py"
DEFLATE = "tests/unit/test_deflate.py"
COMPRESSION = "tests/gateways/test_compression.py"
THINKER = "tests/unit/bots/test_thinker.py"
THOUGHTS = "tests/unit/bots/test_thoughts.py"
PROMPT = "tests/unit/bots/test_prompt.py"


@dataclass(frozen=True)
class Edit:
    """In `file`, below `src/teahouse`, `old` stands exactly once."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Mutant:
    """`promise` is what is broken by `edits`; one of `tests` must fail."""

    name: str
    promise: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]


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
                "                    outcomes.append(_run(tx, group))\n        return outcomes, tx.entries\n",
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
                "        rooms = self._house.chat.since(self.identity.user)\n",
                "        rooms = dict.fromkeys(hello.cursors, 1)\n",
            ),
        ),
        (RESUME,),
    ),
    Mutant(
        "resume-another-epoch",
        "an old cursor cannot lie",
        (Edit("gateways/connection.py", "if hello.epoch == house.epoch and seen is not None:", "if seen is not None:"),),
        (RESUME,),
    ),
    Mutant(
        "leave-the-tail-as-it-was",
        "a removed text is told to nobody who reads later",
        (Edit("delivery/frames.py", " or isinstance(frame.entry.fact, Removed):", ":"),),
        (RETURNS,),
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
        (Edit("web/unread.js", " && (!you || message.by.id !== you.id)) {", ") {"),),
        (MACHINE,),
    ),
    Mutant(
        "page-ends-the-stream",
        "what came while a page was on its way is applied to it",
        (Edit("web/timeline.js", "  for (const entry of room.recent) if (entry.seq > page.head) show(draft, room, entry);\n", ""),),
        (MACHINE,),
    ),
    Mutant(
        "reactions-outlive",
        "a removal takes the reactions with it",
        (
            Edit(
                "storage/history.py",
                "    tx.connection.execute(delete(reactions).where(reactions.c.room_id == room, reactions.c.message_seq == seq))\n",
                "",
            ),
        ),
        (MACHINE,),
    ),
    Mutant(
        "read-and-tell-nobody-how-many",
        "a read mark tells how many are unread after it",
        (Edit("storage/rooms.py", "Read(room, mark, int(unread or 0), head)", "Read(room, mark, 0, head)"),),
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
    # A clock that jumps
    Mutant(
        "silence-until-the-old-time",
        "a clock that jumps back silences nobody",
        (Edit("delivery/presence.py", "return 0 <= now_ms - at < TYPING_EVERY_MS", "return now_ms - at < TYPING_EVERY_MS"),),
        (CLOCK,),
    ),
    Mutant(
        "wait-for-the-old-time",
        "a clock that jumps back locks nobody out",
        (Edit("throttle.py", "        if now_s < at:  #", "        if False:  #"),),
        (CLOCK,),
    ),
    # Who may what
    Mutant(
        "post-from-outside",
        "membership is checked in the statement that posts",
        (Edit("storage/posts.py", "        if place in outsiders:\n", "        if False:\n"),),
        (LOG,),
    ),
    Mutant(
        "read-from-outside",
        "membership is checked in the statement that reads",
        (
            Edit(
                "storage/history.py",
                "    head = rooms.head_for(connection, user_id, room)\n",
                "    head = log.heads(connection, [room])[room]\n",
            ),
        ),
        (HISTORY,),
    ),
    Mutant(
        "tell-before-roster",
        "whoever hears of an entry may act on it at once",
        (
            Edit(
                "app.py",
                "        for entry in entries:\n            self.roster.apply(entry)\n        self._broker.publish(entries)\n",
                "        self._broker.publish(entries)\n        for entry in entries:\n            self.roster.apply(entry)\n",
            ),
        ),
        ("tests/unit/test_app.py",),
    ),
    Mutant(
        "store-tokens",
        "tokens are stored hashed",
        (Edit("auth.py", "return hashlib.sha256(token.encode()).digest()", "return token.encode()[:32].ljust(32)"),),
        (AUTH,),
    ),
    Mutant(
        "identify-the-ended",
        "a session that ended is nobody's at once",
        (Edit("auth.py", "            if session.identity.session in self._ended:", "            if False:"),),
        (AUTH,),
    ),
    # Faults
    Mutant(
        "one-connection-is-all",
        "an old half-open socket that dies late leaves its successor alone",
        (Edit("delivery/presence.py", "        if connections > 1:\n", "        if False:\n"),),
        (HALF_OPEN,),
    ),
    Mutant(
        "full-disk-in-other-words",
        "a full disk answers `unavailable`",
        (Edit("storage/committer.py", "    if isinstance(error, DBAPIError):\n", "    if False:\n"),),
        (FULL_DISK,),
    ),
    Mutant(
        "resend-is-another",
        "a send whose answer was lost appears exactly once",
        (
            Edit("storage/log.py", "    with_such_ids = ", "    return {}\n    with_such_ids = "),
            Edit("storage/tables.py", '    UniqueConstraint("client_id", "author_id"),', ""),
            Edit("storage/migrations/versions/0001_first.py", UNIQUE, ""),
        ),
        (NETWORK,),
    ),
    Mutant(
        "resume-past-the-cursor",
        "a connection that was torn goes on where it was",
        (
            Edit(
                "gateways/connection.py",
                "            seen = cursors.get(room)\n",
                "            seen = cursors[room] + 1 if room in cursors else None\n",
            ),
        ),
        (NETWORK,),
    ),
    Mutant(
        "keep-the-broken-connection",
        "after a failure that may have left it in any state the connection is not used again",
        (
            Edit(
                "storage/database.py",
                "        if self._write_connection is not None:\n            self._write_connection.invalidate()",
                "        if False:\n            self._write_connection.invalidate()",
            ),
        ),
        (NTH_CALL,),
    ),
    Mutant(
        "fetch-in-other-words",
        "rows that cannot be fetched are trouble of the database like any other",
        (
            Edit(
                "storage/prepared.py",
                "            raise _trouble(connection, self._texts[connection.dialect.name], error) from error\n",
                "            raise\n",
            ),
        ),
        (NTH_CALL,),
    ),
    Mutant(
        "hello-only-once",
        "a hello that was refused may be said again",
        (Edit("gateways/connection.py", "                self.greeted = False  #", "                pass  #"),),
        (NTH_CALL,),
    ),
    Mutant(
        "sweep-wakes-nobody",
        "a catch-up that failed goes on with the next sweep",
        (Edit("delivery/hub.py", "            channel.wake_behind()\n", "            pass\n"),),
        (NTH_CALL,),
    ),
    Mutant(
        "full-says-not-when",
        "above the connection limit newcomers hear when to come back",
        (Edit("gateways/http/server_protocol.py", 'if status == 503 else ""', 'if status == 0 else ""'),),
        (STORM,),
    ),
    Mutant(
        "keep-who-is-gone",
        "what a storm of connections took is given back",
        (Edit("gateways/websocket.py", "        self._siblings.discard(self)\n", ""),),
        (STORM,),
    ),
    # Without a WebSocket
    Mutant(
        "keep-all-for-a-stream",
        "a slow reader costs nothing but itself",
        (Edit("gateways/stream/stream.py", "        self.congested = self._size >= HIGH_WATER\n", "        self.congested = False\n"),),
        (STREAM,),
    ),
    Mutant(
        "forget-the-last-batch",
        "a lost poll costs nothing",
        (
            Edit(
                "gateways/stream/stream.py",
                "        return self._last\n",
                '        last, self._last = self._last, b""\n        return last\n',
            ),
        ),
        (STREAM,),
    ),
    Mutant(
        "listen-to-whom-does-not-read",
        "a client that does not read is not listened to",
        (Edit("gateways/stream/stream.py", "        if self.congested:\n            raise", "        if False:\n            raise"),),
        (STREAM,),
    ),
    # The robot
    Mutant(
        "late-sees-nothing",
        "who becomes live is shown what goes on without a number",
        (Edit("delivery/subscriber.py", "                self._show_ongoing(channel)\n", ""),),
        (RETURNS,),
    ),
    Mutant(
        "anyone-stops",
        "a reply is stopped by who asked and by who manages the room",
        (Edit("replies.py", "        policy.check_stop(user, seat.role, reply.asker)\n", ""),),
        (REPLIES,),
    ),
    Mutant(
        "question-forgotten",
        "a question is read again until it is answered",
        (Edit("bots/thoughts.py", "        self._marks.hold(entry.log, entry.seq)\n", ""),),
        (THOUGHTS,),
    ),
    Mutant(
        "endless-answer",
        "a model's answer is bounded in bytes",
        (Edit("bots/endpoint.py", "            if left < 0:\n", "            if False:\n"),),
        (ENDPOINT,),
    ),
    Mutant(
        "follow-anywhere",
        "the key goes to no other address",
        (Edit("bots/endpoint.py", "timeout=None,", "timeout=None, follow_redirects=True,"),),
        (ENDPOINT,),
    ),
    Mutant(
        "key-in-log",
        "a library's words about a request are not logged",
        (Edit("bots/thinker.py", "words=type(error).__name__", "words=str(error)"),),
        (THINKER,),
    ),
    Mutant(
        "speak-for-another",
        "nobody's text passes for another one's message",
        (Edit("bots/prompt.py", '"\\n  ".join(text.splitlines())', "text"),),
        (PROMPT,),
    ),
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
    # Programs
    Mutant(
        "readers-write",
        "a token for reading changes nothing",
        (Edit("policy.py", 'if TOKEN_ACTIONS[action] == "write" and access.scope == "read":', "if False:"),),
        (TOKENS,),
    ),
    Mutant(
        "use-tickets-twice",
        "a ticket is good once",
        (
            Edit(
                "storage/sessions.py",
                "scalar(delete(tickets).where(good).returning(tickets.c.session_id))",
                "scalar(select(tickets.c.session_id).where(good))",
            ),
        ),
        (TOKENS,),
    ),
    Mutant(
        "keep-a-guests-tokens",
        "a token ends with its person",
        (Edit("auth.py", "            return sessions.end_tokens(tx, user.id)\n", "            return []\n"),),
        (TOKENS,),
    ),
    # Compression
    Mutant(
        "inflate-without-end",
        "a bomb costs no more than the largest message",
        (Edit("gateways/deflate.py", "        raise Refused(TOO_BIG, ", "        Refused(TOO_BIG, "),),
        (DEFLATE,),
    ),
    Mutant(
        "drop-the-rest",
        "what is heard is what was said: nothing follows the end of a compressed message",
        (Edit("gateways/deflate.py", " or (stream.unused_data and stream.unused_data not in _LAST_BLOCK_SENT)", ""),),
        (DEFLATE,),
    ),
    Mutant(
        "any-window",
        "only offers under which bytes are the same for everyone are taken",
        (Edit("gateways/deflate.py", "return value == FULL_WINDOW", "return value in WINDOWS"),),
        (DEFLATE,),
    ),
    Mutant(
        "endless-ratio",
        "who sends little takes little",
        (Edit("gateways/deflate.py", "if self._spare < 0:", "if False:"),),
        (DEFLATE,),
    ),
    Mutant(
        "forget-the-mark",
        "whether a message is compressed says its first fragment",
        (Edit("gateways/websocket.py", "            if not self._fragments:\n", "            if True:\n"),),
        (COMPRESSION,),
    ),
)
