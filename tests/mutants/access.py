"""Who may what."""

from tests.mutants.mutant import Edit, Mutant

LOG = "tests/storage/test_log.py"
HISTORY = "tests/storage/test_history.py"
AUTH = "tests/unit/test_auth.py"
TOKENS = "tests/unit/test_tokens.py"

MUTANTS = (
    Mutant(
        "neighbours-cookies",
        "two houses on one host keep their cookies apart",
        (Edit("gateways/cookie.py", 'return f"{common}_{self.house}", common', 'return f"{common}_", common'),),
        ("tests/gateways/http/test_cookie.py",),
    ),
    Mutant(
        "sign-out-of-the-neighbour",
        "to sign out here leaves the common name to the neighbour whose session it holds",
        (Edit("gateways/cookie.py", " if len(set(held)) < 2 else [own]", ""),),
        ("tests/gateways/http/test_cookie.py",),
    ),
    Mutant(
        "only-the-first-cookie",
        "the common name is taken where the house's own is nobody's",
        (Edit("proving.py", "            if proof.spare is None:\n", "            if True:\n"),),
        ("tests/gateways/http/test_session.py",),
    ),
    Mutant(
        "again-as-somebody-else",
        "only one's own name is one's own",
        (Edit("auth.py", "holder is None or holder.id != identity.user.id or", "holder is None or"),),
        ("tests/gateways/http/test_session.py",),
    ),
    Mutant(
        "again-under-the-old-session",
        "who signs in again has a new session, and the old one ends",
        (
            Edit(
                "auth.py",
                '        self._forget([identity.session], "replaced")\n        return token, again\n',
                "        return token, again\n",
            ),
        ),
        ("tests/gateways/http/test_session.py",),
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
        (Edit("identity.py", "return hashlib.sha256(token.encode()).digest()", "return token.encode()[:32].ljust(32)"),),
        (AUTH,),
    ),
    Mutant(
        "identify-the-ended",
        "a session that ended is nobody's at once",
        (Edit("proving.py", "            if self._known.has_ended(session.identity):", "            if False:"),),
        (AUTH,),
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
        (Edit("storage/departures.py", "    ended = sessions.end_tokens(tx, user_id)\n", "    ended: list[int] = []\n"),),
        (TOKENS,),
    ),
)
