"""What a stranger sizes has a bound, before any work is done with it."""

from tests.mutants.mutant import Edit, Mutant

TEXT = "tests/unit/test_text.py"
POLICY = "tests/unit/test_policy.py"
BOUNDS = "tests/contract/test_bounds.py"
CONNECTION = "tests/gateways/connection/test_connection.py"
HELLOS = "tests/gateways/connection/test_hellos.py"
CROWDS = "tests/unit/test_crowds.py"

MUTANTS = (
    Mutant(
        "say-hello-without-end",
        "who says hello over and over waits",
        (Edit("gateways/connection.py", "        if not self.greeted:  # a hello costs", "        if False:  # a hello costs"),),
        (HELLOS,),
    ),
    Mutant(
        "one-hello-for-all",
        "one person's hellos keep nobody else out",
        (Edit("gateways/connection.py", "self._house.hellos.check(self.identity.payer,", "self._house.hellos.check(0,"),),
        (HELLOS,),
    ),
    Mutant(
        "an-office-is-one-person",
        "the people of an office fit while there is room",
        (
            Edit("gateways/crowds.py", "        self._people[address] += not has\n", ""),
            Edit("gateways/crowds.py", "        self._further[address] += has >= OWN\n", "        self._further[address] += 1\n"),
            Edit("gateways/crowds.py", "        if not has:\n", "        if False:\n"),
            Edit("gateways/crowds.py", "is_full = has >= OWN and ", "is_full = "),
        ),
        (CROWDS,),
    ),
    Mutant(
        "people-of-an-address-without-end",
        "one address has not all places of the house",
        (Edit("gateways/crowds.py", " if self._people[address] >= self.people else", " if False else"),),
        (CROWDS,),
    ),
    Mutant(
        "further-sockets-without-end",
        "guests of one address open no sockets without end",
        (Edit("gateways/crowds.py", "has >= OWN and self._further[address] >= self._sockets", "False"),),
        (CROWDS,),
    ),
    Mutant(
        "phones-are-further",
        "a person's page and phone fit whatever colleagues have open",
        (Edit("gateways/crowds.py", "OWN = 2", "OWN = 1"),),
        (CROWDS,),
    ),
    Mutant(
        "refuse-without-a-word",
        "whoever runs the house is told that people cannot come in",
        (Edit("gateways/connections.py", "        if now_s - self._told_at >= TELL_EVERY_S:\n", "        if False:\n"),),
        (CROWDS,),
    ),
    Mutant(
        "marks-without-bound",
        "no text piles up marks",
        (
            Edit("policy.py", "    if not is_crowded(text):\n        text = normalize", "    if True:\n        text = normalize"),
            Edit("policy.py", "        if not is_crowded(text):  # some", "        if True:  # some"),
        ),
        (POLICY,),
    ),
    Mutant(
        "marks-that-become-two",
        "marks are counted as they are composed too",
        (Edit("policy.py", "        if not is_crowded(text):  # some", "        if True:  # some"),),
        (POLICY,),
    ),
    Mutant(
        "voicing-is-no-mark",
        "letters that become marks count as marks",
        (Edit("text.py", "combining(character) > 0 or character in _VOICED", "combining(character) > 0"),),
        (TEXT,),
    ),
    Mutant(
        "size-after-work",
        "what is too long is refused before anything is done with it",
        (Edit("policy.py", "    check_size(text, max_bytes)\n    text = _composed", "    text = _composed"),),
        (POLICY,),
    ),
    Mutant(
        "name-size-after-work",
        "what is too long is refused before anything is done with it",
        (Edit("policy.py", "    if len(text) > MOST_TYPED * max_chars:\n", "    if False:\n"),),
        (POLICY,),
    ),
    Mutant(
        "pace-after-work",
        "a text is looked into only in its turn",
        (
            Edit(
                "chat.py",
                '        self._keep_pace(user, "messages")\n        text = policy.check_text(text, self._max_text_bytes)\n\n',
                '        text = policy.check_text(text, self._max_text_bytes)\n        self._keep_pace(user, "messages")\n\n',
            ),
        ),
        ("tests/unit/test_chat.py",),
    ),
    Mutant(
        "queries-are-kept",
        "what people look for is not kept",
        (Edit("policy.py", "    return search_key(query)\n", "    return _search_keys[query]\n"),),
        (POLICY,),
    ),
    Mutant(
        "names-kept-without-bound",
        "caches are bounded in bytes",
        (Edit("policy.py", "        if self.size > MAX_KEPT_BYTES:\n", "        if False:\n"),),
        (POLICY,),
    ),
    Mutant(
        "query-without-length",
        "every field that a client sends is bounded",
        (Edit("wire_fields.py", "PartOfName = Annotated[str, Meta(max_length=200)]", "PartOfName = str"),),
        (BOUNDS,),
    ),
    Mutant(
        "cursors-without-length",
        "every field that a client sends is bounded",
        (Edit("wire_fields.py", "Cursors = Annotated[dict[Id, Seq], Meta(max_length=10_000)]", "Cursors = dict[Id, Seq]"),),
        (BOUNDS,),
    ),
    Mutant(
        "epoch-in-query-without-length",
        "every text in an address is bounded",
        (
            Edit(
                "gateways/http/identity.py",
                "EpochInQuery: TypeAlias = Annotated[str | None, QueryParameter(max_length=64)]",
                "EpochInQuery: TypeAlias = str | None",
            ),
        ),
        (BOUNDS,),
    ),
    Mutant(
        "queue-without-bytes",
        "what one connection says and has to wait is bounded in bytes",
        (Edit("gateways/connection.py", " or self._queued_bytes + size > MAX_QUEUED_BYTES:", ":"),),
        (CONNECTION,),
    ),
    Mutant(
        "queue-forgets-to-count-down",
        "what was carried out waits no more",
        (Edit("gateways/connection.py", "                self._queued_bytes -= size\n", ""),),
        (CONNECTION,),
    ),
    Mutant(
        "two-hundred-in-one-turn",
        "between two commands everybody else gets a turn",
        (
            Edit(
                "gateways/connection.py",
                "                    await asyncio.sleep(0)  # what reads memory",
                "                    pass  # what reads memory",
            ),
        ),
        (CONNECTION,),
    ),
    Mutant(
        "refusals-repeat-what-was-sent",
        "a refusal is short",
        (Edit("strict_json.py", "words if len(words) <= MAX_WORDS else", "words if words else"),),
        ("tests/unit/test_strict_json.py",),
    ),
    Mutant(
        "a-write-for-each-room-that-is-gone",
        "a hello costs no more writes than it has to",
        (
            Edit(
                "gateways/connection.py",
                "            self.outlet.write(self._dialect.join(gone))  #",
                "            for each in gone:\n                self.outlet.write(each)  #",
            ),
        ),
        ("tests/gateways/connection/test_resume.py",),
    ),
    Mutant(
        "a-write-for-each-guessed-ticket",
        "strangers who guess keep no writer busy",
        (Edit("proving.py", "        if found is not None and not keep:", "        if not keep:"),),
        ("tests/unit/test_auth.py",),
    ),
    Mutant(
        "ended-sessions-stay-in-memory",
        "what is remembered of a session goes with it",
        (Edit("known_sessions.py", '[self._hashes.get(session, b""), *self._let_in', "[*self._let_in"),),
        ("tests/unit/test_auth.py",),
    ),
    Mutant(
        "sessions-come-back-from-a-look-up",
        "a session that ended while it was looked up is not kept",
        (Edit("known_sessions.py", "        if self.has_ended(session.identity):\n", "        if False:\n"),),
        ("tests/unit/test_auth.py",),
    ),
)
