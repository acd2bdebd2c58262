"""What a house says to whoever runs it: a word may be lost and nothing else, strangers cannot fill the log, keys stay out of it."""

from tests.mutants.mutant import Edit, Mutant

STREAMS = "tests/unit/test_streams.py"
NO_PLACE = "tests/faults/test_no_place_for_words.py"
LOST_OUTPUT = "tests/faults/test_lost_output.py"
OCCURRENCES = "tests/unit/test_occurrences.py"
RESERVE = "tests/unit/test_reserve.py"
FULL = "tests/faults/test_full_house.py"
LINES = "tests/gateways/http/test_log_lines.py"
METRICS = "tests/gateways/http/test_metrics.py"
SERVING = "tests/gateways/http/test_serving.py"
ORIGIN = "tests/gateways/http/test_origin.py"
LOGS = "tests/unit/test_logs.py"

MUTANTS = (
    Mutant(
        "a-word-that-stops-the-house",
        "a line that cannot be written is nobody's trouble",
        (Edit("streams.py", "        except OSError as error:\n", "        except KeyError as error:\n"),),
        (STREAMS,),
    ),
    Mutant(
        "wait-for-who-stands-still",
        "a reader of the log who stands still holds up nobody",
        (Edit("streams.py", "return 0 if self._is_stuck else os.write(", "return os.write("),),
        (STREAMS,),
    ),
    Mutant(
        "go-on-in-a-torn-line",
        "what follows a torn line begins a line of its own",
        (Edit("streams.py", '(b"\\n" if self._is_torn else b"")', 'b""'),),
        (STREAMS,),
    ),
    Mutant(
        "lose-words-uncounted",
        "lines that are lost are counted",
        (Edit("streams.py", "                self.lost += 1\n", ""),),
        (STREAMS,),
    ),
    Mutant(
        "wait-for-ones-own-word",
        "a line that interrupts another one holds up nobody",
        (Edit("streams.py", "threading.RLock()", "threading.Lock()"),),
        (STREAMS,),
    ),
    Mutant(
        "database-as-standard-error",
        "no file becomes a standard stream that was closed",
        (Edit("streams.py", "            os.open(os.devnull, os.O_RDWR)", "            pass"),),
        (STREAMS,),
    ),
    Mutant(
        "print-or-perish",
        "a house opens although its banner cannot be printed",
        (Edit("cli.py", "    streams.take_output(wait_ms=streams.PATIENCE_MS)\n", ""),),
        (NO_PLACE,),
    ),
    Mutant(
        "give-up-a-slow-reader",
        "what a command prints waits for its reader",
        (
            Edit(
                "streams.py",
                "self._room.poll(0 if self._is_stuck else self._wait_ms)",
                "self._room.poll(0 if self._is_stuck else PATIENCE_MS)",
            ),
        ),
        (STREAMS,),
    ),
    Mutant(
        "printed-for-nobody",
        "a command whose words were lost does not end as well",
        (Edit("cli.py", "        _account_for(output)\n        raise\n    _account_for(output)\n", "        raise\n"),),
        (LOST_OUTPUT,),
    ),
    Mutant(
        "scold-who-reads-no-further",
        "who reads no further is told nothing",
        (Edit("cli.py", "    if isinstance(output.error, BrokenPipeError):\n", "    if False:\n"),),
        (LOST_OUTPUT,),
    ),
    Mutant(
        "libraries-talk",
        "libraries do not tell of each of their steps",
        (Edit("logs.py", 'level="WARNING" if level == "info" else level.upper()', "level=level.upper()"),),
        (LOGS,),
    ),
    Mutant(
        "a-line-each",
        "whoever causes lines cannot fill the disk",
        (Edit("occurrences.py", "now_s - self._told_at >= TELL_EVERY_S", "True"),),
        (OCCURRENCES,),
    ),
    Mutant(
        "a-line-for-each-request",
        "requests write no lines unless asked for",
        (Edit("gateways/http/front.py", '_log.debug("request"', '_log.info("request"'),),
        (LINES,),
    ),
    Mutant(
        "repeat-any-origin",
        "what a stranger calls an origin is not repeated in the log",
        (Edit("gateways/origin.py", '(_normal(origin) or "(none)")', '(origin or "(none)")'),),
        (ORIGIN, LINES),
    ),
    Mutant(
        "repeat-any-name",
        "what a stranger calls the house is not repeated in the log",
        (Edit("gateways/origin.py", 'host.lower() if is_host(host) else "(no name)"', "host.lower()"),),
        (ORIGIN,),
    ),
    Mutant(
        "foreign-pages-untold",
        "whoever runs the house is told which page was refused",
        (Edit("gateways/http/same_origin.py", '        connection.app.state.parts.foreign.add("page",', '        dict(page="page",'),),
        (LINES,),
    ),
    Mutant(
        "foreign-sockets-untold",
        "refused handshakes of other pages are counted",
        (Edit("gateways/desk.py", "refused is not None and refused[0] is HTTPStatus.FORBIDDEN", "False"),),
        (METRICS,),
    ),
    Mutant(
        "ended-in-silence",
        "sessions that end are counted by why",
        (Edit("auth.py", "            self.ended_sessions.add(why)\n", ""),),
        (METRICS,),
    ),
    Mutant(
        "stale-as-if-signed-out",
        "of sessions that end it is counted why",
        (Edit("auth.py", 'self.sign_out(session, "stale", limits)', "self.sign_out(session, stale=limits)"),),
        ("tests/unit/test_auth.py",),
    ),
    Mutant(
        "commits-fail-in-silence",
        "commits that fail are counted",
        (Edit("storage/database.py", "        self.failed_commits += 1\n", ""),),
        ("tests/storage/test_committer.py",),
    ),
    Mutant(
        "the-last-minute-untold",
        "what happened since the last line is told when the house closes",
        (Edit("app.py", "        self.metrics.tell(math.inf)\n", ""),),
        (LINES,),
    ),
    Mutant(
        "the-owners-key-in-a-devices-place",
        "the ready file takes the place of nothing but a file",
        (Edit("cli.py", " and (os.path.islink(path) or not os.path.isfile(path)):", " and False:"),),
        (f"{SERVING}::test_a_ready_file_in_the_place_of_something_else_is_told_before_the_house_opens",),
    ),
    Mutant(
        "the-owners-key-in-the-journal",
        "the owner's key is printed on a terminal only",
        (Edit("cli.py", "    if sys.stdout.isatty():\n", "    if True:\n"),),
        (SERVING,),
    ),
    Mutant(
        "two-charsets",
        "the type of /metrics says its encoding once",
        (Edit("gateways/http/metrics.py", 'headers={"Content-Type": kind}', "media_type=kind"),),
        (METRICS,),
    ),
    Mutant(
        "full-for-watchers-too",
        "a full house answers who watches it from its own machine",
        (Edit("acceptor.py", "if self._reserve is not None and is_of_this_machine(address):", "if False:"),),
        (FULL,),
    ),
    Mutant(
        "watched-from-anywhere",
        "what a full house answers it answers to its own machine alone",
        (Edit("acceptor.py", " and is_of_this_machine(address):", ":"),),
        (RESERVE,),
    ),
    Mutant(
        "watched-through-a-proxy",
        "whom a proxy passes on finds a full house full",
        (Edit("reserve.py", " and not names & _NOT_FROM_HERE", ""),),
        (RESERVE, FULL),
    ),
    Mutant(
        "watchers-ask-for-anything",
        "beyond all places only health and metrics are answered",
        (Edit("reserve.py", " and path in WATCHED", ""),),
        (RESERVE, FULL),
    ),
    Mutant(
        "watchers-ask-on",
        "a connection beyond all places ends with its first answer",
        (Edit("reserve.py", '[*message["headers"], (b"connection", b"close")]', '[*message["headers"]]'),),
        (FULL,),
    ),
    Mutant(
        "watchers-without-end",
        "few watchers are answered at a time",
        (Edit("reserve.py", "has_room = len(self._slots) < PLACES", "has_room = True"),),
        (RESERVE,),
    ),
    Mutant(
        "silence-waited-for",
        "those who say nothing to a full house are few",
        (Edit("reserve.py", "        if len(self._waiting) >= LOOKED_AT:\n", "        if False:\n"),),
        (RESERVE,),
    ),
    Mutant(
        "many-put-a-watcher-out",
        "of many who come to a full house at once those who watch it are answered",
        (Edit("reserve.py", "self._judge(next(", "self._give_up(next("),),
        (RESERVE,),
    ),
    Mutant(
        "silence-without-end",
        "those who say nothing to a full house hear that it is full",
        (Edit("reserve.py", "self._loop.call_later(LOOK_S, self._give_up, client)", "self._loop.call_later(600, self._give_up, client)"),),
        (RESERVE,),
    ),
)
