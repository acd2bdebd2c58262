"""What strangers put on the wire: bytes that are no text, requests that are no requests, frames by the thousand."""

from tests.mutants.mutant import Edit, Mutant

STRICT_JSON = "tests/unit/test_strict_json.py"
ANY_BYTES = "tests/gateways/http/test_any_bytes.py"
INTAKE = "tests/unit/test_intake.py"
FLOOD = "tests/gateways/test_flood.py"
PACE = "tests/gateways/http/test_pace.py"

MUTANTS = (
    # Decoding
    Mutant(
        "trust-strings-to-be-utf8",
        "a byte that is no UTF-8 is the sender's fault",
        (
            Edit("strict_json.py", "                raw.decode()  # all", "                pass  # all"),
            Edit("strict_json.py", "        except UnicodeError:\n", "        except LookupError:\n"),
        ),
        (STRICT_JSON, ANY_BYTES),
    ),
    Mutant(
        "skip-what-nobody-knows",
        "all of a body is UTF-8, also what nobody reads",
        (Edit("strict_json.py", "                raw.decode()  # all", "                pass  # all"),),
        (STRICT_JSON,),
    ),
    Mutant(
        "no-bottom",
        "depth is refused as any other nonsense",
        (
            Edit(
                "strict_json.py",
                '            raise msgspec.DecodeError("JSON is malformed: not UTF-8") from None\n        except RecursionError:\n',
                '            raise msgspec.DecodeError("JSON is malformed: not UTF-8") from None\n        except LookupError:\n',
            ),
        ),
        (STRICT_JSON,),
    ),
    Mutant(
        "judge-a-list-as-one",
        "each command of a list is answered",
        (Edit("gateways/http/events.py", "        return items_of(body)\n", "        body.decode()\n        return items_of(body)\n"),),
        (ANY_BYTES,),
    ),
    Mutant(
        "cut-a-list-in-two",
        "what is wrong with one command does not take those after it along",
        (Edit("gateways/connection.py", "        except Exception as error:  # also", "        except TeahouseError as error:  # also"),),
        ("tests/gateways/connection/test_connection.py",),
    ),
    # The pace of what is parsed
    Mutant(
        "parse-a-read-at-once",
        "in one turn of the loop one socket gets no more than its share",
        (Edit("gateways/intake.py", " and work < WORK_PER_TURN:", ":"),),
        (INTAKE, FLOOD, PACE),
    ),
    Mutant(
        "read-on-all-the-same",
        "what waits to be parsed is at most one read",
        (Edit("gateways/intake.py", "not self._is_held and not self._unread\n", "not self._is_held\n"),),
        (INTAKE,),
    ),
    Mutant(
        "parse-after-the-end",
        "nothing is parsed after the end",
        (
            Edit("gateways/intake.py", "        if self.ended:\n            return\n", ""),
            Edit("gateways/intake.py", ', self._parse = b"", 0, _nothing', ' = b"", 0'),
        ),
        (INTAKE, FLOOD),
    ),
    Mutant(
        "less-than-nothing-waits",
        "who is cut off counts for no less than nothing, or others may hold more for it",
        (
            Edit(
                "gateways/intake.py",
                'self._unread, self._parsed, self._parse = b"", 0, _nothing',
                'self._unread, self._parse = b"", _nothing',
            ),
        ),
        (INTAKE, "tests/gateways/doors/test_held_at_doors.py"),
    ),
    Mutant(
        "hear-after-goodbye",
        "nothing is parsed after our close",
        (
            Edit(
                "gateways/websocket.py",
                "        self._intake.end()\n        self._close_outlet()\n        self._closing_at",
                "        self._close_outlet()\n        self._closing_at",
            ),
        ),
        (FLOOD,),
    ),
    Mutant(
        "take-the-rest-of-the-slice",
        "frames after the one that ends it are dropped",
        (Edit("gateways/websocket.py", "            if self._intake.ended:\n                break\n", ""),),
        (FLOOD,),
    ),
    Mutant(
        "frames-are-free",
        "frames of every kind have a price",
        (Edit("gateways/websocket.py", "        if self.connection is not None:\n            self._charge(len(events))\n", ""),),
        (FLOOD,),
    ),
    Mutant(
        "size-is-free",
        "messages count what they say, inflated",
        (Edit("gateways/websocket.py", "        self._charge(len(message) // BYTES_PER_FRAME)\n", ""),),
        ("tests/gateways/test_large_messages.py",),
    ),
    Mutant(
        "hollow-blocks-are-free",
        "compressed messages count what was sent, too",
        (Edit("gateways/websocket.py", "            self._charge(len(sent) // DEFLATED_BYTES_PER_FRAME)\n", "            pass\n"),),
        ("tests/gateways/test_large_messages.py",),
    ),
    Mutant(
        "compress-anything",
        "an answer to one asker is not compressed at everybody's cost",
        (Edit("gateways/dialects/deflated.py", "not self._above < len(payload) <= MAX_BYTES", "len(payload) <= self._above"),),
        ("tests/unit/test_deflate.py",),
    ),
    Mutant(
        "answer-pings-unread",
        "answers do not pile up for who does not read them",
        (
            Edit(
                "gateways/websocket.py",
                "        return not self.congested and self._admission is None\n",
                "        return self._admission is None\n",
            ),
        ),
        (FLOOD,),
    ),
    Mutant(
        "frames-of-a-program-are-its-persons",
        "a program gone mad ends itself and not its person's page",
        (Edit("gateways/websocket.py", "self._payer = identity.payer", "self._payer = identity.user.id"),),
        (FLOOD,),
    ),
    Mutant(
        "forgive-who-reconnects",
        "a rate holds over all connections of one person",
        (
            Edit(
                "throttle.py",
                "        self._buckets[key] = (max(tokens, 0.0), now_s)\n",
                "        self._buckets[key] = (tokens if tokens > 0 else self._burst, now_s)\n",
            ),
        ),
        (FLOOD, "tests/unit/test_throttle.py"),
    ),
    Mutant(
        "old-frames-are-free",
        "texts of draft 76 have a price too",
        (
            Edit(
                "gateways/doors/draft76_socket.py",
                "        if not self._desk.frames.spend(",
                "        if False and not self._desk.frames.spend(",
            ),
        ),
        ("tests/gateways/doors/test_draft76_pace.py",),
    ),
    # Requests
    Mutant(
        "a-long-line",
        "few requests wait for the answer before them",
        (
            Edit(
                "gateways/http/paced_http.py",
                "        if not self.pipeline:\n            self._intake",
                "        if True:\n            self._intake",
            ),
        ),
        (PACE,),
    ),
    Mutant(
        "a-share-for-each-connection",
        "all connections together have one share of a turn",
        (Edit("gateways/turns.py", "                if self._left <= 0:\n                    break\n", ""),),
        ("tests/unit/test_turns.py",),
    ),
    Mutant(
        "first-come-first-served",
        "networks take turns",
        (Edit("gateways/turns.py", "self._lines.setdefault(line, deque())", 'self._lines.setdefault("", deque())'),),
        ("tests/unit/test_turns.py",),
    ),
    Mutant(
        "requests-begin-at-once",
        "a request is begun when it is its turn",
        (Edit("gateways/http/paced_http.py", "        if turns.is_free(self._slot.line):\n", "        if True:\n"),),
        (PACE,),
    ),
    Mutant(
        "take-every-offer-for-the-end",
        "an upgrade that is not taken is ignored",
        (
            Edit(
                "gateways/http/paced_http.py",
                "                self._feed(head + data[upgrade.args[0] :])\n",
                "                pass\n",
            ),
        ),
        (PACE,),
    ),
    Mutant(
        "last-connection-line-wins",
        "a header in two lines is one header",
        (Edit("gateways/http/paced_http.py", "items(self._values(name))", "items(self._values(name)[-1:])"),),
        ("tests/gateways/test_doorstep.py",),
    ),
    Mutant(
        "hide-the-offer",
        "an app sees the headers that were sent",
        (
            Edit(
                "gateways/http/paced_http.py",
                "            self.headers[:], self._offered = self._offered, None\n",
                "            self._offered = None\n",
            ),
        ),
        (PACE,),
    ),
    Mutant(
        "shake-hands-too-early",
        "no answer stands in the middle of a WebSocket",
        (
            Edit(
                "gateways/http/paced_http.py",
                "        if self.cycle is not None and not self.cycle.response_complete:\n",
                "        if False:\n",
            ),
        ),
        (PACE,),
    ),
    Mutant(
        "frames-by-commands-alone",
        "whoever may post the longest messages faster is not closed for it",
        (Edit("gateways/messages.py", "max(FRAMES_PER_COMMAND * commands[1], each * posts[1])", "FRAMES_PER_COMMAND * commands[1]"),),
        ("tests/unit/test_app.py",),
    ),
)
