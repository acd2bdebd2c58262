"""HTTP as others speak it: headers in several lines, old versions, numbers, and rooms by their names."""

from tests.mutants.mutant import Edit, Mutant

SEVERAL_LINES = "tests/gateways/http/test_several_lines.py"
HEADERS = "tests/unit/test_headers.py"
HTTP_1_0 = "tests/gateways/http/test_http_1_0.py"
PATHS = "tests/gateways/http/test_paths.py"
BY_NAME = "tests/gateways/http/test_rooms_by_name.py"

MUTANTS = (
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
