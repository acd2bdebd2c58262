"""HTTP as others speak it: headers in several lines, old versions, numbers, and rooms by their names."""

from tests.mutants.mutant import Edit, Mutant

SEVERAL_LINES = "tests/gateways/http/test_several_lines.py"
HEADERS = "tests/unit/test_headers.py"
HTTP_1_0 = "tests/gateways/http/test_http_1_0.py"
PATHS = "tests/gateways/http/test_paths.py"
BY_NAME = "tests/gateways/http/test_rooms_by_name.py"

SHELL = "tests/gateways/http/test_shell.py"
POSTING = "tests/unit/test_posting.py"
SAME_ORIGIN = "tests/gateways/http/test_same_origin.py"

MUTANTS = (
    Mutant(
        "forms-by-cookie",
        "a form of another page posts nothing in anybody's name",
        (Edit("gateways/http/same_origin.py", '    return "transfer-encoding" in headers or headers.get', "    return headers.get"),),
        (SAME_ORIGIN,),
    ),
    Mutant(
        "old-browsers-post",
        "a POST without a body and without a word of whose page asks is not taken by cookie",
        (Edit("gateways/http/same_origin.py", 'connection.scope.get("method") != "POST" or any(', 'any(True for _ in "x") or any('),),
        (SAME_ORIGIN,),
    ),
    Mutant(
        "plain-words-unescaped",
        "a text that curl calls a form is said as it came",
        (
            Edit(
                "gateways/http/posting.py",
                "        return NewMessage(_decoded(body))\n",
                "        return NewMessage(_decoded(unquote_to_bytes(body)))\n",
            ),
        ),
        (POSTING, SHELL),
    ),
    Mutant(
        "two-keys",
        "a key and a client_id that differ are refused",
        (Edit("gateways/http/posting.py", "    if message.client_id not in (None, bare):\n", "    if False:\n"),),
        (POSTING,),
    ),
    Mutant(
        "text-of-a-late-body",
        "whoever is shut out while the body is on its way says nothing",
        (Edit("gateways/http/messages.py", "    await look_again(request)\n", ""),),
        ("tests/gateways/test_late_bodies.py",),
    ),
    Mutant(
        "the-first-line-wins",
        "lines of one header are one list, and a second Origin does not hide behind a good one",
        (Edit("gateways/http/paced_http.py", "        self.headers[:] = joined(self.headers)\n", ""),),
        (SEVERAL_LINES,),
    ),
    Mutant(
        "gzip-for-who-refuses-it",
        "q=0 means no",
        (Edit("gateways/headers.py", "    return gzip > 0 and gzip >= (plain or 0)\n", "    return gzip >= (plain or 0)\n"),),
        (HEADERS,),
    ),
    Mutant(
        "chunks-in-http-1-0",
        "HTTP/1.0 is sent no chunks",
        (Edit("gateways/http/http_1_0.py", "                cycle.chunked_encoding = False if endless else None\n", ""),),
        (HTTP_1_0,),
    ),
    Mutant(
        "chunked-requests-in-http-1-0",
        "where a request of HTTP/1.0 ends is never a guess",
        (Edit("gateways/http/paced_http.py", '        if self._values("transfer-encoding"):\n', "        if False:\n"),),
        (HTTP_1_0,),
    ),
    Mutant(
        "any-digits",
        "a number in an address is ASCII digits alone",
        (Edit("gateways/http/numbers.py", '_NUMBER = re.compile(r"[0-9]{1,16}")', '_NUMBER = re.compile(r"[+]?[\\d_]{1,16}")'),),
        (PATHS,),
    ),
    Mutant(
        "names-of-other-rooms",
        "to a token for certain rooms the names of others are nobody's",
        (Edit("rooms.py", "        if room is None or not policy.may_see(access, room):\n", "        if room is None:\n"),),
        (BY_NAME,),
    ),
    Mutant(
        "names-for-strangers",
        "who is called so is looked for once it is known who asks, and how often",
        (
            Edit(
                "gateways/http/identity.py",
                "    identity = await _look(connection, handler, parts)\n    parts.auth.on_seen",
                "    if isinstance(called := connection.path_params.get(ROOM), str):\n"
                "        connection.path_params[ROOM] = await parts.chat.room_called(called)\n"
                "    identity = await _look(connection, handler, parts)\n    parts.auth.on_seen",
            ),
        ),
        (BY_NAME,),
    ),
)
