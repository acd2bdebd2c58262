"""What a person's programs use up: nothing of their page's, and no more in all than one program."""

from tests.mutants.mutant import Edit, Mutant

PROGRAMS = "tests/gateways/test_programs_pay.py"
HELD = "tests/gateways/http/test_held_bytes.py"
TURNS = "tests/unit/test_search_turns.py"

MUTANTS = (
    Mutant(
        "programs-use-up-their-person",
        "a person's program does not shut their page out",
        (Edit("access.py", 'return user_id if access is None else ("programs", user_id)', "return user_id"),),
        (PROGRAMS,),
    ),
    Mutant(
        "hellos-for-each-token",
        "twenty tokens are no more hellos than one",
        (Edit("gateways/connection.py", "hellos.check(self.identity.payer,", "hellos.check(self.identity.session,"),),
        (PROGRAMS,),
    ),
    Mutant(
        "commands-for-each-token",
        "twenty tokens are no more commands than one",
        (Edit("gateways/connection.py", "commands.check(self.identity.payer,", "commands.check(self.identity.session,"),),
        (PROGRAMS,),
    ),
    Mutant(
        "requests-for-each-token",
        "twenty tokens are no more requests than one",
        (Edit("gateways/http/identity.py", "commands.check(identity.payer,", "commands.check(identity.session,"),),
        (PROGRAMS,),
    ),
    Mutant(
        "frames-for-each-token",
        "twenty tokens are no more frames than one",
        (Edit("gateways/websocket.py", "self._payer = identity.payer", "self._payer = identity.session"),),
        ("tests/gateways/test_flood.py",),
    ),
    Mutant(
        "sockets-of-programs-are-their-persons",
        "a program with many connections keeps its person's page in",
        (
            Edit("gateways/connections.py", "_payers[connection.identity.payer] += 1", "_payers[connection.identity.user.id] += 1"),
            Edit(
                "gateways/connections.py", "(self._payers, connection.identity.payer, 1)", "(self._payers, connection.identity.user.id, 1)"
            ),
        ),
        (PROGRAMS,),
    ),
    Mutant(
        "sockets-without-end",
        "twenty tokens are no more connections than one",
        (Edit("gateways/websocket.py", "too_many(identity.payer,", "too_many(identity.session,"),),
        (PROGRAMS,),
    ),
    Mutant(
        "streams-without-end",
        "twenty tokens are no more streams than one",
        (Edit("gateways/stream/streams.py", "too_many(identity.payer,", "too_many(identity.session,"),),
        (PROGRAMS, "tests/gateways/test_roads.py"),
    ),
    Mutant(
        "sockets-counted-for-ever",
        "a connection that is gone counts no more",
        (Edit("gateways/connections.py", "        take(self._payers, connection.identity.payer, 1)\n", ""),),
        (PROGRAMS,),
    ),
    Mutant(
        "one-search-of-a-person-and-programs",
        "a program's search does not end that of its person",
        (Edit("search.py", "payer(user.id, access)", "user.id"),),
        (TURNS, PROGRAMS),
    ),
    Mutant(
        "hurry-with-a-program",
        "a program that asks anew does not end its person's search",
        (Edit("gateways/connection.py", "hurry_search(self.identity.payer)", "hurry_search(self.identity.user.id)"),),
        ("tests/gateways/connection/test_searching.py",),
    ),
    Mutant(
        "bytes-of-a-program-are-its-persons",
        "a program's uploads do not cut its person's",
        (Edit("gateways/http/identity.py", ".know(identity.payer)", ".know(identity.user.id)"),),
        (HELD,),
    ),
)
