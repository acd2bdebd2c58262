"""Streams and polls in place of a WebSocket, and compression."""

from tests.mutants.mutant import Edit, Mutant

STREAM = "tests/gateways/stream/test_stream.py"
UNREAD = "tests/gateways/stream/test_unread.py"
DEFLATE = "tests/unit/test_deflate.py"
COMPRESSION = "tests/gateways/test_compression.py"

MUTANTS = (
    Mutant(
        "carry-without-end",
        "what a stream carries counts until it has arrived",
        (Edit("gateways/stream/stream.py", "self._size, self._under_way = 0, self._size", "self._size = 0"),),
        (STREAM,),
    ),
    Mutant(
        "go-on-before-it-is-sent",
        "an event stream asks for more once the transport has room again",
        (
            Edit(
                "gateways/http/events.py",
                '                await send({"type": "http.response.body", "body": b"", "more_body": True})'
                "  # waits until the transport has room again\n",
                "",
            ),
        ),
        (STREAM,),
    ),
    Mutant(
        "keep-the-batch-before",
        "a poll keeps one batch",
        (Edit("gateways/stream/stream.py", '                self._last = b""\n', ""),),
        (STREAM,),
    ),
    # Without a WebSocket
    Mutant(
        "keep-all-for-a-stream",
        "a slow reader costs nothing but itself",
        (
            Edit(
                "gateways/stream/stream.py",
                "        self.congested = kept >= HIGH_WATER\n",
                "        self.congested = False\n",
            ),
        ),
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
    Mutant(
        "closed-for-ever",
        "after its end a poll is gone",
        (Edit("gateways/stream/stream.py", "            if self.closed and not self._waiting:\n", "            if False:\n"),),
        (STREAM,),
    ),
    Mutant(
        "streams-without-a-sum",
        "what all streams keep together is bounded",
        (Edit("gateways/stream/stream.py", "        self.unread.hold(kept)\n", ""),),
        (UNREAD,),
    ),
    Mutant(
        "count-a-stream-by-its-network",
        "who leaves most unread gives way, not a colleague",
        (Edit("gateways/unread.py", "Sharer(network(address), person)", "Sharer(network(address))"),),
        (UNREAD,),
    ),
    Mutant(
        "count-a-stream-by-its-person",
        "a crowd of one network cuts no slow reader elsewhere",
        (Edit("gateways/unread.py", "Sharer(network(address), person)", 'Sharer("", person)'),),
        (UNREAD,),
    ),
    Mutant(
        "count-a-stream-by-its-address",
        "who has many addresses of one network is one network",
        (Edit("gateways/unread.py", "Sharer(network(address), person)", "Sharer(address, person)"),),
        (UNREAD,),
    ),
    Mutant(
        "cut-a-stream-and-keep-its-transport",
        "the answer under way ends with its stream",
        (Edit("gateways/http/events.py", "        stream.on_cut = slot_of(request).give_way\n", "        pass\n"),),
        (UNREAD,),
    ),
    Mutant(
        "read-and-still-unread",
        "what has arrived counts no longer",
        (Edit("gateways/stream/stream.py", "        self.unread.arrived(self._size)\n", ""),),
        (UNREAD,),
    ),
    Mutant(
        "news-puts-readers-out",
        "what is new for a whole room counts once it is late",
        (Edit("gateways/unread.py", "max(count - NEWS_BYTES, 0)", "count"),),
        (UNREAD,),
    ),
    Mutant(
        "news-is-never-late",
        "nobody keeps more by keeping little on each of many streams",
        (Edit("gateways/stream/stream.py", "        self.unread.tick()\n", ""),),
        (UNREAD,),
    ),
    Mutant(
        "late-for-ever",
        "who reads again is not late",
        (Edit("gateways/unread.py", "        self._ticks = 0\n        self.hold(left)\n", "        self.hold(left)\n"),),
        (UNREAD,),
    ),
    Mutant(
        "count-a-stream-that-is-over",
        "what a stream kept goes with it",
        (Edit("gateways/stream/stream.py", "        self.unread.end()\n", ""),),
        (UNREAD,),
    ),
    Mutant(
        "sockets-without-a-sum",
        "what all sockets keep together is bounded",
        (Edit("gateways/websocket.py", "        self._begin_unread(self._desk.connections.unread, self._address, self._payer)\n", ""),),
        (UNREAD,),
    ),
    Mutant(
        "a-socket-read-and-still-unread",
        "a socket that is read again keeps nothing",
        (
            Edit(
                "gateways/websocket.py", "        self.congested = False\n        self._end_unread()\n", "        self.congested = False\n"
            ),
        ),
        (UNREAD,),
    ),
    Mutant(
        "a-socket-that-is-over-and-counts",
        "what a socket kept goes with it",
        (
            Edit(
                "gateways/websocket.py",
                "        self._end_unread()\n        self._heard_at",
                "        self._heard_at",
            ),
        ),
        (UNREAD,),
    ),
    Mutant(
        "a-socket-that-grows-unseen",
        "what a socket is told while it is not read counts",
        (Edit("gateways/websocket.py", "        self._look_at_unread()\n", ""),),
        (UNREAD,),
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
        (Edit("gateways/messages.py", "        if not self._fragments:\n", "        if True:\n"),),
        (COMPRESSION,),
    ),
)
