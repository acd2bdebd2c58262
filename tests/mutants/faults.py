"""When clocks, networks, disks and processes fail."""

from tests.mutants.mutant import Edit, Mutant

CLOCK = "tests/faults/test_clock.py"
HALF_OPEN = "tests/faults/test_half_open.py"
FULL_DISK = "tests/faults/test_full_disk.py"
NETWORK = "tests/faults/test_network.py"
NTH_CALL = "tests/faults/test_nth_call.py"
STORM = "tests/faults/test_storm.py"
UNIQUE = """        sa.UniqueConstraint("client_id", "author_id", name="uq_entries_client_id_author_id"),
"""

MUTANTS = (
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
        (Edit("storage/committer.py", "        if failures.kind_of(error) is None:\n", "        if True:\n"),),
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
                "            seen = cursors.get(room) if room in judged else None\n",
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
        (Edit("acceptor.py", "Retry-After: %d", "Later: %d"),),
        ("tests/faults/test_full_house.py",),
    ),
    Mutant(
        "keep-who-is-gone",
        "what a storm of connections took is given back",
        (Edit("gateways/websocket.py", "        self._siblings.discard(self)\n", ""),),
        (STORM,),
    ),
)
