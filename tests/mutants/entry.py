"""Who may come in, by which origin, and who gives way when the house is full."""

from tests.mutants.mutant import Edit, Mutant

HELD = "tests/gateways/http/test_held_bytes.py"
REQUESTS = "tests/gateways/http/test_requests.py"
ORIGIN = "tests/gateways/http/test_origin.py"
FULL = "tests/faults/test_shares.py"
SERVING = "tests/gateways/http/test_serving.py"

SLOTS = "tests/unit/test_slots.py"

MUTANTS = (
    Mutant(
        "open-behind-a-proxy",
        "strangers stay out where a public address leads to a house on loopback",
        (Edit("settings.py", "is_loopback(self.host) and self.public_url is None if", "is_loopback(self.host) if"),),
        (SERVING,),
    ),
    Mutant(
        "any-escapes",
        "an address is text",
        (Edit("gateways/http/server_protocol.py", "        if not stands_for_text(self.url):\n", "        if False:\n"),),
        (REQUESTS,),
    ),
    Mutant(
        "any-escapes-in-forms",
        "a door's form is text",
        (Edit("gateways/doors/signin_pages.py", "    if not stands_for_text(form):\n", "    if False:\n"),),
        ("tests/gateways/doors/test_signin.py",),
    ),
    Mutant(
        "half-a-letter-in-an-escape",
        "an escape and a bare byte make no letter together",
        (Edit("gateways/escapes.py", "        escaped.decode()\n", ""),),
        ("tests/gateways/doors/test_signin.py",),
    ),
    Mutant(
        "any-escapes-in-draft-76",
        "an address of draft 76 is text",
        (Edit("gateways/doors/draft76.py", "    if not stands_for_text(parts[1].encode()):\n", "    if False:\n"),),
        ("tests/unit/doors/test_draft76.py",),
    ),
    Mutant(
        "localhost-elsewhere",
        "a house that counts as one on loopback listens on no other address",
        (Edit("listening.py", "    if is_loopback(host) and not", "    if False and not"),),
        (SERVING,),
    ),
    Mutant(
        "downgraded-origin",
        "a house called by its public name has no other origin",
        (Edit("gateways/origin.py", "(not _is_public(host, public_url) and given ==", "(given =="),),
        ("tests/gateways/http/test_public_name.py",),
    ),
    Mutant(
        "public-name-as-typed",
        "a default port and the root's dot make no other name of the public one",
        (
            Edit("gateways/origin.py", '    name = match["name"].removesuffix(".")\n', '    name = match["name"]\n'),
            Edit(
                "gateways/origin.py",
                "    return None if port is None or str(int(port)) in _DEFAULT_PORTS.values() else int(port)",
                "    return int(port or 0)",
            ),
        ),
        (ORIGIN,),
    ),
    Mutant(
        "stream-for-another-page",
        "a stream is held open for our own pages alone",
        (
            Edit(
                "gateways/http/same_origin.py",
                "    _check_page(connection, connection.app.state.parts.public_url)\n",
                '    if connection.headers.get("sec-fetch-site") not in _OWN_SITES:\n        raise NotAllowed("", code="bad_origin")\n',
            ),
        ),
        ("tests/gateways/http/test_public_name.py",),
    ),
    Mutant(
        "first-come-only-served",
        "whoever fills the house gives way to newcomers",
        (Edit("gateways/slots.py", "            if leaving is None:\n", "            if True or leaving is None:\n"),),
        (SLOTS, FULL),
    ),
    Mutant(
        "live-socket-gives-way",
        "nobody's live socket is taken from them for a stranger",
        (
            Edit("gateways/slots.py", 'is not None and self._state in ("stranger", "known"):', "is not None:"),
            Edit(
                "gateways/slots.py",
                "        for shares in (self._strangers, self._known):",
                "        for shares in (self._known, self._strangers):",
            ),
        ),
        (SLOTS,),
    ),
    Mutant(
        "socket-nobody-is-known-at",
        "a socket is its person's once they are let in",
        (Edit("gateways/socket_outlet.py", "        self._slot.live()\n", ""),),
        (FULL,),
    ),
    Mutant(
        "idlest-of-anybody",
        "the network with most connections gives first",
        (
            Edit(
                "gateways/shares.py",
                "        networks = self._by_size[self._largest]\n",
                "        networks = self._by_size[min(self._by_size)]\n",
            ),
        ),
        (SLOTS, "tests/unit/test_shares.py"),
    ),
    Mutant(
        "unfinished-without-end",
        "what is not whole has one bound for all connections together",
        (Edit("gateways/http/server_protocol.py", "        self._slot.hold(unfinished + ", "        self._slot.hold(0 and unfinished + "),),
        (HELD,),
    ),
    Mutant(
        "unfinished-of-anybody",
        "the network that holds most gives up first",
        (Edit("gateways/held_bytes.py", "max(self._by_rank)", "min(self._by_rank)"),),
        (HELD,),
    ),
    Mutant(
        "unread-weighs-nothing",
        "answers that nobody reads count",
        (Edit("gateways/http/server_protocol.py", " + self.transport.get_write_buffer_size())", ")"),),
        (HELD,),
    ),
    Mutant(
        "strangers-before-any-hoard",
        "who holds most, known or not, gives first, and not the newcomer beside it",
        (
            Edit(
                "gateways/slots.py",
                "        found = self._idle.next_to_go(newcomer)\n",
                "        found = self._strangers.next_to_go(newcomer) or self._known.next_to_go(newcomer)\n",
            ),
        ),
        (SLOTS, FULL),
    ),
    Mutant(
        "strangers-rest-without-end",
        "what rests without a session has a bound of its own",
        (Edit("gateways/slots.py", "elif len(self._strangers) >= MAX_RESTING_STRANGERS:", "elif False:"),),
        (SLOTS,),
    ),
    Mutant(
        "crowd-puts-itself-out",
        "a crowd of one network is served as far as it fits",
        (Edit("gateways/slots.py", "        if fresh is not None and largest != newcomer:", "        if fresh is not None:"),),
        (SLOTS, FULL),
    ),
    Mutant(
        "proxy-is-one-sharer",
        "what a trusted proxy keeps open is nobody's share",
        (Edit("gateways/slots.py", "of = None if self._proxies.trusts(address) else network(address)", "of = network(address)"),),
        (SLOTS,),
    ),
    Mutant(
        "share-of-the-proxy",
        "behind a trusted proxy a request counts for whom it comes from",
        (Edit("gateways/http/server_protocol.py", "self._slot.begin(network(caller.address))", "self._slot.begin(network(peer))"),),
        (FULL,),
    ),
    Mutant(
        "place-never-given-back",
        "a socket gives its place back when it is gone",
        (Edit("gateways/socket_outlet.py", "        self._slot.close()\n", ""),),
        (FULL,),
    ),
    Mutant(
        "full-house-told-each-time",
        "a full house is told once per spell",
        (Edit("gateways/slots.py", "        if now - self._full_at >= QUIET_S:\n", "        if True:\n"),),
        (SLOTS,),
    ),
    Mutant(
        "practice-for-one",
        "one network cannot take all sockets for practice",
        (
            Edit(
                "gateways/practice.py",
                "(leaving := here.next_to_go(slot.network)):",
                "(leaving := here.next_to_go(slot.network)) and len(slot.network) == 0:",
            ),
        ),
        ("tests/gateways/test_practice.py",),
    ),
    Mutant(
        "unread-answer-for-ever",
        "an answer that nobody reads comes to an end",
        (Edit("gateways/http/server_protocol.py", "        if not self._slot.is_live and self._stalled is None:", "        if False:"),),
        (FULL,),
    ),
)
