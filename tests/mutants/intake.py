"""What strangers send, on its way in: its share of the loop, of the interpreter and of memory."""

from tests.mutants.mutant import Edit, Mutant

HELD = "tests/gateways/http/test_held_bytes.py"
OPENING = "tests/unit/test_opening.py"
PACE = "tests/gateways/http/test_pace.py"
TURNS = "tests/unit/test_turns.py"

ALONE = "self._parse, type('Alone', (), {'network': '', 'turns': type(self._slot.turns)()})())"
"""A connection that shares no turn with any other."""

MUTANTS = (
    Mutant(
        "bytes-of-the-office",
        "a guest does not cut the uploads of colleagues at the same address",
        (Edit("gateways/slots.py", "self._owner if self.is_known else None)", "None)"),),
        (HELD,),
    ),
    Mutant(
        "guard-in-a-thread",
        "no guard of a request needs a thread",
        (Edit("gateways/http/same_origin.py", "    async def guard(", "    def guard("),),
        ("tests/contract/test_guards.py",),
    ),
    Mutant(
        "threads-wait-for-the-loop",
        "a thread gets the interpreter soon beside a busy loop",
        (Edit("serving.py", "    sys.setswitchinterval(SWITCH_S)\n", ""),),
        ("tests/unit/test_interpreter.py",),
    ),
    Mutant(
        "a-slice-of-requests",
        "one request waits behind another, however many came in a read",
        (Edit("gateways/intake.py", "[begin : end if empty < 0 else empty + len(_EMPTY_LINE)]", "[begin:end]"),),
        (PACE, TURNS),
    ),
    Mutant(
        "a-read-of-requests",
        "one request waits behind another, however many came in a short read",
        (Edit("gateways/intake.py", " and data.find(_EMPTY_LINE, 0, -1) < 0:", ":"),),
        (PACE, TURNS),
    ),
    Mutant(
        "known-among-strangers",
        "no stranger's bytes cut who is known",
        (
            Edit(
                "gateways/slots.py",
                "self._slots.held_by_known if self.is_known else self._slots.held",
                "self._slots.held_by_known if False else self._slots.held",
            ),
        ),
        (HELD,),
    ),
    Mutant(
        "known-without-weight",
        "what is held counts on when it is known whose it is",
        (Edit("gateways/slots.py", "        if held:\n            self.hold(held)\n", ""),),
        (HELD,),
    ),
    Mutant(
        "bytes-of-a-crowd",
        "a crowd of one network cuts nobody elsewhere",
        (Edit("gateways/slots.py", "return Sharer(self.network, self", 'return Sharer(f"{self._owner or self.network}", self'),),
        (HELD,),
    ),
    Mutant(
        "ranks-that-stay",
        "what a network holds is known to an eighth",
        (Edit("gateways/held_bytes.py", "    return shift * 8 + (count >> shift)\n", "    return shift * 8 + 8\n"),),
        (HELD,),
    ),
    Mutant(
        "requests-left-behind",
        "a connection that is gone leaves nothing that waits for the collector",
        (Edit("gateways/http/paced_http.py", "        self.cycle = None  # type: ignore[assignment]\n", ""),),
        ("tests/gateways/http/test_garbage.py",),
    ),
    Mutant(
        "opened-at-once",
        "connections are opened in their network's turn",
        (Edit("acceptor.py", "        if turns.is_free(slot.line):\n", "        if True:\n"),),
        (OPENING,),
    ),
    Mutant(
        "opened-without-a-place",
        "who lost the place before the connection was opened is sent away",
        (Edit("acceptor.py", "            if self._is_over or slot.is_closed:\n", "            if self._is_over:\n"),),
        (OPENING,),
    ),
    Mutant(
        "opened-for-nobody",
        "who is gone before it is their turn costs no opening",
        (Edit("acceptor.py", "            if _is_gone(client):\n", "            if False:\n"),),
        (OPENING,),
    ),
    Mutant(
        "gone-for-nothing",
        "who is gone takes a share of the turn as well",
        (Edit("acceptor.py", "                turns.spend(_CLOSING)\n", ""),),
        (OPENING,),
    ),
    Mutant(
        "gone-for-ever",
        "who is gone has no place",
        (
            Edit(
                "acceptor.py",
                "                client.close()\n                slot.close()\n            else:\n",
                "                client.close()\n            else:\n",
            ),
        ),
        (OPENING,),
    ),
    Mutant(
        "opened-after-the-end",
        "nobody is let in once the house closes",
        (Edit("acceptor.py", "            if self._is_over or slot.is_closed:\n", "            if slot.is_closed:\n"),),
        (OPENING,),
    ),
    Mutant(
        "a-line-without-weight",
        "a request that waits counts with all that it takes in memory",
        (Edit("gateways/http/paced_http.py", "_REQUEST_WEIGHT * len(self.pipeline)", "0"),),
        (HELD,),
    ),
    Mutant(
        "blank-lines-are-free",
        "a slice is a piece of work, even if nothing comes of it",
        (Edit("gateways/intake.py", "work += max(1, self._parse(self._next()))", "work += self._parse(self._next())"),),
        ("tests/unit/test_intake.py", TURNS),
    ),
    Mutant(
        "short-blank-lines-are-free",
        "a short read is a piece of work, even if nothing comes of it",
        (Edit("gateways/intake.py", "self._turns.spend(max(1, self._parse(data)))", "self._turns.spend(self._parse(data))"),),
        (TURNS,),
    ),
    Mutant(
        "one-line-for-a-network",
        "who is live waits behind none of their network who come anew",
        (Edit("gateways/slots.py", "return self.network, self.is_live", "return self.network, False"),),
        (TURNS,),
    ),
    Mutant(
        "one-failure-stops-the-line",
        "one that fails keeps nobody from their turn",
        (Edit("gateways/turns.py", "        finally:\n            if self._lines:\n", "        finally:\n            if False:\n"),),
        (TURNS,),
    ),
    Mutant(
        "sockets-out-of-turn",
        "live sockets take turns with all others",
        (Edit("gateways/websocket.py", "self._parse, self._slot)", ALONE),),
        ("tests/gateways/test_flood.py",),
    ),
    Mutant(
        "draft-76-out-of-turn",
        "so do those of draft 76",
        (Edit("gateways/doors/draft76_socket.py", "self._parse, self._slot)", ALONE),),
        ("tests/gateways/doors/test_draft76_pace.py",),
    ),
    Mutant(
        "practice-out-of-turn",
        "sockets for practice take turns with all others",
        (Edit("gateways/practice.py", "self._parse, self._slot)", ALONE),),
        (TURNS,),
    ),
)
